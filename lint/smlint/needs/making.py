"""From a bundle of actions and what a field names to accesses."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.needs import table
from smlint.needs.access import Access, Need, World
from smlint.needs.context import Context, of_kms, of_metrics, of_pass_role, of_s3, of_session, of_upload
from smlint.needs.resources import fill
from smlint.needs.scene import Use
from smlint.needs.subjects import Subject, Words, key_arn, subject
from smlint.values import YES, Hole, Node, Text, join, split

SURENESS = (Need.REQUIRED, Need.DOCUMENTED, Need.RECOMMENDED, Need.CONDITIONAL, Need.UNVERIFIED)
_NOTHING = Subject({})
_DOMAIN = Hole("domain of AWS in China", oneof=(".amazonaws.com.cn", ".amazonaws.com"))


def of_value(node: Node, use: Use) -> Iterator[Access]:
    """What a field with this value implies."""
    assert use.field is not None
    own = table.Bundle("API", use.field.of, use.field.actions)
    for bundle in (*(table.bundles()[name] for name in use.field.bundles), own):
        read = _read(bundle.of, node, use)
        if read is not None:
            yield from _of_bundle(bundle, read, use)


def of_api(use: Use) -> Iterator[Access]:
    """What the API always implies."""
    for name in use.scene.api.always:
        yield from _of_bundle(table.bundles()[name], _NOTHING, use)


def _read(of: str, node: Node, use: Use) -> Subject | None:
    if not of:
        return _NOTHING
    return None if node.text is None else subject(of, node.text, use.scene.world, use.role)


def _of_bundle(bundle: table.Bundle, read: Subject, use: Use) -> Iterator[Access]:
    words, surroundings = {**read.words, **_keys(use)}, use.scene.words(use.role)
    for part in (bundle, *(table.bundles()[name] for name in bundle.includes)):
        for action in part.actions:
            for around in surroundings if "{log_group}" in action.resource else surroundings[:1]:
                resource = fill(action.resource, {**around, **words})
                if resource is not None:
                    yield _access(part, action, resource, _services(part, resource, use.scene.world), read, use)


def _services(bundle: table.Bundle, key: Text, world: World) -> tuple[Text, ...]:
    """The services, as kms:ViaService names them, in the key's region. AWS does not say how they end in China."""
    parts = split(key, ":", 5) if bundle.via else []
    region = parts[3] if len(parts) == 6 else world.region
    return tuple(join([name, ".", region, _DOMAIN if _chinese(world) else ".amazonaws.com"]) for name in bundle.via)


def _chinese(world: World) -> bool:
    return world.partition == "aws-cn" or str(world.region).startswith("cn-")


def service_in(service: str, world: World) -> Text:
    """A service principal as iam:PassedToService has it: in China either of two names."""
    name, domain, rest = service.rpartition(".amazonaws.com")
    return join([name, _DOMAIN]) if _chinese(world) and domain and not rest else service


def _keys(use: Use) -> Words:
    """The keys of an output whose request can name one: that key instead of the bucket's own."""
    if use.field is None or not use.field.key:
        return {}
    if use.key is None or use.key.text is None:
        return {"key": None} if use.key_settled else {"key": None, "default_key": None}
    return {"key": key_arn(use.key.text, use.scene.world, use.role), "default_key": None}


def _access(
    bundle: table.Bundle, action: table.Action, resource: Text, services: tuple[Text, ...], read: Subject, use: Use
) -> Access:
    field, location = use.field, read.location
    name, kind = action.action, action.kind
    if location is not None and location.directory and name.startswith("s3:"):
        name, resource, kind = "s3express:CreateSession", location.arn, "directory-bucket"
    return Access(
        workload=use.scene.workload,
        action=name,
        resource=resource,
        kind=kind,
        need=_need(action, read, use),
        bundle=bundle.name,
        by=action.by or (field.by if field is not None and field.by else bundle.by),
        field=use.node,
        path=use.path,
        context=_context(name, action, services, read, use),
        bucket=location.bucket if location is not None else None,
        key=read.key,
        source=action.source or (field.source if field is not None else ""),
        role=use.role,
        via_services=services,
        settled=use.settled is YES,
    )


def _context(asked: str, action: table.Action, services: tuple[Text, ...], read: Subject, use: Use) -> Context:
    """asked: what is asked for in the end. A directory bucket knows one action for all that the needs say of S3."""
    service, _, name = asked.partition(":")
    if service == "kms":
        return of_kms(name, services)
    if service == "s3express":
        return {**use.scene.where, **of_session(writes=action.action == "s3:PutObject")}
    if service == "s3":
        upload = name == "PutObject"
        encryption = of_upload(use.key, use.key_settled, use.role, use.scene.world) if upload else {}
        return {**use.scene.where, **of_s3(name, read), **encryption}
    if asked == "cloudwatch:PutMetricData":
        return {**use.scene.where, **of_metrics()}
    if asked == "iam:PassRole":
        told = service_in(action.passed_to or use.scene.api.passed_to_service, use.scene.world)
        return {**use.scene.where, **of_pass_role(told)}
    return use.scene.where


def _need(action: table.Action, read: Subject, use: Use) -> Need:
    """The action's need; a field, an image of AWS and an unsettled condition only make it less sure."""
    needs = [action.need]
    if use.field is not None and use.field.need is not None:
        needs.append(use.field.need)
    if read.aws_owned:
        needs.append(Need.DOCUMENTED)
    if use.settled is not YES:
        return Need.CONDITIONAL
    return max(needs, key=SURENESS.index)
