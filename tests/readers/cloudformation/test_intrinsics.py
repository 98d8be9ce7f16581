"""Every intrinsic function, in both spellings, through a bucket policy's resource."""

from __future__ import annotations

from typing import Any

import pytest
from tests.readers.cloudformation.reading import only, problems, read

from smlint.facts import Bucket, BucketPolicy
from smlint.values import Hole, Text, Unknown, pieces, plain

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Name: {{Type: String, Default: data}}
  Size: {{Type: Number, Default: 3}}
  Free: {{Type: String}}
  Choice: {{Type: String, AllowedValues: [a, b]}}
  Names: {{Type: CommaDelimitedList, Default: "one, two"}}
  Secret: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /key}}
Mappings:
  Region:
    eu-west-1: {{Bucket: ireland, List: [x, y]}}
    us-east-1: {{Bucket: virginia, List: [x, y]}}
  Same:
    eu-west-1: {{Bucket: shared}}
    us-east-1: {{Bucket: shared}}
Conditions:
  Yes: !Equals [!Ref Name, data]
  No: !Not [!Condition Yes]
  Open: !Equals [!Ref Free, x]
  Twice: !Equals [!Equals [a, b], "false"]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: !Sub "${{Name}}-bucket"}}
  Generated: {{Type: AWS::S3::Bucket}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: {value}
"""

KNOWN = {
    "!Ref Name": "data",
    "{Ref: Name}": "data",
    "!Ref Names": ["one", "two"],
    "!Ref Size": 3,
    "!GetAtt Bucket.Arn": "arn:aws:s3:::data-bucket",
    "{'Fn::GetAtt': [Bucket, Arn]}": "arn:aws:s3:::data-bucket",
    "{'Fn::GetAtt': Bucket.Arn}": "arn:aws:s3:::data-bucket",
    "!GetAtt [Bucket, Arn]": "arn:aws:s3:::data-bucket",
    "!Sub '${Bucket.Arn}/${Name}-${Size}'": "arn:aws:s3:::data-bucket/data-3",
    "!Sub '${!aws:username}/${Name}'": "${aws:username}/data",
    "!Sub ['${A}-${B}-${Name}', {A: !Ref Name, B: !GetAtt Bucket.Arn}]": "data-arn:aws:s3:::data-bucket-data",
    "{'Fn::Sub': 'x${ Name }'}": "xdata",
    "!Join ['', [a, !Ref Name, !Ref Size]]": "adata3",
    "!Join ['-', !Ref Names]": "one-two",
    "!Select [1, !Split ['/', 'a/b/c']]": "b",
    "!Select ['0', !Ref Names]": "one",
    "!Split [',', 'a,b']": ["a", "b"],
    "!If [Yes, !Ref Name, other]": "data",
    "!If [No, !Ref Name, other]": "other",
    "[a, !If [No, b, !Ref 'AWS::NoValue']]": ["a"],
    "!FindInMap [Region, eu-west-1, Bucket]": "ireland",
    "!FindInMap [Region, !Ref 'AWS::Region', Bucket]": "⟨FindInMap Region ⟨region⟩ Bucket⟩",
    "!FindInMap [Same, !Ref 'AWS::Region', Bucket]": "shared",
    "!FindInMap [Region, mars, Bucket, {DefaultValue: none}]": "none",
    "!FindInMap [Same, !Ref 'AWS::Region', Bucket, {DefaultValue: none}]": "⟨FindInMap Same ⟨region⟩ Bucket⟩",
    "!FindInMap [Same, !Ref 'AWS::Region', Bucket, {DefaultValue: shared}]": "shared",
    "!Join ['', [a, {'Fn::ToJsonString': {b: c}}]]": "a⟨JSON of {b: c}⟩",
    "!Sub ['a${J}', {J: {'Fn::ToJsonString': [b]}}]": "a⟨JSON of [b]⟩",
    "{'Fn::Later': [a]}": "⟨unknown⟩",
    "!If [Twice, a, b]": "a",
    "!Base64 abc": "YWJj",
    "!Cidr [10.0.0.0/16, 2, 8]": ["10.0.0.0/24", "10.0.1.0/24"],
    "!Select [2, !Cidr ['10.0.0.0/16', 4, '8']]": "10.0.2.0/24",
    "{'Fn::Length': !Ref Names}": 2,
    "!ImportValue shared-bucket": "⟨shared-bucket⟩",
    "!Ref Secret": "⟨Secret⟩",
    "'{{resolve:ssm:/x:1}}/*'": "⟨ssm:/x:1⟩/*",
    "!Ref Generated": "⟨Generated⟩",
    "!GetAtt Generated.Arn": "arn:aws:s3:::⟨Generated⟩",
    "!Select [0, !Split ['-', !Ref Generated]]": "⟨Select 0 of the parts of ⟨Generated⟩⟩",
    "!Select [0, !If [Open, [a], !Split ['-', !Ref Generated]]]": (
        "⟨Select 0 of If Open [a] the parts of ⟨Generated⟩⟩"
    ),
    "!Select [2, !Split ['/', !Ref AWS::StackId]]": "-".join(f"⟨part {at} of AWS::StackId⟩" for at in range(5)),
    "!Select [4, !Split ['-', !Select [2, !Split ['/', !Ref AWS::StackId]]]]": "⟨part 4 of AWS::StackId⟩",
    "!Select [5, !Split [':', !Ref AWS::StackId]]": (
        "stack/⟨AWS::StackName⟩/" + "-".join(f"⟨part {at} of AWS::StackId⟩" for at in range(5))
    ),
    "!If [Open, same, same]": "same",
    "!Sub 'arn:${AWS::Partition}:s3:::${AWS::AccountId}-${AWS::Region}'": "arn:aws:s3:::⟨account⟩-⟨region⟩",
    "!Sub '${AWS::StackName}.${AWS::URLSuffix}'": "⟨AWS::StackName⟩.amazonaws.com",
}

WRONG = {
    "!Ref Missing": "there is no parameter or resource `Missing` in this template",
    "!GetAtt Missing.Arn": "there is no resource `Missing` in this template",
    "!GetAtt Bucket": "`Fn::GetAtt` takes the name of a resource and of its attribute",
    "!Join [a]": "`Fn::Join` takes a list of 2 arguments",
    "!Join ['', [{a: b}]]": "`Fn::Join` joins texts, this is none",
    "!Join ['', abc]": "`Fn::Join` takes a delimiter and a list",
    "!Select [0, abc]": "`Fn::Select` takes an index and a list",
    "!Base64 [a]": "`Fn::Base64` takes a text",
    "!GetAZs {Ref: Missing}": "there is no parameter or resource `Missing` in this template",
    "{'Fn::ToJsonString': abc}": "`Fn::ToJsonString` takes a mapping or a list",
    "!Equals [a, b]": "`Fn::Equals` is a function of conditions and gives no value here",
    "{'Fn::Not': [a]}": "`Fn::Not` is a function of conditions and gives no value here",
    "!Condition Yes": "`Condition` is a function of conditions and gives no value here",
    "{'Fn::If': [Yes, {}, {}], a: b}": "`Fn::If` cannot stand beside other members",
    "!Sub ['${Name}', [a]]": "`Fn::Sub` takes a text and a mapping",
    "!Sub [!Ref Name, {}]": "`Fn::Sub` takes a text",
    "!Select [7, [a, b]]": "the list has no element 7",
    "!Select [x, [a, b]]": "`x` is no index",
    "!If [Nothing, a, b]": "there is no condition `Nothing` in this template",
    "!If [Yes, a]": "`Fn::If` takes a list of 3 arguments",
    "!FindInMap [Region, mars, Bucket]": "the mapping `Region` has no entry mars.Bucket",
    "!FindInMap [Missing, a, b]": "there is no mapping `Missing` in this template",
    "!Sub [a]": "`Fn::Sub` takes a list of 2 arguments",
    "!Sub {a: b}": "`Fn::Sub` takes a text",
    "!Sub '${Names}'": "`${Names}` is a list or a mapping and cannot stand in a text",
    "{'Fn::Length': abc}": "`Fn::Length` takes a list",
    "!Ref 'AWS::Nothing'": "there is no pseudo parameter `AWS::Nothing`",
}


def resource(value: str) -> Any:
    facts = read(TEMPLATE.format(value=value), partition="aws")
    assert problems(facts) == []
    return plain(only(BucketPolicy, facts[: len(facts)]).policy.node)["Statement"][0]["Resource"]


@pytest.mark.parametrize("value", KNOWN)
def test_value(value: str) -> None:
    assert resource(value) == KNOWN[value]


@pytest.mark.parametrize("value", WRONG)
def test_fault_stands_at_its_place_and_the_rest_is_read(value: str) -> None:
    facts = read(TEMPLATE.format(value=value))
    assert problems(facts) == [(35, WRONG[value])]
    assert only(BucketPolicy, facts).policy.statements[0].effect == "Allow"


@pytest.mark.parametrize(
    "value", ["!GetAZs ''", "{'Fn::GetAZs': null}", "!GetAZs [a]", "!If [Open, [a], b]", "!Ref Unsettled"]
)
def test_unknown(value: str) -> None:
    template = TEMPLATE.replace("Parameters:\n", "Parameters:\n  Unsettled: {{Type: 'List<String>'}}\n")
    statement = only(BucketPolicy, read(template.format(value=value))).policy.node.get("Statement")
    assert statement is not None
    found = statement.elements()[0].get("Resource")
    assert found is not None
    assert isinstance(found.value, Unknown)


def test_same_reference_same_text() -> None:
    policy = only(
        BucketPolicy, read(TEMPLATE.format(value="[!Ref Free, !Sub '${Free}', !Join ['', [!Ref Free]]]"))
    ).policy
    first, *others = (element.text for element in policy.statements[0].resources)
    assert all(other == first for other in others)


SAGEMAKER = """
  Domain: {{Type: AWS::SageMaker::Domain}}
  Profile:
    Type: AWS::SageMaker::UserProfile
    Properties: {{DomainId: !Ref Domain, UserProfileName: ana}}
  Space:
    Type: AWS::SageMaker::Space
    Properties: {{DomainId: !GetAtt Domain.DomainId, SpaceName: "s"}}
  App:
    Type: AWS::SageMaker::App
    Properties: {{DomainId: !Ref Free, UserProfileName: ana, AppType: JupyterLab, AppName: default}}
"""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("!GetAtt Profile.UserProfileArn", "arn:aws:sagemaker:⟨region⟩:⟨account⟩:user-profile/⟨Domain.id⟩/ana"),
        ("!Select [2, !Split ['/', !GetAtt Profile.UserProfileArn]]", "ana"),
        ("!Select [2, !Split ['/', !GetAtt Space.SpaceArn]]", "s"),
        ("!GetAtt App.AppArn", "arn:aws:sagemaker:⟨region⟩:⟨account⟩:app/⟨Free⟩/ana/JupyterLab/default"),
    ],
)
def test_arns_with_the_names_of_what_the_resource_is_in(value: str, text: str) -> None:
    template = TEMPLATE.replace("\nResources:\n", f"\nResources:{SAGEMAKER}")
    facts = read(template.format(value=value), partition="aws")
    assert problems(facts) == []
    assert [str(e.text) for e in only(BucketPolicy, facts).policy.statements[0].resources] == [text]


def texts_of(value: str) -> list[Text]:
    template = TEMPLATE.replace("Parameters:\n", "Parameters:\n  Other: {{Type: String}}\n")
    return [e.text for e in only(BucketPolicy, read(template.format(value=value))).policy.statements[0].resources]


@pytest.mark.parametrize(
    "call",
    [
        "!Select [0, !Split ['-', !Ref {}]]",
        "!Join ['', !Split ['-', !Ref {}]]",
        "!Sub ['${{A}}', {{A: !If [Open, !Ref {}, !Ref 'AWS::NoValue']}}]",
        "!Select [0, !If [Open, [!Ref {}], [b]]]",
    ],
)
def test_texts_made_of_different_unknowns_are_told_apart(call: str) -> None:
    same, again, other = texts_of(f"[{call.format('Free')}, {call.format('Free')}, {call.format('Other')}]")
    assert same == again != other


def test_what_is_told_of_an_unsettled_value_does_not_grow_with_it() -> None:
    value = "!Ref Free"
    for _ in range(30):
        value = f"!Join ['', !Split ['-', !Join ['', [{value}, {value}]]]]" if len(value) < 10_000 else value
    (text,) = texts_of(value)
    assert len(str(text)) < 500


def test_a_value_stands_where_it_is_used_and_knows_its_default() -> None:
    policy = only(BucketPolicy, read(TEMPLATE.format(value="!Ref Name"))).policy
    node = policy.statements[0].node.get("Resource")
    assert node is not None
    assert node.origin.place().first.line == 35
    assert node.used is not None
    assert node.used.place().first.line == 3


@pytest.mark.parametrize(
    ("default", "possible"),
    [("three", ("one", "three", "two")), ("!Ref P", ()), ("[three]", ())],
    ids=["known", "unknown", "list"],
)
def test_a_default_that_is_not_known_leaves_open_which_values_are_possible(
    default: str, possible: tuple[str, ...]
) -> None:
    found = f"!FindInMap [M, !Ref C, x, {{DefaultValue: {default}}}]"
    template = f"""
Parameters: {{C: {{Type: String}}, P: {{Type: String}}}}
Mappings: {{M: {{a: {{x: one}}, b: {{x: two}}}}}}
Resources:
  B: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {found}}}}}
"""
    (hole,) = pieces(only(Bucket, read(template)).name or "")
    assert isinstance(hole, Hole)
    assert hole.oneof == possible
