from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.collection.runs import is_overdue, last_asked

JAKARTA = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("now", "good_at", "overdue"),
    [
        ("2026-11-21 12:50", "2026-11-21 11:32", False),  # that of 12:30 may still be under way
        ("2026-11-21 13:20", "2026-11-21 11:32", True),
        ("2026-11-21 13:20", "2026-11-21 12:32", False),
        ("2026-11-21 03:00", "2026-11-20 20:32", False),  # nothing is fetched at night
        ("2026-11-21 06:40", "2026-11-20 20:32", False),
        ("2026-11-21 07:20", "2026-11-20 20:32", True),
        ("2026-11-21 23:00", "2026-11-21 19:32", True),
        ("2026-11-21 12:00", None, True),
    ],
)
def test_a_fetch_is_overdue_when_cron_should_have_made_another(
    *, now: str, good_at: str | None, overdue: bool
) -> None:
    found = is_overdue(
        at(good_at) if good_at else None,
        now=at(now),
        zone=JAKARTA,
        times=[time(hour, 30) for hour in range(6, 21)],
    )
    assert found is overdue


def test_a_day_was_last_asked_about_by_a_fetch_of_that_day_or_when_its_people_were_read() -> None:
    day, read_at = at("2026-11-21 00:00").date(), at("2026-11-21 14:30")
    evening, next_day = at("2026-11-21 20:30"), at("2026-11-22 06:30")
    assert last_asked(day, JAKARTA, read_at=read_at, good_at=evening) == evening
    assert last_asked(day, JAKARTA, read_at=read_at, good_at=next_day) == read_at
    assert last_asked(day, JAKARTA, read_at=next_day, good_at=next_day) == next_day
    assert last_asked(day, JAKARTA, read_at=None, good_at=None) is None
