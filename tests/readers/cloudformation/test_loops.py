"""`Fn::ForEach` and `AWS::Include`: what they put into which section, and what is unknown of them."""

from __future__ import annotations

import pytest
from tests.readers.cloudformation.reading import HEAD, of, problems, read

from smlint.facts import Bucket, Role
from smlint.values import Template

INCLUDE = "{Name: AWS::Include, Parameters: {Location: WHERE}}"
NAMED = "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !FindInMap [M, a, b]}}\n"


def names(template: str, **others: str) -> dict[str, str]:
    facts = read(HEAD + template, {f"{name}.yaml": text for name, text in others.items()})
    assert problems(facts) == []
    return {bucket.label: str(bucket.name) for bucket in of(Bucket, facts)}


def test_loops_in_every_section() -> None:
    template = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a,b"}}
Conditions:
  Fn::ForEach::C: [N, !Ref Names, {"Is${N}": !Equals [!Ref N, a]}]
Resources:
  Fn::ForEach::R:
    - N
    - !Ref Names
    - "Bucket${N}": {Type: AWS::S3::Bucket, Condition: !Sub "Is${N}", Properties: {BucketName: !Sub "x-${N}"}}
"""
    assert names(template.replace('!Sub "Is${N}"', '"Is${N}"')) == {"Bucketa": "x-a"}


@pytest.mark.parametrize(
    ("template", "included"),
    [
        (f"Transform: {INCLUDE}\nResources:\n{NAMED}", "Mappings: {M: {a: {b: found}}}\n"),
        (f"Mappings:\n  Fn::Transform: {INCLUDE}\nResources:\n{NAMED}", "M: {a: {b: found}}\n"),
        (f"Mappings:\n  M: {{Fn::Transform: {INCLUDE}}}\nResources:\n{NAMED}", "a: {b: found}\n"),
        (
            f"Resources:\n  Fn::Transform: {INCLUDE}\n",
            "B: {Type: AWS::S3::Bucket, Properties: {BucketName: found}}\n",
        ),
        (
            f"Resources:\n  B: {{Fn::Transform: {INCLUDE}}}\n",
            "Type: AWS::S3::Bucket\nProperties: {BucketName: found}\n",
        ),
        (
            f"Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{Fn::Transform: {INCLUDE}}}}}\n",
            "BucketName: found\n",
        ),
        (
            f"Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{Fn::Transform: {INCLUDE}, Tags: []}}}}\n",
            "BucketName: found\n",
        ),
    ],
)
def test_an_include_of_a_local_file(template: str, included: str) -> None:
    assert names(template.replace("WHERE", "part.yaml"), part=included) == {"B": "found"}
    assert "found" not in names(template.replace("WHERE", "s3://elsewhere/part.yaml"), part=included).values()


@pytest.mark.parametrize(
    "head",
    [
        "Transform: AWS::LanguageExtensions\nParameters: {L: {Type: CommaDelimitedList}}\nResources:\n"
        "  Fn::ForEach::R: [N, !Ref L, {'B${N}': {Type: AWS::S3::Bucket}}]\n",
        f"Resources:\n  Fn::Transform: {INCLUDE}\n",
        f"Transform: {INCLUDE}\nResources:\n",
    ],
)
def test_what_is_not_known_may_define_what_is_referred_to(head: str) -> None:
    found = names(f"{head}  A: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref Bone}}}}\n")
    assert found == {"A": "⟨Bone⟩"}


def test_a_resource_with_an_unknown_include_may_have_any_property() -> None:
    facts = read(f"Resources:\n  R: {{Type: AWS::IAM::Role, Fn::Transform: {INCLUDE}}}\n")
    assert [role.complete for role in of(Role, facts)] == [False]


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::S3::Bucket, Fn::Transform: {Name: Own}, Properties: {BucketName: data}}",
        "{Type: AWS::S3::Bucket, Properties: {Fn::Transform: {Name: Own}, BucketName: data}}",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: {Fn::Transform: {Name: Own}}}}",
    ],
)
def test_a_macro_may_rewrite_what_stands_beside_it(resource: str) -> None:
    (bucket,) = of(Bucket, read(f"{HEAD}Resources:\n  B: {resource}\n"))
    assert isinstance(bucket.name, Template)
    assert not bucket.name.holes[0].fresh  # it need not be a name that AWS makes
