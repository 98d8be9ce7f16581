"""Job request files: what `aws sagemaker create-… --cli-input-json` takes, also half-filled skeletons."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from smlint.document import Document
from smlint.facts import Fact, Workload
from smlint.readers import api as apis
from smlint.readers import pipeline
from smlint.readers.scope import Scope
from smlint.values import Node, Text, Unknown

DEEPEST = 64
_EPOCH = "1970-01-01T00:00:00"  # the skeleton's time
_FREE = frozenset({"Environment", "HyperParameters", "Tags"})  # an author's own empty text is as good as any other


def recognises(root: Node, path: str) -> bool:
    """Whether the members are those of a SageMaker request."""
    return apis.which(root) is not None


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The workload that the request starts; those of its steps too, where it creates a pipeline."""
    api = apis.which(root)
    if api is not None:
        started = workload(root, api, basename(document.path))
        yield started
        yield from pipeline.of_request(started.request, started.label, scope)


def workload(root: Node, api: str, label: str) -> Workload:
    """The workload of a request for a known API; `label` is used where the request gives no name."""
    request = without_placeholders(root)
    name = apis.own_name(api, request)
    return Workload(root.origin, api, request, _label(name, label), "request", names=(name,) if name else ())


def _label(name: Text | None, otherwise: str) -> str:
    return str(name) if name else otherwise


def without_placeholders(root: Node) -> Node:
    """The request without what `--generate-cli-skeleton` wrote and nobody filled in.

    An empty text says nothing. A mapping that lost members for that and has nothing left but zeros, `true` and words of
    enumerations (the skeleton takes any) was never filled in. While empty texts remain, a `true` or zero may be the
    skeleton's as well as the author's: unknown.
    """
    if not _unfilled(root, 0):
        return root
    pruned = _prune(root, 0)
    return pruned if pruned is not None else root.with_value({})


def _unfilled(node: Node, depth: int) -> bool:
    if depth > DEEPEST:
        return False
    members = node.sequence or [member for name, member in node.items() if name not in _FREE]
    return node.value == "" or any(_unfilled(member, depth + 1) for member in members)


def _prune(node: Node, depth: int) -> Node | None:
    """The node without unfilled members; None where nothing of it was filled in."""
    if node.value in ("", _EPOCH) or depth > DEEPEST:
        return None
    if node.mapping is not None:
        kept = {name: left for name, member in node.items() if (left := _prune(member, depth + 1)) is not None}
        unfilled = len(kept) < len(node.mapping) and depth and all(map(_placeholder, kept.values()))
        return None if unfilled else node.with_value(kept)
    if node.sequence is not None:
        elements = [left for element in node.sequence if (left := _prune(element, depth + 1)) is not None]
        return node.with_value(elements) if elements or not node.sequence else None
    if node.value is True or (node.value == 0 and node.value is not False):
        return node.with_value(Unknown("as the command line's skeleton has it"))
    return node


def _placeholder(node: Node) -> bool:
    inner = node.mapping.values() if node.mapping is not None else node.sequence
    if inner is not None:
        return all(map(_placeholder, inner))
    return node.unknown or (node.literal is not None and apis.is_choice(node.literal))
