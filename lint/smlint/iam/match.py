"""Does a pattern of a policy match a text? In three values, because either may have holes.

`*` and `?` are wildcards in patterns. The six parts of an ARN are matched one by one, so `*` crosses `/` but not `:`,
except in the last part. A hole that stands in one of the first five parts of an ARN is taken to stay in its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from smlint.iam import holes
from smlint.iam.glob import STAR, Glob, Token, Wild, normal, tokenize
from smlint.record import replace
from smlint.values import NO, UNKNOWN, YES, Hole, Template, Text, Truth, join, pieces, split

_PARTS = 6
_CACHED = 8192


class Pattern:
    """A pattern, prepared. Build from tokens, or with `pattern` from what a policy says."""

    __slots__ = ("_end", "_glob", "_prefix", "_start", "everything", "ignore_case", "literal", "tokens")

    def __init__(self, tokens: tuple[Token, ...], *, ignore_case: bool = False) -> None:
        self.tokens = tuple(_lower(token) for token in tokens) if ignore_case else tokens
        self.ignore_case = ignore_case
        self.everything = self.tokens == (STAR,)
        first, last = (self.tokens[0], self.tokens[-1]) if self.tokens else ("", "")
        self._start = first if isinstance(first, str) else ""
        self._end = last if isinstance(last, str) else ""
        self.literal: str | None = None
        self._prefix: str | None = None
        self._glob: Glob | None = None
        if all(isinstance(token, str) for token in self.tokens):
            self.literal = "".join(token for token in self.tokens if isinstance(token, str))
        elif len(self.tokens) == 2 and isinstance(self.tokens[0], str) and self.tokens[1] is STAR:
            self._prefix = self.tokens[0]
        elif not any(isinstance(token, Hole) for token in self.tokens):
            self._glob = Glob(self.tokens)

    def match(self, text: Text) -> Truth:
        """Whether the whole text matches."""
        if self.everything:
            return YES
        if not isinstance(text, str):
            return self._match_open(lower(text) if self.ignore_case else text)
        if self.ignore_case:
            text = text.lower()
        if self.literal is not None:
            return YES if text == self.literal else NO
        if self._prefix is not None:
            return YES if text.startswith(self._prefix) else NO
        if self._glob is not None:
            return YES if self._glob.match(text) else NO
        return holes.match(self.tokens, (text,))

    def _match_open(self, text: Text) -> Truth:
        """The same for a text with holes; most of them are told apart by their first and last characters."""
        parts = pieces(text)
        first, last = parts[0], parts[-1]
        if isinstance(first, str) and first.startswith(self._start):
            if self._prefix is not None:
                return YES
            if self.literal is not None and first != self.literal:
                return NO
        elif isinstance(first, str) and not self._start.startswith(first):
            return NO
        if isinstance(last, str) and not last.endswith(self._end) and not self._end.endswith(last):
            return NO
        return holes.match(self.tokens, parts)


class ArnPattern:
    """A pattern of ARNs, prepared. One that has not six parts matches nothing, unless it is `*`."""

    __slots__ = ("_head", "everything", "parts", "tokens")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.everything = tokens == (STAR,)
        parts = _split_tokens(tokens)
        self.parts = tuple(map(_part, parts)) if len(parts) == _PARTS else None
        literals = [part.literal for part in self.parts[:-1]] if self.parts else [None]
        plain = literals[0] == "arn" and None not in literals
        self._head = "".join(f"{literal}:" for literal in literals) if plain else None

    def match(self, arn: Text) -> Truth:
        """Whether the ARN matches; the ARN `*` (an action that takes no resource) is matched by `*` alone."""
        if self.everything:
            return YES
        if self._head is not None and self.parts is not None and isinstance(arn, str):
            return self.parts[-1].match(arn[len(self._head) :]) if arn.startswith(self._head) else NO
        parts = arn_parts(arn if isinstance(arn, str) else _unfolded(arn))
        if parts is not None and self.parts is not None:
            return _match_parts(self.parts, parts)
        known = not any(isinstance(token, Hole) for token in self.tokens)
        if known and (isinstance(arn, str) or self.parts is None):
            return NO
        return self._match_whole(arn)

    def _match_whole(self, arn: Text) -> Truth:
        """Where holes hide the parts: a hole that begins both holds the same parts in both."""
        if Pattern(self.tokens).match(arn) is NO:
            return NO
        first, *rest = self.tokens
        start, *others = pieces(arn)
        if not isinstance(first, Hole) or first != start:
            return UNKNOWN
        return holes.match((first, *rest), (start, *others))


def _part(tokens: tuple[Token, ...]) -> Pattern:
    """The pattern of one part; most are the same few (`aws`, `kms`, `*`), which are kept unless they have holes."""
    return Pattern(tokens) if any(isinstance(token, Hole) for token in tokens) else _known_part(tokens)


@lru_cache(_CACHED)
def _known_part(tokens: tuple[Token, ...]) -> Pattern:
    return Pattern(tokens)


def _match_parts(patterns: tuple[Pattern, ...], parts: tuple[Text, ...]) -> Truth:
    answer = YES
    for pattern, part in zip(patterns, parts, strict=True):
        found = pattern.match(part)
        if found is NO:
            return NO
        if found is UNKNOWN:
            answer = UNKNOWN
    return answer


def _split_tokens(tokens: Iterable[Token]) -> list[tuple[Token, ...]]:
    """The parts of an ARN pattern: split at the first five colons of its literals."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", _PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([other] for other in others)
    return [normal(part) for part in parts]


