"""Hostile input is bounded: at most five seconds, a clear finding, nothing outside the root, never an exception."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from terraform_helpers import Files, facts_of, module_of, value_of

from smlint.document import Document
from smlint.facts import Problem
from smlint.readers import terraform
from smlint.values import plain

ROLE = 'resource "aws_iam_role" "r" {\n  name = %s\n  assume_role_policy = "{}"\n}\n'
POLICY = 'resource "aws_iam_policy" "p" {\n  name   = "p"\n  policy = %s\n}\n'


def _doubling() -> str:
    lines = ['locals {\n  a0 = "xxxxxxxxxx"']
    lines += [f'  a{n} = "${{local.a{n - 1}}}${{local.a{n - 1}}}"' for n in range(1, 60)]
    return "\n".join(lines) + "\n}\n" + ROLE % "local.a59"


def _list_doubling(doubled: str, levels: int = 40) -> str:
    """Locals of which each is made of two of the one before; the last is `local.last`."""
    lines = ["locals {\n  l0 = [1, 2]"]
    lines += [f"  l{n} = {doubled.replace('_', f'local.l{n - 1}')}" for n in range(1, levels)]
    return "\n".join([*lines, f"  last = local.l{levels - 1}\n}}\n"])


def _in_statement(block: str) -> str:
    document = f'data "aws_iam_policy_document" "d" {{\n  statement {{\n{block}  }}\n}}\n'
    return _list_doubling("[_, _]") + document + POLICY % "data.aws_iam_policy_document.d.json"


def _chain(length: int) -> str:
    lines = ['locals {\n  a0 = "x"'] + [f"  a{n} = local.a{n - 1}" for n in range(1, length)]
    return "\n".join(lines) + "\n}\n" + ROLE % f"local.a{length - 1}"


BOMBS = {
    "count": 'resource "aws_iam_role" "r" {\n  count = 1000000\n  name  = "r${count.index}"\n}\n',
    "for_each": 'resource "aws_iam_role" "r" {\n  for_each = toset([for a in setproduct(range(1000), range(1000)) : '
    '"${a[0]}-${a[1]}"])\n  name = each.key\n}\n',
    "for": POLICY % "jsonencode([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a + b + c]]])",
    "doubling": _doubling(),
    "list doubling": _list_doubling("concat(_, _)", 60) + POLICY % "jsonencode(local.last)",
    "nested doubling": _list_doubling("[_, _]", 60) + POLICY % "jsonencode(local.last)",
    "doubling in a document": _list_doubling("[_, _]")
    + 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = local.last\n  }\n}\n'
    + POLICY % 'replace(data.aws_iam_policy_document.d.json, "something", "x")',
    "doubling in a principal": _in_statement(
        '    principals {\n      type        = "AWS"\n      identifiers = local.last\n    }\n'
    ),
    "doubling in a condition": _in_statement(
        '    condition {\n      test     = "Bool"\n      variable = "x"\n      values   = local.last\n    }\n'
    ),
    "doubling in a request": _list_doubling("[_, _]") + 'resource "aws_sagemaker_model" "m" {\n'
    '  name = local.last == local.last ? "m" : "n"\n  tags = { a = local.last }\n}\n',
    "chain": _chain(5000),
    "circle": "locals {\n  a = local.b\n  b = local.a\n}\n" + ROLE % "local.a",
    "self": 'resource "aws_iam_role" "r" {\n  name = aws_iam_role.r.name\n}\n',
    "brackets": "locals {\n  a = " + "[" * 100_000 + "\n}\n" + ROLE % '"r"',
    "closed brackets": "locals {\n  a = " + "[" * 20_000 + "]" * 20_000 + "\n}\n" + ROLE % "local.a",
    "parentheses": ROLE % ("(" * 5_000 + '"r"' + ")" * 5_000),
    "long sum": ROLE % ('"' + "${" + " + ".join(["1"] * 20_000) + "}" + '"'),
    "conditionals": ROLE % ("".join(f'local.x == {n} ? "{n}" : ' for n in range(3_000)) + '"r"'),
    "nul": 'resource "aws_iam_role" "r" {\n  name = "a\0b"\n}\n\0\n',
    "heredoc": POLICY % ("<<EOT\n" + '{"Statement": [' + " " * 10_000_000 + "]}\nEOT"),
    "wide format": ROLE % 'format("%999999999d", 1)',
    "indent": ROLE % 'indent(1000000000, "a\\nb")',
    "power": ROLE % "pow(9999999, 9999999)",
    "repeated replace": ROLE
    % (
        'replace(replace(replace("'
        + "a" * 5000
        + '", "a", "'
        + "a" * 5000
        + '"), "a", "'
        + "a" * 5000
        + '"), "a", "b")'
    ),
    "unfinished": 'resource "aws_iam_role" "r" {\n  name = "x\n',
    "passwd": POLICY % 'file("/etc/passwd")',
    "outside": POLICY % 'file("${path.module}/../../../../etc/passwd")',
    "dynamic": 'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n    for_each = range(1000)\n'
    '    content {\n      dynamic "condition" {\n        for_each = range(1000)\n'
    '        content {\n          test = "Bool"\n          variable = "x${condition.value}"\n'
    '          values = ["a"]\n        }\n      }\n    }\n  }\n}\n' + POLICY % "data.aws_iam_policy_document.d.json",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bounded(name: str) -> None:
    begun = time.process_time()
    facts = facts_of({"main.tf": BOMBS[name], "other.tf": ROLE.replace('"r"', '"other"') % '"other"'})
    assert time.process_time() - begun < 5
    assert len([fact for fact in facts if isinstance(fact, Problem)]) <= 3


@pytest.mark.parametrize("name", ["count", "doubling", "for"])
def test_the_budget_is_told_once(name: str) -> None:
    problems = [fact for fact in facts_of({"main.tf": BOMBS[name]}) if isinstance(fact, Problem)]
    assert len(problems) == 1
    assert "not read to its end" in problems[0].message


def test_memory_is_bounded() -> None:
    tracemalloc.start()
    facts_of({"main.tf": BOMBS["nested doubling"]})
    facts_of({"main.tf": BOMBS["doubling"]})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000_000


def test_modules_in_a_circle() -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n  x = module.b.y\n}\noutput "y" { value = module.b.y }\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\noutput "y" { value = module.a.y }\n',
    }
    problems = [fact for fact in facts_of(files) if isinstance(fact, Problem)]
    assert [problem.message for problem in problems] == ["modules call each other too deeply, or in a circle"]


def test_modules_that_multiply() -> None:
    files = {"main.tf": 'module "m" {\n  source = "./m0"\n  count = 100\n}\n'}
    for n in range(6):
        files[f"m{n}/main.tf"] = f'module "m" {{\n  source = "../m{n + 1}"\n  count = 100\n}}\n'
    files["m6/main.tf"] = ROLE % '"r"'
    begun = time.process_time()
    problems = [fact for fact in facts_of(files) if isinstance(fact, Problem)]
    assert time.process_time() - begun < 5
    assert len(problems) == 1


def test_nothing_outside_the_root_is_asked_for() -> None:
    text = (
        'module "m" {\n  source = "../../../etc"\n}\n'
        'locals {\n  a = file("/etc/passwd")\n  b = file("../../etc/passwd")\n  c = fileset("/etc", "*")\n'
        '  d = templatefile("../../x", {})\n  e = fileset("../..", "**")\n}\n'
        + POLICY
        % 'join("", [local.a, local.b, local.d, join("", local.c), join("", local.e)])'
    )
    scope = Files({"infra/main.tf": text})
    list(terraform.read("infra", [Document("infra/main.tf", text)], scope))
    assert not [path for path in scope.opened if path.startswith(("/", ".."))]


def test_a_glob_of_stars_is_matched_in_linear_time() -> None:
    module = module_of({"main.tf": "", "a" * 200: "", "x/" * 10 + "y": ""})
    begun = time.process_time()
    for pattern in ("*a" * 40 + "b", "**/" * 40 + "b", "?*" * 40 + "b"):
        assert plain(value_of(f'fileset(".", "{pattern}")', module)) == []
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("**", ["a.txt", "axb", "s/c.json", "s/t/d.json"]),
        ("**/*.json", ["s/c.json", "s/t/d.json"]),
        ("**.json", []),
        ("a**b", ["axb"]),
        ("./s/../?.txt", ["a.txt"]),
        ("s/**/", ["s/c.json", "s/t/d.json"]),
        ("s/**/**/d*", ["s/t/d.json"]),
        ("{a,b}.txt", "⟨unknown⟩"),
        ("[ab].txt", "⟨unknown⟩"),
    ],
)
def test_filesets(pattern: str, found: object) -> None:
    module = module_of(dict.fromkeys(("a.txt", "axb", "s/c.json", "s/t/d.json"), ""))
    assert plain(value_of(f'fileset(".", "{pattern}")', module)) == found


def test_what_a_later_map_may_replace_is_unknown() -> None:
    module = module_of({"main.tf": 'variable "k" {\n  type = string\n}\n'})
    merged = value_of("merge({ a = 1, b = 2 }, { (var.k) = 3, b = 4 })", module)
    assert (merged.open, plain(merged)["a"], plain(merged)["b"]) == (True, "⟨unknown⟩", 4)


def test_a_broken_block_costs_that_block() -> None:
    text = (
        ROLE % '"first"'
        + 'resource "aws_iam_role" "broken" {\n  name = = "x"\n}\n'
        + ROLE.replace('"r"', '"last"') % '"last"'
    )
    facts = facts_of({"main.tf": text})
    assert [getattr(fact, "name", None) for fact in facts if not isinstance(fact, Problem)] == ["first", "last"]
    problem = next(fact for fact in facts if isinstance(fact, Problem))
    assert problem.origin.place().first.line == 6
