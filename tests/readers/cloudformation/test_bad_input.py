"""What cannot be: a problem at its place, the rest is read, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.readers.cloudformation.reading import of, problems, read, read_file

from smlint.facts import Alternative, Bucket, Fact, Problem, Role
from smlint.readers import cloudformation
from smlint.readers.cloudformation.evaluate import MAX_DEPTH

GOOD = "  Good: {Type: AWS::S3::Bucket}\n"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (
            "{Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Bad}}",
            "circular dependency between resources: `Bad` → `Bad`",
        ),
        (
            "{Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt Bad.Arn}}",
            "circular dependency between resources: `Bad` → `Bad`",
        ),
        ("{Type: AWS::S3::Bucket, Properties: {BucketName: !Join [x]}}", "`Fn::Join` takes a list of 2 arguments"),
    ],
)
def test_fault_in_one_resource(resource: str, expected: str) -> None:
    facts = read(f"Resources:\n  Bad: {resource}\n{GOOD}")
    assert expected in [message for _, message in problems(facts)]
    assert {bucket.label for bucket in of(Bucket, facts)} == {"Bad", "Good"}


HEAD = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\n"
MISPLACED = {
    "Parameters: {P: {Type: String, Default: !Ref X}}\nResources:\n": "parameters take no functions",
    "Mappings: {M: {a: {b: {'Fn::Sub': x}}}}\nResources:\n": "mappings take no functions",
    "Resources:\n  A: !If [C, {}, {}]\n": "no function makes a resource",
    "Resources:\n  A: {Type: !Ref P}\n": "`Type` takes no functions",
    "Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: [!Sub Good]}\n": "`DependsOn` takes no functions",
    "Resources:\n  A: {Type: AWS::S3::Bucket, Condition: !Ref P}\n": "`Condition` takes no functions",
    "Resources:\n  A: {Type: AWS::S3::Bucket, Condition: {'Fn::Not': [C]}}\n": "`Condition` takes no functions",
}


@pytest.mark.parametrize("template", MISPLACED)
def test_a_function_where_none_may_be_is_one_finding(template: str) -> None:
    facts = read((HEAD if template.startswith("Resources") else "") + template + GOOD)
    ((_, message),) = problems(facts)
    assert message.endswith(f" is not allowed here: {MISPLACED[template]}")
    assert "Good" in {bucket.label for bucket in of(Bucket, facts)}


def test_a_function_where_none_may_be_gives_no_value() -> None:
    head = "Parameters: {P: {Type: String, Default: !Ref X}}\nMappings: {M: {a: {b: !Ref X}}}\n"
    names = {"A": "!Ref P", "B": "!FindInMap [M, a, b]"}
    buckets = "".join(
        f"  {name}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {value}}}}}\n" for name, value in names.items()
    )
    facts = read(f"{head}Resources:\n{buckets}")
    assert not any(isinstance(bucket.name, str) for bucket in of(Bucket, facts))


@pytest.mark.parametrize("call", ["!Ref Good", "!GetAtt Good.Arn", "!Sub '${Good.Arn}'"])
def test_conditions_refer_to_no_resource(call: str) -> None:
    facts = read(f"Conditions:\n  C: !Equals [{call}, x]\nResources:\n{GOOD}")
    assert problems(facts) == [(2, "the condition `C` cannot refer to the resource `Good`")]


def test_an_unused_condition_must_be_right_and_opens_no_cases() -> None:
    conditions = "Conditions:\n  C: !And [!Equals [a, a]]\n  D: !Equals [!Ref P, x]\n"
    facts = read(f"Parameters: {{P: {{Type: String}}}}\n{conditions}Resources:\n{GOOD}")
    assert problems(facts) == [(3, "`Fn::And` has the wrong number of arguments")]
    assert of(Alternative, facts) == []


def test_properties_that_are_not_known_may_hold_anything() -> None:
    role = "{Type: AWS::IAM::Role, Properties: {'Fn::Transform': {Name: Own}}}"
    assert [role.complete for role in of(Role, read(f"Resources:\n  R: {role}\n"))] == [False]


@pytest.mark.parametrize(
    "template",
    [
        "Resources: {A: [], B: {Type: []}, C: {Type: AWS::IAM::Role}, D: x, E: {Type: AWS::IAM::Role, Properties: []}}",
        "Resources: {R: {Type: AWS::IAM::Role, Properties: {Policies: x, ManagedPolicyArns: {a: b}, Path: [1]}}}",
        "Resources: {R: {Type: AWS::IAM::Policy, Properties: {Roles: {}, PolicyDocument: 7}}}",
        "Resources: {R: {Type: AWS::SageMaker::Pipeline, Properties: {PipelineDefinition: {X: []}}}}",
        "Resources: {R: {Type: AWS::SageMaker::Pipeline, Properties: []}}",
        "Resources: {R: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: 4, RoleArn: []}}}",
        "Resources: {R: {Type: AWS::Serverless::Function, Properties: {Policies: [[], {}, 3, {S3ReadPolicy: x}]}}}",
        "Resources: {R: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../../x, Parameters: []}}}",
        "Resources: {R: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: template.yaml}}}",
        "{Resources: {R: {Type: AWS::S3::Bucket}}, Parameters: [], Conditions: 3, Mappings: x, Outputs: []}",
        "{Resources: {Fn::ForEach::A: [], Fn::ForEach::B: [x, [1], {}], Fn::Transform: 3, R: {Type: A::B}}}",
        "{Parameters: {P: 3}, Resources: {R: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref P}}}}",
        "{Conditions: {C: []}, Resources: {R: {Type: AWS::S3::Bucket, Condition: C}}}",
        "{Conditions: {C: !Equals 3}, Resources: {R: {Type: AWS::S3::Bucket, Condition: C}}}",
        "Resources: {R: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !Ref R, Input: '{'}}}}",
    ],
)
def test_odd_shapes_raise_nothing(template: str) -> None:
    read(template + "\n")


def test_nesting_is_bounded() -> None:
    depth = 10_000
    text = '{"Resources": {"R": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": '
    text += '{"Fn::Join": ["", [' * depth + '"x"' + "]]}" * depth + "}}}}"
    start = time.process_time()
    try:
        facts: list[Fact] = read_file("a.json", {"a.json": text})
    except AssertionError:  # nothing of it could be parsed
        facts = []
    assert time.process_time() - start < 5
    assert all(isinstance(fact, (Bucket, Problem)) for fact in facts)


def test_deep_intrinsics_are_reported() -> None:
    depth = MAX_DEPTH // 2 + 5
    nested = "!Join ['', [" * depth + "x" + "]]" * depth
    facts = read(f"Resources:\n  R: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {nested}}}}}\n{GOOD}")
    assert "nested too deeply" in problems(facts)[0][1]
    assert {bucket.label for bucket in of(Bucket, facts)} == {"R", "Good"}


def test_long_chains_of_references_are_bounded() -> None:
    chain = "".join(
        f"  R{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{R{n + 1}}}-x'}}}}\n" for n in range(2_000)
    )
    start = time.process_time()
    facts = read(f"Resources:\n{chain}  R2000: {{Type: AWS::S3::Bucket}}\n")
    assert time.process_time() - start < 5
    assert len(of(Bucket, facts)) == 2_001


@pytest.mark.parametrize(
    "call",
    [
        "!If [C, X, !Sub ['${a}${a}-', {a: X}]]",
        "!Select [!Ref P, [X, X]]",
        "!Join ['', [X, X]]",
        "!FindInMap [M, X, X]",
        "!Base64 {'Fn::Join': ['', [X, X]]}",
        "!ImportValue {'Fn::Join': ['', [X, X]]}",
        "!Sub ['{{resolve:ssm:${a}${a}}}', {a: X}]",
        "!Sub ['${a}', {a: {'Fn::ToJsonString': [X, X]}}]",
        "!Sub ['a${L}', {L: {'Fn::Length': [X, !Split [!Ref P, X]]}}]",
    ],
)
def test_names_that_use_each_other_twice_are_bounded(call: str) -> None:
    head = HEAD + "Mappings: {M: {a: {b: c}}}\nResources:\n"
    chain = "".join(
        f"  R{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {call.replace('X', f'!Ref R{n - 1}')}}}}}\n"
        for n in range(1, 28)
    )
    start = time.process_time()
    read(f"{head}  R0: {{Type: AWS::S3::Bucket}}\n{chain}")
    assert time.process_time() - start < 5


def test_long_chains_of_conditions_are_bounded() -> None:
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(2_000))
    resource = "  A: {Type: AWS::S3::Bucket, Condition: C0}\n"
    facts = read(f"Conditions:\n{chain}  C2000: !Equals [a, a]\nResources:\n{resource}{GOOD}")
    assert "Good" in {bucket.label for bucket in of(Bucket, facts)}


def test_chains_through_nested_stacks_are_bounded() -> None:
    child = "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: NEXT}}\n"
    links = "".join(
        f"  R{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{R{n + 1}}}-x'}}}}\n" for n in range(25)
    )
    last = "  R25: {Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt S.Outputs.O}}\n"
    files = {
        f"l{level}.yaml": child.replace("NEXT", f"l{level + 1}.yaml")
        + links
        + last
        + "Outputs: {O: {Value: !Ref R0}}\n"
        for level in range(8)
    }
    assert read_file("l0.yaml", files)


def test_a_text_that_doubles_is_stopped() -> None:
    lines = [
        "Mappings: {M: {a: {b: x}}}",
        "Resources:",
        "  R:",
        "    Type: AWS::S3::Bucket",
        "    Properties:",
        "      Tags:",
    ]
    lines.append("        - &a0 aaaaaaaaaaaaaaaa")
    lines += [f"        - &a{n} !Join ['', [*a{n - 1}, *a{n - 1}]]" for n in range(1, 60)]
    start = time.process_time()
    facts = read("\n".join(lines) + "\n")
    assert time.process_time() - start < 5
    assert facts


def test_loops_in_loops_are_bounded() -> None:
    numbers = "[" + ", ".join(f"'{n}'" for n in range(400)) + "]"
    template = f"""
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A:
    - X
    - {numbers}
    - Fn::ForEach::B${{X}}:
        - Y
        - {numbers}
        - B${{X}}Z${{Y}}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub 'b-${{X}}-${{Y}}'}}}}
