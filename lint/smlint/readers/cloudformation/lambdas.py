"""Lambda functions: their roles as callers, and what their Python code starts with them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from smlint.document import Document
from smlint.facts import Caller, Fact, Workload
from smlint.readers import api as apis
from smlint.readers.cloudformation import references
from smlint.readers.cloudformation.loops import local_path
from smlint.readers.cloudformation.resource import Resource
from smlint.readers.python import handlers
from smlint.syntax import embedded
from smlint.values import Node, Text


def function(resource: Resource) -> Iterator[Fact]:
    role = resource.text("Role")
    if role is None:
        return
    yield Caller(resource.origin, f"Lambda function {resource.logical}", role, "lambda")
    document = _code(resource)
    if document is not None:
        environment = _environment(resource) if document.host is not None or _alone(resource) else {}
        yield from handlers.started(document, role, resource.origin, resource.evaluator.stack.scope, environment)


def _environment(resource: Resource) -> dict[str, Node]:
    """The function's environment variables whose values are texts."""
    variables = resource.get("Environment", "Variables")
    found = [(name, node, resource.written(node)) for name, node in variables.items()] if variables is not None else []
    return {name: node.with_value(text) for name, node, text in found if text is not None and not node.unknown}


def _alone(resource: Resource) -> bool:
    """Whether no other function of the template runs the same file: which of them calls what is not known."""
    place = _place(resource.node)
    return sum(_place(node) == place for node in resource.evaluator.stack.resources.values()) == 1


def _place(node: Node) -> tuple[str | None, ...]:
    """The folder and the file of a function's code, as they are written."""
    ways = (("Metadata", "aws:asset:path"), ("Properties", "Code"), ("Properties", "Handler"))
    asset, code, handler = (found.literal if (found := node.get(*way)) is not None else None for way in ways)
    return asset, code, handlers.module_of(handler)


def _code(resource: Resource) -> Document | None:
    """The Python file that the handler is in, or the code that stands in the template."""
    if not handlers.is_python(resource.text("Runtime")):
        return None
    code = resource.get("Code")
    inline = code.get("ZipFile") if code is not None and code.mapping is not None else None
    if inline is not None:
        return embedded.hosted(inline, inline.literal) if inline.literal is not None else None
    folder, module = _folder(resource, code), handlers.module_of(resource.text("Handler"))
    if folder is None or module is None:
        return None
    return resource.evaluator.stack.scope.open(posixpath.join(folder, module))


def _folder(resource: Resource, code: Node | None) -> str | None:
    """The local folder with the code: as given to `sam` or `aws cloudformation package`, or as the CDK notes it."""
    asset = resource.node.get("Metadata", "aws:asset:path")
    named = asset.literal if asset is not None else code.literal if code is not None else None
    return local_path(resource.evaluator, named) if named is not None else None


def custom_call(resource: Resource) -> Iterator[Fact]:
    """Custom::AWS (the CDK's AwsCustomResource): calls of an API, made by the function behind its service token."""
    for name in ("Create", "Update", "Delete"):
        call = resource.document(resource.get(name))
        service = resource.written(call.get("service")) if call is not None else None
        if call is None or str(service).lower().replace("@aws-sdk/client-", "") != "sagemaker":
            continue
        action, given = call.get("action"), call.get("parameters")
        api = apis.operation((action.literal or "").removesuffix("Command")) if action is not None else None
        if api is not None:
            request = given if given is not None and given.mapping is not None else Node({}, call.origin, open=True)
            yield Workload(
                resource.origin,
                api,
                request,
                resource.logical,
                "cloudformation",
                caller=_provider(resource),
                caller_origin=resource.origin,
                construct=resource.construct,
            )


def _provider(resource: Resource) -> Text | None:
    """The role of the function whose ARN the service token is."""
    token = resource.get("ServiceToken")
    evaluator = resource.evaluator
    for logical in evaluator.stack.resources if token is not None else ():
        if references.type_of(evaluator, logical) == "AWS::Lambda::Function":
            role = evaluator.property(logical, "Role")
            if token is not None and references.arn(evaluator, logical) == token.text and role is not None:
                return role.text
    return None


READERS = {"AWS::Lambda::Function": function, "Custom::AWS": custom_call}
