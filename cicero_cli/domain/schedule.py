"""When a job's slots begin, in the zone that its client lives in (docs/adr/0022).

Cron only wakes cicero; which slot is due is decided here, whatever the host's zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WAKE_MINUTES = 10
"""How often cron wakes a job: what is not begun within two of these is late."""
CATCH_UP = timedelta(minutes=90)
NIGHTLY_CATCH_UP = timedelta(hours=24)


class SomeDays(Protocol):
    """A time of some days only, such as each Monday's; as text it is as it was set."""

    def on(self, day: date) -> time | None:
        """The time, on a day that is one of them."""
        ...


@dataclass(frozen=True, slots=True)
class DueSlot:
    """A job's slot that has begun; `starts_at` is in the client's zone."""

    starts_at: datetime
    is_first: bool  # of its day

    @property
    def day(self) -> date:
        return self.starts_at.date()

    def is_late(self, now: datetime) -> bool:
        """Whether cron has missed it, as on a machine that was down."""
        return now - self.starts_at > timedelta(minutes=2 * WAKE_MINUTES)


def latest_slot(
    times: Sequence[time] | Sequence[SomeDays],
    now: datetime,
    zone: ZoneInfo,
    *,
    within: timedelta,
) -> DueSlot | None:
    """The last slot that has begun, unless it began longer than `within` ago; yesterday's too, after midnight."""
    local = now.astimezone(zone)
    begun = []
    for day in (local.date() - timedelta(days=1), local.date()):
        of_day = [at for one in times if (at := _time_on(one, day)) is not None]
        begun += [
            DueSlot(start, is_first=at == min(of_day))
            for at in of_day
            if (start := datetime.combine(day, at, zone)) <= local
        ]
    last = max(begun, key=lambda slot: slot.starts_at, default=None)
    return last if last is not None and local - last.starts_at < within else None


def next_slot(times: Sequence[time], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next slot begins, today or tomorrow; None without times."""
    local = now.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    starts = (datetime.combine(day, at, zone) for day in days for at in times)
    return min((start for start in starts if start > local), default=None)


def own_times(written: str | None, otherwise: Sequence[time]) -> Sequence[time]:
    """A client's own times as `write_times` wrote them; the installation's where it has none."""
    if written is None:
        return otherwise
    return [time.fromisoformat(at) for at in written.split(",") if at]


def write_times(times: Sequence[time] | Sequence[SomeDays]) -> str:
    """`15:00,18:00` or `mon 07:00`: the times of a job in words, to tell whether they were changed."""
    return ",".join(f"{at:%H:%M}" if isinstance(at, time) else str(at) for at in times)


def _time_on(at: time | SomeDays, day: date) -> time | None:
    return at if isinstance(at, time) else at.on(day)
