"""A second question where the first stays open only because of what no repository says: the names and tags of objects.

A job needs *every* key below its prefix. So a pattern such as `*sagemaker*` does not cover a prefix just because a key
below it might contain the word, and a grant for tagged objects does not cover objects of which nobody says that they
are tagged. A grant on a narrower prefix (`train/2024/*` for `train/`) stays open: all keys may lie there.
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.iam.decision import Decision, Layers, Verdict, decide
from smlint.iam.glob import beginning
from smlint.iam.request import Request
from smlint.record import replace
from smlint.values import Hole, Text, join, pieces

# The holes that stand for any key below a prefix: of jobs, and of roles without a job.
OPEN_KEYS = frozenset({"any key", "key"})

# An ordinary key: it holds none of the words that policies look for.
_PLAIN = "0123456789/"
_TAG = "s3:existingobjecttag/"


def sampled(request: Request, layers: Layers, verdict: Verdict) -> Verdict:
    """The verdict for ordinary, untagged objects, where only that settles it; else the verdict as it is."""
    if verdict.decision is not Decision.UNKNOWN:
        return verdict
    last = pieces(request.resource)[-1]
    open_key = isinstance(last, Hole) and last.name in OPEN_KEYS
    tags = {key: None for key in _tag_keys(layers) if not request.context.known(key)}
    if (open_key and _narrower(request, layers)) or not (open_key or tags):
        return verdict
    again = decide(
        replace(
            request,
            resource=_ordinary(request.resource) if open_key else request.resource,
            context=request.context.with_values(tags),
        ),
        layers,
    )
    return again if again.decision is Decision.IMPLICITLY_DENIED else verdict


def _ordinary(resource: Text) -> Text:
    """The resource with an ordinary key in place of the open one; under another name, since it is another value."""
    *known, last = pieces(resource)
    label = last.label if isinstance(last, Hole) else ""
    return join([*known, Hole("ordinary key", like="?*", only=_PLAIN, label=label)])


def _narrower(request: Request, layers: Layers) -> bool:
    """Whether some Allow names keys that begin as the wanted ones do and go on: all of them may lie there."""
    known = join(pieces(request.resource)[:-1])
    for policy in layers.identity:
        for statement in policy.statements:
            if statement.effect != "Allow":
                continue
            if any(_goes_on(element.text, known) for element in statement.resources):
                return True
    return False


def _goes_on(pattern: Text, known: Text) -> bool:
    """Whether the literal beginning of a pattern is longer than what is known of the resource, and begins with it."""
    mine, theirs = list(pieces(pattern)), list(pieces(known))
    last = theirs.pop() if theirs else ""
    if mine[: len(theirs)] != theirs or len(mine) <= len(theirs):
        return False
    rest = mine[len(theirs)]
    if not isinstance(rest, str) or not isinstance(last, str):
        return rest == last and len(mine) > len(theirs) + 1
    literal = beginning(rest)
    longer = len(literal) > len(last) or (rest == last and len(mine) > len(theirs) + 1)
    return literal.startswith(last) and longer and literal[len(last) :] not in ("", "/")


def _tag_keys(layers: Layers) -> Iterator[str]:
    for policy in layers.identity:
        for statement in policy.statements:
            for condition in statement.conditions:
                if condition.key_name.startswith(_TAG):
                    yield condition.key_name
