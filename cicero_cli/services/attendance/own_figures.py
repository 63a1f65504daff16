"""What one person is told about their own posts: the day and the week, of all clients that ask them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.attendance.period_recap import PeriodRecapRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.explanation import PlatformExplanation, explain_user


@dataclass(frozen=True)
class OwnPlatform:
    """One client's posts on one platform: today's as `absensi explain` has them, and the sums of the week as `rekap` has them."""

    client: Client
    day: PlatformExplanation
    week_done: int
    week_total: int

    @property
    def platform(self) -> Platform:
        return self.day.platform

    @property
    def is_exempt(self) -> bool:
        return self.day.in_report is not None and self.day.in_report.status is Status.DIKECUALIKAN

    @property
    def left(self) -> list[str]:
        """Addresses of today's posts that are not done."""
        return [] if self.is_exempt else [seen.url for seen in self.day.posts if not seen.is_done]

    @property
    def read_at(self) -> datetime | None:
        """When the oldest of today's lists was read; None when one of them was not yet, or there are none."""
        moments = [seen.post.fetched_at for seen in self.day.posts]
        return None if None in moments else min(filter(None, moments), default=None)


@dataclass(frozen=True)
class OwnFigures:
    """One person's, where the person is expected at all; the own unit's posts come first."""

    user: User
    client: Client
    day: date
    first_day: date  # of the week
    parts: tuple[OwnPlatform, ...]

    @property
    def posts(self) -> int:
        """How many posts there are today."""
        return sum(len(part.day.posts) for part in self.parts)


def read_own_figures(store: Store, user: User, *, now: datetime) -> OwnFigures:
    """The person's own day and week, by the clock of the person's own unit."""
    unit = store.clients.get(user.client_id)
    if unit is None:
        raise RuntimeError("a user's client is a foreign key")
    day = local_day(now, unit.zone)
    asking = store.audiences.clients_above([unit.client_id], day)
    ids = sorted({unit.client_id, *asking}, key=lambda one: (one != unit.client_id, one))
    clients = [client for one in ids if (client := store.clients.get(one)) and client.client_status]
    parts = [
        part
        for client in clients
        for part in _read_parts(store, user, client, now=now)
        if part.day.in_report is not None
    ]
    week = read_period("minggu", today=day).span
    return OwnFigures(user, unit, day, week.first_day, tuple(parts))


def _read_parts(store: Store, user: User, client: Client, *, now: datetime) -> list[OwnPlatform]:
    explained = explain_user(
        store,
        user.user_id,
        list(Platform),
        day=None,
        as_of=None,
        now=now,
        client_id=client.client_id,
    )
    week = read_period("minggu", today=explained.moment.day).span
    parts = []
    for one in explained.platforms:
        if not one.posts and client.followed_username(one.platform) is None:
            continue
        store.engagement(one.platform).recount(client.client_id, week.first_day, week.last_day)
        own = PeriodRecapRepository(store.connection, one.platform).list_stretches(
            client.client_id, week, user_id=user.user_id
        )
        done, total = sum(part.done for part in own), sum(part.total for part in own)
        parts.append(OwnPlatform(client, one, done, total))
    return parts
