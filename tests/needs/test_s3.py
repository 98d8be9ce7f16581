"""What an S3 location names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.needs.conftest import SmallWorld

from smlint.needs.s3 import locate
from smlint.values import Hole, Text, join

AP = "arn:aws:s3:eu-west-1:111122223333:accesspoint/train"
DATA = join([Hole("bucket")])


@pytest.mark.parametrize(
    ("uri", "arn", "key"),
    [
        ("s3://data/train/", "arn:aws:s3:::data", "train/"),
        ("s3://data", "arn:aws:s3:::data", ""),
        ("s3://data/a/b.csv", "arn:aws:s3:::data", "a/b.csv"),
        ("https://data.s3.eu-west-1.amazonaws.com/train/x", "arn:aws:s3:::data", "train/x"),
        ("https://my.dotted.data.s3.amazonaws.com/x", "arn:aws:s3:::my.dotted.data", "x"),
        ("https://data.s3-eu-west-1.amazonaws.com/x", "arn:aws:s3:::data", "x"),
        ("https://data.s3.dualstack.eu-west-1.amazonaws.com/x", "arn:aws:s3:::data", "x"),
        ("https://s3.eu-west-1.amazonaws.com/data/train/x", "arn:aws:s3:::data", "train/x"),
        ("https://s3.amazonaws.com/data/x", "arn:aws:s3:::data", "x"),
        ("arn:aws:s3:::data/train", "arn:aws:s3:::data", "train"),
        (f"{AP}/object/train/x", AP, "train/x"),
        (f"s3://{AP}/train/x", AP, "train/x"),
        (
            "s3://fast--use1-az4--x-s3/x",
            "arn:aws:s3express:eu-west-1:111122223333:bucket/fast--use1-az4--x-s3",
            "x",
        ),
        (join(["s3://", Hole("bucket"), "/x"]), join(["arn:aws:s3:::", Hole("bucket")]), "x"),
        (join(["s3://data/", Hole("prefix")]), "arn:aws:s3:::data", join([Hole("prefix")])),
        (
            join(["https://", Hole("bucket"), ".s3.eu-west-1.amazonaws.com/x"]),
            join(["arn:aws:s3:::", Hole("bucket")]),
            "x",
        ),
    ],
)
def test_locations(uri: Text, arn: Text, key: Text, world: SmallWorld) -> None:
    found = locate(uri, world)
    assert found is not None
    assert (found.arn, found.key) == (arn, key)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "data/train",
        "s3://",
        "s3:///train",
        "s3://{bucket}/train",
        "https://example.com/x",
        "https://github.com/owner/repo.git",
        "arn:aws:s3",
        "arn:aws:sns:eu-west-1:111122223333:topic",
        "s3n://data/x",
        join([Hole("uri"), "/train"]),
        join([Hole("uri")]),
    ],
)
def test_what_is_no_location(uri: Text, world: SmallWorld) -> None:
    assert locate(uri, world) is None


def test_writing_is_below_the_prefix(world: SmallWorld) -> None:
    def below(uri: str) -> str:
        found = locate(uri, world)
        assert found is not None
        return str(found.below)

    assert below("s3://data/out") == "arn:aws:s3:::data/out/⟨*⟩"
    assert below("s3://data/out/") == "arn:aws:s3:::data/out/⟨*⟩"
    assert below("s3://data") == "arn:aws:s3:::data/⟨*⟩"
    assert below(f"s3://{AP}/out") == f"{AP}/object/out/⟨*⟩"


def test_reading_a_prefix_that_looks_like_a_file(world: SmallWorld) -> None:
    file, folder = locate("s3://data/train.csv", world), locate("s3://data/v1.2/train", world)
    assert file is not None
    assert folder is not None
    assert str(file.beginning) == "arn:aws:s3:::data/train.csv⟨*⟩"
    parts = locate("s3://data/train-", world)
    assert parts is not None
    assert str(parts.beginning) == "arn:aws:s3:::data/train-⟨*⟩"
    assert str(folder.beginning) == "arn:aws:s3:::data/v1.2/train/⟨*⟩"


def test_an_access_point_leads_to_its_bucket(world: SmallWorld) -> None:
    world.access_points[AP] = "data"
    world.access_points["train-abc-s3alias"] = "data"
    by_arn, by_alias = locate(f"{AP}/object/x", world), locate("s3://train-abc-s3alias/x", world)
    assert by_arn is not None
    assert by_alias is not None
    assert by_arn.bucket == by_alias.bucket == "data"
    assert by_alias.access_point
    assert not isinstance(by_alias.arn, str)


@settings(max_examples=200)
@given(st.text(max_size=60), st.sampled_from(["", "s3://", "https://", "arn:", "s3://arn:", "arn:aws:s3:"]))
def test_any_text_is_a_location_or_none(text: str, start: str) -> None:
    found = locate(start + text, SmallWorld())
    assert found is None or str(found.below)
