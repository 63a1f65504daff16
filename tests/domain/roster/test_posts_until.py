from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.roster.posts_until import counted_day, first_moment, normalise_posts_until

JAYAPURA = ZoneInfo("Asia/Jayapura")
DAY, NEXT = date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("typed", "stored"), [("20:00", "20:00"), ("20.05", "20:05"), ("23:59", "23:59"), ("", None)]
)
def test_the_last_time_for_posts_is_a_time_of_the_afternoon_or_evening(
    typed: str, stored: str | None
) -> None:
    assert normalise_posts_until(typed) == stored


@pytest.mark.parametrize("typed", ["8:00", "24:00", "20", "20:60", "jam 8", "20:00:30", "-"])
def test_what_is_no_such_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="12:00 to 23:59"):
        normalise_posts_until(typed)


def test_the_minute_itself_still_belongs_to_the_day_and_the_next_does_not() -> None:
    def day_at(clock: str, until: str | None = "20:00") -> date:
        moment = datetime.fromisoformat(f"2026-12-31T{clock}").replace(tzinfo=JAYAPURA)
        return counted_day(moment, JAYAPURA, until)

    assert [day_at(clock) for clock in ("00:00", "20:00", "20:00:59")] == [DAY] * 3
    assert [day_at(clock) for clock in ("20:01", "23:59:59")] == [NEXT] * 2
    assert (day_at("23:59:59", None), day_at("23:59:59", "23:59")) == (DAY, DAY)
    assert first_moment(NEXT, JAYAPURA, "20:00") == datetime(2026, 12, 31, 20, 1, tzinfo=JAYAPURA)
    assert first_moment(NEXT, JAYAPURA, None) == datetime(2027, 1, 1, tzinfo=JAYAPURA)
