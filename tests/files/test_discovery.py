import os

import pytest

from smlint.files import Tree, discover, find_root
from smlint.files.discovery import look
from smlint.files.ignoring import Patterns
from smlint.files.store import MAX_BYTES, Folder, Memory

POLICY = '{"Statement": []}'


def found(files, paths=("",), exclude=()):
    return list(discover(Tree.of(files), paths, exclude))


def read(files, **options):
    return [one.path for one in found(files, **options) if one.to_read]


def test_finds_what_could_matter_and_nothing_else():
    files = {
        "a.json": POLICY,
        "package.json": '{"name": "x"}',
        "main.tf": "",
        "b/job.yaml": "RoleArn: x",
        "train.py": "import sagemaker",
        "other.py": "import os",
        "README.md": "AWS::IAM::Role",
        "node_modules/x.json": POLICY,
        "prod.tfvars": 'a = "b"',
    }
    assert read({**files, "main.tf": "# x"}) == ["a.json", "b/job.yaml", "main.tf", "prod.tfvars", "train.py"]


def test_gitignore_as_git_reads_it():
    files = {
        ".gitignore": "*.json\nbuild/\n!keep.json\n",
        "a.json": POLICY,
        "keep.json": POLICY,
        "build/keep.json": POLICY,
        "sub/.gitignore": "!*.json\nlocal.json",
        "sub/b.json": POLICY,
        "sub/local.json": POLICY,
    }
    assert read(files) == ["keep.json", "sub/b.json"]
    reasons = {one.path: one.passed for one in found(files)}
    assert reasons["a.json"] == "is ignored by git"


def test_what_is_named_is_linted_although_git_ignores_it():
    files = {".gitignore": "out/\nx.json\n", "out/a.json": POLICY, "x.json": POLICY}
    assert read(files, paths=["out"]) == ["out/a.json"]
    assert read(files, paths=["x.json"]) == ["x.json"]


def test_what_cdk_wrote_is_told_of():
    files = {".gitignore": "cdk.out\n", "cdk.out/a.json": POLICY, "a.json": POLICY}
    assert read(files) == ["a.json"] and read(files, paths=["", "cdk.out"]) == ["a.json", "cdk.out/a.json"]
    assert "cdk.out/" in {one.path for one in found(files)}


def test_ignore_files_above_a_named_folder_hold():
    files = {".gitignore": "*.gen.json", "sub/a.json": POLICY, "sub/b.gen.json": POLICY}
    assert read(files, paths=["sub"]) == ["sub/a.json"]


def test_exclude_of_the_configuration():
    files = {"vendor/a.json": POLICY, "a.json": POLICY, "sub/vendor/b.json": POLICY}
    assert read(files, exclude=[Patterns("", ["/vendor/**"])]) == ["a.json", "sub/vendor/b.json"]
    assert read(files, exclude=[Patterns("sub", ["vendor/**"])]) == ["a.json", "vendor/a.json"]


