"""Attendance of one client: what the database knows of a day, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    Standing,
    summarise_post,
    take_attendance,
)
from cicero_cli.domain.attendance.corrections import Correction, with_ids
from cicero_cli.domain.attendance.laphar import (
    Engaged,
)
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.periods import HOME_ZONE, local_day, parse_day, parse_moment
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import reason_of


@dataclass(frozen=True)
class Moment:
    """The day that is asked about, and as of when; `as_of` None: as it is known now."""

    day: date
    as_of: datetime | None


def choose_moment(
    client: Client,
    day: str | None,
    as_of: str | None,
    *,
    now: datetime,
    held_from: datetime | None = None,
) -> Moment:
    """What `--date` and `--as-of` mean where the client is.

    InputError for what is no day or moment, or not yet, or as of before `held_from`, whose readings are pruned.
    """
    today = local_day(now, client.zone)
    option, typed = "--date", day
    try:
        chosen = parse_day(day, today=today) if day is not None else None
        option, typed = "--as-of", as_of
        moment = (
            parse_moment(as_of, client.zone, now=now, day=chosen) if as_of is not None else None
        )
    except ValueError as error:
        raise InputError(
            "{option} {typed}: {reason}", option=option, typed=typed, reason=reason_of(error)
        ) from error
    if moment is not None and held_from is not None and moment < held_from:
        raise InputError(
            "--as-of {typed}: what was read before {held_from:%Y-%m-%d %H:%M} WIB is not held any more",
            typed=as_of,
            held_from=held_from.astimezone(HOME_ZONE),
            hint="without --as-of the day is shown by what is known now",
        )
    if chosen is None:
        chosen = local_day(moment, client.zone) if moment is not None else today
    return Moment(chosen, moment)


def find_moment(
    store: Store, client: Client, day: str | None, as_of: str | None, *, now: datetime
) -> Moment:
    """As `choose_moment`, by the clock that the client had then, and only as far back as readings are held."""
    held_from = store.pruning.held_from() if as_of is not None else None
    moment = choose_moment(client, day, as_of, now=now, held_from=held_from)
    if moment.as_of is None:
        return moment
    then = store.clients.of_day(client, moment.day, moment.as_of)
    if then.timezone == client.timezone:
        return moment
    return choose_moment(then, day, as_of, now=now, held_from=held_from)


def read_attendance(store: Store, client: Client, platform: Platform, moment: Moment) -> Attendance:
    """Who has done the posts of one day on one platform, at the cost of that day, whatever else the tables hold."""
    return judge(moment, read_facts(store, client, platform, moment, per_konten=False))


def list_posts(store: Store, client: Client, platform: Platform, moment: Moment) -> list[Post]:
    """The client's posts of the day, oldest first."""
    return store.posts(platform).list(
        client.client_id, first_day=moment.day, last_day=moment.day, as_of=moment.as_of
    )


def list_late_posts(store: Store, client: Client, platform: Platform, moment: Moment) -> list[Post]:
    """What was published on the day after `posts_until`, which counts on the next; `client` as it was on that day."""
    if client.posts_until is None:
        return []
    following = Moment(moment.day + timedelta(days=1), moment.as_of)
    return [
        post
        for post in list_posts(store, client, platform, following)
        if local_day(post.published_at, client.zone) == moment.day
    ]


@dataclass(frozen=True)
class Facts:
    """What the database says of one client, day and platform; `client` as it was on that day."""

    client: Client
    platform: Platform
    posts: list[Post]
    standings: list[Standing]
    is_listed: bool
    engaged: Engaged | None  # for reports per post only
    unreadable: int = 0  # posts of the day that could not be read
    units: Mapping[str, str] | None = None  # the names of the audience's units, where there are any
    corrections: tuple[Correction, ...] = ()
    day_off: str | None = None  # why nobody is reminded
    late_posts: Sequence[Post] = ()  # published on the day, and counted on the next

    def with_ids(self, ids: Mapping[str, str]) -> Facts:
        """The same with these ids in place of others."""
        if not ids:
            return self
        engaged = self.engaged and {
            key: frozenset(ids.get(user_id, user_id) for user_id in doers)
            for key, doers in self.engaged.items()
        }
        standings = [
            one._replace(user_id=ids.get(one.user_id, one.user_id)) for one in self.standings
        ]
        return replace(
            self,
            standings=standings,
            engaged=engaged,
            corrections=with_ids(self.corrections, ids),
        )


def read_facts(
    store: Store, client: Client, platform: Platform, moment: Moment, *, per_konten: bool
) -> Facts:
    posts = list_posts(store, client, platform, moment)
    post_ids = [post.post_id for post in posts]
    engagement = store.engagement(platform)
    if moment.as_of is None:
        engagement.recount(client.client_id, moment.day, moment.day)
        standings = engagement.list_standings(client.client_id, moment.day)
    else:
        standings = engagement.list_standings_as_of(
            client.client_id, moment.day, post_ids, moment.as_of
        )
    engaged = None
    if per_konten:
        doers = engagement.list_doers(client.client_id, moment.day, post_ids, moment.as_of)
        engaged = {post.post_key: doers.get(post.post_id, frozenset()) for post in posts}
    is_listed = bool(posts) or was_listed(store, client, platform, moment)
    unreadable = store.posts(platform).count_unreadable(client.client_id, moment.day, moment.as_of)
    of_day = store.clients.of_day(client, moment.day, moment.as_of)
    units = name_units(store, of_day, moment, {one.client_id for one in standings})
    corrections = store.corrections.of_day(client.client_id, platform, moment.day, moment.as_of)
    facts = Facts(
        of_day,
        platform,
        posts,
        standings,
        is_listed,
        engaged,
        unreadable,
        units,
        corrections,
        day_off=store.clients.holidays.day_off(client.client_id, moment.day, moment.as_of),
        late_posts=list_late_posts(store, of_day, platform, moment),
    )
    return facts if moment.as_of is None else facts.with_ids(store.users.ids_as_of(moment.as_of))


def name_units(
    store: Store, client: Client, moment: Moment, present: Set[str]
) -> Mapping[str, str] | None:
    """The units of the audience, and those of single people who are assigned to it (`present`); None where its own people are all.

    `client` is as it was on that day.
    """
    if client.audience == "own" and present <= {client.client_id}:
        return None
    units = dict(store.audiences.units_of_day(client.client_id, moment.day, moment.as_of))
    for unit_id in sorted(present - units.keys()):
        unit = store.clients.get(unit_id)
        if unit is not None:
            units[unit_id] = store.clients.of_day(unit, moment.day, moment.as_of).nama
    return units


def was_listed(store: Store, client: Client, platform: Platform, moment: Moment) -> bool:
    """Whether the day's posts were told by then at all."""
    listed_at = store.posts(platform).listed_at(client.client_id, moment.day)
    return listed_at is not None and (moment.as_of is None or listed_at <= moment.as_of)


def judge(moment: Moment, facts: Facts) -> Attendance:
    account = facts.client.known_username(facts.platform)
    return take_attendance(
        facts.client,
        moment.day,
        facts.platform,
        [summarise_post(post, facts.platform, account) for post in facts.posts],
        facts.standings,
        is_listed=facts.is_listed,
        unreadable=facts.unreadable,
        units=facts.units,
        corrections=facts.corrections,
        day_off=facts.day_off,
        late_posts=[summarise_post(post, facts.platform, account) for post in facts.late_posts],
    )
