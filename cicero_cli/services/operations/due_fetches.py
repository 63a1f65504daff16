"""A fetch that cron wakes: which days it reads, and when it has been going on for too long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from cicero_cli.domain.collection.budgets import Allowance
from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import WAKE_MINUTES, DueSlot
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import NeedsOf
from cicero_cli.services.collection.posts import Collected, collect
from cicero_cli.services.ports import PostSource


def group_by_days(
    clients: Sequence[Client], slots: Mapping[str, DueSlot]
) -> dict[int, list[Client]]:
    """The clients that have a slot by how many days it reads: the day's first two, for what was posted after yesterday's last."""
    groups: dict[int, list[Client]] = {}
    for client in clients:
        if client.client_id in slots:
            groups.setdefault(2 if slots[client.client_id].is_first else 1, []).append(client)
    return groups


def collect_due(
    store: Store,
    source: PostSource,
    clients: Sequence[Client],
    slots: Mapping[str, DueSlot],
    *,
    needs_of: NeedsOf,
    allow: Callable[[], Allowance | None] = lambda: None,
    parallel: int,
    clock: Callable[[], datetime],
    ignore_quota: bool,
) -> Collected:
    """`collect`, for each client the days that its slot reads; `allow` says what may be spent by then."""
    runs: list[Run] = []
    stopped: CiceroError | None = None
    for days, chosen in group_by_days(clients, slots).items():
        if stopped is not None:
            break
        collected = collect(
            store,
            source,
            chosen,
            days=days,
            parallel=parallel,
            clock=clock,
            ignore_quota=ignore_quota,
            needs_of=needs_of,
            allowance=allow(),
        )
        runs += collected.runs
        stopped = collected.stopped_by
    return Collected(tuple(runs), stopped)


def outlives_slot(
    store: Store, platform: Platform, slots: Mapping[str, DueSlot], *, now: datetime
) -> bool:
    """Whether the fetch that is running began before a slot that has just begun: so it is told once, not at each wake-up."""
    newest = max(slot.starts_at for slot in slots.values())
    running = [
        run.started_at
        for run in store.status.list_last_runs()
        if run.platform == platform and run.status == RunStatus.RUNNING and run.started_at
    ]
    return any(started_at < newest for started_at in running) and now - newest < timedelta(
        minutes=WAKE_MINUTES
    )
