"""What `cicero doctor` says of cron: whether it is there, runs and wakes this cicero, and what should have run and did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path

from cicero_cli.core.settings import Settings
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.operations.cron import Places
from cicero_cli.domain.operations.findings import Finding, Verdict, name_some
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.cron import (
    has_current_block,
    has_units,
    other_lines_of_ours,
    read_crontab,
)
from cicero_cli.services.operations.due import Job, find_due
from cicero_cli.services.operations.due_laphars import laphar_job
from cicero_cli.services.operations.due_recaps import recap_jobs
from cicero_cli.words import Text

_DAEMONS = {"cron", "crond", "fcron", "systemd-cron"}
_A_DAY = timedelta(hours=24)


def examine_cron(
    places: Places, units: Path, *, running: Callable[[], set[str]], zone: str
) -> Iterator[Finding]:
    """Whether something wakes the jobs of this cicero; `running` names the processes of this machine."""
    if has_units(units):
        yield _finding("timers", Verdict.OK, found="systemd's timers wake cicero")
        return
    try:
        crontab = read_crontab()
        is_current = has_current_block(crontab, places)
        doubled = other_lines_of_ours(crontab)
    except CiceroError as error:
        yield _finding(error.code, Verdict.WARN, found=error.message, remedy=error.hint)
        return
    if doubled:
        yield _finding(
            "cron_doubled",
            Verdict.WARN,
            found=Text(
                "lines of your crontab run cicero beside those of `cicero cron`: {lines}",
                lines="; ".join(doubled),
            ),
            remedy="remove them (crontab -e): each job would run twice, and CRON_TZ does nothing in Debian's cron",
        )
    if is_current is None:
        yield _finding(
            "cron_absent",
            Verdict.WARN,
            found="nothing in your crontab wakes cicero",
            remedy="cicero cron install",
        )
        return
    if not is_current:
        yield _finding(
            "cron_outdated",
            Verdict.WARN,
            found="your crontab has an older cicero's lines",
            remedy="cicero cron install",
        )
    if not running() & _DAEMONS:
        yield _finding(
            "cron_stopped",
            Verdict.BAD,
            found="cron is not running, so nothing is fetched and nothing sent",
            remedy="service cron start",
        )
    elif is_current:
        yield _finding(
            "cron_ready",
            Verdict.OK,
            found=Text(
                "cron wakes cicero, in {zone}; each client's own zone decides",
                zone=zone,
            ),
        )


def examine_slots(store: Store, settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """What should have been sent by now and was not; fetches are judged by their runs."""
    clients = store.clients.list(active_only=True)
    lists = f"{Scope.SEMUA} {LapharMode.BELUM}"
    own_times = store.recipients.list_own_times()
    jobs: Sequence[tuple[str, Job]] = (
        *(
            ("laphar send semua", laphar_job(lists, settings.laphar_at, at, catch_up=_A_DAY))
            for at in (None, *own_times)
        ),
        ("remind", Job("remind", settings.remind_at, _A_DAY, own=attrgetter("remind_at"))),
        *(("rekap send semua", job) for job in recap_jobs(Scope.SEMUA, settings.rekap_at).values()),
        ("user sync", Job("user sync", settings.night_at, _A_DAY, HOME_ZONE)),
    )
    concerned = {
        "user sync": {*store.followed_sheets.list()},
        **{laphar_job(lists, (), at).name: {*since} for at, since in own_times.items()},
    }
    for command, job in jobs:
        woken = {state.client_id for state in store.job_slots.list(job.name) if state.times}
        woken &= concerned.get(job.name, woken)
        due = find_due(store, [each for each in clients if each.client_id in woken], job, now=now)
        missed = [
            f"{name} {slot.starts_at:%H:%M %Z}" for name, slot in due.items() if slot.is_late(now)
        ]
        if missed:
            yield _finding(
                "slot_missed",
                Verdict.WARN,
                found=Text(
                    "{command} should have run: {missed}", command=command, missed=name_some(missed)
                ),
                remedy="is cron running, and what do its logs say? cicero cron show names them",
            )


def _finding(code: str, verdict: Verdict, *, found: str, remedy: str = "") -> Finding:
    return Finding(code=code, area="cron", verdict=verdict, found=found, remedy=remedy)
