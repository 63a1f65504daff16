"""Attendance (*absensi*): who has done the posts of one client, day and platform.

Each user has one status, by the first rule that fits: `dikecualikan` (exempt: counted as having done all),
`tanpa_username` (no handle on file: has done none), `lengkap` (all posts), `kurang` (some), `belum` (none).
*Sudah* is said of who has done at least ceil(threshold x posts), the exempt always included.

On a day without posts nobody is absent: whoever would be lengkap, kurang or belum is `lengkap` with 0 of 0, and
everybody is sudah, also who has no handle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from cicero_cli.domain.attendance.corrections import Correction, with_ids
from cicero_cli.domain.collection.posts import Post, post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.ranks import report_order


class Status(StrEnum):
    """What a user has done of a day's posts; the values are part of the JSON."""

    LENGKAP = "lengkap"
    KURANG = "kurang"
    BELUM = "belum"
    TANPA_USERNAME = "tanpa_username"
    DIKECUALIKAN = "dikecualikan"


class Standing(NamedTuple):
    """What the database knows of one user and day: `done` posts had the user's handle among their people.

    A tuple, as 28,000 are made in a run: rows with these columns become standings by `map(Standing._make, rows)`.
    """

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    username: str | None
    exception: bool
    done: int
    client_id: str = ""  # the user's own client, which need not be the one that posts


class UserAttendance(NamedTuple):
    """One user in a report; the exempt count as having done all, so their `done` is `total`."""

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    username: str | None
    done: int
    total: int
    status: Status
    sudah: bool
    client_id: str = ""


class Summary(NamedTuple):
    """The counts of a report. The five statuses add up to `users`; `sudah` is counted across them."""

    users: int
    posts: int
    sudah: int
    lengkap: int
    kurang: int
    belum: int  # of this status: who has done none; not everyone who is not sudah
    tanpa_username: int
    dikecualikan: int

    @property
    def belum_melaksanakan(self) -> int:
        """Who has a handle and is not sudah: what the laphar calls belum, of a day with posts."""
        return self.users - self.sudah - self.tanpa_username


class Group(StrEnum):
    """Where a user stands by the laphar's count; who is belum there has done nothing here, or too little."""

    SUDAH = "sudah"
    KURANG = "kurang"
    NOL = "nol"
    TANPA_USERNAME = "tanpa_username"
    DIKECUALIKAN = "dikecualikan"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSummary:
    """A post as a report shows it: `listed` people of `total` (None: hidden) are known, `fetched_at` None: never read."""

    key: str
    url: str
    published_at: datetime
    listed: int
    total: int | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what the upstream counts was listed, over the posts whose total is known.

    No post adds more than its total: a list that is too long elsewhere does not hide one that is too short.
    """

    listed: int
    total: int
    hidden: int  # posts that were read, but hide their total
    unread: int  # posts whose people were never read, unless the platform counts none
    share: float | None  # 0 to 1; None when no total is known
    unreadable: int = 0  # posts of the day that the upstream showed and that could not be read

    @property
    def is_full(self) -> bool:
        """Whether nothing is known to be missing; a hidden total is no such knowledge."""
        return self.listed >= self.total and not self.unread and not self.unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One client, day and platform: posts oldest first, users in report order.

    `units` are the names by id of those whose people are expected beside or in place of the client's own; None: those alone.
    """

    client_id: str
    day: date
    timezone: str
    platform: Platform
    threshold: float
    required: int  # posts that make a user sudah; 0 on a day without posts
    posts: tuple[PostSummary, ...]
    users: tuple[UserAttendance, ...]
    summary: Summary
    coverage: Coverage
    is_listed: bool  # false: the day was never fetched, so nothing can be said of it
    units: Mapping[str, str] | None = None
    corrections: tuple[Correction, ...] = ()
    day_off: str | None = None  # why nobody is reminded that day
    posts_until: str | None = None
    late_posts: tuple[PostSummary, ...] = ()  # published on this day, and counted on the next

    def with_ids(self, ids: Mapping[str, str]) -> Attendance:
        """The same with these ids of users in place of others."""
        if not ids:
            return self
        users = tuple(one._replace(user_id=ids.get(one.user_id, one.user_id)) for one in self.users)
        return replace(self, users=users, corrections=with_ids(self.corrections, ids))


