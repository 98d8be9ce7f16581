"""Renders what smlint prints in a terminal as the SVG picture of the README.

python tools/picture.py            writes docs/finding.svg
python tools/picture.py --check    exit status 1 where the picture no longer shows what smlint prints
"""

from __future__ import annotations

import re
import subprocess
import sys
from html import escape
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
EXAMPLE = "tests/cases/denied-by-bucket-policy"
PICTURE = REPOSITORY / "docs" / "finding.svg"

CELL, LINE, MARGIN = 8.4, 19, 16
COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}
INK, PAPER, QUIET = "#d6dde6", "#0f141a", "#8b98a8"
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def printed() -> str:
    """smlint's output on the example, in colour."""
    command = [sys.executable, "-m", "smlint", "--color", "always", "--no-progress", EXAMPLE]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        sys.exit(f"smlint found nothing in {EXAMPLE}, or failed: {done.stderr}")
    return f"$ smlint {EXAMPLE}\n{done.stdout}{done.stderr}"


def picture(text: str) -> str:
    """The terminal text as SVG."""
    lines = [folded for line in text.rstrip().split("\n") for folded in fold(line)]
    width = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines) * CELL + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * number + 14}" xml:space="preserve">{spans(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
        f'height="{height}" role="img" aria-label="smlint names the line to change">\n'
        f"<style>text {{ font: 14px {FONT}; fill: {INK}; white-space: pre; }}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>\n{rows}\n</svg>\n'
    )


def fold(line: str, most: int = 108) -> list[str]:
    """A line that is too long for the picture, in several; colours end with the line."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", line)
    if len(plain) <= most:
        return [line]
    code = re.match(r"\x1b\[[\d;]*m[^\x1b]*\x1b\[0m: \x1b\[1m", line)
    head, rest = (line[: code.end()], line[code.end() : -4]) if code else ("", plain)
    room = most - len(re.sub(r"\x1b\[[\d;]*m", "", head))
    found = []
    while len(rest) > room:
        cut = rest.rfind(" ", 0, room)
        found.append(head + rest[:cut] + ("\x1b[0m" if code else ""))
        head, rest, room = ("\x1b[1m" if code else ""), rest[cut + 1 :], most
    return [*found, head + rest + ("\x1b[0m" if code else "")]


def spans(line: str) -> str:
    """A line with its ANSI colours as tspans."""
    found = []
    style = ""
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        if part.startswith("\x1b["):
            style = attributes(part[2:-1].split(";"))
        elif part:
            found.append(f"<tspan{style}>{escape(part)}</tspan>")
    return "".join(found)


def attributes(codes: list[str]) -> str:
    color = next((f' fill="{COLORS[code]}"' for code in codes if code in COLORS), "")
    quiet = f' fill="{QUIET}"' if "2" in codes else ""
    return color + quiet + (' font-weight="bold"' if "1" in codes else "")


def main() -> int:
    text = picture(printed())
    if "--check" in sys.argv:
        fresh = PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == text
        print("the picture is fresh" if fresh else "the picture is stale: python tools/picture.py")
        return 0 if fresh else 1
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(text, encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(REPOSITORY)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
