"""Providers: account and region by alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smlint.facts import Settings
from smlint.readers.terraform.evaluate import Frame, evaluate
from smlint.readers.terraform.known import Invalid, is_unknown
from smlint.record import dataclass, replace
from smlint.syntax.hcl.tree import Block, Body
from smlint.values import Node, Text

if TYPE_CHECKING:
    from smlint.readers.terraform.module import Module


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider deploys; None: its configuration does not say."""

    region: Text | None = None
    account: Text | None = None

    @staticmethod
    def read(module: Module, reference: str) -> Provider:
        """The provider's block in this module; a module without one has its caller's."""
        name, _, alias = reference.partition(".")
        for block in module.definition.providers:
            if block.labels[0] == name and (_text(block.body, "alias", module.frame) or "") == alias:
                return Provider(_text(block.body, "region", module.frame), _account(block, module.frame))
        return Provider()

    def settings(self, settings: Settings) -> Settings:
        """The settings, with what the provider says of account and region."""
        if self.region is None and self.account is None:
            return settings
        return replace(settings, region=self.region or settings.region, account=self.account or settings.account)


def _value(body: Body, name: str, frame: Frame) -> Node | None:
    attribute = body.attributes.get(name)
    if attribute is None:
        return None
    try:
        return evaluate(attribute.expression, frame)
    except Invalid:
        return None


def _text(body: Body, name: str, frame: Frame) -> str | None:
    node = _value(body, name, frame)
    return node.literal if node is not None and not is_unknown(node) else None


def _account(block: Block, frame: Frame) -> str | None:
    """The one account it may be used with, or that of the role it assumes."""
    allowed = _value(block.body, "allowed_account_ids", frame)
    if allowed is not None and allowed.sequence is not None and len(allowed.sequence) == 1 and not allowed.open:
        account = allowed.sequence[0].literal
        if account:
            return account
    for assumed in block.body.of("assume_role"):
        arn = _text(assumed.body, "role_arn", frame)
        if arn is not None and arn.count(":") >= 5 and arn.split(":")[4].isdigit():
            return arn.split(":")[4]
    return None
