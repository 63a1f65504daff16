"""Days, months and numbers of pages as addresses say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.spans import month_span
from cicero_cli.errors import InputError
from cicero_cli.services.attendance.absensi import choose_moment

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIRST_YEAR = 2010
_ONE_DAY = timedelta(days=1)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Period:
    """The day or the month that a page is about; `day` is the last one that a month has or has had so far."""

    day: date
    today: date
    is_month: bool = False

    @property
    def first_day(self) -> date:
        return self.day.replace(day=1) if self.is_month else self.day

    @property
    def before(self) -> date:
        """The day before, or one of the month before."""
        return self.first_day - _ONE_DAY

    @property
    def after(self) -> date | None:
        """The day after, or the first of the month after; None when it has not come."""
        last_day = month_span(self.day).last_day if self.is_month else self.day
        following = last_day + _ONE_DAY
        return following if following <= self.today else None

    @property
    def asked(self) -> str:
        """What the address of a page about the same says of it."""
        return f"bulan={self.day:%Y-%m}" if self.is_month else f"hari={self.day}"

    @property
    def as_day(self) -> str:
        """What the tabs about a day are opened with; nothing says today, also tomorrow."""
        return "" if self.day == self.today else f"?hari={self.day}"

    @property
    def as_month(self) -> str:
        """What the tabs about a month are opened with."""
        is_this = self.day.replace(day=1) == self.today.replace(day=1)
        return "" if is_this else f"?bulan={self.day:%Y-%m}"


def chosen_day(client: Client, hari: str, *, now: datetime) -> Period:
    """The day that was picked, today without one; InputError for what is none."""
    day = choose_moment(client, hari or None, None, now=now).day
    return Period(day, local_day(now, client.zone))


def chosen_month(client: Client, bulan: str, *, now: datetime) -> Period:
    """The month that was picked (YYYY-MM), this one without; InputError for what is none."""
    today = local_day(now, client.zone)
    if not bulan:
        return Period(today, today, is_month=True)
    found = _MONTH.fullmatch(bulan.strip())
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < _FIRST_YEAR:  # noqa: PLR2004 - months
        raise InputError("Bulan harus ditulis TTTT-BB, misalnya 2026-11.")
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise InputError("Bulan itu belum tiba.")
    return Period(min(month_span(first).last_day, today), today, is_month=True)


def take_page(items: Sequence[Item], halaman: str, *, size: int) -> tuple[Sequence[Item], int, int]:
    """What stands on that page of a long list, its number and how many there are; the first for what is no number."""
    pages = max(1, -(-len(items) // size))
    asked = int(halaman) if re.fullmatch(r"[0-9]{1,5}", halaman) else 1
    page = min(max(1, asked), pages)
    return items[(page - 1) * size : page * size], page, pages
