"""Which role performs what a request implies."""

from __future__ import annotations

from tests.needs.conftest import KEY_ID, ROLE, SmallWorld, one, workload

from smlint.needs.evaluate import accesses
from smlint.needs.roles import passed_roles, role_arn, roles
from smlint.values import Hole, Unknown, join

SERVE = "arn:aws:iam::111122223333:role/serve"
OTHER = "arn:aws:iam::111122223333:role/other"


def test_the_request_names_it(world: SmallWorld) -> None:
    assert roles(workload("CreateTrainingJob", {"RoleArn": ROLE}), world) == [ROLE]


def test_the_reader_may_name_it(world: SmallWorld) -> None:
    assert roles(workload("CreateTrainingJob", {"RoleArn": Unknown("x")}, role=ROLE), world) == [ROLE]


def test_a_role_that_is_not_settled_is_none(world: SmallWorld) -> None:
    assert roles(workload("CreateTrainingJob", {"RoleArn": Unknown("x")}), world) == []
    found = accesses(workload("CreateTrainingJob", {"RoleArn": Unknown("x")}), world)
    assert {access.role for access in found} == {None}


def test_a_transform_job_runs_as_its_model(world: SmallWorld) -> None:
    world.requests["CreateModel", "churn"] = workload("CreateModel", {"ExecutionRoleArn": SERVE})
    job = workload("CreateTransformJob", {"ModelName": "churn", "TransformOutput": {"S3OutputPath": "s3://out/x"}})
    assert roles(job, world) == [SERVE]
    assert one(accesses(job, world), "s3:PutObject").role == SERVE


def test_an_endpoint_runs_as_the_models_of_its_configuration(world: SmallWorld) -> None:
    world.requests["CreateModel", "a"] = workload("CreateModel", {}, role=SERVE)
    world.requests["CreateModel", "b"] = workload("CreateModel", {"ExecutionRoleArn": OTHER})
    variants = [{"ModelName": "a"}, {"ModelName": "b"}, {"ModelName": "unknown"}]
    world.requests["CreateEndpointConfig", "live"] = workload("CreateEndpointConfig", {"ProductionVariants": variants})
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    endpoint = workload("CreateEndpoint", {"EndpointConfigName": "live", "DeploymentConfig": alarms})
    assert roles(endpoint, world) == [SERVE, OTHER]
    assert {access.role for access in accesses(endpoint, world)} == {SERVE, OTHER}


def test_an_inference_component_runs_as_its_endpoints_configuration(world: SmallWorld) -> None:
    world.requests["CreateEndpointConfig", "live"] = workload("CreateEndpointConfig", {"ExecutionRoleArn": SERVE})
    world.requests["CreateEndpoint", "fraud"] = workload("CreateEndpoint", {"EndpointConfigName": "live"})
    assert roles(workload("CreateInferenceComponent", {"EndpointName": "fraud"}), world) == [SERVE]


def test_requests_that_refer_to_each_other_end(world: SmallWorld) -> None:
    world.requests["CreateEndpoint", "a"] = workload("CreateInferenceComponent", {"EndpointName": "a"})
    world.requests["CreateEndpointConfig", "a"] = workload("CreateEndpoint", {"EndpointConfigName": "a"})
    assert roles(workload("CreateInferenceComponent", {"EndpointName": "a"}), world) == []
    assert roles(workload("CreateEndpoint", {"EndpointConfigName": "a"}), world) == []


def test_each_definition_of_a_tuning_job_has_its_role(world: SmallWorld) -> None:
    def definition(role: str, bucket: str) -> dict[str, object]:
        return {"RoleArn": role, "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/"}}

    job = workload(
        "CreateHyperParameterTuningJob", {"TrainingJobDefinitions": [definition(ROLE, "a"), definition(OTHER, "b")]}
    )
    writes = {access.bucket: access.role for access in accesses(job, world) if access.action == "s3:PutObject"}
    assert writes == {"a": ROLE, "b": OTHER}
    logging = {access.role for access in accesses(job, world) if access.action == "logs:PutLogEvents"}
    assert logging == {ROLE, OTHER}


def test_a_domain_has_a_role_for_users_and_one_for_spaces(world: SmallWorld) -> None:
    domain = workload(
        "CreateDomain",
        {
            "KmsKeyId": KEY_ID,
            "DefaultUserSettings": {
                "ExecutionRole": ROLE,
                "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": "s3://share/"},
            },
            "DefaultSpaceSettings": {"ExecutionRole": OTHER},
        },
    )
    found = accesses(domain, world)
    assert {access.role for access in found if access.action == "kms:CreateGrant"} == {ROLE, OTHER}
    assert {access.role for access in found if access.action == "s3:PutObject"} == {ROLE}


def test_a_user_profile_without_a_role_has_the_domains(world: SmallWorld) -> None:
    settings = {"DefaultUserSettings": {"ExecutionRole": ROLE}, "DefaultSpaceSettings": {"ExecutionRole": OTHER}}
    world.requests["CreateDomain", "d-1"] = workload("CreateDomain", {"KmsKeyId": KEY_ID, **settings})
    assert roles(workload("CreateUserProfile", {"DomainId": "d-1"}), world) == [ROLE]
    own = workload("CreateUserProfile", {"DomainId": "d-1", "UserSettings": {"ExecutionRole": SERVE}})
    assert one(accesses(own, world), "kms:DescribeKey").role == SERVE


def test_the_role_of_a_scaling_cluster_is_not_its_instances(world: SmallWorld) -> None:
    cluster = workload("CreateCluster", {"InstanceGroups": [{"ExecutionRole": ROLE}], "ClusterRole": OTHER})
    found = accesses(cluster, world)
    assert one(found, "sagemaker:BatchAddClusterNodes").role == OTHER
    assert {access.role for access in found if access.action == "logs:PutLogEvents"} == {ROLE}


def test_a_name_becomes_an_arn_with_an_unknown_path(world: SmallWorld) -> None:
    assert role_arn(ROLE, world) == ROLE
    assert str(role_arn("train", world)) == "arn:aws:iam::111122223333:role⟨*⟩train"
    unknown = join([Hole("role")])
    assert role_arn(unknown, world) == unknown


def test_only_roles_of_the_request_are_passed() -> None:
    assert passed_roles(workload("CreateTrainingJob", {"RoleArn": ROLE})) == [ROLE]
    assert passed_roles(workload("CreateTrainingJob", {"RoleArn": Unknown("x")}, role=ROLE)) == [ROLE]
    assert passed_roles(workload("CreateProcessingJob", {}, role=ROLE)) == [ROLE]
    assert passed_roles(workload("CreateEndpointConfig", {"ProductionVariants": [{"ModelName": "a"}]})) == []
    assert passed_roles(workload("CreateEndpointConfig", {"ExecutionRoleArn": ROLE})) == [ROLE]
    assert passed_roles(workload("CreateTransformJob", {}, role=ROLE)) == []
    definitions = [{"RoleArn": ROLE}, {"RoleArn": OTHER}, {"RoleArn": ROLE}]
    assert passed_roles(workload("CreateHyperParameterTuningJob", {"TrainingJobDefinitions": definitions})) == [
        ROLE,
        OTHER,
    ]
