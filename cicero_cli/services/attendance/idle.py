"""`absensi idle`: who has done nothing of what was expected for days, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.ranks import report_order
from cicero_cli.domain.spans import EVER, Span
from cicero_cli.repositories.attendance.period_recap import PeriodRecapRepository, last_done
from cicero_cli.repositories.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleUser:
    """Somebody who has done none of `posts` that were expected; `last_day`: on which the person last did one, None for never."""

    client_id: str  # whose posts they are
    unit_id: str
    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    posts: int
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """One client: who is idle, in report order, of how many who were expected to do something."""

    client_id: str
    span: Span
    users: tuple[IdleUser, ...]
    expected: int


def find_idle(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    *,
    days: int,
    now: datetime,
) -> Idle:
    """Of the last `days` days, today included where the client is. Exempt days and leave are nobody's idleness."""
    today = local_day(now, client.zone)
    span = Span(today - timedelta(days=days - 1), today)
    stretches: list[Stretch] = []
    for platform in platforms:
        store.engagement(platform).recount(client.client_id, EVER.first_day, today)
        sums = PeriodRecapRepository(store.connection, platform)
        stretches += sums.list_stretches(client.client_id, span)
    totals: dict[str, list[int]] = {}
    facts: dict[str, Stretch] = {}
    for one in stretches:
        figures = totals.setdefault(one.user_id, [0, 0])
        figures[:] = [figures[0] + one.done, figures[1] + one.total]
        facts[one.user_id] = one
    expected = {user_id for user_id, (_, total) in totals.items() if total}
    idle = sorted(
        (facts[user_id] for user_id in expected if not totals[user_id][0]),
        key=lambda one: (
            f"{one.client_id}\0{report_order(one.divisi, one.title, one.nama, one.user_id)}"
        ),
    )
    last = last_done(store.connection, client.client_id, platforms, [one.user_id for one in idle])
    return Idle(
        client_id=client.client_id,
        span=span,
        expected=len(expected),
        users=tuple(
            IdleUser(
                client_id=client.client_id,
                unit_id=one.client_id,
                user_id=one.user_id,
                nama=one.nama,
                title=one.title,
                divisi=one.divisi,
                posts=totals[one.user_id][1],
                last_day=last.get(one.user_id),
            )
            for one in idle
        ),
    )
