"""`laphar send --due`: whose report is due, for a client's recipients and for those that have times of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from operator import attrgetter

from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import CATCH_UP, DueSlot, own_times
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.due import Job, find_due


def laphar_job(
    lists: str, times: Sequence[time], at: str | None = None, *, catch_up: timedelta = CATCH_UP
) -> Job:
    """The job that sends these lists (`semua belum`), at each client's times; `at`: to recipients that have these times of their own."""
    if at is not None:
        return Job(f"laphar {lists} at {at}", own_times(at, times), catch_up)
    return Job(f"laphar {lists}", times, catch_up, own=attrgetter("laphar_at"))


def find_due_laphars(
    store: Store, clients: Sequence[Client], lists: str, times: Sequence[time], *, now: datetime
) -> list[tuple[str | None, Job, dict[str, DueSlot]]]:
    """Own times (None: the clients'), the job, and the open slot of each client that has one.

    No slot of own times that began before a recipient had them.
    """
    job = laphar_job(lists, times)
    found: list[tuple[str | None, Job, dict[str, DueSlot]]] = []
    if slots := find_due(store, clients, job, now=now):
        found.append((None, job, slots))
    for at, since in store.recipients.list_own_times().items():
        job = laphar_job(lists, times, at)
        those = [client for client in clients if client.client_id in since]
        slots = {
            client_id: slot
            for client_id, slot in find_due(store, those, job, now=now).items()
            if slot.starts_at >= since[client_id]
        }
        if slots:
            found.append((at, job, slots))
    return found
