"""Spans of days, as the dashboards ask for them: a period around a day, or a first and a last day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from cicero_cli.errors import BadValueError

LONGEST_DAYS = 366
_FIRST_YEAR, _LAST_YEAR = 2010, 2099
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, the last one included."""

    first_day: date
    last_day: date


EVER = Span(date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanWords:
    """What was typed; blank says nothing. A first or last day (`mulai`, `selesai`) outranks period and day."""

    periode: str | None = None
    tanggal: str | None = None
    mulai: str | None = None
    selesai: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether no span was asked for at all."""
        return not any(map(_said, (self.periode, self.tanggal, self.mulai, self.selesai)))


def read_span(words: SpanWords) -> Callable[[date], Span]:
    """What the words mean to somebody whose today is given; ValueError for what is no period or day.

    `harian` (the default) is the day `tanggal` or today, `mingguan` the Monday to Sunday around it, `bulanan` its month,
    which may be written YYYY-MM. Of a first and a last day one alone is that one day.
    """
    mulai, selesai = _said(words.mulai), _said(words.selesai)
    if mulai or selesai:
        span = Span(_read_day(mulai or selesai), _read_day(selesai or mulai))
        if span.first_day > span.last_day:
            raise BadValueError("expected a first day that is not after the last one")
        if (span.last_day - span.first_day).days >= LONGEST_DAYS:
            raise BadValueError("expected at most {longest} days", longest=LONGEST_DAYS)
        return lambda _today: span
    periode = _said(words.periode).lower() or "harian"
    if periode not in _PERIODS:
        raise BadValueError("expected harian, mingguan or bulanan as periode")
    widen = _PERIODS[periode]
    tanggal = _said(words.tanggal)
    if not tanggal:
        return widen
    if periode == "bulanan" and _MONTH.fullmatch(tanggal):
        tanggal += "-01"
    span = widen(_read_day(tanggal))
    return lambda _today: span


def day_span(day: date) -> Span:
    """The day alone."""
    return Span(day, day)


def week_span(day: date) -> Span:
    """From the Monday to the Sunday around the day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def month_span(day: date) -> Span:
    """The day's calendar month."""
    first = day.replace(day=1)
    is_december = first.month == _DECEMBER
    following = date(first.year + is_december, 1 if is_december else first.month + 1, 1)
    return Span(first, following - timedelta(days=1))


_PERIODS: dict[str, Callable[[date], Span]] = {
    "harian": day_span,
    "mingguan": week_span,
    "bulanan": month_span,
}


def _said(word: str | None) -> str:
    return (word or "").strip()


def _read_day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise BadValueError("expected a day written YYYY-MM-DD, such as 2026-11-21")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValueError("expected a day that the calendar has") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValueError(
            "expected a day from {first} to {last}", first=_FIRST_YEAR, last=_LAST_YEAR
        )
    return day
