"""The nightly backup: whether it is due, and what `cicero doctor` says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from cicero_cli.core.settings import Settings
from cicero_cli.domain.operations.findings import Finding, Verdict
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.domain.schedule import NIGHTLY_CATCH_UP, latest_slot
from cicero_cli.repositories.database.backups import newest_backup
from cicero_cli.words import Text

_LONGEST = timedelta(hours=2)  # then a backup that is not there is missed, not under way
_DAY = timedelta(days=1)


def is_backup_due(folder: Path, times: Sequence[time], *, now: datetime) -> bool:
    """Whether the folder has no whole backup of the last night, which is caught up for a day."""
    slot = latest_slot(times, now, HOME_ZONE, within=NIGHTLY_CATCH_UP)
    if slot is None:
        return False
    newest = newest_backup(folder, now=now)
    return newest is None or newest < slot.starts_at


def examine_backups(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Whether there is a backup, and one of last night."""
    folder = settings.backup_to
    newest = newest_backup(folder, now=now)
    if newest is None:
        yield _finding(
            "backup_none",
            Verdict.WARN,
            found=Text("there is no backup in {folder}", folder=folder),
            remedy="cicero cron install has one taken every night; at once: cicero db backup",
        )
        return
    local = newest.astimezone(HOME_ZONE)
    slot = latest_slot(settings.night_at, now - _LONGEST, HOME_ZONE, within=_DAY)
    if slot is not None and newest < slot.starts_at:
        yield _finding(
            "backup_missed",
            Verdict.WARN,
            found=Text("the last backup is of {taken:%Y-%m-%d %H:%M} WIB", taken=local),
            remedy="is cron running, and what does its log say? At once: cicero db backup",
        )
        return
    yield _finding(
        "backup_recent",
        Verdict.OK,
        found=Text(
            "the last is of {taken:%Y-%m-%d %H:%M} WIB, in {folder}", taken=local, folder=folder
        ),
    )


def _finding(code: str, verdict: Verdict, *, found: Text, remedy: str = "") -> Finding:
    return Finding(code=code, area="backup", verdict=verdict, found=found, remedy=remedy)
