"""Single values of a reply, none of which is believed to be of the type that it should be.

Counts come as numbers, as texts, as 1018.0, as -1 where they are hidden; objects come as null, as bare texts or not at all.
Each reader gives what can be made of the value, or nothing; nobody is refused for what nobody needs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cicero_cli.errors import UpstreamError

_LARGEST = 2**63 - 1  # what a column holds
_LONGEST_NUMBER = 24
_ROUNDED_FROM = 10_000  # contract RAPIDAPI
_ROUNDED_BY = 0.05
_END_OF_TIME = 253_402_300_800  # the year 10000, which no datetime reaches


def read_count(*values: Any) -> int | None:
    """The largest of the values that are counts; None when none is, as for a hidden one.

    The platforms say the same count twice, and one of them may not be there yet: the larger is the newer. Put the exact one
    first: from 10,000 up the other is rounded, and no better for being larger.
    """
    counts = [count for value in values if (count := _count(value)) is not None]
    if not counts:
        return None
    exact, largest = counts[0], max(counts)
    is_rounding = largest >= _ROUNDED_FROM and largest - exact < largest * _ROUNDED_BY
    return exact if is_rounding else largest


def _count(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        try:
            value = float(value) if not value.strip().isdecimal() else int(value)
        except ValueError:
            return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= _LARGEST else None


def read_code(value: Any) -> int | None:
    """A status code, which may be negative; None for what is none."""
    if isinstance(value, str):
        value = int(value) if value.strip().removeprefix("-").isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_text(value: Any) -> str:
    """A text, be it bare or the `text` of an object."""
    inner = part(value, "text")
    return next((text for text in (value, inner) if isinstance(text, str)), "")


def read_key(value: Any) -> str:
    """An id, which comes as a text or as a number; empty when there is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def read_handle(value: Any, name: str) -> str:
    """The handle of a person, be it bare or under `name` of an object; lower-case, empty when there is none."""
    inner = part(value, name)
    found = next((text for text in (value, inner) if isinstance(text, str)), "")
    return found.strip().removeprefix("@").lower()


def part(value: Any, *names: str) -> Any:
    """What an object holds under these names, one inside the other; None when anything on the way is no object."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items_of(value: Any) -> list[Any]:
    """The items of a list; none when it is no list."""
    return value if isinstance(value, list) else []


def is_moment(seconds: Any) -> bool:
    """Whether the value is a time in seconds."""
    return 0 < (_count(seconds) or 0) < _END_OF_TIME


def moment(seconds: Any) -> datetime:
    """The time that an upstream's seconds UTC mean; UpstreamError when they mean none, as 0 does."""
    if not is_moment(seconds):
        raise UpstreamError(
            "expected a time in seconds, got {seconds!r}", code="unreadable", seconds=seconds
        )
    return datetime.fromtimestamp(_count(seconds) or 0, UTC)
