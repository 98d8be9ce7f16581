"""How a file refers to what is not settled: `${DataBucket}` below `!Sub`, `${var.bucket}` in Terraform, else `*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from smlint.document import Document
from smlint.facts import ACCOUNT, PARTITION, REGION
from smlint.values import Hole, Template, Text, join, pieces

_PSEUDO = {ACCOUNT.name: "AWS::AccountId", REGION.name: "AWS::Region", PARTITION.name: "AWS::Partition"}
# The data sources that know it: their types and arguments.
_DATA = {
    ACCOUNT.name: ("aws_caller_identity", "account_id"),
    REGION.name: ("aws_region", "name"),
    PARTITION.name: ("aws_partition", "partition"),
}
_ANY = {PARTITION.name: "aws"}
_MEMBER = re.compile(r"(?<=[\s{,\"'])([A-Za-z0-9]+)[\"']?\s*:")
_RESOURCE = re.compile(_MEMBER.pattern + r"[\s{]*[\"']?Type[\"']?\s*:\s*[\"']?AWS::\w+::\w+(?![\w:])")
_STARS = re.compile(r"\*{2,}")
_TERRAFORM = (".tf", ".tofu", ".hcl", ".tfvars")
_MODULE = re.compile(r"^(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*")
_ADDRESS = re.compile(r"((?:data\.)?[\w-]+)\.([\w-]+)")
_INTERPOLATION = re.compile(r"(?<!\$)\$\{[^{}]*\}")


def is_terraform(document: Document) -> bool:
    """Whether the file is written in Terraform's own language."""
    return document.path.lower().endswith(_TERRAFORM)


def is_template(document: Document) -> bool:
    """Whether the file is a CloudFormation or SAM template."""
    return "AWS::" in document.text


def own_name(label: str) -> str:
    """The address of a Terraform resource as its own module writes it; what has none as it is."""
    return _MODULE.sub("", label)


def is_named(name: str, text: str) -> bool:
    """Whether the name stands in the text by itself, not as a part of a longer one."""
    start = text.find(name)
    while name and start >= 0:
        end = start + len(name)
        if not (_continues(text[max(start - 1, 0) : start]) or _continues(text[end : end + 1])):
            return True
        start = text.find(name, end)
    return False


def _continues(character: str) -> bool:
    return character.isalnum() or character in ("_", "-")


def references(document: Document, sub: Callable[[Text], object]) -> Callable[[Text], object]:
    """How the file writes a text; where it cannot refer to anything, a wildcard stands for what is not settled.

    sub: how a template's language writes what it substitutes.
    """
    if is_terraform(document):
        return lambda text: interpolated(in_terraform(text, document))
    return (lambda text: sub(_known(text, document))) if is_template(document) else wildcards


def substituted(text: Text) -> str:
    """The text as it stands below `Fn::Sub`."""
    return _interpolated(text, _PSEUDO, "${!")


def reference(text: Text) -> tuple[str, str] | None:
    """The resource or parameter and its attribute (or ""), where the text is nothing but a reference to that."""
    parts = pieces(text)
    if len(parts) != 1 or not isinstance(parts[0], Hole):
        return None
    name, _, attribute = _name(parts[0], _PSEUDO).partition(".")
    return name, attribute


def in_terraform(text: Text, document: Document) -> Text:
    """With references as the names of the holes. They have dots; what has none nobody knows before the job runs."""
    return _one_star(piece if isinstance(piece, str) else _reference(piece, document) for piece in pieces(text))


def interpolated(text: Text) -> str:
    """The text as it stands in a string of Terraform."""
    return _interpolated(text, {}, "$${").replace("%{", "%%{")


def unescaped(written: str) -> str:
    """A text with interpolations that JSON has quoted: what stands within them is Terraform's and not escaped."""
    return _INTERPOLATION.sub(lambda found: found[0].replace('\\"', '"'), written)


