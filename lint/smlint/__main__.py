"""`python -m smlint`."""

import os
import sys

# Python puts the current folder first: what is linted must not be imported in place of a library.
if not sys.flags.safe_path and sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from smlint.cli import command

command()
