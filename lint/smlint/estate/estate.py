"""The estate: which policy is attached to which role, which job uses it, which bucket or key a text means."""

from __future__ import annotations

from collections import defaultdict

from smlint import facts
from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.estate.names import account_of, last_name, resource_of
from smlint.facts import BucketEncryption, Settings, Workload
from smlint.iam.match import arn_parts, equal
from smlint.iam.policy import Policy
from smlint.values import NO, Text, head


class Estate:
    """All that the repository says, joined; what rules and needs may ask.

    Built by `smlint.estate.build`; nothing is changed afterwards. The lists keep the order in which files were read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.account = settings.account
        self.region = settings.region
        self.partition = settings.partition
        self.roles: list[Role] = []
        self.jobs: list[Job] = []
        self.buckets: dict[Text, Bucket] = {}
        self.keys: dict[Text, Key] = {}
        self.aliases: dict[Text, Text] = {}
        self.access_points: list[facts.AccessPoint] = []
        self.repositories: dict[Text, facts.Repository] = {}
        self.endpoints: list[facts.Endpoint] = []
        self.subnets: dict[Text, facts.Subnet] = {}
        self.guardrails: list[facts.Guardrail] = []
        self.policies: list[Policy] = []
        self.attachments: list[facts.Attachment] = []
        self.grants_instances: list[facts.AccessGrantsInstance] = []
        self.grants_locations: list[facts.AccessGrantsLocation] = []
        self.grants: list[facts.AccessGrant] = []
        self.propagation: list[facts.IdentityPropagation] = []
        self.others: list[facts.Fact] = []
        self.unit = ""
        self._roles_by_name: dict[Text, list[Role]] = defaultdict(list)
        self._jobs_by_name: dict[tuple[str, Text], list[Job]] = defaultdict(list)

    def within(self, unit: str) -> Estate:
        """The same estate as a template or a Terraform configuration sees it: what it calls by a name is its own."""
        view = Estate.__new__(Estate)
        view.__dict__.update(self.__dict__, unit=unit)
        return view

    # Roles
    def add_role(self, role: Role) -> None:
        self.roles.append(role)
        for name in {last_name(text) for text in (role.name, role.arn) if text is not None}:
            self._roles_by_name[name].append(role)

    def role(self, reference: Text | None) -> Role | None:
        """The role that a name or an ARN means; None where no file shows it or several could be meant."""
        found = self.candidates(reference)
        if len(found) > 1:
            found = [role for role in found if role.arn == reference] or found
        if len(found) > 1:
            found = [role for role in found if role.unit == self.unit]
        return found[0] if len(found) == 1 else None

    def candidates(self, reference: Text | None) -> list[Role]:
        """The roles that a name or an ARN may mean."""
        if reference is None or reference == "":
            return []
        return [role for role in self._roles_by_name.get(last_name(reference), ()) if self._means(reference, role)]

    @staticmethod
    def _means(reference: Text, role: Role) -> bool:
        parts = arn_parts(reference)
        if parts is None:
            return True
        if role.account is not None and equal(parts[4], role.account) is NO:
            return False
        own = arn_parts(role.arn) if role.arn is not None else None
        return own is None or equal(own[5], parts[5]) is not NO or role.name == parts[5]

    # Buckets and keys
    def bucket(self, name: Text) -> Bucket | None:
        return self.buckets.get(name)

    def encryption(self, bucket: Text) -> BucketEncryption | None:
        """The default encryption that the repository gives the bucket; None where it says nothing."""
        found = self.buckets.get(bucket)
        return found.encryption if found else None

    def key(self, text: Text) -> Key | None:
        """The key that an id, ARN or alias means, where the repository has it."""
        resolved = self.aliases.get(resource_of(text)) if is_alias(text) else text
        return None if resolved is None else self.keys.get(last_name(resolved))

    def key_arn(self, key: Text, role: Text | None = None) -> Text | None:
        """The ARN of the key that an id, ARN, alias name or alias ARN means; None where an alias cannot be resolved."""
        if is_alias(key):
            target = self.aliases.get(resource_of(key))
            return None if target is None else self.key_arn(target, role)
        if head(key).startswith("arn:"):
            return key
        known = self.keys.get(key)
        if known is not None:
            return known.arn
        if isinstance(key, str):
            return self.settings.arn("kms", f"key/{key}", account=account_of(role) or self.account)
        return key

    def bucket_of(self, access_point: Text) -> Text | None:
        """The bucket behind an access point's ARN or alias, where the repository defines it."""
        for point in self.access_points:
            if access_point in (point.arn, point.alias):
                return point.bucket
        return None

    # Workloads
    def add_job(self, job: Job) -> None:
        self.jobs.append(job)
        for name in job.workload.names:
            self._jobs_by_name[job.api, name].append(job)

    def named(self, api: str, name: Text) -> Workload | None:
        """The request of another API that the name refers to: ("CreateModel", "churn") for a transform job."""
        found = self._jobs_by_name.get((api, name), ())
        own = [job for job in found if job.workload.unit == self.unit]
        return next((job.workload for job in own or found), None)

    def role_reference(self, workload: Workload) -> Text | None:
        """The execution role as a request names it, or as the requests it refers to do."""
        from smlint.needs.roles import roles

        return next(iter(roles(workload, self)), None)


def is_alias(key: Text) -> bool:
    """Whether a key is written as an alias name or an alias ARN."""
    return head(resource_of(key)).startswith("alias/")