def take_attendance(
    client: Client,
    day: date,
    platform: Platform,
    posts: Iterable[PostSummary],
    standings: Iterable[Standing],
    *,
    is_listed: bool = True,
    unreadable: int = 0,
    units: Mapping[str, str] | None = None,
    corrections: tuple[Correction, ...] = (),
    day_off: str | None = None,
    late_posts: Iterable[PostSummary] = (),
) -> Attendance:
    """Who has done the day's posts; `standings` are those who are expected, each once, in any order.

    `is_listed` false: the day's posts were never told, so that none being known says nothing. `unreadable`: how many more
    posts the day has that could not be read.
    """
    day_posts = tuple(sorted(posts, key=lambda post: (post.published_at, post.key)))
    required = required_posts(client.threshold, len(day_posts))
    order = _order if units is None else _order_by_unit
    users = _judge(sorted(standings, key=order), total=len(day_posts), required=required)
    return Attendance(
        client_id=client.client_id,
        day=day,
        timezone=client.timezone,
        platform=platform,
        threshold=client.threshold,
        required=required,
        posts=day_posts,
        users=users,
        summary=summarise(users, posts=len(day_posts)),
        coverage=_cover(day_posts, unreadable),
        is_listed=(is_listed and not unreadable) or bool(day_posts),
        units=units,
        corrections=corrections,
        day_off=day_off,
        posts_until=client.posts_until,
        late_posts=tuple(late_posts),
    )


def summarise(users: Sequence[UserAttendance], *, posts: int) -> Summary:
    """The counts of these people."""
    statuses = [user.status for user in users]
    return Summary(
        users=len(users),
        posts=posts,
        sudah=sum([user.sudah for user in users]),
        **{status.value: statuses.count(status) for status in Status},
    )


def required_posts(threshold: float, posts: int) -> int:
    """ceil(threshold x posts), at least 1 when there are posts.

    The product is off by a float's last digit (0.07 x 100 is 7.000000000000001), so a billionth is let pass.
    """
    return max(1, ceil(threshold * posts - 1e-9)) if posts else 0


def summarise_post(post: Post, platform: Platform, username: str | None) -> PostSummary:
    """The post as a report shows it; `username` is the client's handle, part of a TikTok address where the post does not say of which account it is.

    Of a post whose people were never read, the count in the listing is the total.
    """
    return PostSummary(
        key=post.post_key,
        url=post_url(platform, post.post_key, post.account or username),
        published_at=post.published_at,
        listed=post.listed,
        total=post.shown_count if post.fetched_at is None else post.total,
        fetched_at=post.fetched_at,
    )


def group_of(user: UserAttendance) -> Group:
    """The one group that the user is counted in; sudah in a laphar are those of SUDAH and DIKECUALIKAN."""
    if user.status is Status.DIKECUALIKAN:
        return Group.DIKECUALIKAN
    if user.status is Status.TANPA_USERNAME:
        return Group.TANPA_USERNAME
    if user.sudah:
        return Group.SUDAH
    return Group.KURANG if user.done else Group.NOL


def _judge(
    standings: Iterable[Standing], *, total: int, required: int
) -> tuple[UserAttendance, ...]:
    lengkap, kurang, belum = Status.LENGKAP, Status.KURANG, Status.BELUM
    users = []
    for user_id, nama, title, divisi, username, exception, seen, client_id in standings:
        if exception:
            done, status = total, Status.DIKECUALIKAN
        elif not username and not seen:
            done, status = 0, Status.TANPA_USERNAME
        elif seen >= total:
            done, status = total, lengkap
        else:
            done, status = seen, kurang if seen else belum
        users.append(
            UserAttendance(
                user_id,
                nama,
                title,
                divisi,
                username,
                done,
                total,
                status,
                done >= required,
                client_id,
            )
        )
    return tuple(users)


def _order(standing: Standing) -> str:
    return report_order(standing.divisi, standing.title, standing.nama, standing.user_id)


def _order_by_unit(standing: Standing) -> str:
    return f"{standing.client_id}\0{_order(standing)}"


def _cover(posts: tuple[PostSummary, ...], unreadable: int) -> Coverage:
    known = [(post.listed, post.total) for post in posts if post.total is not None]
    listed = sum(min(listed, total) for listed, total in known)
    total = sum(total for _, total in known)
    share = (listed / total if total else 1.0) if known else None
    return Coverage(
        listed=listed,
        total=total,
        hidden=sum(post.total is None and post.fetched_at is not None for post in posts),
        unread=sum(post.fetched_at is None and post.total != 0 for post in posts),
        share=share,
        unreadable=unreadable,
    )
