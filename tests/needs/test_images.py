"""Images and instance types."""

from __future__ import annotations

import pytest
from tests.needs.conftest import SmallWorld

from smlint.needs.images import aws_owned_registry, repository
from smlint.needs.instances import nvme
from smlint.values import NO, UNKNOWN, YES, Hole, Text, Truth, join

OWN = "arn:aws:ecr:eu-west-1:111122223333:repository/"


@pytest.mark.parametrize(
    ("image", "arn"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/train", OWN + "train"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1.2", OWN + "train"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/train:1@sha256:0a", OWN + "team/train"),
        ("111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/train", OWN + "train"),
        ("111122223333.dkr-ecr.eu-west-1.on.aws/train:1", OWN + "train"),
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/x", "arn:aws:ecr:cn-north-1:111122223333:repository/x"),
        (
            join([Hole("account"), ".dkr.ecr.", Hole("region"), ".amazonaws.com/train:", Hole("tag")]),
            join(["arn:aws:ecr:", Hole("region"), ":", Hole("account"), ":repository/train"]),
        ),
    ],
)
def test_repositories(image: Text, arn: Text, world: SmallWorld) -> None:
    found = repository(image, world)
    assert found is not None
    assert found[1] == arn


@pytest.mark.parametrize(
    "image",
    [
        "",
        "train:1",
        "docker.io/library/python:3",
        "registry.example.com:5000/train",
        "public.ecr.aws/x/y:1",
        "a.b.c.d.e",
    ],
)
def test_images_elsewhere(image: str, world: SmallWorld) -> None:
    assert repository(image, world) is None


@pytest.mark.parametrize(
    ("account", "truth"),
    [("763104351884", YES), ("683313688378", YES), ("111122223333", NO), (join([Hole("account")]), UNKNOWN)],
)
def test_registries_of_aws(account: Text, truth: Truth) -> None:
    assert aws_owned_registry(account) is truth


@pytest.mark.parametrize(
    ("instance", "truth"),
    [
        ("ml.g5.2xlarge", YES),
        ("ml.g4dn.xlarge", YES),
        ("ml.p4d.24xlarge", YES),
        ("ml.p4de.24xlarge", YES),
        ("ml.p3dn.24xlarge", YES),
        ("ml.p5.48xlarge", YES),
        ("ml.m5d.large", YES),
        ("ml.c6gd.large", YES),
        ("ml.r7gd.large", YES),
        ("ml.c6id.large", YES),
        ("ml.trn1.2xlarge", YES),
        ("ml.m5.large", NO),
        ("ml.p3.2xlarge", NO),
        ("ml.p2.xlarge", NO),
        ("ml.c5n.large", NO),
        ("ml.t3.medium", NO),
        ("ml.m7i-flex.large", NO),
        ("ml.inf2.xlarge", NO),
        ("ml.q9.large", UNKNOWN),
        ("large", UNKNOWN),
        ("", UNKNOWN),
        (join(["ml.", Hole("family"), ".large"]), UNKNOWN),
    ],
)
def test_nvme(instance: Text, truth: Truth) -> None:
    assert nvme(instance) is truth


def test_every_instance_type_of_sagemaker_is_known() -> None:
    from botocore.session import get_session

    model = get_session().get_service_model("sagemaker")
    names = set(model.shape_for("TrainingInstanceType").enum) | set(model.shape_for("ProcessingInstanceType").enum)
    unknown = {name.split(".")[1] for name in names if nvme(name) is UNKNOWN}
    assert unknown <= {"g7"}
