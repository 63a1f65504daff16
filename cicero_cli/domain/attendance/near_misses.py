"""Near misses: handles among the people of a post that may be the user's own, mistyped or changed since."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile
from operator import eq
from typing import NamedTuple

from cicero_cli.words import Text

_MOST = 5
_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")
_SHORTEST = 4  # letters; anything shorter is like too many handles to mean something
_ALIKE = 0.8
_LENGTH_APART = 3
_LETTERS_APART = 3  # letters that only one of two alike handles has


class NearMiss(NamedTuple):
    """A handle that was seen, and why it may be the user's."""

    handle: str
    reason: str


def find_near_misses(
    handle: str, candidates: Iterable[str], *, former: Iterable[str] = ()
) -> list[NearMiss]:
    """At most five of the candidates, likeliest first; all handles as they are compared, lower-case without `@`.

    The handle itself is no near miss. `former` are handles that the user had before.
    """
    earlier = frozenset(former)
    compare = _Comparison(handle)
    found: list[tuple[float, str, Text]] = []
    for candidate in set(candidates) - {handle}:
        if candidate in earlier:
            found.append((0.0, candidate, Text("an earlier handle of this user")))
        elif verdict := compare(candidate):
            found.append((verdict[0], candidate, verdict[1]))
    found.sort(key=lambda one: (one[0], abs(len(one[1]) - len(handle)), one[1]))
    return [NearMiss(candidate, reason) for _, candidate, reason in found[:_MOST]]


class _Comparison:
    """One handle against thousands: what is dear is asked only of the few that pass what is cheap."""

    def __init__(self, handle: str) -> None:
        self.bare = _without_marks(handle)
        self.letters = self.bare.translate(_WITHOUT_DIGITS)
        self.letter_set = set(self.bare)
        self.matcher = SequenceMatcher(b=self.bare, autojunk=False)

    def __call__(self, candidate: str) -> tuple[float, Text] | None:
        """How far away it is, 1 or more, and the reason; None for a handle that is not alike."""
        bare = _without_marks(candidate)
        if bare == self.bare:
            return (1, Text("the same but for dots and underscores")) if bare else None
        if min(len(bare), len(self.bare)) < _SHORTEST:
            return None
        letters = bare if bare.isalpha() else bare.translate(_WITHOUT_DIGITS)
        if letters == self.letters and len(letters) >= _SHORTEST:
            return 2, Text("the same but for digits")
        return self._slip(bare) or self._part(bare) or self._likeness(bare)

    def _slip(self, bare: str) -> tuple[float, Text] | None:
        """One slip of the finger: what remains between the common beginning and the common end tells which."""
        if abs(len(bare) - len(self.bare)) > 1:
            return None
        if bare[0] != self.bare[0] and bare[-1] != self.bare[-1]:
            return None
        start = _shared(bare, self.bare)
        seen, own = bare[start:], self.bare[start:]
        end = _shared(seen[::-1], own[::-1])
        seen, own = seen[: len(seen) - end], own[: len(own) - end]
        if len(seen) == len(own) == len("ab") and seen == own[::-1]:
            return 3, Text("two neighbouring letters swapped")
        if max(len(seen), len(own)) > 1:
            return None
        return 4, _slipped(seen, own)

    def _part(self, bare: str) -> tuple[float, Text] | None:
        short, long = sorted((bare, self.bare), key=len)
        if len(short) * 2 < len(long) or short not in long:
            return None
        return 5, Text("contains the handle") if long == bare else Text("is a part of the handle")

    def _likeness(self, bare: str) -> tuple[float, Text] | None:
        if abs(len(bare) - len(self.bare)) > _LENGTH_APART:
            return None
        if len(self.letter_set.symmetric_difference(bare)) > _LETTERS_APART:
            return None
        self.matcher.set_seq1(bare)
        if self.matcher.quick_ratio() < _ALIKE or (ratio := self.matcher.ratio()) < _ALIKE:
            return None
        return 7 - ratio, Text("{ratio:.0%} alike", ratio=ratio)


def _slipped(seen: str, own: str) -> Text:
    if seen and own:
        return Text("one letter differs ({seen} for {own})", seen=seen, own=own)
    return (
        Text("one letter more ({seen})", seen=seen)
        if seen
        else Text("one letter less ({own})", own=own)
    )


def _without_marks(handle: str) -> str:
    return handle.replace(".", "").replace("_", "")


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(takewhile(bool, map(eq, one, other)))
