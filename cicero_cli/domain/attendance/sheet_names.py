"""Names of a workbook's sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST_NAME = 31  # in UTF-16 units
_UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name as Excel takes it for a sheet: short, without certain letters, and none of `taken`, which are case-folded."""
    plain = _UNFIT.sub("-", name).strip(" '") or "Lembar"
    known = {*taken, *_RESERVED}
    short = _cut(plain, _LONGEST_NAME)
    number = 1
    while short.casefold() in known:
        number += 1
        tail = f" {number}"
        short = f"{_cut(plain, _LONGEST_NAME - len(tail))}{tail}"
    return short


def _cut(text: str, units: int) -> str:
    """What fits into so many UTF-16 units."""
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text.rstrip(" '")