def arn_parts(arn: Text) -> tuple[Text, ...] | None:
    """The six parts of an ARN, None where the text is none or a hole hides them."""
    if isinstance(arn, str):
        return _known_parts(arn)
    if not isinstance(arn.arn, tuple):
        parts = split(arn, ":", _PARTS - 1)
        object.__setattr__(arn, "arn", tuple(parts) if len(parts) == _PARTS and parts[0] == "arn" else ())
    return arn.arn or None  # type: ignore[return-value]


def arn_of(parts: Sequence[Text]) -> Text:
    """The ARN of six parts."""
    joined = [parts[0]]
    for part in parts[1:]:
        joined += [":", part]
    return join(joined)


@lru_cache(_CACHED)
def _known_parts(arn: str) -> tuple[str, ...] | None:
    parts = arn.split(":", _PARTS - 1)
    return tuple(parts) if len(parts) == _PARTS and parts[0] == "arn" else None


def _unfolded(arn: Template) -> Text:
    """With the first hole written as what is known of it, so that `arn:aws:kms:*:*:key/*` shows its parts."""
    first, *rest = arn.parts
    if not isinstance(first, Hole) or first.oneof or first.like.count(":") < _PARTS - 1:
        return arn
    known: list[str | Hole] = []
    for index, token in enumerate(tokenize(first.like)):
        known.append(Hole(f"{first.name}[{index}]", token.value, first.only) if isinstance(token, Wild) else str(token))
    return join([*known, *rest])


def _lower(token: Token) -> Token:
    if isinstance(token, str):
        return token.lower()
    if not isinstance(token, Hole):
        return token
    only = None if token.only is None else token.only.lower()
    return replace(token, like=token.like.lower(), only=only, oneof=tuple(value.lower() for value in token.oneof))


def lower(text: Text) -> Text:
    """The text in lower case, holes too."""
    if isinstance(text, str):
        return text.lower()
    return Template(tuple(piece.lower() if isinstance(piece, str) else _lower(piece) for piece in text.parts))  # type: ignore[misc]


def pattern(text: Text, ignore_case: bool = False) -> Pattern:
    """The pattern that a policy's text means; prepared once for texts without holes."""
    return (
        _known_pattern(text, ignore_case) if isinstance(text, str) else Pattern(tokenize(text), ignore_case=ignore_case)
    )


@lru_cache(_CACHED)
def _known_pattern(text: str, ignore_case: bool) -> Pattern:
    return Pattern(tokenize(text), ignore_case=ignore_case)


def arn_pattern(text: Text) -> ArnPattern:
    """The ARN pattern that a policy's text means; prepared once for texts without holes."""
    return _known_arn_pattern(text) if isinstance(text, str) else ArnPattern(tokenize(text))


@lru_cache(_CACHED)
def _known_arn_pattern(text: str) -> ArnPattern:
    return ArnPattern(tokenize(text))


def matches(pattern_text: Text, text: Text, *, ignore_case: bool = False) -> Truth:
    """Whether the text matches the pattern, whose `*` and `?` are wildcards."""
    return pattern(pattern_text, ignore_case).match(text)


def arn_matches(pattern_text: Text, arn: Text) -> Truth:
    """Whether the ARN matches the pattern, part by part."""
    return arn_pattern(pattern_text).match(arn)


def equal(one: Text, other: Text) -> Truth:
    """Whether the two texts are the same; wildcards stand for themselves."""
    if isinstance(one, str) and isinstance(other, str):
        return Truth.of(one == other)
    return YES if one == other else holes.match(pieces(one), pieces(other), wild=False)
