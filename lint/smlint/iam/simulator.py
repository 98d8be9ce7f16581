"""A policy simulator over plain data: one request and its policies in, the decision and its reasons out.

The form, with every member but `principal`, `action` and `resource` optional:

    {"id": …, "request": {"principal": ARN | {"type": "Anonymous"} | {"type": "Service", "name": …},
                          "action": …, "resource": …, "resourceAccount": …, "context": {KEY: TEXT | [TEXT, …]}},
     "policies": {"identityPolicies": […], "permissionBoundaryPolicies": […], "sessionPolicy": {…},
                  "resourcePolicy": {…}, "endpointPolicy": {…},
                  "serviceControlPolicies": [{"policies": […]}, …], "resourceControlPolicies": [{"policies": […]}, …]}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smlint.iam import data, grammar
from smlint.iam.decision import Layers, Reason, Verdict, decide
from smlint.iam.policy import Kind, Policy
from smlint.iam.request import Context, Principal, Request
from smlint.values import plain

_RESOURCE_KINDS = {"s3": Kind.BUCKET, "kms": Kind.KEY, "sts": Kind.TRUST}


def simulate(case: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a case: `{"id", "decision", "because"}`; `"error"` where the case itself cannot be read."""
    try:
        request = read_request(case["request"])
        verdict = decide(request, read_layers(case.get("policies") or {}, request.action))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        why = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        return {"id": _id(case), "decision": "Unknown", "because": [], "error": f"not a case: {why}"}
    return {"id": _id(case), "decision": verdict.decision.value, "because": _because(verdict)}


def _id(case: Any) -> Any:
    return case.get("id") if isinstance(case, Mapping) else None


def read_request(request: Mapping[str, Any]) -> Request:
    """The request of a case; condition keys that it does not mention are absent."""
    context = {str(key).lower(): _values(value) for key, value in (request.get("context") or {}).items()}
    return Request(
        _principal(request["principal"]),
        str(request["action"]),
        str(request["resource"]),
        request.get("resourceAccount"),
        Context(context, default_absent=True),
    )


def _values(value: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in value) if isinstance(value, list) else (_text(value),)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _principal(principal: Any) -> Principal:
    if isinstance(principal, str):
        return Principal.of(principal)
    kind = str(principal["type"])
    if kind == "Anonymous":
        return Principal(None, "anonymous")
    if kind == "Service":
        return Principal.service(str(principal["name"]))
    raise ValueError(f"unknown type of principal {kind!r}")


def read_layers(policies: Mapping[str, Any], action: str) -> Layers:
    """The policies of a case. The action's service tells what kind of resource policy it is."""
    kind = _RESOURCE_KINDS.get(action.partition(":")[0].lower(), Kind.RESOURCE)
    boundaries = _all(policies, "permissionBoundaryPolicies", Kind.BOUNDARY)
    if len(boundaries) > 1:
        raise ValueError("a principal has one permissions boundary")
    return Layers(
        identity=_all(policies, "identityPolicies", Kind.IDENTITY),
        resource=_one(policies, "resourcePolicy", kind),
        boundary=boundaries[0] if boundaries else None,
        session=_session(policies),
        scps=_levels(policies, "serviceControlPolicies", Kind.SCP),
        rcps=_levels(policies, "resourceControlPolicies", Kind.RCP),
        endpoint=_one(policies, "endpointPolicy", Kind.ENDPOINT),
        key_policy=kind is Kind.KEY,
        trust=kind is Kind.TRUST,
    )


def _session(policies: Mapping[str, Any]) -> tuple[Policy, ...]:
    one = _one(policies, "sessionPolicy", Kind.SESSION)
    return (one,) if one is not None else _all(policies, "sessionPolicies", Kind.SESSION)


def _one(policies: Mapping[str, Any], name: str, kind: Kind) -> Policy | None:
    found = policies.get(name)
    return None if found is None else _policy(found, name, kind)


def _all(policies: Mapping[str, Any], name: str, kind: Kind) -> tuple[Policy, ...]:
    return tuple(_policy(found, f"{name}[{i}]", kind) for i, found in enumerate(policies.get(name) or ()))


def _levels(policies: Mapping[str, Any], name: str, kind: Kind) -> tuple[tuple[Policy, ...], ...]:
    levels = policies.get(name) or ()
    return tuple(_all(level, "policies", kind) for level in levels)


def _policy(found: Any, name: str, kind: Kind) -> Policy:
    return grammar.parse(data.node(found, name), kind, name)


def _because(verdict: Verdict) -> list[dict[str, Any]]:
    return [_reason(reason) for reason in verdict.because]


def _reason(reason: Reason) -> dict[str, Any]:
    if reason.statement is None:
        return {"layer": reason.layer, "lacks": "Allow"}
    name = reason.policy.name if reason.policy is not None else ""
    found = {"layer": reason.layer, "policy": name, "statement": reason.statement.index}
    return found if reason.statement.sid is None else {**found, "sid": plain(reason.statement.node)["Sid"]}
