"""Until when a day's posts are published: what comes later belongs to the next day (docs/adr/0032)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import day_bounds
from cicero_cli.errors import BadValueError

_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
_EARLIEST = time(12)  # before noon it is a slip: 8:00 for 20:00


def normalise_posts_until(text: str) -> str | None:
    """`20:00`, also from 20.00; None for nothing; ValueError otherwise."""
    if not text:
        return None
    found = _TIME.fullmatch(text)
    try:
        until = time(int(found[1]), int(found[2])) if found else time.min
    except ValueError:
        until = time.min
    if until < _EARLIEST:
        raise BadValueError("expected a time from 12:00 to 23:59, such as 20:00")
    return f"{until:%H:%M}"


def counted_day(published_at: datetime, zone: ZoneInfo, posts_until: str | None) -> date:
    """The local day of publication, or after the minute `posts_until` of that day the next: as `day_of_post` of the database."""
    local = published_at.astimezone(zone)
    is_late = posts_until is not None and f"{local:%H:%M}" > posts_until
    return local.date() + timedelta(days=is_late)


def first_moment(day: date, zone: ZoneInfo, posts_until: str | None) -> datetime:
    """Since when posts belong to the day; `posts_until` is the rule of the day before."""
    if posts_until is None:
        return day_bounds(day, zone)[0]
    until = datetime.combine(day - timedelta(days=1), time.fromisoformat(posts_until), zone)
    return until + timedelta(minutes=1)
