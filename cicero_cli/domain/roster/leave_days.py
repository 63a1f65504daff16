"""Days of leave as a sheet tells them (`mulai`, `sampai`, `alasan`), and what they change of those on file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cicero_cli.domain.roster.blanks import DASHES
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.users import is_away
from cicero_cli.errors import BadValueError
from cicero_cli.words import Text, reason_of

LEAVE_FIELDS = ("mulai", "sampai", "alasan")
_LONGEST_REASON = 60
_FIRST_YEAR, _LAST_YEAR = 2010, 2099
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]0?0[:.]00(?:[:.]00)?)?"
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[/.\- ](?P<month>\d{1,2}|[a-z]{3,9})\.?[/.\- ](?P<year>\d{4}|\d{2})", re.IGNORECASE)  # fmt: skip
_DAY_NUMBER = re.compile(r"\d{5}(?:[.,]0+)?")  # how Google's API gives a date
_DAY_NUMBERS_BEGIN = date(1899, 12, 30)
_MONTHS = (
    ("januari", "january"), ("februari", "february", "pebruari"), ("maret", "march"), ("april",), ("mei", "may"),
    ("juni", "june"), ("juli", "july"), ("agustus", "august", "agt"), ("september",), ("oktober", "october"),
    ("november", "nopember"), ("desember", "december"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveDays:
    """Days on which somebody counts as an exception, the last one included."""

    first_day: date
    last_day: date
    reason: str

    def __str__(self) -> str:
        return f"{self.first_day}..{self.last_day} {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveChange:
    """Leave that begins (`before` is None), ends as if it never was (`after` is None), or is another."""

    before: LeaveDays | None
    after: LeaveDays | None


def read_leave(cells: Mapping[str, str]) -> tuple[LeaveDays | None, dict[str, str]]:
    """The leave in a row's cells by field, and what is wrong with which; a reason without days is none.

    Without a reason of its own, a status such as `cuti` is it.
    """
    said = {field: plain_cell(cells.get(field, "")) for field in (*LEAVE_FIELDS, "status")}
    said = {field: "" if text in DASHES else text for field, text in said.items()}
    if not (said["mulai"] or said["sampai"]):
        return None, {}
    wrong: dict[str, str] = {}
    days: dict[str, date] = {}
    for field in ("mulai", "sampai"):
        try:
            days[field] = parse_sheet_day(said[field])
        except BadValueError as error:
            wrong[field] = reason_of(error)
    reason = said["alasan"] or (said["status"] if is_away(said["status"]) else "")
    if not reason:
        wrong["alasan"] = Text("leave needs a word such as cuti, dik, sakit or bko")
    elif len(reason) > _LONGEST_REASON:
        wrong["alasan"] = Text("expected at most {longest} characters", longest=_LONGEST_REASON)
    else:
        try:
            check_text(reason)
        except ValueError as error:
            wrong["alasan"] = reason_of(error)
    if not wrong and days["sampai"] < days["mulai"]:
        wrong["sampai"] = Text("it is before the first day, {first_day}", first_day=days["mulai"])
    if wrong:
        return None, wrong
    found = LeaveDays(
        first_day=days["mulai"], last_day=days["sampai"], reason=" ".join(reason.split())
    )
    return found, {}


def plan_leave(wanted: LeaveDays, on_file: Sequence[LeaveDays]) -> LeaveChange | None:
    """What makes the leave on file say what is wanted: None when it does; leave that begins on the same day is changed.
    BadValueError when it would cover days of another.
    """
    if wanted in on_file:
        return None
    same = next((one for one in on_file if one.first_day == wanted.first_day), None)
    for one in on_file:
        if (
            one is not same
            and one.first_day <= wanted.last_day
            and one.last_day >= wanted.first_day
        ):
            raise BadValueError(
                "is on leave from {first_day} to {last_day} already ({reason})",
                first_day=one.first_day,
                last_day=one.last_day,
                reason=one.reason,
            )
    return LeaveChange(before=same, after=wanted)


def parse_sheet_day(text: str) -> date:
    """A day as sheets have it: 2026-11-01, 1/11/2026, 1 Nov 2026, or a spreadsheet's own day number; BadValueError otherwise."""
    words = " ".join(text.split())
    if not words:
        raise BadValueError("it is empty; leave has a first and a last day")
    if _DAY_NUMBER.fullmatch(words):
        day: date | None = _DAY_NUMBERS_BEGIN + timedelta(days=int(words[:5]))
    else:
        found = _ISO.fullmatch(words) or _DAY_FIRST.fullmatch(words)
        day = found and _day_of(found["year"], found["month"], found["day"])
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValueError("expected a day such as 2026-11-01, 1/11/2026 or 1 November 2026")
    return day


def as_json(leave: LeaveDays | None) -> dict[str, str] | None:
    """Leave as an import keeps it; `from_json` reads it."""
    if leave is None:
        return None
    return {
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat(),
        "reason": leave.reason,
    }


def from_json(kept: Mapping[str, Any] | None) -> LeaveDays | None:
    """Leave as `as_json` wrote it."""
    if kept is None:
        return None
    return LeaveDays(
        first_day=date.fromisoformat(kept["first_day"]),
        last_day=date.fromisoformat(kept["last_day"]),
        reason=kept["reason"],
    )


def _day_of(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _month_number(month.lower())
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))  # noqa: PLR2004 # digits
    except ValueError:
        return None


def _month_number(name: str) -> int:
    """The month that has or begins with this name; 0 when none does."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(whole.startswith(name) for whole in names):
            return number
    return 0
