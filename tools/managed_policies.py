"""Writes the AWS managed policies that smlint carries, from the copy in moto (Apache-2.0).

    python tools/managed_policies.py [WHEEL]

Without WHEEL the pinned version is downloaded with pip. The documents are AWS's; moto's copy is written by its own
script from `aws iam get-policy-version`. Nothing of moto is run: its data is read out of the wheel as a literal.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

VERSION = "5.2.5"
MEMBER = "moto/iam/aws_managed_policies.py"
TARGET = Path(__file__).parent.parent / "lint" / "smlint" / "iam" / "managed_policies.data"


def wheel(folder: str) -> Path:
    """The pinned wheel, downloaded."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder]
    subprocess.run([*command, f"moto=={VERSION}"], check=True)
    return next(Path(folder).glob("moto-*.whl"))


def policies(path: Path) -> dict[str, Any]:
    """The policies by name, as the wheel has them."""
    with zipfile.ZipFile(path) as archive:
        module = ast.parse(archive.read(MEMBER))
    text = next(ast.literal_eval(node.value) for node in module.body if isinstance(node, ast.Assign))
    found: dict[str, Any] = json.loads(text)
    return found


def pack(found: dict[str, Any], version: str) -> bytes:
    """A line of JSON that says where each policy's compressed document stands, then the documents."""
    index, documents, offset = {}, [], 0
    for name in sorted(found):
        policy = found[name]
        document = json.dumps(policy["Document"], separators=(",", ":")).encode()
        packed = zlib.compress(document, 9)
        index[name] = [policy["Path"], policy["DefaultVersionId"], offset, len(packed)]
        documents.append(packed)
        offset += len(packed)
    date = max(policy.get("UpdateDate") or "" for policy in found.values())[:10]
    head = {"source": f"moto {version}", "licence": "Apache-2.0", "date": date, "policies": index}
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(documents)


def main(arguments: list[str]) -> None:
    """Writes the data and says what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments[0]) if arguments else wheel(folder)
        found = policies(path)
        TARGET.write_bytes(pack(found, path.name.split("-")[1]))
    print(f"{TARGET.name}: {len(found)} policies, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
