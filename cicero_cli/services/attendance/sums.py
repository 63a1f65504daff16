"""Attendance of many clients at once, and of one client over a month: sums, not every person of every day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    Summary,
    required_posts,
    summarise_post,
    take_attendance,
)
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.spans import day_span, month_span
from cicero_cli.repositories.attendance.sums import DayAsked, SummaryRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, name_units
from cicero_cli.services.attendance.recap import recount_stale


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """One client's own today on one platform; `listed` of the people whom the platform counts (`total`) are known.

    `read_at`: when the people of any of its posts were last read. `is_listed` false: the day was never fetched.
    """

    day: date
    summary: Summary
    listed: int
    total: int
    read_at: datetime | None
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """One day of a month that has posts."""

    day: date
    posts: int
    sudah: int
    users: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One client and platform: the sums of every user over the month, and its days with posts, oldest first."""

    first_day: date
    last_day: date  # today in the month that is under way
    attendance: Attendance
    days: tuple[MonthDay, ...]


def sum_up_today(
    store: Store, clients: Sequence[Client], platform: Platform, *, now: datetime
) -> Mapping[str, DaySummary]:
    """Today's counts of each client where it is, by client id, in three statements for all of them.

    A client whose counts are stale costs what counting anew costs, as everywhere.
    """
    days = {client.client_id: local_day(now, client.zone) for client in clients}
    recount_stale(store, platform, {client_id: day_span(day) for client_id, day in days.items()})
    summaries = SummaryRepository(store.connection, platform)
    counted = summaries.count_posts(days)
    found = summaries.summarise(
        [
            DayAsked(
                client_id=client.client_id,
                day=days[client.client_id],
                posts=counted[client.client_id].posts,
                required=required_posts(client.threshold, counted[client.client_id].posts),
            )
            for client in clients
        ]
    )
    today = {}
    for client_id, day in days.items():
        posts = counted[client_id]
        today[client_id] = DaySummary(
            day=day,
            summary=found.get(client_id) or Summary(0, posts.posts, 0, 0, 0, 0, 0, 0),
            listed=posts.listed,
            total=posts.total,
            read_at=posts.read_at,
            is_listed=posts.is_listed,
        )
    return today


def sum_up_month(
    store: Store, client: Client, platform: Platform, first_day: date, *, now: datetime
) -> Month:
    """The month that begins with `first_day`, up to today: every user against all of its posts."""
    last_day = min(month_span(first_day).last_day, local_day(now, client.zone))
    posts = store.posts(platform).list(client.client_id, first_day=first_day, last_day=last_day)
    store.engagement(platform).recount(client.client_id, first_day, last_day)
    summaries = SummaryRepository(store.connection, platform)
    account = client.known_username(platform)
    of_day = store.clients.of_day(client, last_day, None)
    standings = summaries.sum_standings(client.client_id, first_day, last_day)
    attendance = take_attendance(
        of_day,
        first_day,
        platform,
        [summarise_post(post, platform, account) for post in posts],
        standings,
        units=name_units(
            store, of_day, Moment(last_day, None), {one.client_id for one in standings}
        ),
    )
    a_day = Counter(post.day for post in posts)
    thresholds = summaries.thresholds(client.client_id, [*a_day])
    required = {day: required_posts(thresholds[day], count) for day, count in a_day.items()}
    counted = summaries.count_sudah(client.client_id, required)
    days = tuple(
        MonthDay(
            day=day,
            posts=a_day[day],
            sudah=counted[day].sudah if day in counted else 0,
            users=counted[day].users if day in counted else 0,
        )
        for day in sorted(a_day)
    )
    return Month(first_day=first_day, last_day=last_day, attendance=attendance, days=days)
