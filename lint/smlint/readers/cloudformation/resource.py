"""A resource of a stack, as the readers of resource types see it."""

from __future__ import annotations

from smlint.document import Origin
from smlint.iam.grammar import parse as parse_policy
from smlint.iam.policy import Kind, Policy
from smlint.readers.cloudformation import references
from smlint.readers.cloudformation.evaluate import Evaluator
from smlint.values import Node, Template, Text, Unknown


class Resource:
    """One resource with its properties resolved."""

    def __init__(self, evaluator: Evaluator, logical: str, node: Node) -> None:
        self.evaluator = evaluator
        self.logical = logical
        self.node = node
        self.type = references.type_of(evaluator, logical)
        properties = node.get("Properties")
        resolved = evaluator.resolve(properties) if properties is not None else Node({}, node.origin, open=node.open)
        if resolved is None or resolved.mapping is None:
            resolved = Node({}, node.origin, open=True)
        self.properties = resolved

    @property
    def origin(self) -> Origin:
        return self.node.origin

    @property
    def construct(self) -> str:
        """The CDK construct that made the resource: `aws:cdk:path`, or ""."""
        path = self.node.get("Metadata", "aws:cdk:path")
        return (path.literal or "") if path is not None else ""

    @property
    def name(self) -> Text:
        return references.name_of(self.evaluator, self.logical)

    @property
    def arn(self) -> Text:
        return references.arn(self.evaluator, self.logical)

    @property
    def reference(self) -> Text:
        """What `Ref` of it gives."""
        return references.reference(self.evaluator, self.logical)

    def get(self, *path: str) -> Node | None:
        """A property, resolved."""
        return self.properties.get(*path)

    def text(self, *path: str) -> Text | None:
        """A property as a text; None where it is absent or a collection."""
        return self.written(self.get(*path))

    def written(self, node: Node | None) -> Text | None:
        """A resolved value as a text."""
        return self.evaluator.written(node) if node is not None else None

    def document(self, node: Node | None) -> Node | None:
        """A property that holds a document: the structure itself, also where it is written as a JSON text."""
        text = node.text if node is not None else None
        if node is None or text is None or (isinstance(text, Template) and len(text.parts) == 1):
            return node
        from smlint.syntax import embedded

        parsed = embedded.parse_json(node)
        for problem in parsed.problems:
            self.evaluator.stack.report(problem.origin, problem.message)
        return parsed.nodes[0] if parsed.nodes else None

    def policy(self, node: Node | None, kind: Kind, name: Text | None = None) -> Policy | None:
        """The policy that a property holds; None where the property is absent."""
        if node is None:
            return None
        document = self.document(node) or Node(Unknown("it does not parse"), node.origin)
        return parse_policy(document, kind, str(name or ""))
