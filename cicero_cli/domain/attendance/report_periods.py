"""`--period`: the days that a recap is about, and those that it is compared with (DESIGN section 3, Periods)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from cicero_cli.domain.periods import parse_day
from cicero_cli.domain.spans import LONGEST_DAYS, Span, day_span, month_span, week_span
from cicero_cli.errors import BadValueError

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Days, the last one included, none of them to come; and as many days before them, where the calendar has so many."""

    name: str  # as it was asked for
    span: Span
    before: Span


def read_period(text: str, *, today: date) -> ReportPeriod:
    """`hari`, `minggu` (Monday to today), `bulan` (the first to today), each with `-lalu` for the last whole one, a month
    written YYYY-MM, a day, or FROM..TO; BadValueError for anything else, and for days that have not come.
    """
    name = text.strip().lower()
    if name in _WORDS:
        return _WORDS[name](name, today)
    if _MONTH.fullmatch(name):
        first = parse_day(f"{name}-01", today=today)
        return _month(name, first, min(month_span(first).last_day, today))
    first_text, dots, last_text = name.partition("..")
    first = parse_day(first_text, today=today)
    last = parse_day(last_text, today=today) if dots else first
    if last < first:
        raise BadValueError("expected a first day that is not after the last one")
    if (last - first).days >= LONGEST_DAYS:
        raise BadValueError("expected at most {longest} days", longest=LONGEST_DAYS)
    return ReportPeriod(name, Span(first, last), Span(first - (last - first) - _DAY, first - _DAY))


def _hari(name: str, day: date) -> ReportPeriod:
    return ReportPeriod(name, day_span(day), day_span(day - _DAY))


def _week(name: str, first: date, last: date) -> ReportPeriod:
    return ReportPeriod(name, Span(first, last), Span(first - _WEEK, last - _WEEK))


def _month(name: str, first: date, last: date) -> ReportPeriod:
    """Against the same days of the month before; a whole month against a whole one."""
    before = month_span(first - _DAY)
    is_whole = last == month_span(first).last_day
    until = before.last_day if is_whole else before.first_day + (last - first)
    return ReportPeriod(
        name, Span(first, last), Span(before.first_day, min(until, before.last_day))
    )


def _last_month(name: str, today: date) -> ReportPeriod:
    span = month_span(today.replace(day=1) - _DAY)
    return _month(name, span.first_day, span.last_day)


def _last_week(name: str, today: date) -> ReportPeriod:
    span = week_span(today - _WEEK)
    return _week(name, span.first_day, span.last_day)


_WORDS: dict[str, Callable[[str, date], ReportPeriod]] = {
    "hari": _hari,
    "hari-lalu": lambda name, today: _hari(name, today - _DAY),
    "minggu": lambda name, today: _week(name, week_span(today).first_day, today),
    "minggu-lalu": _last_week,
    "bulan": lambda name, today: _month(name, today.replace(day=1), today),
    "bulan-lalu": _last_month,
}
