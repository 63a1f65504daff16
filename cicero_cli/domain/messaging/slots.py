"""The day's slots: which report or reminder it is, and until when anybody wants it (DESIGN section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import day_bounds

_REPORT_HOURS = (15, 18, 21)


class Stage(StrEnum):
    """Which of the day's reminders it is; each has its own wording."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


_STAGES = (
    (time(12, 10), Stage.FIRST),
    (time(16, 10), Stage.SECOND),
    (time(19, 10), Stage.LAST),
)
_STAGES_END = time(21, 30)


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of a local day with a name that dedupe keys hold."""

    name: str
    ends_at: datetime


def report_slot(now: datetime, zone: ZoneInfo) -> Slot:
    """The report that is sent now: that of 15, 18 or 21 o'clock, `00` before; wanted until the day ends.

    The name has the day of sending, for the report of an earlier day may be sent again with what is known by then.
    """
    local = now.astimezone(zone)
    begun = max((start for start in _REPORT_HOURS if start <= local.hour), default=0)
    return Slot(f"{local:%Y-%m-%d}T{begun:02d}", day_bounds(local.date(), zone)[1])


def reminder_slot(now: datetime, zone: ZoneInfo) -> tuple[Stage, Slot]:
    """The reminder that is sent now: it is over when the next one begins, the last at 21:30 (then at midnight).

    Before 12:10 it is the first already: whoever runs `remind` early means it.
    """
    local = now.astimezone(zone)
    stage = Stage.FIRST
    ends = [start for start, _ in _STAGES[1:]] + [_STAGES_END]
    end = ends[0]
    for (start, candidate), candidate_end in zip(_STAGES, ends, strict=True):
        if local.time() >= start:
            stage, end = candidate, candidate_end
    ends_at = datetime.combine(local.date(), end, zone)
    if ends_at <= local:
        ends_at = datetime.combine(local.date() + timedelta(days=1), time.min, zone)
    return stage, Slot(stage.value, ends_at)
