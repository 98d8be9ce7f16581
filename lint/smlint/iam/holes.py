"""Matching where the pattern or the text has holes: an answer that holds for every value the holes can have.

Two questions are asked, each erring on its safe side. *Can* some value match? If not, the answer is no. *Must* every
value match? Then it is yes. Whatever lies between is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from smlint.iam.automaton import Automaton, may_be_wild
from smlint.iam.glob import Glob, Token, normal, tokenize
from smlint.record import replace
from smlint.values import NO, UNKNOWN, YES, Hole, Truth

_MOST_CHOICES = 64
_MOST_STEPS = 1_000_000


def match(pattern: tuple[Token, ...], text: tuple[Token, ...], *, wild: bool = True) -> Truth:
    """Whether the text (literals and holes only) matches. wild: wildcards in the value of a pattern's hole count."""
    if pattern == text and not (wild and any(map(may_be_wild, _holes(pattern)))):
        return YES
    answer = _match(pattern, text, wild)
    if answer is not UNKNOWN:
        return answer
    choices = {hole.name: hole.oneof for hole in _holes(pattern, text) if hole.oneof}
    if not choices:
        return UNKNOWN
    if prod(len(values) for values in choices.values()) > _MOST_CHOICES:
        return UNKNOWN
    answers = {
        _filled(pattern, text, dict(zip(choices, values, strict=True)), wild) for values in product(*choices.values())
    }
    return answers.pop() if len(answers) == 1 else UNKNOWN


def _holes(*sides: Sequence[Token]) -> Iterator[Hole]:
    return (token for side in sides for token in side if isinstance(token, Hole))


def _filled(pattern: tuple[Token, ...], text: tuple[Token, ...], values: Mapping[str, str], wild: bool) -> Truth:
    """The answer for one choice of the holes whose values are few."""
    filled: list[Token] = []
    for token in pattern:
        if isinstance(token, Hole) and token.name in values:
            filled += tokenize(values[token.name]) if wild else (values[token.name],)
        else:
            filled.append(token)
    known = [values.get(token.name, token) if isinstance(token, Hole) else token for token in text]
    return _match(normal(filled), normal(known), wild)


def _match(pattern: tuple[Token, ...], text: tuple[Token, ...], wild: bool) -> Truth:
    if not any(_holes(pattern, text)):
        return Truth.of(Glob(pattern).match("".join(str(token) for token in text)))
    if _ends_differ(pattern, text):
        return NO
    if any(_holes(pattern)):
        holes = _merged(pattern, text)
        pattern, text = _without_common_ends(_with(pattern, holes), _with(text, holes), wild)
        if _two_of_a_kind(pattern, text):
            return NO
    automaton = _automaton(pattern, wild)
    if _steps(pattern, text, len(automaton)) > _MOST_STEPS:
        return UNKNOWN
    if not automaton.can(text):
        return NO
    return YES if automaton.must(text) else UNKNOWN


def _two_of_a_kind(pattern: tuple[Token, ...], text: tuple[Token, ...]) -> bool:
    """Whether both go on with the names of two different resources, each of which AWS makes for its resource alone."""
    if not pattern or not text:
        return False
    one, other = pattern[0], text[0]
    if not (isinstance(one, Hole) and isinstance(other, Hole) and one.fresh and other.fresh and one != other):
        return False
    return _ends_after(one, pattern) and _ends_after(other, text)


def _ends_after(hole: Hole, tokens: tuple[Token, ...]) -> bool:
    """Whether the value of the hole that comes first surely ends where the hole does."""
    if len(tokens) == 1:
        return True
    following = tokens[1]
    return isinstance(following, str) and hole.only is not None and following[0] not in hole.only


def _steps(pattern: tuple[Token, ...], text: tuple[Token, ...], size: int) -> int:
    """How much work a walk is at most: a text from a stranger must not keep us busy."""
    characters = sum(len(token) if isinstance(token, str) else size for token in text)
    return characters * (1 + (size >> 6)) * (1 + sum(isinstance(token, Hole) for token in pattern))


def _automaton(pattern: tuple[Token, ...], wild: bool) -> Automaton:
    """Kept for patterns without holes. Two holes are equal by their names, but less may be known of one of them."""
    return Automaton(pattern, wild) if any(_holes(pattern)) else _automaton_without_holes(pattern, wild)


@lru_cache(4096)
def _automaton_without_holes(pattern: tuple[Token, ...], wild: bool) -> Automaton:
    return Automaton(pattern, wild)


def _ends_differ(pattern: tuple[Token, ...], text: tuple[Token, ...]) -> bool:
    """Whether the literals that both begin or both end with contradict each other."""
    if not pattern or not text:
        return False
    first, start, last, end = pattern[0], text[0], pattern[-1], text[-1]
    if isinstance(first, str) and isinstance(start, str) and not (first.startswith(start) or start.startswith(first)):
        return True
    return isinstance(last, str) and isinstance(end, str) and not (last.endswith(end) or end.endswith(last))


def _merged(*sides: Sequence[Token]) -> dict[str, Hole]:
    """What is known of each hole from all its mentions: one value satisfies them all."""
    found: dict[str, Hole] = {}
    for hole in _holes(*sides):
        seen = found.get(hole.name)
        if seen is None:
            found[hole.name] = hole
        elif seen != hole or seen.only != hole.only or seen.like != hole.like:
            only = seen.only if hole.only is None else hole.only
            if seen.only is not None and hole.only is not None:
                only = "".join(sorted(set(seen.only) & set(hole.only)))
            found[hole.name] = replace(seen, only=only, like=seen.like if hole.like == "*" else hole.like)
    return found


def _with(tokens: tuple[Token, ...], holes: Mapping[str, Hole]) -> tuple[Token, ...]:
    return tuple(holes[token.name] if isinstance(token, Hole) else token for token in tokens)


def _without_common_ends(
    pattern: tuple[Token, ...], text: tuple[Token, ...], wild: bool
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Both without the beginning and the end that they share, so that equal holes cancel out."""
    pattern, text = _without_common_start(pattern, text, wild)
    ours, theirs = _without_common_start(_reversed(pattern), _reversed(text), wild)
    return _reversed(ours), _reversed(theirs)


def _reversed(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(token[::-1] if isinstance(token, str) else token for token in reversed(tokens))


def _without_common_start(
    pattern: tuple[Token, ...], text: tuple[Token, ...], wild: bool
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    ours, theirs = list(pattern), list(text)
    while ours and theirs:
        first, other = ours[0], theirs[0]
        if isinstance(first, str) and isinstance(other, str):
            size = min(len(first), len(other))
            if first[:size] != other[:size]:
                break
            ours[:1] = [first[size:]] if len(first) > size else []
            theirs[:1] = [other[size:]] if len(other) > size else []
        elif isinstance(first, Hole) and first == other and not (wild and may_be_wild(first)):
            del ours[0], theirs[0]
        else:
            break
    return tuple(ours), tuple(theirs)
