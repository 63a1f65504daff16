"""Who needs the figures of a fetch, and when: reports and reminders, by each client's own times (docs/adr/0031)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cicero_cli.domain.collection.budgets import share_of_fetch
from cicero_cli.domain.collection.readings import Needs
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import WAKE_MINUTES, next_slot, own_times
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import NeedsOf
from cicero_cli.services.ports import PostSource

_SLACK = 1.5  # a fetch may take longer than the last ones did


@dataclass(frozen=True)
class DayTimes:
    """The installation's times of a day; a client may have its own."""

    fetch_at: Sequence[time]
    laphar_at: Sequence[time]
    remind_at: Sequence[time]


def needs_by_hand(laphar_at: Sequence[time], *, is_forced: bool = False) -> NeedsOf:
    """Of who asks now: nothing waits. `is_forced`: and everything is read whole."""

    def needs_of(client: Client) -> Needs:
        times = own_times(client.laphar_at, laphar_at)
        return Needs(client.zone, times, is_forced=is_forced)

    return needs_of


def needs_by_schedule(
    store: Store, source: PostSource, times: DayTimes, *, now: datetime, is_forced: bool = False
) -> NeedsOf:
    """Of a fetch that cron wakes: what is not needed before the next one has ended can wait for it.

    Reminders use what is known where each reading costs a whole one, as the provider gives comments in no order of time.
    """
    habits = source.habits
    if habits is not None:
        store.comment_habits.recall(source.host, habits)
    is_dear = habits is not None and not (habits.order is not None and habits.order.is_by_time)
    lead = timedelta(minutes=WAKE_MINUTES) + _SLACK * store.runs.longest(source.platform)

    def needs_of(client: Client) -> Needs:
        laphar_at = own_times(client.laphar_at, times.laphar_at)
        remind_at = own_times(client.remind_at, times.remind_at) if not is_dear else ()
        needed = next_slot([*laphar_at, *remind_at], now, client.zone)
        fetched = next_slot(own_times(client.fetch_at, times.fetch_at), now, client.zone)
        return Needs(
            client.zone,
            laphar_at,
            can_wait=needed is not None and fetched is not None and fetched + lead <= needed,
            is_dear=is_dear,
            is_forced=is_forced,
        )

    return needs_of


def share_by_schedule(times: DayTimes, *, now: datetime) -> float:
    """How much of what a day may still cost the fetch that cron wakes now may take, by the installation's times."""
    needed_at = [*times.laphar_at, *times.remind_at]
    return share_of_fetch(now.astimezone(HOME_ZONE).time(), times.fetch_at, needed_at)
