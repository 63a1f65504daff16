"""For how many days in a row people have done everything, up to a day and at most a year back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.attendance.streaks import list_streaks
from cicero_cli.repositories.database.store import Store

_STEPS = (0, 7, 31, 122, 366)  # days back: most streaks end within the first


def read_streaks(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    last_day: date,
    user_ids: Collection[str],
    *,
    today: date,
) -> dict[str, int]:
    """By user; whoever missed the last day is left out. What is missing today does not count yet.

    Few keep it up for long, so the days before are read of those alone who have.
    """
    days: dict[str, int] = {}
    going = set(user_ids)
    for newest, oldest in pairwise(_STEPS):
        span = Span(last_day - timedelta(oldest - 1), last_day - timedelta(newest))
        for platform in platforms:
            store.engagement(platform).recount(client.client_id, span.first_day, span.last_day)
        found = list_streaks(
            store.connection,
            client.client_id,
            platforms,
            span,
            open_day=today,
            user_ids=None if newest == 0 else sorted(going),
        )
        for part in found:
            if part.user_id in going:
                days[part.user_id] = days.get(part.user_id, 0) + part.days
                if not part.is_whole:
                    going.discard(part.user_id)
        if not going:
            break
    return {user_id: count for user_id, count in days.items() if count}