def _known(text: Text, document: Document) -> Text:
    """With a wildcard for what is no parameter or resource of the template, such as the name that a job will get."""
    return _one_star(piece if isinstance(piece, str) or _names(piece, document) else "*" for piece in pieces(text))


def _one_star(written: Iterable[str | Hole]) -> Text:
    """Joined; a wildcard that stands for a hole is none of its own beside one that was there."""
    joined = pieces(join(written))
    return join(_STARS.sub("*", piece) if isinstance(piece, str) else piece for piece in joined)


def _names(hole: Hole, document: Document) -> bool:
    first = (hole.label or hole.name).partition(".")[0]
    elsewhere = _is_of_another(hole, document)
    if hole.name in _PSEUDO or first.startswith("AWS::"):
        return not elsewhere
    return first in _members(document) and not (elsewhere and first in _resources(document))


def _is_of_another(hole: Hole, document: Document) -> bool:
    """Whether another template does not settle it; of a nested stack, whose name is no file's, nobody can tell."""
    stack = hole.name.removesuffix(f":{hole.label}")
    return stack.startswith("cfn:") and "." in stack.rpartition("/")[2] and stack != f"cfn:{document.path}"


@lru_cache(maxsize=2)
def _members(document: Document) -> frozenset[str]:
    """The names of all members of the template's mappings: of its parameters and resources, and more."""
    return frozenset(_MEMBER.findall(document.text))


@lru_cache(maxsize=2)
def _resources(document: Document) -> frozenset[str]:
    """The names of the template's resources: what another template calls so is not the same."""
    return frozenset(_RESOURCE.findall(document.text))


def wildcards(text: Text) -> str:
    """The text of a file that can refer to nothing."""
    return str(_one_star(_ANY.get(piece.name, "*") if isinstance(piece, Hole) else piece for piece in pieces(text)))


def _reference(hole: Hole, document: Document) -> Hole | str:
    """The hole as a reference: to the first resource where it is not known how many there are."""
    if hole.name in _DATA:
        found = _data(hole.name, document)
        return Hole(found) if found else _ANY.get(hole.name, "*")
    label = _of_module(hole.label or hole.name, document)
    return Hole(label.replace("[?]", "[0]")) if "." in label and '["?"]' not in label else "*"


def _of_module(label: str, document: Document) -> str:
    """The label as the module of the file writes it: what lies in another module it cannot name ("")."""
    own = own_name(label)
    if own == label:
        return label
    address = _ADDRESS.match(own)
    if address is None:
        return ""
    declared = f'"{address[1].removeprefix("data.")}" "{address[2]}"' in document.text
    return own if declared or is_named(address[0], document.text) else ""


@lru_cache(maxsize=8)
def _data(name: str, document: Document) -> str:
    """The data source that the file asks or declares for it; "" where it does neither, for Terraform knows no other."""
    kind, argument = _DATA[name]
    asked = re.search(rf"^[^#\n]*?\b(data\.{kind}\.[\w-]+\.(?:{argument}|region|id))\b", document.text, re.MULTILINE)
    if asked:
        return asked[1]
    declared = re.search(rf'^[ \t]*data[ \t]+"{kind}"[ \t]+"([\w-]+)"', document.text, re.MULTILINE)
    return f"data.{kind}.{declared[1]}.{argument}" if declared else ""


def with_texts(value: object, written: Callable[[Text], object]) -> object:
    """The value as dict, list and scalars, its texts in the form that `written` gives them."""
    if isinstance(value, (str, Template)):
        return written(value)
    if isinstance(value, Mapping):
        return {str(name): with_texts(member, written) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_texts(element, written) for element in value]
    return value


def _interpolated(text: Text, names: Mapping[str, str], literal: str) -> str:
    """Holes as `${reference}`, and policy variables so that they stay what they are."""
    return "".join(
        f"${{{_name(piece, names)}}}" if isinstance(piece, Hole) else piece.replace("${", literal)
        for piece in pieces(text)
    )


def _name(hole: Hole, names: Mapping[str, str]) -> str:
    return names.get(hole.name) or hole.label or hole.name
