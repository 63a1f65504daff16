from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.leave_days import (
    LeaveChange,
    LeaveDays,
    parse_sheet_day,
    plan_leave,
    read_leave,
)
from cicero_cli.errors import BadValueError

CUTI = LeaveDays(first_day=date(2026, 11, 1), last_day=date(2026, 11, 12), reason="cuti")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01", "2026-11-1", "2026-11-01 00:00:00", "1/11/2026", "01-11-2026", "1.11.26", "1 Nov 2026",
        "01 NOVEMBER 2026", "1 Nopember 2026", "46327", "46327.0",
    ],
)  # fmt: skip
def test_a_day_is_read_as_sheets_have_it(text: str) -> None:
    assert parse_sheet_day(text) == date(2026, 11, 1)


@pytest.mark.parametrize(
    "text",
    ["", "besok", "11/25/2026", "31/2/2026", "1 Foo 2026", "2026-11-01 07:30", "1999-01-01", "12345", "1/11", "99999"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        parse_sheet_day(text)


@given(st.dates(date(2010, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    for text in (str(day), f"{day:%d/%m/%Y}", f"{day.day} {day:%b %Y}"):
        assert parse_sheet_day(text) == day


def test_a_row_without_days_has_no_leave() -> None:
    assert read_leave({"alasan": "hamil"}) == (None, {})
    assert read_leave({"mulai": "-", "sampai": " ", "status": "cuti"}) == (None, {})


def test_a_status_is_the_reason_where_no_other_is_given() -> None:
    days = {"mulai": "1/11/2026", "sampai": "12/11/2026"}
    assert read_leave({**days, "status": "cuti"}) == (CUTI, {})
    assert read_leave({**days, "status": "cuti", "alasan": "sakit"})[0] == LeaveDays(
        first_day=CUTI.first_day, last_day=CUTI.last_day, reason="sakit"
    )


def test_each_wrong_cell_is_named() -> None:
    found, wrong = read_leave({"mulai": "kemarin", "status": "aktif"})
    assert (found, [*wrong]) == (None, ["mulai", "sampai", "alasan"])
    found, wrong = read_leave({"mulai": "2/11/2026", "sampai": "1/11/2026", "alasan": "dik"})
    assert (found, {field: str(reason) for field, reason in wrong.items()}) == (
        None,
        {"sampai": "it is before the first day, 2026-11-02"},
    )


def test_leave_on_file_is_kept_changed_or_not_to_be_covered_twice() -> None:
    longer = LeaveDays(first_day=CUTI.first_day, last_day=date(2026, 11, 14), reason="cuti")
    other = LeaveDays(first_day=date(2026, 11, 14), last_day=date(2026, 11, 20), reason="dik")
    assert plan_leave(CUTI, [CUTI]) is None
    assert plan_leave(CUTI, []) == LeaveChange(before=None, after=CUTI)
    assert plan_leave(longer, [CUTI]) == LeaveChange(before=CUTI, after=longer)
    with pytest.raises(BadValueError, match="is on leave from 2026-11-14 to 2026-11-20 already"):
        plan_leave(longer, [CUTI, other])
