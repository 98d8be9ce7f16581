"""What the terraform binary answers: records the answers, and asks again in the tests where it is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONTEXT = {
    "main.tf": """
variable "text" { default = "Hello" }
variable "number" { default = 7 }
variable "flag" { default = true }
variable "list" { default = ["a", "b", "c"] }
variable "map" { default = { one = "1", two = "2" } }
variable "nothing" { default = null }
variable "object" { default = { name = "n", inner = { deep = "down" } } }
variable "objects" {
  default = [
    { name = "x", kind = "k", on = true, tags = ["t1", "t2"], inner = { x = 1 } },
    { name = "y", kind = "k", on = false, tags = ["t3"], inner = { x = 2 } },
    { name = "z", kind = "l", on = true, tags = ["t1"], inner = { x = 3 } },
  ]
}
variable "typed" {
  type = object({
    name  = string
    size  = optional(number, 3)
    label = optional(string)
    tags  = optional(map(string), { a = "b" })
  })
  default = { name = 5, extra = true }
}
variable "converted" {
  type    = list(string)
  default = [1, true, "x"]
}
variable "numbers" {
  type    = list(number)
  default = ["1", 2]
}
variable "setvar" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "mapvar" {
  type    = map(string)
  default = { a = 1, b = true }
}
locals {
  joined = join("-", var.list)
  nested = { a = [{ b = 1 }, { b = 2 }] }
  first  = "one"
  second = "${local.first}-two"
  chain  = "${local.second}-three"
}
""",
    "data.txt": "some text\n",
    "sub/policy.json": '{"Version": "2012-10-17", "Statement": []}\n',
    "sub/other.txt": "x",
    "hello.tftpl": "Hello ${name}!\n%{ for i in items ~}\n- ${i}\n%{ endfor ~}\nBye $${name}\n",
}


def expressions() -> list[str]:
    """The expressions, one a line."""
    lines = (HERE / "expressions.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def terraform() -> str | None:
    """The binary, where it is installed."""
    return shutil.which("terraform")


def environment() -> dict[str, str]:
    """The environment for the binary: no configuration of the user, no colours, no look-ups."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return {**kept, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1", "AWS_EC2_METADATA_DISABLED": "true"}


def write(folder: Path, files: dict[str, str]) -> None:
    """Put files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def ask(lines: list[str], files: dict[str, str]) -> list[Any]:
    """The answers of `terraform console`: a list of one value, or an empty list where it refuses."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, files)
        return [_answer(line, folder) for line in lines]


def _answer(line: str, folder: Path) -> list[Any]:
    run = subprocess.run(
        [terraform() or "terraform", "console"],
        input=f"nonsensitive(jsonencode({line}))\n" if "sensitive" in line else f"jsonencode({line})\n",
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(),
        check=False,
    )
    out = run.stdout.strip()
    if run.returncode or not out.startswith('"'):
        return []
    return [json.loads(json.loads(out))]


def record() -> None:
    """Write the answers down."""
    lines = expressions()
    answers = dict(zip(lines, ask(lines, CONTEXT), strict=True))
    (HERE / "expressions.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", "utf-8")
    record_heredocs()
    record_policy_documents()
    record_plans()


def heredocs() -> str:
    """A file of local values that do not fit on one line."""
    return (HERE / "heredocs.tf").read_text("utf-8")


def record_heredocs() -> None:
    """Write the local values down."""
    names = re.findall(r"^  (\w+) +=|^  (\w+) =", heredocs(), re.MULTILINE)
    locals_ = [first or second for first, second in names]
    answers = ask([f"local.{name}" for name in locals_], {"main.tf": heredocs()})
    answered = dict(zip(locals_, answers, strict=True))
    (HERE / "heredocs.json").write_text(json.dumps(answered, indent=1, ensure_ascii=False) + "\n", "utf-8")


PLUGINS = Path(os.environ.get("SMLINT_TERRAFORM_PLUGINS", "/opt/tf-plugins"))


def provider() -> bool:
    """Whether the AWS provider is there, in a filesystem mirror."""
    return terraform() is not None and (PLUGINS / "registry.terraform.io/hashicorp/aws").is_dir()


def plan(files: dict[str, str]) -> dict[str, Any]:
    """What `terraform show -json` says of a plan of the files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, files)
        for command in (["init", f"-plugin-dir={PLUGINS}"], ["plan", "-out=plan", "-refresh=false", "-lock=false"]):
            subprocess.run(
                [terraform() or "terraform", *command, "-no-color", "-input=false"],
                cwd=folder,
                env=environment(),
                check=True,
                capture_output=True,
            )
        show = [terraform() or "terraform", "show", "-json", "plan"]
        shown = subprocess.run(show, cwd=folder, env=environment(), check=True, capture_output=True, text=True)
        made: dict[str, Any] = json.loads(shown.stdout)
        return made


def policy_documents() -> str:
    """A configuration of policy documents, each an output."""
    return (HERE / "policy_documents.tf").read_text("utf-8")


def planned_documents() -> dict[str, Any]:
    """The documents as the provider makes them."""
    outputs = plan({"main.tf": policy_documents()})["planned_values"]["outputs"]
    return {name: json.loads(output["value"]) for name, output in outputs.items()}


def record_policy_documents() -> None:
    """Write the documents down."""
    answers = json.dumps(planned_documents(), indent=1, ensure_ascii=False) + "\n"
    (HERE / "policy_documents.json").write_text(answers, "utf-8")


CONFIGURATIONS = HERE / "configurations"
_KEPT = ("format_version", "terraform_version", "variables", "planned_values", "resource_changes", "configuration")


def configuration(name: str) -> dict[str, str]:
    """The files of a configuration."""
    folder = CONFIGURATIONS / name
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.tf"))}


def record_plans() -> None:
    """Write the configurations' plans down."""
    for folder in sorted(CONFIGURATIONS.iterdir()):
        made = plan(configuration(folder.name))
        kept = {name: made[name] for name in _KEPT if name in made}
        (folder / "tfplan.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(record())
