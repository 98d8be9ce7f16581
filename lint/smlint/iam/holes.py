"""Matching where the pattern or the text has holes: an answer that holds for every value the holes can have.

Two questions are asked, each erring on its safe side. *Can* some value match? If not, the answer is no. *Must* every
value match? Then it is yes. Both walk the text once and keep the reachable places of the pattern as bits of a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from smlint.iam.glob import ONE, STAR, Glob, Token, normal, tokenize
from smlint.values import NO, UNKNOWN, YES, Hole, Text, Truth, pieces

_MOST_CHOICES = 64
_MOST_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class _Some:
    """One character, or any number of characters, of a set (None: of all)."""

    only: frozenset[str] | None
    many: bool


_ANY_ONE, _ANY_MANY = _Some(None, False), _Some(None, True)


def match(pattern: tuple[Token, ...], text: tuple[Token, ...], *, wild: bool = True) -> Truth:
    """Whether the text (literals and holes only) matches. wild: wildcards in the value of a pattern's hole count."""
    choices = {hole.name: hole.oneof for hole in _holes(pattern, text) if hole.oneof}
    if not choices:
        return _match(pattern, text, wild)
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
    holes = _merged(pattern, text)
    pattern, text = _without_common_ends(_with(pattern, holes), _with(text, holes), wild)
    automaton = _Automaton(pattern, wild)
    if (len(automaton.atoms) >> 6) * sum(len(token) if isinstance(token, str) else 8 for token in text) > _MOST_STEPS:
        return UNKNOWN
    if not automaton.can(text):
        return NO
    return YES if automaton.must(text) else UNKNOWN


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


def _may_be_wild(hole: Hole) -> bool:
    return hole.only is None or "*" in hole.only or "?" in hole.only


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
        elif isinstance(first, Hole) and first == other and not (wild and _may_be_wild(first)):
            del ours[0], theirs[0]
        else:
            break
    return tuple(ours), tuple(theirs)


def _of_hole(hole: Hole) -> list[str | _Some]:
    """The characters that a hole's value can have, by what is known of it."""
    only = None if hole.only is None else frozenset(hole.only)
    found: list[str | _Some] = []
    for token in tokenize(hole.like):
        if isinstance(token, str):
            found.extend(token)
        else:
            found.append(_Some(only, many=token is STAR))
    return found


def _characters(token: Token) -> Sequence[str | _Some]:
    """What a token of a text can be, character by character."""
    return _of_hole(token) if isinstance(token, Hole) else token if isinstance(token, str) else ()


class _Automaton:
    """The pattern as an automaton: state i stands before atom i, the last state behind them all."""

    def __init__(self, pattern: tuple[Token, ...], wild: bool) -> None:
        self.atoms: list[str | _Some] = []
        self.skips: dict[str, list[tuple[int, int]]] = {}
        self.own = 0  # the atoms that every value matches: not those that stand for a hole
        for token in pattern:
            start = len(self.atoms)
            if isinstance(token, Hole):
                self.atoms += [_ANY_MANY] if wild and _may_be_wild(token) else _of_hole(token)
                self.skips.setdefault(token.name, []).append((start, len(self.atoms)))
                continue
            self.atoms += list(token) if isinstance(token, str) else [_ANY_ONE if token is ONE else _ANY_MANY]
            self.own |= (1 << len(self.atoms)) - (1 << start)
        self.loops = sum(1 << i for i, atom in enumerate(self.atoms) if isinstance(atom, _Some) and atom.many)
        self.wilds = sum(1 << i for i, atom in enumerate(self.atoms) if isinstance(atom, _Some))
        self._accepts: dict[str, int] = {}

    def _accepting(self, character: str) -> int:
        """The atoms that accept a character."""
        mask = self._accepts.get(character)
        if mask is None:
            mask = sum(1 << i for i, atom in enumerate(self.atoms) if _accepts(atom, character))
            self._accepts[character] = mask
        return mask

    def _overlapping(self, some: _Some) -> int:
        return sum(1 << i for i, atom in enumerate(self.atoms) if _overlap(atom, some))

    def _closed(self, states: int, within: int) -> int:
        """With the states reached by passing loops without a character."""
        loops = self.loops & within
        while (wider := states | (states & loops) << 1) != states:
            states = wider
        return states

    def _step(self, states: int, accepting: int, within: int) -> int:
        """After one character: loops stay, the others move on."""
        going = states & accepting & within
        return self._closed((going & ~self.loops) << 1 | going & self.loops, within)

    def can(self, text: tuple[Token, ...]) -> bool:
        """False only where no value of the holes makes the text match."""
        everything = -1
        states = self._closed(1, everything)
        for token in text:
            for atom in _characters(token):
                if isinstance(atom, str):
                    states = self._step(states, self._accepting(atom), everything)
                    continue
                accepting = self._overlapping(atom)
                after = self._step(states, accepting, everything)
                while atom.many and (wider := states | after) != states:
                    states, after = wider, self._step(wider, accepting, everything)
                states = states if atom.many else after
            if not states:
                return False
        return bool(states >> len(self.atoms) & 1)

    def must(self, text: tuple[Token, ...]) -> bool:
        """True only where every value of the holes makes the text match."""
        own = self.own
        states = self._closed(1, own)
        for token in text:
            before = states
            for atom in _characters(token):
                if isinstance(atom, str):
                    states = self._step(states, self._accepting(atom), own)
                elif atom.many:
                    states = self._closed(states & self.loops & own, own)
                else:
                    states = self._step(states, self.wilds, own)
            if isinstance(token, Hole):
                for start, end in self.skips.get(token.name, ()):
                    if before >> start & 1:
                        states |= self._closed(1 << end, own)
            if not states:
                return False
        return bool(states >> len(self.atoms) & 1)


def _accepts(atom: str | _Some, character: str) -> bool:
    if isinstance(atom, str):
        return atom == character
    return atom.only is None or character in atom.only


def _overlap(atom: str | _Some, some: _Some) -> bool:
    if isinstance(atom, str):
        return some.only is None or atom in some.only
    return atom.only is None or some.only is None or bool(atom.only & some.only)


def as_tokens(text: Text) -> tuple[Token, ...]:
    """The tokens of a text whose wildcard characters stand for themselves."""
    return tuple(pieces(text))
