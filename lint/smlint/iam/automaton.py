"""A pattern as an automaton whose reachable states are the bits of a number.

State i stands before atom i, the last state behind them all. One walk over a text answers whether some value of its
holes can match, another whether every value must.
"""

from __future__ import annotations

from collections.abc import Sequence

from smlint.iam.glob import ONE, STAR, Token, tokenize
from smlint.record import dataclass
from smlint.values import Hole

_EVERYTHING = -1


@dataclass(frozen=True, slots=True)
class Some:
    """One character, or any number of characters, of a set (None: of all)."""

    only: frozenset[str] | None
    many: bool


_ANY_ONE, _ANY_MANY = Some(None, False), Some(None, True)


def may_be_wild(hole: Hole) -> bool:
    """Whether a value of the hole can have a wildcard in it."""
    return hole.only is None or "*" in hole.only or "?" in hole.only


def _of_hole(hole: Hole) -> list[str | Some]:
    """The characters that a hole's value can have, by what is known of it."""
    only = None if hole.only is None else frozenset(hole.only)
    found: list[str | Some] = []
    for token in tokenize(hole.like):
        if isinstance(token, str):
            found.extend(token)
        else:
            found.append(Some(only, many=token is STAR))
    return found


def _characters(token: Token) -> Sequence[str | Some]:
    """What a token of a text can be, character by character."""
    return _of_hole(token) if isinstance(token, Hole) else token if isinstance(token, str) else ()


class Automaton:
    """Built once a pattern. wild: wildcards in the value of a hole of the pattern count."""

    def __init__(self, pattern: Sequence[Token], wild: bool) -> None:
        self._literals: dict[str, int] = {}
        self._sets: dict[frozenset[str] | None, int] = {}
        self._loops = self._somes = self._own = 0  # own: the atoms of the pattern itself, not of its holes
        self._skips: dict[str, list[tuple[int, int]]] = {}
        self._last = 0
        for token in pattern:
            start = self._last
            if isinstance(token, Hole):
                self._add([_ANY_MANY] if wild and may_be_wild(token) else _of_hole(token))
                self._skips.setdefault(token.name, []).append((start, self._last))
                continue
            self._add(token if isinstance(token, str) else [_ANY_ONE if token is ONE else _ANY_MANY])
            self._own |= (1 << self._last) - (1 << start)
        self._any = self._sets.pop(None, 0)
        self._classes = [(only, mask) for only, mask in self._sets.items() if only is not None]

    def _add(self, atoms: Sequence[str | Some]) -> None:
        for atom in atoms:
            bit = 1 << self._last
            if isinstance(atom, str):
                self._literals[atom] = self._literals.get(atom, 0) | bit
            else:
                self._sets[atom.only] = self._sets.get(atom.only, 0) | bit
                self._somes |= bit
                self._loops |= bit if atom.many else 0
            self._last += 1

    def __len__(self) -> int:
        return self._last

    def _accepting(self, character: str) -> int:
        """The atoms that accept a character."""
        mask = self._literals.get(character, 0) | self._any
        for only, bits in self._classes:
            if character in only:
                mask |= bits
        return mask

    def _overlapping(self, only: frozenset[str] | None) -> int:
        """The atoms that accept some character of a set."""
        if only is None:
            return (1 << self._last) - 1
        mask = self._any
        for character, bits in self._literals.items():
            if character in only:
                mask |= bits
        for own, bits in self._classes:
            if own & only:
                mask |= bits
        return mask

    def _closed(self, states: int, within: int) -> int:
        """With the states reached by passing loops without a character."""
        loops = self._loops & within
        while (wider := states | (states & loops) << 1) != states:
            states = wider
        return states

    def _step(self, states: int, accepting: int, within: int) -> int:
        """After one character: loops stay, the others move on."""
        going = states & accepting & within
        return self._closed((going & ~self._loops) << 1 | going & self._loops, within)

    def can(self, text: Sequence[Token]) -> bool:
        """False only where no value of the holes makes the text match."""
        states = self._closed(1, _EVERYTHING)
        for token in text:
            for atom in _characters(token):
                if isinstance(atom, str):
                    states = self._step(states, self._accepting(atom), _EVERYTHING)
                else:
                    states = self._through(states, atom)
                if not states:
                    return False
        return bool(states >> self._last & 1)

    def _through(self, states: int, some: Some) -> int:
        """After one, or any number, of the characters of a set."""
        accepting = self._overlapping(some.only)
        after = self._step(states, accepting, _EVERYTHING)
        if not some.many:
            return after
        while (wider := states | after) != states:
            states, after = wider, self._step(wider, accepting, _EVERYTHING)
        return states

    def must(self, text: Sequence[Token]) -> bool:
        """True only where every value of the holes makes the text match."""
        own = self._own
        states = self._closed(1, own)
        for token in text:
            before = states
            for atom in _characters(token):
                if isinstance(atom, str):
                    states = self._step(states, self._accepting(atom), own)
                elif atom.many:
                    states = self._closed(states & self._loops & own, own)
                else:
                    states = self._step(states, self._somes, own)
            if isinstance(token, Hole):
                for start, end in self._skips.get(token.name, ()):
                    states |= self._closed(1 << end, own) if before >> start & 1 else 0
            if not states:
                return False
        return bool(states >> self._last & 1)
