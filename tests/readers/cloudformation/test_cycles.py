"""Resources that depend on each other in a circle, with cfn-lint's judgement where it is installed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.readers.cloudformation.reading import of, problems, read, read_file

from smlint.facts import Bucket

BUCKET = "{Type: AWS::S3::Bucket"
TOPIC = "{Type: AWS::SNS::Topic, Properties: {DisplayName: "

CIRCULAR = {
    "itself": f"  A: {TOPIC}!Ref A}}}}\n",
    "references": f"  A: {TOPIC}!Ref B}}}}\n  B: {TOPIC}!GetAtt A.TopicName}}}}\n",
    "long forms": f"  A: {TOPIC}{{Fn::GetAtt: [B, TopicName]}}}}}}\n  B: {TOPIC}{{Ref: A}}}}}}\n",
    "texts": f"  A: {TOPIC}!Sub '${{B.TopicName}}-x'}}}}\n  B: {TOPIC}!Sub ['${{x}}${{A}}', {{x: y}}]}}}}\n",
    "DependsOn": f"  A: {BUCKET}, DependsOn: B}}\n  B: {BUCKET}, DependsOn: [A]}}\n",
    "three": f"  A: {BUCKET}, DependsOn: B}}\n  B: {BUCKET}, DependsOn: C}}\n  C: {TOPIC}!Ref A}}}}\n",
    "metadata": f"  A: {BUCKET}, Metadata: {{x: !Ref B}}}}\n  B: {BUCKET}, DependsOn: A}}\n",
    "an argument": f"  A: {TOPIC}!Join ['', [{{Fn::Base64: !Ref B}}, x]]}}}}\n  B: {BUCKET}, DependsOn: A}}\n",
    "inside a value": f"  A: {TOPIC}!Sub ['${{x}}', {{x: !Ref B}}]}}}}\n  B: {BUCKET}, DependsOn: A}}\n",
}
STRAIGHT = {
    "one way": f"  A: {TOPIC}!Ref B}}}}\n  B: {BUCKET}}}\n",
    "two ways to one": f"  A: {TOPIC}!Sub '${{B}}${{C}}'}}}}\n  B: {TOPIC}!Ref C}}}}\n  C: {BUCKET}}}\n",
    "a literal": f"  A: {TOPIC}!Sub '${{!B}}'}}}}\n  B: {TOPIC}!Ref A}}}}\n",
    "a variable": f"  A: {TOPIC}!Sub ['${{B}}', {{B: x}}]}}}}\n  B: {TOPIC}!Ref A}}}}\n",
    "plain texts": f"  A: {TOPIC}B}}}}\n  B: {TOPIC}A}}}}\n",
    "what SAM takes apart": "  A: {Type: AWS::Serverless::Function, Properties: {Role: x, Handler: !Ref B}}\n"
    f"  B: {TOPIC}!Ref A}}}}\n",
}


def circular(resources: str, head: str = "") -> list[tuple[int, str]]:
    found = problems(read(f"{head}Resources:\n{resources}  Good: {BUCKET}}}\n"))
    return [problem for problem in found if "circular" in problem[1]]


@pytest.mark.parametrize("name", CIRCULAR)
def test_a_circle_is_one_finding(name: str) -> None:
    ((line, message),) = circular(CIRCULAR[name])
    assert line == 2
    assert "`A` → " in message


def test_the_message_names_the_members_in_order() -> None:
    assert circular(CIRCULAR["three"]) == [(2, "circular dependency between resources: `A` → `B` → `C` → `A`")]


def test_circles_apart_are_two_findings() -> None:
    assert [line for line, _ in circular(CIRCULAR["DependsOn"] + f"  C: {TOPIC}!Ref C}}}}\n")] == [2, 4]


def test_nothing_else_is_lost() -> None:
    facts = read(f"Resources:\n{CIRCULAR['DependsOn']}  Good: {BUCKET}}}\n")
    assert {bucket.label for bucket in of(Bucket, facts)} == {"A", "B", "Good"}


@pytest.mark.parametrize("name", STRAIGHT)
def test_no_circle(name: str) -> None:
    assert circular(STRAIGHT[name]) == []


def test_a_macro_may_take_it_apart() -> None:
    assert circular(CIRCULAR["references"], "Transform: Own\n") == []


@pytest.mark.parametrize(("default", "found"), [(", Default: x", 1), (", Default: y", 0), ("", 0)])
def test_a_branch_counts_where_it_is_taken(default: str, found: int) -> None:
    head = f"Parameters: {{P: {{Type: String{default}}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\n"
    resources = f"  A: {TOPIC}!If [C, !Ref B, z]}}}}\n  B: {BUCKET}, DependsOn: A}}\n"
    assert len(circular(resources, head)) == found


@pytest.mark.parametrize(("default", "found"), [(", Default: x", 1), (", Default: y", 0), ("", 1)])
def test_a_resource_counts_where_it_may_exist(default: str, found: int) -> None:
    head = f"Parameters: {{P: {{Type: String{default}}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\n"
    resources = f"  A: {BUCKET}, Condition: C, DependsOn: B}}\n  B: {TOPIC}!Ref A}}, Condition: C}}\n"
    assert len(circular(resources, head)) == found


def test_loops_are_seen_through() -> None:
    head = "Transform: AWS::LanguageExtensions\n"
    loop = f"  Fn::ForEach::L:\n    - N\n    - [A, B]\n    - T${{N}}: {TOPIC}!Ref TA}}}}\n"
    assert [message for _, message in circular(loop, head)] == ["circular dependency between resources: `TA` → `TA`"]


@pytest.mark.parametrize("width", [1, 40])
def test_many_resources_take_bounded_time(width: int) -> None:
    import json

    count = 3_000
    resources = {
        f"R{n}": {"Type": "A::B::C", "DependsOn": [f"R{(n + step + 1) % count}" for step in range(width)]}
        for n in range(count)
    }
    start = time.process_time()
    found = problems(read_file("a.json", {"a.json": json.dumps({"Resources": resources})}))
    assert time.process_time() - start < 5
    assert len(found) == 1


def test_aliases_are_read_once() -> None:
    lines = ["  A: {Type: A::B::C, Properties: {a0: &a0 [x], a1: &a1 [*a0, *a0]"]
    lines += [f"      , a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(2, 18)]
    start = time.process_time()
    assert circular("\n".join(lines) + "}}\n") == []
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", [*CIRCULAR, *STRAIGHT])
def test_cfn_lint_judges_alike(name: str, tmp_path: Path) -> None:
    decode = pytest.importorskip("cfnlint.decode", reason="cfn-lint is not installed: judgements are not compared")
    from cfnlint.rules.resources.CircularDependency import CircularDependency
    from cfnlint.template import Template

    resources = {**CIRCULAR, **STRAIGHT}[name]
    path = tmp_path / "template.yaml"
    path.write_text(f"Resources:\n{resources}")
    template, faults = decode.decode(str(path))
    assert not faults
    found = CircularDependency().match(Template(str(path), template, ["us-east-1"]))
    assert bool(found) == bool(circular(resources))
