"""Documents with the right members and the wrong everything else: no reader raises, every origin leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smlint.facts import Fact
from smlint.readers import api as apis
from smlint.readers import cli_output, kubernetes, pipeline, policy_file, request, state_machine

READERS = (cli_output, kubernetes, pipeline, policy_file, request, state_machine)
_OTHERS = """
Version Statement Effect Action Resource Principal Policy PolicyDocument PolicyName RoleName Role Arn
RoleDetailList UserDetailList RolePolicyList AttachedManagedPolicies AttachedPolicies PolicyArn
PermissionsBoundary Policies Document PolicyVersionList IsDefaultVersion AssumeRolePolicyDocument KeyMetadata
KeyId Aliases AliasName VpcEndpoints ServiceName VpcEndpointId Rules ServerSideEncryptionConfiguration
ApplyServerSideEncryptionByDefault SSEAlgorithm definition roleArn States StartAt Type Parameters Arguments
Branches ItemProcessor X.$ Steps Name Get Std:Join On Values DefaultValue apiVersion kind spec metadata
trainingJobName CreationTime TrainingJobArn DomainArn DomainId DomainSettings Status
TrustedIdentityPropagationSettings
"""
NAMES = [*_OTHERS.split(), *sorted({member for api in apis.apis().values() for member in api.members})]
TEXTS = (
    "",
    "Allow",
    "2020-12-01",
    "Condition",
    "Training",
    "TrainingJob",
    "ENABLED",
    "{}",
    '{"Statement": 3}',
    '{"States": []',
    "arn:aws:states:::sagemaker:createTrainingJob.sync",
    "States.Format('{}/{', $.a, 'b",
    "Parameters.X",
    "{% $x %}",
    "sagemaker.services.k8s.aws/v1alpha1",
    "arn:aws:iam::aws:policy/x",
    "\ud800",
)
SCALARS = st.sampled_from(TEXTS) | st.none() | st.booleans() | st.integers(-1, 3) | st.floats(0, 1)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)


@given(DOCUMENTS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_exception(facts_of: Callable[..., list[Fact]], document: Any) -> None:
    text = json.dumps(document)
    for reader in READERS:
        for fact in facts_of(reader, text):
            fact.origin.place()


@given(st.sampled_from(sorted(apis.apis())), st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_requests_of_any_content(facts_of: Callable[..., list[Fact]], name: str, data: st.DataObject) -> None:
    content = {member: data.draw(DOCUMENTS) for member in sorted(apis.apis()[name].members)[:8]}
    for fact in facts_of(request, json.dumps(content)):
        fact.origin.place()
