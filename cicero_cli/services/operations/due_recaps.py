"""`rekap send --due`: of which clients a week or a month has ended whose recap is due and was not sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter

from cicero_cli.core.setting_values import CalendarTime, read_calendar_times
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import DueSlot
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.due import Job, find_due

Choose = Callable[[Sequence[CalendarTime]], Sequence[CalendarTime]]
_A_DAY = timedelta(hours=24)


def recap_jobs(scope: Scope, times: Sequence[CalendarTime]) -> dict[str, Job]:
    """The jobs by the period that each sends: what falls on a day of the week sends the last whole week, the others the month."""
    return {
        name: Job(
            f"rekap {scope} {name}",
            choose(times),
            _A_DAY,
            own=attrgetter("rekap_at"),
            read=partial(_read, choose),
        )
        for name, choose in (("minggu-lalu", _weekly), ("bulan-lalu", _monthly))
    }


def _read(choose: Choose, written: str) -> Sequence[CalendarTime]:
    return choose(read_calendar_times(written))


def _weekly(times: Sequence[CalendarTime]) -> Sequence[CalendarTime]:
    return [at for at in times if at.weekday is not None]


def _monthly(times: Sequence[CalendarTime]) -> Sequence[CalendarTime]:
    return [at for at in times if at.weekday is None]


def find_due_recaps(
    store: Store,
    clients: Sequence[Client],
    scope: Scope,
    times: Sequence[CalendarTime],
    *,
    now: datetime,
) -> list[tuple[str, Job, dict[str, DueSlot]]]:
    """Period, job and the open slot of each client that has one; a recap is caught up to the end of its day."""
    today = {client.client_id: local_day(now, client.zone) for client in clients}
    found = []
    for name, job in recap_jobs(scope, times).items():
        due = find_due(store, clients, job, now=now)
        due = {client_id: slot for client_id, slot in due.items() if slot.day == today[client_id]}
        if due:
            found.append((name, job, due))
    return found
