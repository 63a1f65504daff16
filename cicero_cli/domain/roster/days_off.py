"""Days off: days of the week, and holidays, on which a client's people are not reminded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.errors import BadValueError

HOLIDAYS = "holidays"
_WORDS = {
    "mon": ("monday", "senin", "sen"),
    "tue": ("tuesday", "tues", "selasa", "sel"),
    "wed": ("wednesday", "rabu", "rab"),
    "thu": ("thursday", "thur", "thurs", "kamis", "kam"),
    "fri": ("friday", "jumat", "jum", "jum'at"),
    "sat": ("saturday", "sabtu", "sab"),
    "sun": ("sunday", "minggu", "min", "ahad"),
    HOLIDAYS: ("holiday", "libur"),
}
_CANONICAL = {word: name for name, words in _WORDS.items() for word in (name, *words)}


class DayOff(NamedTuple):
    """One day off and why: the holiday's name, or the day of the week in Indonesian."""

    day: date
    name: str


class Holiday(NamedTuple):
    """A day of the table; `client_id` None: for all clients."""

    day: date
    name: str
    client_id: str | None


def normalise_days_off(text: str) -> str | None:
    """`sat,sun,holidays` in this order, from English or Indonesian words; None for nothing; ValueError otherwise."""
    chosen = set()
    for word in filter(None, re.split(r"[,;\s]+", text.lower())):
        if word not in _CANONICAL:
            raise BadValueError(
                "expected days of the week and holidays, such as sat,sun,holidays (sabtu,minggu,libur)"
            )
        chosen.add(_CANONICAL[word])
    return ",".join(word for word in _WORDS if word in chosen) or None


def name_day_off(day: date, holiday: str | None) -> DayOff:
    """A day that is off by this holiday, or else by its day of the week."""
    return DayOff(day, holiday or format_day_indonesian(day).partition(",")[0])


def group_days_off(days_off: Sequence[DayOff]) -> list[tuple[str | None, list[date]]]:
    """The days by why, in order: those off by the day of the week together (None), each holiday apart."""
    groups: dict[str | None, list[date]] = {}
    for one in days_off:
        is_weekly = one == name_day_off(one.day, None)
        groups.setdefault(None if is_weekly else one.name, []).append(one.day)
    return list(groups.items())
