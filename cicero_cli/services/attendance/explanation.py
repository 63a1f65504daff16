"""The answer to "I did like it": what was seen of one user on each post of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    Standing,
    summarise_post,
    take_attendance,
)
from cicero_cli.domain.attendance.corrections import Correction
from cicero_cli.domain.attendance.near_misses import NearMiss, find_near_misses
from cicero_cli.domain.collection.posts import Post, post_url
from cicero_cli.domain.periods import zone_abbreviation
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, choose_moment, list_posts, was_listed
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user
from cicero_cli.words import Text, join_texts


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
    attendance: Attendance  # the day's, of this user alone


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
    """What was seen of the user on each post of the day; NotFoundError when there is no such user.

    `client_id`: on the posts of this client, in place of the user's own.
    """
    user = get_user(store, user_id)
    client = get_client(store, client_id or user.client_id)
    moment = choose_moment(client, day, as_of, now=now, held_from=store.pruning.held_from())
    client = store.clients.of_day(client, moment.day, moment.as_of)
    explained = tuple(_explain(store, user, client, platform, moment) for platform in platforms)
    return Explanation(user, client, moment, explained)


def _explain(
    store: Store, user: User, client: Client, platform: Platform, moment: Moment
) -> PlatformExplanation:
    posts = list_posts(store, client, platform, moment)
    people = store.engagement(platform).list_people(
        client.client_id, [post.post_id for post in posts], moment.as_of
    )
    former = store.users.list_former_handles(user.user_id, platform)
    extra = store.users.extra_handles(user.user_id)[platform]
    username = user.insta if platform is Platform.INSTA else user.tiktok
    account = client.known_username(platform)
    doers = store.engagement(platform).list_doers(
        client.client_id, moment.day, [post.post_id for post in posts], moment.as_of
    )
    accepted = {
        one.post_key: one
        for one in store.corrections.of_day(client.client_id, platform, moment.day, moment.as_of)
        if one.user_id == user.user_id
    }
    seen = []
    for post in posts:
        here = people[post.post_id]
        # other handles count as far as they were the user's at the time, which the count knows
        has_done = user.user_id in doers.get(post.post_id, ())
        handles = [username, *((*extra, *former) if has_done else ())]
        times = {here[handle]: handle for handle in handles if handle in here}
        seen_at = min(times, default=None)
        misses = (
            ()
            if seen_at
            else tuple(find_near_misses(username or "", here, former=[*extra, *former]))
        )
        url = post_url(platform, post.post_key, account)
        seen_as = times[seen_at] if seen_at else None
        word = accepted.get(post.post_key)
        seen.append(SeenOnPost(post, url, seen_at, seen_as, misses, word))
    is_listed = bool(posts) or was_listed(store, client, platform, moment)
    done = sum(one.is_done for one in seen)
    standing = Standing(
        user.user_id, user.nama, user.title, user.divisi, username, user.exception, done
    )
    attendance = take_attendance(
        client,
        moment.day,
        platform,
        [summarise_post(post, platform, account) for post in posts],
        [standing],
        is_listed=is_listed,
    )
    return PlatformExplanation(
        platform, username, tuple(former), tuple(seen), is_listed, attendance
    )


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """The JSON of `absensi explain`; times are ISO 8601 with the client's offset.

    `{user_id, nama, client_id, date, timezone, insta: {username, former, posts: [{id, url, published_at, fetched_at,
    listed, total, seen_at, seen_as, near_misses: [{handle, reason}], accepted}]}, tiktok: {…}}`, with the platforms that were asked for.
    """
    zone = explanation.client.zone

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    platforms = {
        part.platform.value: {
            "username": part.username,
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


def explanation_text(explanation: Explanation) -> Text:
    """The same for a person to read: a paragraph a platform, a line or three a post."""
    user, client = explanation.user, explanation.client
    lines = [
        Text(
            "{nama} ({user_id}), {client_id}, {day}; times in {zone}",
            nama=user.nama,
            user_id=user.user_id,
            client_id=client.client_id,
            day=explanation.moment.day.isoformat(),
            zone=zone_abbreviation(client.zone),
        )
    ]
    if not user.status:
        lines.append(Text("This user is inactive, so no report counts them."))
    if user.exception:
        lines.append(Text("This user is an exception: counted as having done every post."))
    for part in explanation.platforms:
        lines += [Text(""), *_platform_lines(part, client)]
    return join_texts(lines, "\n")


def _platform_lines(part: PlatformExplanation, client: Client) -> list[Text]:
    lines = [_done_line(part)]
    if not part.is_listed:
        lines.append(
            Text(
                "  this day was never fetched (cicero fetch {platform})",
                platform=part.platform.value,
            )
        )
    elif not part.posts:
        lines.append(Text("  no posts that day, so nobody is absent"))
    for seen in part.posts:
        lines.append(Text("  {url}", url=seen.url))
        lines.append(_read_line(seen.post, part.platform, client))
        if seen.seen_at is not None:
            at = seen.seen_at.astimezone(client.zone)
            lines.append(
                Text("    SEEN, first at {at:%d %b %H:%M}", at=at)
                if seen.seen_as == part.username
                else Text(
                    "    SEEN as @{handle}, first at {at:%d %b %H:%M}", handle=seen.seen_as, at=at
                )
            )
        elif seen.accepted is None:
            lines.append(_unseen_line(seen.post))
        if seen.accepted is not None:
            lines.append(
                Text(
                    "    ACCEPTED by {by} on {at:%d %b %H:%M}: {reason}",
                    by=seen.accepted.made_by,
                    at=seen.accepted.made_at.astimezone(client.zone),
                    reason=seen.accepted.reason,
                )
            )
        lines += [
            Text("    looks like: @{handle} ({reason})", handle=miss.handle, reason=miss.reason)
            for miss in seen.near_misses
        ]
    return lines


def _done_line(part: PlatformExplanation) -> Text:
    handle: str = Text("no handle on file, so nothing can be matched")
    if part.username:
        handle = f"@{part.username}"
    if part.former:
        former = ", ".join(f"@{name}" for name in part.former)
        handle = Text("{handle}; before: {former}", handle=handle, former=former)
    done = sum(seen.is_done for seen in part.posts)
    return Text(
        "{platform}: {handle}; liked {done} of {posts} posts"
        if part.platform is Platform.INSTA
        else "{platform}: {handle}; commented {done} of {posts} posts",
        platform=part.platform.label,
        handle=handle,
        done=done,
        posts=len(part.posts),
    )


def _read_line(post: Post, platform: Platform, client: Client) -> Text:
    is_likes = platform is Platform.INSTA
    at = f"{post.published_at.astimezone(client.zone):%H:%M}"
    if post.fetched_at is None:
        if is_likes:
            return Text("    published {at}; likers not fetched yet", at=at)
        return Text("    published {at}; comments not fetched yet", at=at)
    total = Text("a hidden total") if post.total is None else str(post.total)
    return Text(
        "    published {at}; {listed} of {total} likers listed at {read:%d %b %H:%M}"
        if is_likes
        else "    published {at}; {listed} of {total} comments listed at {read:%d %b %H:%M}",
        at=at,
        listed=post.listed,
        total=total,
        read=post.fetched_at.astimezone(client.zone),
    )


def _unseen_line(post: Post) -> Text:
    if post.fetched_at is None:
        return Text("    NOT SEEN: run cicero fetch first")
    if post.total is not None and post.listed < post.total:
        missing = post.total - post.listed
        return Text(
            "    NOT SEEN, but {missing} are not listed, so absence is no proof", missing=missing
        )
    return Text("    NOT SEEN")
