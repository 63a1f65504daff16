"""One execution of a fetch for one client: what it brought, what it cost, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.schedule import latest_slot
from cicero_cli.words import Text


class Failure(NamedTuple):
    """Why a run did not bring all that it should: a stable word for it, and the sentence."""

    code: str
    words: Text


def summarise(failures: Sequence[Failure]) -> Failure | None:
    """The first failure of a run, and how many came after it."""
    if not failures:
        return None
    code, words = failures[0]
    if len(failures) == 1:
        return failures[0]
    return Failure(code, Text("{first} (and {more} more)", first=words, more=len(failures) - 1))


class RunStatus(StrEnum):
    """How a run ended, or that it has not."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"  # the posts came; the likes or comments of some did not
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The fields of `fetch … --json`, which scripts rely on (DESIGN section 5).

    `posts` of the days asked for, `new` likes or comments, `listed` of `total` people over those posts (None: hidden). Posts whose
    people were not read: `finished` (everybody expected has been seen), `unmoved` (the count is what it was), `later` (another
    fetch comes in time), `unaffordable` (the budget is spent on others).
    """

    client_id: str
    platform: Platform
    status: RunStatus
    posts: int = 0
    new: int = 0
    listed: int = 0
    total: int | None = None
    finished: int = 0
    unmoved: int = 0
    later: int = 0
    unaffordable: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    error: str | None = None
    error_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One execution of another job of cron's, as of the reports, that did something or failed."""

    job: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime
    exit_code: int
    error: str | None = None


_GRACE = timedelta(minutes=45)


def is_overdue(
    good_at: datetime | None, *, now: datetime, zone: ZoneInfo, times: Sequence[time]
) -> bool:
    """Whether the last of the day's fetches that had time to finish has not gone well; `good_at`: the last that did.

    One in the future is of a clock that was ahead, and proves nothing.
    """
    due = latest_slot(times, now - _GRACE, zone, within=timedelta(days=2))
    return due is not None and (good_at is None or not due.starts_at <= good_at <= now)


def last_asked(
    day: date, zone: ZoneInfo, *, read_at: datetime | None, good_at: datetime | None
) -> datetime | None:
    """When the upstream was last asked about a day: by the newest good fetch when that was on this very day, which looks
    at every post but reads the people of those that changed only; else when the people of its posts were read.
    """
    on_the_day = good_at if good_at and local_day(good_at, zone) == day else None
    return max((moment for moment in (read_at, on_the_day) if moment), default=None)
