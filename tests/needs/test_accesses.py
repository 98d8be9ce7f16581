"""From requests to accesses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.needs.conftest import BUCKET_KEY, KEY, KEY_ID, NOWHERE, ROLE, SmallWorld, actions, at, node, one, workload

from smlint.facts import AWS_REGISTRY
from smlint.iam.match import equal
from smlint.needs import table
from smlint.needs.access import By, Need
from smlint.needs.evaluate import accesses, always
from smlint.needs.roles import network
from smlint.values import NO, UNKNOWN, Hole, Node, Unknown, join

INPUT = "InputDataConfig[].DataSource.S3DataSource"
OUTPUT = "OutputDataConfig.S3OutputPath"
IMAGE = "AlgorithmSpecification.TrainingImage"
OWN_IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1"
AWS_IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1"
SSE = "s3:x-amz-server-side-encryption"


def train(**paths: Any) -> Any:
    """A training job made of paths, whose dots are written as they are."""
    root: dict[str, Any] = {"RoleArn": ROLE}
    for path, value in paths.items():
        at(path, value, root)
    return workload("CreateTrainingJob", root)


def job(*pairs: tuple[str, Any]) -> Any:
    return train(**dict(pairs))


class TestS3:
    def test_a_prefix_is_listed_and_read(self, world: SmallWorld) -> None:
        found = accesses(job((f"{INPUT}.S3Uri", "s3://data/train/")), world)
        listing, reading = one(found, "s3:ListBucket"), one(found, "s3:GetObject")
        assert (listing.resource, listing.need, listing.bucket) == ("arn:aws:s3:::data", Need.REQUIRED, "data")
        assert listing.context["s3:prefix"] == ("train/",)
        assert str(reading.resource) == "arn:aws:s3:::data/train/⟨*⟩"
        assert reading.path == "InputDataConfig[0].DataSource.S3DataSource.S3Uri"

    @pytest.mark.parametrize("kind", ["ManifestFile", "AugmentedManifestFile"])
    def test_a_manifest_is_one_object(self, world: SmallWorld, kind: str) -> None:
        found = accesses(job((f"{INPUT}.S3Uri", "s3://data/m.json"), (f"{INPUT}.S3DataType", kind)), world)
        assert one(found, "s3:GetObject").resource == "arn:aws:s3:::data/m.json"
        assert "s3:ListBucket" not in actions(found, "required")

    def test_a_kind_that_is_not_settled_is_conditional(self, world: SmallWorld) -> None:
        found = accesses(job((f"{INPUT}.S3Uri", "s3://data/x"), (f"{INPUT}.S3DataType", Unknown())), world)
        assert {access.need for access in found if access.action.startswith("s3:")} == {Need.CONDITIONAL}
        assert not any(access.settled for access in found if access.action.startswith("s3:"))

    def test_a_directory_bucket_asks_for_a_session(self, world: SmallWorld) -> None:
        bucket = "data--use1-az4--x-s3"
        found = accesses(job((f"{INPUT}.S3Uri", f"s3://{bucket}/train/"), (OUTPUT, f"s3://{bucket}/out/")), world)
        assert not any(access.action.startswith("s3:") for access in found)
        sessions = [access for access in found if access.action == "s3express:CreateSession"]
        assert {str(access.resource) for access in sessions} == {
            f"arn:aws:s3express:eu-west-1:111122223333:bucket/{bucket}"
        }
        assert Need.REQUIRED in {access.need for access in sessions}

    def test_an_access_point_is_asked_by_its_arn(self, world: SmallWorld) -> None:
        arn = "arn:aws:s3:eu-west-1:111122223333:accesspoint/train"
        world.access_points[arn] = "data"
        found = accesses(job((f"{INPUT}.S3Uri", f"s3://{arn}/train/")), world)
        assert one(found, "s3:ListBucket").resource == arn
        assert str(one(found, "s3:GetObject").resource) == f"{arn}/object/train/⟨*⟩"
        assert one(found, "s3:ListBucket").bucket == "data"

    def test_checkpoints_are_listed_read_and_written(self, world: SmallWorld) -> None:
        found = accesses(job(("CheckpointConfig.S3Uri", "s3://data/ckpt")), world)
        assert {"s3:ListBucket", "s3:GetObject", "s3:PutObject"} <= actions(found, "required")

    def test_what_athena_writes_is_read_again(self, world: SmallWorld) -> None:
        request: dict[str, Any] = {"RoleArn": ROLE}
        at("ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.OutputS3Uri", "s3://data/query", request)
        found = accesses(workload("CreateProcessingJob", request), world)
        assert actions(found, "required") >= {"s3:ListBucket", "s3:GetObject", "s3:PutObject"}

    def test_a_profiler_that_is_off_writes_nothing(self, world: SmallWorld) -> None:
        profiler = ("ProfilerConfig.S3OutputPath", "s3://data/profile")
        assert "s3:PutObject" in actions(accesses(job(profiler), world))
        off = job(profiler, ("ProfilerConfig.DisableProfiler", True))
        assert "s3:PutObject" not in actions(accesses(off, world))

    def test_uncompressed_models_are_listed(self, world: SmallWorld) -> None:
        source = "PrimaryContainer.ModelDataSource.S3DataSource"

        def model(kind: str) -> set[str]:
            request = at(f"{source}.S3DataType", kind, at(f"{source}.S3Uri", "s3://data/model/"))
            return actions(accesses(workload("CreateModel", request), world), "required")

        assert "s3:ListBucket" in model("S3Prefix")
        assert "s3:ListBucket" not in model("S3Object")

    def test_text_with_holes_is_read(self, world: SmallWorld) -> None:
        uri = join(["s3://", Hole("bucket"), "/train/"])
        listing = one(accesses(job((f"{INPUT}.S3Uri", uri)), world), "s3:ListBucket")
        assert listing.resource == join(["arn:aws:s3:::", Hole("bucket")])

    @pytest.mark.parametrize("uri", [Unknown(), "not a uri", 3, None, {"a": "b"}, ["s3://data/x"], join([Hole("uri")])])
    def test_what_names_no_location_gives_no_access(self, world: SmallWorld, uri: Any) -> None:
        assert not [found for found in accesses(job((f"{INPUT}.S3Uri", uri)), world) if found.action.startswith("s3")]


class TestKeys:
    def test_reading_an_encrypted_bucket(self, world: SmallWorld) -> None:
        world.encrypt("data", BUCKET_KEY)
        decrypt = one(accesses(job((f"{INPUT}.S3Uri", "s3://data/train/")), world), "kms:Decrypt")
        assert (decrypt.resource, decrypt.need, decrypt.key) == (BUCKET_KEY, Need.REQUIRED, BUCKET_KEY)
        assert decrypt.context["kms:viaservice"] == ("s3.eu-west-1.amazonaws.com",) == decrypt.via_services

    @pytest.mark.parametrize(("key", "algorithm"), [(None, "aws:kms"), ("alias/aws/s3", "aws:kms"), (None, "AES256")])
    def test_keys_of_aws_need_nothing(self, world: SmallWorld, key: str | None, algorithm: str) -> None:
        world.encrypt("data", key, algorithm)
        found = accesses(job((f"{INPUT}.S3Uri", "s3://data/train/"), (OUTPUT, "s3://data/out")), world)
        assert not [access for access in found if access.action.startswith("kms:")]

    @pytest.mark.parametrize(
        "key",
        [KEY_ID, KEY, "alias/ml", "arn:aws:kms:eu-west-1:111122223333:alias/ml"],
        ids=["id", "arn", "alias", "alias arn"],
    )
    def test_an_output_key(self, world: SmallWorld, key: str) -> None:
        world.aliases["alias/ml"] = KEY
        found = accesses(job((OUTPUT, "s3://data/out"), ("OutputDataConfig.KmsKeyId", key)), world)
        needs = {access.action: access.need for access in found if access.action.startswith("kms:")}
        assert needs == {
            "kms:GenerateDataKey": Need.REQUIRED,
            "kms:Encrypt": Need.DOCUMENTED,
            "kms:Decrypt": Need.CONDITIONAL,
        }
        assert {access.resource for access in found if access.action.startswith("kms:")} == {KEY}
        put = one(found, "s3:PutObject")
        assert (put.context[SSE], put.context[f"{SSE}-aws-kms-key-id"]) == (("aws:kms",), (KEY,))

    def test_an_alias_that_nothing_resolves(self, world: SmallWorld) -> None:
        found = accesses(job(("OutputDataConfig.KmsKeyId", "alias/ml")), world)
        assert str(one(found, "kms:GenerateDataKey").resource) == "arn:aws:kms:eu-west-1:111122223333:key/⟨alias/ml⟩"

    def test_an_output_without_a_key_asks_for_the_managed_one(self, world: SmallWorld) -> None:
        world.encrypt("data", BUCKET_KEY)
        found = accesses(job((OUTPUT, "s3://data/out")), world)
        put, key = one(found, "s3:PutObject"), one(found, "kms:GenerateDataKey")
        assert (put.context[SSE], put.context[f"{SSE}-aws-kms-key-id"]) == (("aws:kms",), None)
        assert (key.resource, key.need) == (BUCKET_KEY, Need.CONDITIONAL)

    def test_an_explicit_key_replaces_the_buckets(self, world: SmallWorld) -> None:
        world.encrypt("data", BUCKET_KEY)
        found = accesses(job((OUTPUT, "s3://data/out"), ("OutputDataConfig.KmsKeyId", KEY)), world)
        assert {access.resource for access in found if access.action.startswith("kms:")} == {KEY}

    def test_a_key_that_is_not_settled_leaves_the_encryption_open(self, world: SmallWorld) -> None:
        world.encrypt("data", BUCKET_KEY)
        found = accesses(job((OUTPUT, "s3://data/out"), ("OutputDataConfig.KmsKeyId", Unknown())), world)
        assert SSE not in one(found, "s3:PutObject").context
        assert not [access for access in found if access.action.startswith("kms:")]

    def test_outputs_without_a_key_field_leave_the_encryption_open(self, world: SmallWorld) -> None:
        found = accesses(job(("CheckpointConfig.S3Uri", "s3://data/ckpt")), world)
        assert SSE not in one(found, "s3:PutObject").context

    def test_a_volume_key_is_granted_by_the_role_or_the_caller(self, world: SmallWorld) -> None:
        volume = ("ResourceConfig.VolumeKmsKeyId", KEY_ID)
        grant = one(accesses(job(volume, ("ResourceConfig.InstanceType", "ml.m5.large")), world), "kms:CreateGrant")
        assert (grant.by, grant.resource, grant.need) == (By.EITHER, KEY, Need.REQUIRED)
        assert grant.context["kms:grantisforawsresource"] == ("true",)
        assert "kms:viaservice" not in grant.context
        assert grant.via_services == ("sagemaker.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com")

    def test_nvme_instances_take_no_volume_key(self, world: SmallWorld) -> None:
        volume = ("ResourceConfig.VolumeKmsKeyId", KEY_ID)
        nvme = job(volume, ("ResourceConfig.InstanceType", "ml.g5.xlarge"))
        assert "kms:CreateGrant" not in actions(accesses(nvme, world))
        unknown = job(volume, ("ResourceConfig.InstanceType", Unknown()))
        assert "kms:CreateGrant" in actions(accesses(unknown, world), "required")

    def test_outputs_that_are_read_again_use_the_same_key(self, world: SmallWorld) -> None:
        world.encrypt("data", BUCKET_KEY)
        request = at("OutputDataConfig.KmsKeyId", KEY, at(OUTPUT, "s3://data/out"))
        found = accesses(workload("CreateAutoMLJob", request), world)
        assert {access.resource for access in found if access.action.startswith("kms:")} == {KEY}

    def test_the_online_stores_key_is_the_callers(self, world: SmallWorld) -> None:
        request = at("OnlineStoreConfig.SecurityConfig.KmsKeyId", KEY)
        found = [found for found in accesses(workload("CreateFeatureGroup", request), world) if "kms:" in found.action]
        assert {access.by for access in found} == {By.CALLER}


class TestImages:
    def test_an_own_image(self, world: SmallWorld) -> None:
        found = accesses(job((IMAGE, OWN_IMAGE)), world)
        pull = one(found, "ecr:BatchGetImage")
        assert (pull.resource, pull.need) == ("arn:aws:ecr:eu-west-1:111122223333:repository/train", Need.REQUIRED)
        assert one(found, "ecr:GetAuthorizationToken").need is Need.REQUIRED

    def test_an_image_of_aws(self, world: SmallWorld) -> None:
        found = accesses(job((IMAGE, AWS_IMAGE)), world)
        assert {access.need for access in found if access.action.startswith("ecr:")} == {Need.DOCUMENTED}

    def test_an_image_that_the_sdk_chooses_is_one_of_aws(self, world: SmallWorld) -> None:
        image = join([AWS_REGISTRY, ".dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"])
        found = accesses(job((IMAGE, image)), world)
        assert one(found, "ecr:BatchGetImage").need is Need.DOCUMENTED

    def test_both_kinds(self, world: SmallWorld) -> None:
        rule = ("DebugRuleConfigurations[].RuleEvaluatorImage", AWS_IMAGE)
        found = accesses(job((IMAGE, OWN_IMAGE), rule), world)
        assert one(found, "ecr:GetAuthorizationToken").need is Need.REQUIRED

    def test_an_image_that_is_not_settled_still_needs_the_token(self, world: SmallWorld) -> None:
        found = accesses(job((IMAGE, Unknown())), world)
        assert {access.action for access in found if access.action.startswith("ecr:")} == {"ecr:GetAuthorizationToken"}

    def test_a_private_registry(self, world: SmallWorld) -> None:
        config = "AlgorithmSpecification.TrainingImageConfig"
        function = "arn:aws:lambda:eu-west-1:111122223333:function:login"
        provider = f"{config}.TrainingRepositoryAuthConfig.TrainingRepositoryCredentialsProviderArn"
        found = accesses(
            job((IMAGE, OWN_IMAGE), (f"{config}.TrainingRepositoryAccessMode", "Vpc"), (provider, function)), world
        )
        assert "ecr:BatchGetImage" not in actions(found)
        assert one(found, "lambda:InvokeFunction").resource == function


class TestTheRest:
    def test_a_network(self, world: SmallWorld) -> None:
        found = accesses(job(("VpcConfig.Subnets[]", "subnet-1")), world)
        assert len([access for access in found if access.action.startswith("ec2:")]) == 9
        assert all("aws:sourcevpc" not in access.context for access in found)

    @pytest.mark.parametrize("subnets", [Unknown(), [Unknown()]])
    def test_a_network_that_is_not_settled(self, world: SmallWorld, subnets: Any) -> None:
        found = accesses(job(("VpcConfig.Subnets", subnets)), world)
        assert "ec2:CreateNetworkInterface" in actions(found)
        assert all("aws:sourcevpc" not in access.context for access in found)

    @pytest.mark.parametrize("subnets", [[], None])
    def test_no_network(self, world: SmallWorld, subnets: Any) -> None:
        found = accesses(job(("VpcConfig.Subnets", subnets), (f"{INPUT}.S3Uri", "s3://data/x")), world)
        assert "ec2:CreateNetworkInterface" not in actions(found)
        assert one(found, "s3:ListBucket").context["aws:sourcevpce"] is None

    def test_an_open_request_may_have_a_network(self, world: SmallWorld) -> None:
        open_ = workload("CreateTrainingJob", {}, role=ROLE)
        open_.request = Node({}, NOWHERE, open=True)
        assert network(open_, world) == ([], True)

    def test_remote_debugging(self, world: SmallWorld) -> None:
        on, off = ("RemoteDebugConfig.EnableRemoteDebug", True), ("RemoteDebugConfig.EnableRemoteDebug", False)
        assert "ssmmessages:OpenDataChannel" in actions(accesses(job(on), world), "required")
        assert "ssmmessages:OpenDataChannel" not in actions(accesses(job(off), world))

    def test_file_systems(self, world: SmallWorld) -> None:
        system = "InputDataConfig[].DataSource.FileSystemDataSource"
        efs = job((f"{system}.FileSystemId", "fs-1"), (f"{system}.FileSystemType", "EFS"))
        mount = one(accesses(efs, world), "elasticfilesystem:DescribeMountTargets")
        assert mount.resource == "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"
        assert "fsx:DescribeFileSystems" not in actions(accesses(efs, world))

    def test_the_model_of_a_transform_job_brings_its_network(self, world: SmallWorld) -> None:
        world.requests["CreateModel", "churn"] = workload("CreateModel", {"VpcConfig": {"Subnets": ["subnet-1"]}})
        transform = workload("CreateTransformJob", {"ModelName": "churn"})
        assert "ec2:CreateNetworkInterface" in actions(accesses(transform, world))

    def test_a_transform_job_runs_in_its_models_network(self, world: SmallWorld) -> None:
        output = {"TransformOutput": {"S3OutputPath": "s3://out/x"}}

        def context(model: dict[str, Any] | None) -> Any:
            if model is not None:
                world.requests["CreateModel", "churn"] = workload("CreateModel", model)
            found = accesses(workload("CreateTransformJob", {"ModelName": "churn", **output}), world)
            return one(found, "s3:PutObject").context

        assert "aws:sourcevpc" not in context(None)
        assert "aws:sourcevpc" not in context({"VpcConfig": {"Subnets": ["subnet-1"]}})
        assert context({})["aws:sourcevpc"] is None

    def test_a_monitor_reads_what_its_endpoint_captures(self, world: SmallWorld) -> None:
        capture = {"DataCaptureConfig": {"DestinationS3Uri": "s3://data/capture"}}
        world.requests["CreateEndpointConfig", "live"] = workload("CreateEndpointConfig", capture)
        world.requests["CreateEndpoint", "fraud"] = workload("CreateEndpoint", {"EndpointConfigName": "live"})
        request = at("DataQualityJobInput.EndpointInput.EndpointName", "fraud")
        reading = one(accesses(workload("CreateDataQualityJobDefinition", request), world), "s3:GetObject")
        assert reading.bucket == "data"
        assert reading.path == "DataQualityJobInput.EndpointInput.EndpointName"

    def test_capture_that_is_off_writes_nothing(self, world: SmallWorld) -> None:
        capture = {"DataCaptureConfig": {"DestinationS3Uri": "s3://data/capture", "EnableCapture": False}}
        assert "s3:PutObject" not in actions(accesses(workload("CreateEndpointConfig", capture), world))

    def test_a_feature_group(self, world: SmallWorld) -> None:
        request = at("OfflineStoreConfig.S3StorageConfig.S3Uri", "s3://data/features")
        found = accesses(workload("CreateFeatureGroup", request), world)
        assert {"s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"} <= actions(found, "required")
        assert str(one(found, "s3:PutObjectAcl").resource) == "arn:aws:s3:::data/features/⟨*⟩"
        assert "glue:UpdateTable" in actions(found)

    def test_labeling_functions_of_aws_need_no_grant(self, world: SmallWorld) -> None:
        def calls_(arn: str) -> set[str]:
            request = at("HumanTaskConfig.PreHumanTaskLambdaArn", arn)
            return actions(accesses(workload("CreateLabelingJob", request), world))

        assert "lambda:InvokeFunction" not in calls_("arn:aws:lambda:eu-west-1:568282634449:function:PRE-BoundingBox")
        assert "lambda:InvokeFunction" in calls_("arn:aws:lambda:eu-west-1:111122223333:function:mine")

    @pytest.mark.parametrize("inside", [True, False], ids=["text", "mapping"])
    def test_a_pipelines_other_steps(self, world: SmallWorld, inside: bool) -> None:
        function = "arn:aws:lambda:eu-west-1:111122223333:function:check"
        call = {"Name": "a", "Type": "Lambda", "FunctionArn": function}
        wait = {"Name": "b", "Type": "Callback", "SqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"}
        spark = {"Name": "c", "Type": "EMR", "Arguments": {"ClusterId": "j-1"}}
        choice = {"Name": "d", "Type": "Condition", "Arguments": {"IfSteps": [wait], "ElseSteps": [spark]}}
        definition = {"Version": "2020-12-01", "Steps": [call, choice, {"FunctionArn": {"Get": "Parameters.F"}}]}
        pipeline = {"RoleArn": ROLE, "PipelineDefinition": json.dumps(definition) if inside else definition}
        found = accesses(workload("CreatePipeline", pipeline), world)
        assert one(found, "lambda:InvokeFunction").resource == function
        assert one(found, "lambda:InvokeFunction").path == "PipelineDefinition.Steps[0].FunctionArn"
        assert one(found, "sqs:SendMessage").resource == "arn:aws:sqs:eu-west-1:111122223333:q"
        assert "elasticmapreduce:AddJobFlowSteps" in actions(found, "documented")

    @pytest.mark.parametrize("definition", ["", "{", "[]", "3", Unknown(), 3, {"Steps": 3}])
    def test_a_pipeline_that_is_none(self, world: SmallWorld, definition: Any) -> None:
        pipeline = {"RoleArn": ROLE, "PipelineDefinition": definition}
        assert accesses(workload("CreatePipeline", pipeline), world) == []

    def test_log_groups(self, world: SmallWorld) -> None:
        found = accesses(workload("CreateAutoMLJob", {"RoleArn": ROLE}), world)
        groups = {str(access.resource) for access in found if access.action == "logs:PutLogEvents"}
        assert len(groups) == 3

    def test_the_namespace_of_metrics_is_one_of_sagemaker(self, world: SmallWorld) -> None:
        (namespace,) = one(accesses(train(), world), "cloudwatch:PutMetricData").context["cloudwatch:namespace"] or ()
        assert equal(namespace, "MyApp") is NO
        assert equal(namespace, "/aws/sagemaker/TrainingJobs") is equal(namespace, "AWS/SageMaker") is UNKNOWN

    def test_the_alarms_of_an_inference_component(self, world: SmallWorld) -> None:
        request: dict[str, Any] = {}
        at("DeploymentConfig.AutoRollbackConfiguration.Alarms[].AlarmName", "errors", request)
        assert "cloudwatch:DescribeAlarms" in actions(accesses(workload("CreateInferenceComponent", request), world))

    def test_always(self, world: SmallWorld) -> None:
        stand_in = workload("CreateTrainingJob", {}, role=ROLE)
        found = always("CreateTrainingJob", world, stand_in)
        assert "ecr:GetAuthorizationToken" in actions(found)
        assert "logs:PutLogEvents" in actions(found)
        assert {access.role for access in found} == {ROLE}
        assert always("CreateNothing", world, stand_in) == []

    def test_an_unknown_api_needs_nothing(self, world: SmallWorld) -> None:
        assert accesses(workload("CreateNothing", {"S3Uri": "s3://data/x"}), world) == []


WRONG = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just("s3://b/k"), st.just(Unknown())),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(table.apis()), st.data())
def test_requests_of_any_shape_are_read(name: str, data: st.DataObject) -> None:
    api = table.api(name)
    assert api is not None
    request: dict[str, Any] = {}
    for field in api.fields:
        value, cut = data.draw(WRONG), data.draw(st.integers(0, 3))
        path = field.path.split(".")
        here = request
        for step in path[:cut]:
            inner = here.setdefault(step.rstrip("[]{}"), {})
            if not isinstance(inner, dict):
                break
            here = inner
        here[path[min(cut, len(path) - 1)].rstrip("[]{}")] = value
    found = accesses(workload(name, request), SmallWorld())
    assert all(str(access.resource) for access in found)
    assert node(request) is not None


@pytest.mark.parametrize("topic", ["my-topic", "", 3, Unknown()])
def test_what_is_no_arn_names_nothing(world: SmallWorld, topic: Any) -> None:
    request = at("AsyncInferenceConfig.OutputConfig.NotificationConfig.SuccessTopic", topic)
    assert "sns:Publish" not in actions(accesses(workload("CreateEndpointConfig", request), world))
