"""Days, months and numbers of pages as addresses say them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from cicero_cli.domain.clients import Client
from cicero_cli.domain.periods import local_day
from cicero_cli.errors import InputError
from cicero_cli.services.reporting import Moment, choose_moment

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIRST_YEAR = 2010


def chosen_moment(client: Client, hari: str, *, now: datetime) -> Moment:
    """The day that was picked, today without one; InputError for what is none."""
    return choose_moment(client, hari or None, None, now=now)


def chosen_month(client: Client, bulan: str, *, now: datetime) -> date:
    """The first day of the month that was picked (YYYY-MM), of this one without; InputError for what is none."""
    today = local_day(now, client.zone)
    if not bulan:
        return today.replace(day=1)
    found = _MONTH.fullmatch(bulan.strip())
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < _FIRST_YEAR:  # noqa: PLR2004 - months
        raise InputError("Bulan harus ditulis TTTT-BB, misalnya 2026-11.")
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise InputError("Bulan itu belum tiba.")
    return first


def month_before(first_day: date) -> date:
    """The first day of the month before."""
    return (first_day - timedelta(days=1)).replace(day=1)


def month_after(first_day: date) -> date:
    """The first day of the month after."""
    return (first_day + timedelta(days=31)).replace(day=1)


def page_number(text: str) -> int:
    """Which page of a long list, from 1; the first for what is no number."""
    return max(1, int(text)) if re.fullmatch(r"[0-9]{1,5}", text) else 1