def test_each_file_once():
    assert read({"a/x.json": POLICY}, paths=["a", "", "a/x.json"]) == ["a/x.json"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_other_encodings(encoding):
    (one,) = found({"a.json": POLICY.encode(encoding)})
    assert one.to_read and one.document().text == POLICY


def test_bytes_that_are_no_text_are_a_problem_at_their_place():
    (one,) = found({"a.json": b'{"Statement": "\xe9"}'})
    assert one.problem == "is not UTF-8 text: byte 0xe9"
    assert one.document().text[one.offset] == "\ufffd"


def test_binary_and_empty_files_are_passed_over():
    reasons = {one.path: one.passed for one in found({"a.json": b"\x7fELF\0\0Statement", "b.tf": b" \n"})}
    assert reasons == {"a.json": "is binary", "b.tf": "is empty"}


def test_a_large_file_that_matters_is_a_problem():
    big = POLICY.encode() + b" " * MAX_BYTES
    assert found({"a.json": big})[0].problem == "is larger than 20 MB"
    assert found({"a.json": b"[" + b" " * MAX_BYTES})[0].passed


def test_a_named_file_of_any_kind_is_read():
    assert read({"notes.txt": POLICY}, paths=["notes.txt"]) == ["notes.txt"]


class Locked(Memory):
    def read(self, path, limit=0):
        raise PermissionError(13, "Permission denied")

    def entries(self, folder):
        if folder:
            raise PermissionError(13, "Permission denied")
        return super().entries(folder)


def test_what_may_not_be_read_is_a_problem():
    tree = Tree(Locked({"a.json": POLICY, "sub/b.json": POLICY}))
    problems = {one.path: one.problem for one in discover(tree, [""])}
    assert problems == {"a.json": "cannot be read: permission denied", "sub/": "cannot be read: permission denied"}


def test_a_root_that_may_not_be_read_is_named_below_itself():
    class Shut(Memory):
        def entries(self, folder):
            raise PermissionError(13, "Permission denied")

    assert [one.path for one in discover(Tree(Shut({})), [""])] == ["./"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outside.json").write_text(POLICY)
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.json").write_text(POLICY)
    (root / "link.json").symlink_to(tmp_path / "outside.json")
    (root / "inner.json").symlink_to("a.json")
    (root / "up").symlink_to(tmp_path)
    (root / "loop").symlink_to(root)
    return root


def test_links_are_not_walked(folder):
    tree = Tree(Folder(str(folder)))
    assert {one.path: one.passed for one in discover(tree, [""])} == {
        "a.json": "",
        "inner.json": "is a link",
        "link.json": "is a link",
    }


@pytest.mark.parametrize(
    "path", ["../outside.json", "link.json", "up/outside.json", "/etc/passwd", "sub/../../outside.json"]
)
def test_nothing_outside_the_root_is_opened(folder, path):
    tree = Tree(Folder(str(folder)))
    assert tree.open(path) is None


def test_links_inside_the_root_are_opened(folder):
    tree = Tree(Folder(str(folder)))
    assert tree.open("inner.json").text == POLICY
    assert tree.open("sub/../a.json") is tree.open("a.json")
    assert tree.names("") == ["a.json", "inner.json", "loop/", "sub/"]
    assert tree.names("..") == [] and tree.names("nowhere") == []


def test_a_pipe_does_not_block(folder):
    os.mkfifo(folder / "p.json")
    tree = Tree(Folder(str(folder)))
    assert tree.open("p.json") is None
    assert next(one for one in discover(tree, [""]) if one.path == "p.json").passed == "is no regular file"
    assert look(tree.store, "p.json", named=True).problem.startswith("cannot be read")


def test_documents_are_read_once():
    tree = Tree.of({"a.json": POLICY})
    (one,) = discover(tree, [""])
    assert tree.open("a.json") is one.document()


class TestRoot:
    def test_is_the_working_tree_of_git(self, tmp_path):
        (tmp_path / ".git").mkdir()
        (tmp_path / "a" / "b").mkdir(parents=True)
        assert find_root([str(tmp_path / "a" / "b")]) == str(tmp_path)

    def test_is_the_common_folder_without_git(self, tmp_path):
        for name in ("a/x", "a/y"):
            (tmp_path / name).mkdir(parents=True)
        (tmp_path / "a" / "x" / "f.json").write_text(POLICY)
        assert find_root([str(tmp_path / "a/x/f.json")]) == str(tmp_path / "a" / "x")
        assert find_root([str(tmp_path / "a/x"), str(tmp_path / "a/y")]) == str(tmp_path / "a")

    def test_holds_the_configuration(self, tmp_path):
        (tmp_path / "a" / "x").mkdir(parents=True)
        config = tmp_path / "a" / "smlint.toml"
        config.write_text("")
        assert find_root([str(tmp_path / "a/x")], str(config)) == str(tmp_path / "a")
