"""Hostile names come out neutralised in every format."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from smlint.reports import FORMATS, renderer
from smlint.reports.run import Style


def printed(run, name, **style):
    return "".join(renderer(name)(run, Style(**style)))


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_character_and_no_workflow_command(hostile_run, name):
    text = printed(hostile_run, name)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]", text)
    if name != "github":
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    if name not in ("json", "sarif"):
        assert "##[" not in text


@pytest.mark.parametrize("name", ["text", "concise"])
def test_only_our_own_colours(hostile_run, name):
    text = printed(hostile_run, name, color=True)
    assert set(re.findall("\x1b.{3}", text)) <= {"\x1b[0m", *re.findall("\x1b\\[[0-9;].", text)}
    assert "\x1b[31m" not in text


def test_github_one_command_a_finding(hostile_run):
    lines = printed(hostile_run, "github").splitlines()
    assert len(lines) == 2
    for line in lines:
        command, properties = line.split("::", 2)[1].split(" ", 1)
        assert command in ("error", "notice")
        names = [pair.split("=", 1)[0] for pair in properties.split(",")]
        assert names == ["file", "line", "endLine", "col", "endColumn", "title"]


def test_json_is_read_back(hostile_run):
    for name in ("json", "sarif", "gitlab"):
        assert json.loads(printed(hostile_run, name))


def test_junit_is_well_formed(hostile_run):
    root = ElementTree.fromstring(printed(hostile_run, "junit"))
    assert len(root.findall(".//testcase")) == 2


def unfenced(text):
    """Markdown without its code blocks, in which nothing is markup."""
    return re.sub(r"^(`{3,})\n.*?^\1\n", "", text, flags=re.DOTALL | re.MULTILINE)


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes.update(name for name, _ in attrs)


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_no_foreign_element(hostile_run, name):
    hostile = _Tags()
    hostile.feed(unfenced(printed(hostile_run, name)))
    assert not hostile.seen & {"script", "img", "iframe"}
    assert not hostile.attributes & {"src", "onerror", "onload"}


def test_markdown_table_keeps_its_columns(hostile_run):
    rows = [line for line in printed(hostile_run, "markdown").splitlines() if line.startswith("|")]
    assert len(rows) == 4
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5


def test_markdown_has_no_foreign_link_or_emphasis(hostile_run):
    text = unfenced(printed(hostile_run, "markdown"))
    assert not re.search(r"(?<!\\)\]\(http", text)
    assert "**b**" not in text


def test_sarif_has_no_foreign_link(hostile_run):
    for result in json.loads(printed(hostile_run, "sarif"))["runs"][0]["results"]:
        assert "](http" not in result["message"]["text"]
