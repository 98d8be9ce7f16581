"""From paths to decoded documents. Knows nothing of AWS but the few words that the probe looks for."""

from smlint.files.discovery import Candidate, discover, examine, find_root
from smlint.files.tree import Tree

__all__ = ["Candidate", "Tree", "discover", "examine", "find_root"]
