"""The Deny that hits a role as it would read with the role excepted."""

from __future__ import annotations

from smlint.fixes.names import role_arn
from smlint.fixes.snippet import members
from smlint.fixes.statements import Conditions, conditions_of
from smlint.iam.policy import Condition, Statement
from smlint.values import Text
from smlint.verdicts.refusal import Refusal, one_or_many

_KEY = "aws:PrincipalArn"
_EXCEPTING = ("arnnotequals", "arnnotlike", "stringnotequals", "stringnotlike")
_NAMES = (":role/", ":user/")


def excepted(refusal: Refusal) -> str:
    """The Condition of the Deny with the refused roles excepted; "" where it cannot be written, or names just them."""
    statement, arns = refusal.statement, _arns(refusal)
    if statement is None or not arns or not statement.conditions_complete or _means_them(statement, refusal):
        return ""
    return members({"Condition": _with(statement, arns)}, refusal.place)


def way_out(refusal: Refusal) -> str:
    """What to do about the Deny, in words."""
    if refusal.statement is not None and _means_them(refusal.statement, refusal):
        return "the Deny names just this role: take it out, or narrow the actions and resources that it denies"
    return "except the role from the Deny, for example with a condition ArnNotEquals on aws:PrincipalArn"


def by_principal_arn(refusal: Refusal) -> str:
    """What takes the place of the NotPrincipal of a Deny: everybody but those whose role or user it names."""
    statement, arns = refusal.statement, _arns(refusal)
    if statement is None or not arns or not statement.conditions_complete:
        return ""
    named: list[Text] = [one.text for one in statement.principals]
    if not all(isinstance(text, str) and any(name in text for name in _NAMES) for text in named):
        return ""
    return members(
        {"Principal": "*", "Condition": _with(statement, list(dict.fromkeys([*named, *arns])))}, refusal.place
    )


def _arns(refusal: Refusal) -> list[Text]:
    """The roles' ARNs as the policy would write them; none where one cannot be written."""
    arns = [role_arn(role, refusal.place) for role in refusal.roles]
    return [arn for arn in arns if arn is not None] if None not in arns else []


def _means_them(statement: Statement, refusal: Refusal) -> bool:
    """Whether the Deny is for nobody else: then an exception would leave nothing of it."""
    theirs = {role.arn for role in refusal.roles}
    return (
        not statement.negated_principals
        and bool(statement.principals)
        and all(one.text in theirs for one in statement.principals)
    )


def _with(statement: Statement, arns: list[Text]) -> Conditions:
    """The conditions of the statement with the ARNs beside those that it excepts already."""
    found = conditions_of(statement)
    excepting = next((one for one in statement.conditions if _excepts(one)), None)
    if excepting is None:
        found.setdefault("ArnNotEquals", {})[_KEY] = one_or_many(arns)
    else:
        named = [value.text for value in excepting.values]
        found[excepting.operator][excepting.key] = one_or_many(list(dict.fromkeys([*named, *arns])))
    return found


def _excepts(condition: Condition) -> bool:
    operator = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    return condition.key_name == _KEY.lower() and operator in _EXCEPTING
