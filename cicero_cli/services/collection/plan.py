"""What a fetch of posts would ask: each client's listing, and the known posts that may have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.collection.readings import Needs, Reading, choose_reading
from cicero_cli.domain.collection.runs import Failure, Run
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.periods import day_bounds, local_day, parse_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.posts_until import first_moment
from cicero_cli.errors import (
    InputError,
)
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.ports import PostSource
from cicero_cli.words import reason_of


@dataclass(frozen=True)
class Plan:
    """What a fetch would ask for one client: its listing, and the known posts that may have changed."""

    client_id: str
    platform: Platform
    username: str
    first_day: date
    last_day: date
    known_posts: int
    worth_fetching: int
    finished: int
    unmoved: int
    later: int


NeedsOf = Callable[[Client], Needs]


def needs_now(client: Client) -> Needs:
    """Of who asks by hand and waits for the answer."""
    return Needs(client.zone)


def plan_collection(
    store: Store,
    source: PostSource,
    clients: Sequence[Client],
    *,
    day: date | None,
    days: int,
    now: datetime,
    needs_of: NeedsOf = needs_now,
) -> list[Plan]:
    """What `collect` would ask, without asking: each client's listing and the known posts that may have changed.

    Posts that are not known yet come on top, with one request each.
    """
    plans = []
    for target in choose_targets(
        store, source, clients, day=day, days=days, now=now, needs_of=needs_of
    ):
        readings = choose_readings(store, target, source.platform, now=now)
        counts = Counter(choice.reading for choice in readings)
        plans.append(
            Plan(
                client_id=target.client.client_id,
                platform=source.platform,
                username=target.client.followed_username(source.platform) or "",
                first_day=target.first_day,
                last_day=target.last_day,
                known_posts=len(readings),
                worth_fetching=sum(choice.reading.is_asked for choice in readings),
                finished=counts[Reading.FINISHED],
                unmoved=counts[Reading.UNMOVED],
                later=counts[Reading.LATER],
            )
        )
    return plans


def parse_last_day(text: str | None, clients: Sequence[Client], *, now: datetime) -> date | None:
    """The day that `--date` names, None without one; InputError for what is no day or has not come anywhere."""
    if text is None:
        return None
    today = max(local_day(now, client.zone) for client in clients)
    try:
        return parse_day(text, today=today)
    except ValueError as error:
        raise InputError(
            "--date {typed}: {reason}", field="date", typed=text, reason=reason_of(error)
        ) from error


@dataclass
class Target:
    """One client's share of a fetch."""

    client: Client
    first_day: date
    last_day: date
    start: datetime
    end: datetime
    needs: Needs
    meter: Meter = field(default_factory=Meter)
    run_id: int = 0
    started: datetime | None = None
    waiting: int = 0  # answers that have not come
    was_listed: bool = False
    new: int = 0
    readings: Counter[Reading] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    result: Run | None = None


def choose_targets(
    store: Store,
    source: PostSource,
    clients: Sequence[Client],
    *,
    day: date | None,
    days: int,
    now: datetime,
    needs_of: NeedsOf = needs_now,
) -> list[Target]:
    """What to read of which client: the days' posts, and those of the last evening that belong to the day after."""
    targets = []
    for client in clients:
        if client.followed_username(source.platform) is None:
            continue
        today = local_day(now, client.zone)
        last_day = day or today
        if last_day > today:
            raise InputError(
                "--date {last_day} is in the future for {client_id}, where it is {today}",
                last_day=last_day,
                client_id=client.client_id,
                today=today,
            )
        first_day = last_day - timedelta(days=days - 1)
        end = day_bounds(last_day, client.zone)[1]
        start = _starts_at(store, source.platform, client, first_day)
        targets.append(Target(client, first_day, last_day, start, end, needs_of(client)))
    if not targets:
        named = ", ".join(client.client_id for client in clients)
        raise InputError(
            "no {platform} account is followed for {named}",
            hint="cicero client set {client_id} --{option} HANDLE",
            platform=source.platform.label,
            named=named,
            client_id=clients[0].client_id,
            option=source.platform,
        )
    return targets


def _starts_at(store: Store, platform: Platform, client: Client, day: date) -> datetime:
    """Since when posts belong to the day, or a known one does that was read under another rule."""
    evening = store.clients.of_day(client, day - timedelta(days=1), None)
    known = store.posts(platform).list(client.client_id, first_day=day, last_day=day)
    starts_at = first_moment(day, client.zone, evening.posts_until)
    return min([starts_at, *(post.published_at for post in known)])


class Choice(NamedTuple):
    """What is done about a post, and how many who are expected have not been seen (None: nobody is expected yet)."""

    post: Post
    reading: Reading
    unseen: int | None


def choose_readings(
    store: Store, target: Target, platform: Platform, *, now: datetime
) -> list[Choice]:
    """What is done about each of the posts of the target's days that are on file."""
    client_id, span = target.client.client_id, (target.first_day, target.last_day)
    posts = store.posts(platform).list(client_id, first_day=span[0], last_day=span[1])
    counts = store.engagement(platform).count_unseen(client_id, *span) if posts else {}
    choices = []
    for post in posts:
        unseen = counts.get(post.post_id)
        reading = choose_reading(post, platform, unseen=unseen, needs=target.needs, now=now)
        choices.append(Choice(post, reading, unseen))
    return choices