"""
    start = time.process_time()
    facts = read(template)
    assert time.process_time() - start < 20
    assert any("makes too much" in message for _, message in problems(facts))


def test_nested_stacks_that_contain_themselves() -> None:
    child = "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: template.yaml}}}\n"
    stack = "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}}\n"
    assert len(read(stack, {"child.yaml": child})) == 1


def test_many_nested_stacks_are_bounded() -> None:
    files = {}
    for level in range(8):
        children = "".join(
            f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: l{level + 1}.yaml}}}}\n"
            for n in range(10)
        )
        files[f"l{level}.yaml"] = f"Resources:\n{children}"
    files["l8.yaml"] = "Resources: {B: {Type: AWS::S3::Bucket}}\n"
    start = time.process_time()
    read_file("l0.yaml", files)
    assert time.process_time() - start < 20


def test_lists_that_nested_stacks_repeat_are_told_in_bounded_time() -> None:
    repeated = ", ".join(["!Ref P"] * 60)
    template = f"""
Parameters: {{P: {{Type: String, Default: x}}, C: {{Type: String}}}}
Resources:
  B: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Select [!Ref C, !Ref P]}}}}
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: NEXT, Parameters: {{P: [{repeated}]}}}}
"""
    files = {f"l{level}.yaml": template.replace("NEXT", f"l{level + 1}.yaml") for level in range(6)}
    start = time.process_time()
    read_file("l0.yaml", files)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "document",
    [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
        "openapi: 3.0.0\npaths: {}\n",
        "version: '3'\nservices: {web: {image: x}}\nResources: {}\n",
        "Resources: [a, b]\n",
        "Resources: {limits: {Type: memory}}\n",
        "- a\n",
        "text\n",
    ],
)
def test_look_alikes(document: str) -> None:
    from smlint.document import Document
    from smlint.syntax import structured

    roots = structured(Document("x.yaml", document)).nodes
    assert not any(cloudformation.recognises(root, "x.yaml") for root in roots)


NAMES = [
    *("Ref", "Condition", "Statement", "Name", "Parameters", "Location", "DefaultValue", "Value", "Type", "x"),
    *(
        f"Fn::{name}"
        for name in ("GetAtt", "Sub", "Join", "If", "Select", "Split", "FindInMap", "Base64", "Cidr", "GetAZs")
    ),
    *(
        f"Fn::{name}"
        for name in ("ImportValue", "Length", "ToJsonString", "Transform", "And", "Equals", "Not", "ForEach::A")
    ),
]
values = st.recursive(
    st.sampled_from(["A", "R", "Bucket", "", "AWS::Region", "${A}", "${R.Arn}", "C", 0, 1, True, None]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values, values, values)
def test_any_value_anywhere(first: object, second: object, third: object) -> None:
    import json

    template = {
        "Parameters": {"A": {"Type": "String", "Default": first}, "L": {"Type": "List<String>", "Default": third}},
        "Transform": third,
        "Mappings": {"M": third},
        "Conditions": {"C": {"Fn::Equals": [first, second]}, "D": third},
        "Outputs": {"O": {"Value": first, "Condition": third, "Export": {"Name": second}}, "P": third},
        "Resources": {
            "Q": third,
            "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "a.json", "Parameters": third}},
            "R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": first, "Policies": second}},
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": first, "Condition": "C"},
            "P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": second, "PolicyDocument": first}},
            "J": {"Type": "AWS::SageMaker::Model", "Properties": {"ExecutionRoleArn": second, "Containers": first}},
            "M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": first}},
        },
    }
    read_file("a.json", {"a.json": json.dumps(template)})
