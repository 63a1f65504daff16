"""`--due`: for which clients a job's slot has begun and is not done yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import (
    CATCH_UP,
    DueSlot,
    SomeDays,
    latest_slot,
    own_times,
    write_times,
)
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.operations.job_slots import JobSlots


@dataclass(frozen=True)
class Job:
    """A job that cron wakes: its name in `job_slot`, its times of the local day, and for how long a slot is caught up.

    `own` gives what a client has as its own times, which `read` understands; `zone` is set where a job has one for all clients.
    """

    name: str
    times: Sequence[time] | Sequence[SomeDays]
    catch_up: timedelta = CATCH_UP
    zone: ZoneInfo | None = None
    own: Callable[[Client], str | None] = lambda _client: None
    read: Callable[[str], Sequence[time] | Sequence[SomeDays]] = lambda written: own_times(
        written, ()
    )

    def times_of(self, client: Client) -> Sequence[time] | Sequence[SomeDays]:
        written = self.own(client)
        return self.times if written is None else self.read(written)


def find_due(
    store: Store,
    clients: Sequence[Client],
    job: Job,
    *,
    now: datetime,
    done_at: Mapping[str, datetime] | None = None,
) -> dict[str, DueSlot]:
    """The open slot of each client that has one: begun, to be caught up still, not done, and no older than its times.

    `done_at` says for jobs that keep runs when the last good one began; others are done when `mark_done` says so.
    """
    due = {}
    known = _learn_times(store, job, clients, now=now)
    for client in clients:
        slot = latest_slot(job.times_of(client), now, job.zone or client.zone, within=job.catch_up)
        since, done_slot_at = known.get(client.client_id, (now, None))
        done = done_slot_at if done_at is None else done_at.get(client.client_id)
        if slot is None or slot.starts_at < since:
            continue
        # what lies ahead is of a clock that was wrong, and proves nothing
        if done is None or done > now or done < slot.starts_at:
            due[client.client_id] = slot
    return due


def find_due_fetches(
    store: Store,
    clients: Sequence[Client],
    platform: Platform,
    times: Sequence[time],
    *,
    now: datetime,
) -> dict[str, DueSlot]:
    """As find_due: a fetch's slot is done when a run that began in it has brought all or some."""
    followed = [client for client in clients if client.followed_username(platform) is not None]
    good = {
        run.client_id: run.good_at
        for run in store.status.list_last_runs([client.client_id for client in followed])
        if run.platform == platform and run.good_at is not None
    }
    return find_due(
        store,
        followed,
        Job(f"fetch {platform}", times, own=attrgetter("fetch_at")),
        now=now,
        done_at=good,
    )


def mark_done(store: Store, job: Job, slots: Mapping[str, DueSlot]) -> None:
    """Nothing is due in these clients' slots any more."""
    store.job_slots.mark_done(job.name, {name: slot.starts_at for name, slot in slots.items()})


def _learn_times(
    store: Store, job: Job, clients: Sequence[Client], *, now: datetime
) -> dict[str, tuple[datetime, datetime | None]]:
    """Since when each client has these times, and its last slot that was done; remembers times that are new."""
    times = {client.client_id: write_times(job.times_of(client)) for client in clients}
    states = {
        state.client_id: state
        for state in store.job_slots.list(job.name)
        if state.client_id in times
    }
    since = {name: _since(state, times[name], now) for name, state in states.items()}
    changed = {
        name: (times[name], since[name])
        for name, state in states.items()
        if state.times != times[name]
    }
    if changed:
        store.job_slots.save_times(job.name, changed)
    return {name: (since[name], state.done_slot_at) for name, state in states.items()}


def _since(state: JobSlots, times: str, now: datetime) -> datetime:
    if state.times is not None and state.times != times:
        return now.replace(second=0, microsecond=0)
    since = state.since or state.scheduled_since
    return since if since <= now else datetime.min.replace(tzinfo=now.tzinfo)
