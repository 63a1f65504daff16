"""The day's slots: which report or reminder it is, and until when anybody wants it (DESIGN section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import day_bounds


class Stage(StrEnum):
    """Which of the day's reminders it is; each has its own wording."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


_LAST_REMINDER_ENDS = time(21, 30)
_SHORTEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of a local day with a name that dedupe keys hold."""

    name: str
    ends_at: datetime


def report_slot(now: datetime, zone: ZoneInfo, times: Sequence[time]) -> Slot:
    """The report that is sent now: that of the last of `times` that has come, `00:00` before; wanted until the day ends,
    and for two hours in any case, for it may be caught up after midnight: `now` is then when the slot began.

    The name has the day of sending, for the report of an earlier day may be sent again with what is known by then.
    """
    local = now.astimezone(zone)
    begun = max((at for at in times if at <= local.time()), default=time.min)
    starts_at = datetime.combine(local.date(), begun, zone)
    ends_at = max(day_bounds(local.date(), zone)[1], starts_at + _SHORTEST)
    return Slot(f"{starts_at:%Y-%m-%dT%H:%M}", ends_at)


def reminder_slot(now: datetime, zone: ZoneInfo, times: Sequence[time]) -> tuple[Stage, Slot]:
    """The reminder that is sent now: it is over when the next one begins, the last at 21:30 (then at midnight).

    Before the first it is the first already: whoever runs `remind` early means it. All between first and last are the second.
    """
    local = now.astimezone(zone)
    begins = list(times) or [time.min]
    place = max((number for number, at in enumerate(begins) if at <= local.time()), default=0)
    stage = Stage.SECOND
    if place in {0, len(begins) - 1}:
        stage = Stage.FIRST if place == 0 else Stage.LAST
    ends = [after for _, after in pairwise(begins)] + [_LAST_REMINDER_ENDS]
    ends_at = datetime.combine(local.date(), ends[place], zone)
    if ends_at <= local:
        ends_at = datetime.combine(local.date() + timedelta(days=1), time.min, zone)
    return stage, Slot(f"{begins[place]:%H:%M}", ends_at)
