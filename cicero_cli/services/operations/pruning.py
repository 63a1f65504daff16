"""The past is held for a time: what goes after it, and what is asked of it then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from cicero_cli.domain.periods import HOME_ZONE, day_bounds, local_day
from cicero_cli.domain.schedule import NIGHTLY_CATCH_UP, latest_slot
from cicero_cli.repositories.database.store import Store

# A post is read for days after it was published: its later readings are taken by the next pruning.
_OVERLAP = timedelta(days=7)


def is_pruning_due(store: Store, times: Sequence[time], *, now: datetime) -> bool:
    """Whether nothing was pruned since the last night began, which is caught up for a day."""
    slot = latest_slot(times, now, HOME_ZONE, within=NIGHTLY_CATCH_UP)
    if slot is None:
        return False
    pruned_at = store.pruning.pruned_at()
    return pruned_at is None or pruned_at < slot.starts_at


def prune(store: Store, keep_days: int, *, now: datetime) -> dict[str, int]:
    """Remove what is older than so many days (WIB), client by client; gives how much of each kind went.

    Counts, posts, likes and comments of people who were ever on a roster, and the data of reports stay.
    """
    first_day = local_day(now, HOME_ZONE) - timedelta(days=keep_days)
    held_from, _ = day_bounds(first_day, HOME_ZONE)
    before = store.pruning.held_from()
    if before is not None and before > held_from:
        held_from = before
    since = before - _OVERLAP if before is not None else None
    gone: dict[str, int] = {}
    for client_id in store.pruning.client_ids():
        with store.transaction():
            pruned = store.pruning.prune_client(client_id, held_from, since=since)
        gone = {kind: gone.get(kind, 0) + count for kind, count in pruned.items()}
    with store.transaction():
        gone |= store.pruning.prune_installation(held_from, now=now)
        store.pruning.add(held_from, now=now)
    return gone
