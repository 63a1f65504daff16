from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.errors import BadValueError

FRIDAY = date(2026, 11, 27)


def days(text: str, today: date = FRIDAY) -> tuple[str, str]:
    period = read_period(text, today=today)
    return (
        f"{period.span.first_day}..{period.span.last_day}",
        f"{period.before.first_day}..{period.before.last_day}",
    )


@pytest.mark.parametrize(
    ("text", "span", "before"),
    [
        ("hari", "2026-11-27..2026-11-27", "2026-11-26..2026-11-26"),
        ("hari-lalu", "2026-11-26..2026-11-26", "2026-11-25..2026-11-25"),
        ("Minggu", "2026-11-23..2026-11-27", "2026-11-16..2026-11-20"),
        ("minggu-lalu", "2026-11-16..2026-11-22", "2026-11-09..2026-11-15"),
        ("bulan", "2026-11-01..2026-11-27", "2026-10-01..2026-10-27"),
        ("bulan-lalu", "2026-10-01..2026-10-31", "2026-09-01..2026-09-30"),
        ("2026-02", "2026-02-01..2026-02-28", "2026-01-01..2026-01-31"),
        ("2026-11", "2026-11-01..2026-11-27", "2026-10-01..2026-10-27"),
        ("2026-11-20", "2026-11-20..2026-11-20", "2026-11-19..2026-11-19"),
        ("2026-11-18..2026-11-27", "2026-11-18..2026-11-27", "2026-11-08..2026-11-17"),
        ("2025-12-30..2026-01-02", "2025-12-30..2026-01-02", "2025-12-26..2025-12-29"),
    ],
)
def test_a_period_is_its_days_and_those_before(text: str, span: str, before: str) -> None:
    assert days(text) == (span, before)


def test_over_new_year_and_the_ends_of_months() -> None:
    assert days("minggu-lalu", date(2026, 1, 1)) == (
        "2025-12-22..2025-12-28",
        "2025-12-15..2025-12-21",
    )
    assert days("bulan-lalu", date(2026, 1, 31)) == (
        "2025-12-01..2025-12-31",
        "2025-11-01..2025-11-30",
    )
    assert days("bulan", date(2026, 3, 30)) == ("2026-03-01..2026-03-30", "2026-02-01..2026-02-28")
    assert days("bulan", date(2026, 2, 28)) == ("2026-02-01..2026-02-28", "2026-01-01..2026-01-31")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a day written YYYY-MM-DD"),
        ("tahun", "expected a day written YYYY-MM-DD"),
        ("2026-13", "expected a day written YYYY-MM-DD"),
        ("2026-12", "expected a day that has come"),
        ("2026-11-20..2026-11-28", "expected a day that has come"),
        ("2026-11-20..2026-11-19", "expected a first day that is not after the last one"),
        ("2024-11-20..2026-11-19", "expected at most 366 days"),
    ],
)
def test_what_is_no_period_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadValueError, match=said):
        read_period(text, today=FRIDAY)


@given(
    st.sampled_from(["hari", "minggu", "bulan", "hari-lalu", "minggu-lalu", "bulan-lalu"]),
    st.dates(date(2011, 1, 1), date(2030, 12, 31)),
)
def test_no_period_reaches_past_today_or_into_the_one_before(text: str, today: date) -> None:
    period = read_period(text, today=today)
    assert period.before.first_day <= period.before.last_day < period.span.first_day
    assert period.span.first_day <= period.span.last_day <= today
