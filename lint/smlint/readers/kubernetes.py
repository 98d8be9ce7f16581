"""Kubernetes manifests of the SageMaker controllers (ACK, and the operators before it)."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document
from smlint.facts import Fact, Workload
from smlint.readers import api as apis
from smlint.readers import pipeline
from smlint.readers.scope import Scope
from smlint.values import Node

DEEPEST = 64
_GROUPS = ("sagemaker.services.k8s.aws/", "sagemaker.aws.amazon.com/")
_FREE = frozenset({"Environment", "HyperParameters", "StaticHyperParameters", "RuleParameters", "ProfilingParameters"})


def recognises(root: Node, path: str) -> bool:
    """Whether the manifest is a resource of the SageMaker controllers."""
    version = root.get("apiVersion")
    return version is not None and (version.literal or "").startswith(_GROUPS)


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The workload that the controller starts for the resource; a pipeline's steps are workloads too."""
    kind, spec, title = root.get("kind"), root.get("spec"), root.get("metadata", "name")
    api = apis.operation(f"Create{kind.literal or ''}") if kind is not None else None
    if api is None or spec is None:
        return
    request = _spelt(spec, 0)
    name = apis.own_name(api, request)
    label = str(name or (title.text if title is not None else None) or api)
    yield Workload(root.origin, api, request, label, "kubernetes", names=(name,) if name else ())
    yield from pipeline.of_request(request, label, scope)


def _spelt(node: Node, depth: int) -> Node:
    """The spec with its members in the API's spelling."""
    if depth > DEEPEST:
        return node
    if node.sequence is not None:
        return node.with_value([_spelt(element, depth + 1) for element in node.sequence])
    if node.mapping is None:
        return node
    members = {}
    for written, member in node.items():
        name = apis.spell(written)
        members[name] = member if name in _FREE else _spelt(member, depth + 1)
    return node.with_value(members)
