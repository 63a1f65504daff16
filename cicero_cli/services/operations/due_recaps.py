"""`rekap send --due`: of which clients a week or a month has ended whose recap is due and was not sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cicero_cli.core.setting_values import CalendarTime
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import DueSlot
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.due import Job, find_due

_A_DAY = timedelta(hours=24)


def recap_jobs(scope: Scope, times: Sequence[CalendarTime]) -> dict[str, Job]:
    """The jobs by the period that each sends: what falls on a day of the week sends the last whole week, the others the month."""
    weekly = [at for at in times if at.weekday is not None]
    monthly = [at for at in times if at.weekday is None]
    return {
        name: Job(f"rekap {scope} {name}", own, _A_DAY)
        for name, own in (("minggu-lalu", weekly), ("bulan-lalu", monthly))
    }


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
