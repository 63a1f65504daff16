"""Rows of `insta_post` and `tiktok_post`: read through the view `post`, written each by its own statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.collection.posts import Post, UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.unstorable import as_unstorable

_SQL = load_queries("posts")


class PostRepository:
    """The posts of one platform."""

    def __init__(self, connection: psycopg.Connection, platform: Platform) -> None:
        self._connection = connection
        self._platform = platform

    def store(self, client_id: str, posts: Iterable[UpstreamPost], *, now: datetime) -> None:
        """Add what is new and refresh what is known; a post that is listed again is no longer deleted."""
        rows = [
            {
                "post_key": post.post_key,
                "published_at": post.published_at.isoformat(),
                "caption": post.caption.replace("\x00", ""),
                "kind": post.kind,
                "thumbnail_url": post.thumbnail_url,
                "collaborators": post.collaborators,
                "like_count": post.like_count,
                "comment_count": post.comment_count,
                "share_count": post.share_count,
                "view_count": post.view_count,
            }
            for post in posts
        ]
        with as_unstorable("the listing"):
            self._connection.execute(
                _SQL[f"store_{self._platform}_posts"],
                {"client_id": client_id, "posts": Jsonb(rows), "now": now},
            )

    def mark_deleted(
        self, client_id: str, *, start: datetime, end: datetime, keep: Iterable[str], now: datetime
    ) -> int:
        """Mark the posts of the span that a complete listing (`keep`: its keys) lacks; gives how many are deleted now.

        A post is deleted when two complete listings in a row lack it.
        """
        marked = self._connection.execute(
            _SQL[f"mark_{self._platform}_posts_deleted"],
            {
                "client_id": client_id,
                "start": start,
                "end": end,
                "post_keys": list(keep),
                "now": now,
            },
        )
        return sum(is_deleted for (is_deleted,) in marked)

    def list(
        self, client_id: str, *, first_day: date, last_day: date, as_of: datetime | None = None
    ) -> list[Post]:
        """The client's posts of these local days that are not deleted, oldest first; `as_of` as they stood then."""
        query = "list_posts" if as_of is None else "list_posts_as_of"
        with self._connection.cursor(row_factory=class_row(Post)) as cursor:
            return cursor.execute(
                _SQL[query],
                {
                    "client_id": client_id,
                    "platform": self._platform,
                    "first_day": first_day,
                    "last_day": last_day,
                    "as_of": as_of,
                },
            ).fetchall()

    def raise_totals(self, post_ids: Sequence[int]) -> None:
        """These are not read although they may have grown: reports say that not all is known of them."""
        self._connection.execute(
            _SQL[f"raise_{self._platform}_totals"], {"post_ids": list(post_ids)}
        )

    def remember_listing(
        self, client_id: str, first_day: date, last_day: date, *, now: datetime
    ) -> None:
        """These days' posts were told: from now on a day without posts is known to have none."""
        self._connection.execute(
            _SQL["remember_listing"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "first_day": first_day,
                "last_day": last_day,
                "now": now,
            },
        )

    def listed_at(self, client_id: str, day: date) -> datetime | None:
        """When the day's posts were first told; None when they never were."""
        row = self._connection.execute(
            _SQL["find_listing"], {"client_id": client_id, "platform": self._platform, "day": day}
        ).fetchone()
        return row[0] if row else None

    def remember_unreadable(
        self, client_id: str, day: date, unreadable: int, *, now: datetime
    ) -> None:
        """How many posts of the day's newest listing could not be read."""
        self._connection.execute(
            _SQL["remember_unreadable"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "day": day,
                "unreadable": unreadable,
                "now": now,
            },
        )

    def count_unreadable(self, client_id: str, day: date, as_of: datetime | None = None) -> int:
        """How many posts of the day could not be read when it was last listed, or last before `as_of`."""
        row = self._connection.execute(
            _SQL["count_unreadable"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "day": day,
                "as_of": as_of or datetime.max.replace(tzinfo=UTC),
            },
        ).fetchone()
        return int(row[0]) if row else 0
