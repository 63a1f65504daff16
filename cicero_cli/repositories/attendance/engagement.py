"""Likes and comments: written in bulk, read as counts per user and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.attendance.absensi import Standing
from cicero_cli.domain.collection.comments import KnownComments
from cicero_cli.domain.collection.posts import Engagement
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import UnstorableError
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.unstorable import as_unstorable

_SQL = load_queries("engagement")
_COUNTS = load_queries("done_by_day")
_CLIENTS = load_queries("clients")


class EngagementRepository:
    """Who liked (Instagram) or commented (TikTok)."""

    def __init__(self, connection: psycopg.Connection, platform: Platform) -> None:
        self._connection = connection
        self._platform = platform

    def store(
        self, post_id: int, engagement: Engagement, *, now: datetime, is_believed: bool = True
    ) -> int:
        """Add who was not known before, in one transaction with the post's coverage; gives how many.

        A list that is not `is_believed` adds people and leaves an earlier reading's coverage, so that the post is asked again.

        UnstorableError when the post went meanwhile, with its client, or when no column takes a value.
        """
        parameters: dict[str, Any] = {
            "post_id": post_id,
            "total": engagement.total,
            "listed": engagement.listed,
            "is_believed": is_believed,
            "now": now,
        }
        if self._platform is Platform.INSTA:
            query = "store_likes"
            usernames = [username.replace("\x00", "") for username in engagement.likes]
            parameters |= {"usernames": usernames}
        else:
            query, comments = "store_comments", engagement.comments
            parameters |= {
                "is_whole": engagement.is_whole,
                "cursor": engagement.cursor,
                "comment_ids": [comment.comment_id for comment in comments],
                "usernames": [comment.username.replace("\x00", "") for comment in comments],
                "texts": [comment.text.replace("\x00", "") for comment in comments],
                "created_ats": [comment.created_at for comment in comments],
            }
        with as_unstorable("who engaged"), self._connection.transaction():
            if not self._connection.execute(
                _SQL[f"lock_{self._platform}_post"], parameters
            ).rowcount:
                raise UnstorableError("its client was removed while it was fetched")
            [(added,)] = self._connection.execute(_SQL[query], parameters).fetchall()
            return int(added)

    def find_known_comments(self, post_id: int) -> KnownComments | None:
        """What is on file of a TikTok post's comments, to read only the newer ones; None before all of them were read once."""
        row = self._connection.execute(_SQL["find_known_comments"], {"post_id": post_id}).fetchone()
        if row is None:
            return None
        comment_ids, total, listed, cursor = row
        return KnownComments(
            comment_ids=frozenset(comment_ids), total=total, listed=listed, cursor=cursor
        )

    def count_unseen(
        self, client_id: str, first_day: date, last_day: date
    ) -> dict[int, int | None]:
        """By post of these days, how many of those who are expected on it have not been seen; None where nobody is expected."""
        rows = self._connection.execute(
            _SQL["count_unseen"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "first_day": first_day,
                "last_day": last_day,
            },
        )
        return dict(rows.fetchall())

    def recount(self, client_id: str, first_day: date, last_day: date) -> None:
        """Count anew the days of this span whose counts are stale; costs nothing when none is (docs/adr/0003)."""
        span = {
            "client_id": client_id,
            "platform": self._platform,
            "first_day": first_day,
            "last_day": last_day,
        }
        if not self._connection.execute(_COUNTS["find_stale_day"], span).fetchone():
            return
        with self._connection.transaction():
            self._connection.execute(_CLIENTS["hold_client"], span)
            # taken in a statement of its own: it waits for a writer, and the count must see what that one wrote
            taken = self._connection.execute(_COUNTS["take_stale_days"], span)
            days = [day for (day,) in taken]
            if days:
                self._connection.execute(
                    _COUNTS[f"count_{self._platform}_days"],
                    {"client_id": client_id, "days": days},
                )

    def list_standings(self, client_id: str, day: date) -> list[Standing]:
        """Everybody on the roster of the local day, with the number of its posts that are done; `recount` comes first."""
        rows = self._connection.execute(
            _SQL["list_standings"],
            {"client_id": client_id, "platform": self._platform, "day": day},
        )
        return [Standing._make(row) for row in rows]

    def list_standings_as_of(
        self, client_id: str, day: date, post_ids: Sequence[int], as_of: datetime
    ) -> list[Standing]:
        """As list_standings, by what had been seen and was on file by then."""
        rows = self._connection.execute(
            _SQL["list_standings_as_of"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "day": day,
                "post_ids": list(post_ids),
                "as_of": as_of,
            },
        )
        return [Standing._make(row) for row in rows]

    def list_doers(
        self, client_id: str, day: date, post_ids: Sequence[int], as_of: datetime | None
    ) -> dict[int, frozenset[str]]:
        """User ids of the day's roster who have done each of its posts; posts that nobody did are absent."""
        rows = self._connection.execute(
            _SQL["list_doers"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "day": day,
                "post_ids": list(post_ids),
                "as_of": as_of or datetime.max.replace(tzinfo=UTC),
            },
        )
        return {post_id: frozenset(user_ids) for post_id, user_ids in rows}

    def list_people(
        self, client_id: str, post_ids: Sequence[int], as_of: datetime | None
    ) -> dict[int, dict[str, datetime]]:
        """Every handle seen on each of these posts of the client, and when it was first seen."""
        people: dict[int, dict[str, datetime]] = {post_id: {} for post_id in post_ids}
        rows = self._connection.execute(
            _SQL["list_people"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "post_ids": list(post_ids),
                "as_of": as_of,
            },
        )
        for post_id, username, first_seen_at in rows:
            people[post_id][username] = first_seen_at
        return people


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToDo:
    """One user who may be reminded, and the ids of the posts that are left; `unit_id` is the user's own client."""

    user_id: str
    unit_id: str
    nama: str
    title: str | None
    whatsapp: str
    insta: list[int]
    tiktok: list[int]


def list_left_to_do(
    connection: psycopg.Connection,
    client_id: str,
    day: date,
    post_ids: Mapping[Platform, Sequence[int]],
    *,
    user_id: str | None = None,
) -> list[LeftToDo]:
    """Who is expected on the client's posts, with a number, active, not exempt, not opted out, and has some of these left; one
    of them alone.
    """
    with connection.cursor(row_factory=class_row(LeftToDo)) as cursor:
        return cursor.execute(
            _SQL["list_left_to_do"],
            {
                "client_id": client_id,
                "day": day,
                "user_id": user_id,
                "insta_post_ids": list(post_ids.get(Platform.INSTA, ())),
                "tiktok_post_ids": list(post_ids.get(Platform.TIKTOK, ())),
            },
        ).fetchall()
