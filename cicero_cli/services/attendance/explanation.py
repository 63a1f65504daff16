"""The answer to "I did like it": what was seen of one user on each post of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cicero_cli.domain.attendance.absensi import Attendance, UserAttendance
from cicero_cli.domain.attendance.corrections import Correction
from cicero_cli.domain.attendance.near_misses import NearMiss, find_near_misses
from cicero_cli.domain.collection.posts import Post, post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, find_moment, judge, read_facts
from cicero_cli.services.attendance.changes import find_report
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user_ever


@dataclass(frozen=True)
class SeenOnPost:
    """One post: whether, when and as whom the user was seen on it, and who looks like the handle on file."""

    post: Post
    url: str
    seen_at: datetime | None
    seen_as: str | None  # an extra or former handle counts too
    near_misses: tuple[NearMiss, ...]
    accepted: Correction | None  # it counts by a person's word

    @property
    def is_done(self) -> bool:
        return self.seen_at is not None or self.accepted is not None


@dataclass(frozen=True)
class PlatformExplanation:
    """One platform: the handle on file (None: there is none) and the day's posts, oldest first."""

    platform: Platform
    username: str | None
    former: tuple[str, ...]
    posts: tuple[SeenOnPost, ...]
    is_listed: bool  # false: the day was never fetched
    attendance: (
        Attendance  # the day's, of this user alone; of nobody when the user was not expected
    )

    @property
    def in_report(self) -> UserAttendance | None:
        """The user's row in the day's report; None when it has none."""
        return next(iter(self.attendance.users), None)


@dataclass(frozen=True)
class Explanation:
    """All that is known about one user and day."""

    user: User
    client: Client
    moment: Moment
    platforms: tuple[PlatformExplanation, ...]


def explain_user(
    store: Store,
    user_id: str,
    platforms: Sequence[Platform],
    *,
    day: str | None,
    as_of: str | None,
    now: datetime,
    client_id: str | None = None,
) -> Explanation:
    """What was seen of the user on each post of the day; who was removed since among them; NotFoundError when there never was such a user.

    `client_id`: on the posts of this client, in place of the one that the user belonged to on that day. `as_of`: a moment, or a sent report.
    """
    user = get_user_ever(store, user_id)
    client, moment = _choose_place(store, user, client_id, day, as_of, now=now)
    client = store.clients.of_day(client, moment.day, moment.as_of)
    explained = tuple(_explain(store, user, client, platform, moment) for platform in platforms)
    return Explanation(user, client, moment, explained)


def _explain(
    store: Store, user: User, client: Client, platform: Platform, moment: Moment
) -> PlatformExplanation:
    facts = read_facts(store, client, platform, moment, per_konten=True)
    posts, engaged = facts.posts, facts.engaged or {}
    people = store.engagement(platform).list_people(
        client.client_id, [post.post_id for post in posts], moment.as_of
    )
    former = store.users.list_former_handles(user.user_id, platform, moment.as_of)
    extra = store.users.extra_handles(user.user_id)[platform]
    username = user.insta if platform is Platform.INSTA else user.tiktok
    account = client.known_username(platform)
    # as of a moment, the id and the handle are those of then
    ids = store.users.ids_as_of(moment.as_of) if moment.as_of else {}
    user_id = ids.get(user.user_id, user.user_id)
    own = [standing for standing in facts.standings if standing.user_id == user_id]
    if moment.as_of and own:
        username = own[0].username
        former = [handle for handle in former if handle != username]
    accepted = {one.post_key: one for one in facts.corrections if one.user_id == user_id}
    seen = []
    for post in posts:
        here = people[post.post_id]
        # a handle counts as far as it was the user's at the time, which the count knows
        has_done = user_id in engaged.get(post.post_key, ())
        handles = [username, *extra, *former] if has_done else []
        times = {here[handle]: handle for handle in handles if handle in here}
        seen_at = min(times, default=None)
        misses = (
            ()
            if seen_at
            else tuple(find_near_misses(username or "", here, former=[*extra, *former]))
        )
        url = post_url(platform, post.post_key, post.account or account)
        seen_as = times[seen_at] if seen_at else None
        word = accepted.get(post.post_key)
        seen.append(SeenOnPost(post, url, seen_at, seen_as, misses, word))
    attendance = judge(moment, replace(facts, standings=own))
    return PlatformExplanation(
        platform, username, tuple(former), tuple(seen), facts.is_listed, attendance
    )


def _choose_place(
    store: Store,
    user: User,
    client_id: str | None,
    day: str | None,
    as_of: str | None,
    *,
    now: datetime,
) -> tuple[Client, Moment]:
    """Whose posts, of which day and as of when: those of the client that is named, else of the report, else of the user's own then."""
    named = None if client_id is None else get_client(store, client_id, may_have_ended=True)
    report = find_report(store, named, as_of, day)
    if report is not None:
        client = named or get_client(store, report.client_id, may_have_ended=True)
        return client, Moment(report.day, report.made_at)
    client = named or get_client(store, user.client_id, may_have_ended=True)
    moment = find_moment(store, client, day, as_of, now=now)
    own = store.history.client_of_day(user.user_id, moment.day, moment.as_of)
    if named is None and own is not None and own != client.client_id:
        client = get_client(store, own, may_have_ended=True)
        moment = find_moment(store, client, day, as_of, now=now)
    return client, moment


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """The JSON of `absensi explain`; times are ISO 8601 with the client's offset.

    `{user_id, nama, client_id, date, timezone, insta: {username, status, is_listed, former, posts: [{id, url, published_at, fetched_at,
    listed, total, seen_at, seen_as, near_misses: [{handle, reason}], accepted}], late_posts: [{id, url, published_at}]}, tiktok: {…}}`, with the
    platforms that were asked for. `late_posts` were published on the day and count on the next one.
    """
    zone = explanation.client.zone

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    platforms = {
        part.platform.value: {
            "username": part.username,
            "status": part.in_report.status if part.in_report else None,
            "is_listed": part.is_listed,
            "former": list(part.former),
            "posts": [
                {
                    "id": seen.post.post_key,
                    "url": seen.url,
                    "published_at": local(seen.post.published_at),
                    "fetched_at": local(seen.post.fetched_at),
                    "listed": seen.post.listed,
                    "total": seen.post.total,
                    "seen_at": local(seen.seen_at),
                    "seen_as": seen.seen_as,
                    "near_misses": [miss._asdict() for miss in seen.near_misses],
                    "accepted": seen.accepted.reason if seen.accepted else None,
                }
                for seen in part.posts
            ],
            "late_posts": [
                {"id": post.key, "url": post.url, "published_at": local(post.published_at)}
                for post in part.attendance.late_posts
            ],
        }
        for part in explanation.platforms
    }
    return {
        "user_id": explanation.user.user_id,
        "nama": explanation.user.nama,
        "client_id": explanation.client.client_id,
        "date": explanation.moment.day.isoformat(),
        "timezone": explanation.client.timezone,
        **platforms,
    }
