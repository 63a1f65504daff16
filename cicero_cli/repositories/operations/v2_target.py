"""What comes from Cicero_V2, written in bulk to the tables that stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import psycopg

from cicero_cli.domain.operations.v2_rows import V2Comment
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("v2_target")
PostKey = tuple[str, str]
"""A client's id and a post's key there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPost:
    """One post with what Cicero_V2 knew of it."""

    client_id: str
    post_key: str
    published_at: datetime
    caption: str
    kind: str
    thumbnail_url: str | None
    like_count: int | None
    comment_count: int | None
    listed: int
    fetched_at: datetime | None


class V2TargetRepository:
    """This installation, while Cicero_V2 moves in."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def save_users(self, users: Sequence[User]) -> None:
        """Add or overwrite people, of whichever client they were."""
        columns = {field.name: [getattr(u, field.name) for u in users] for field in fields(User)}
        self._connection.execute(_SQL["save_moved_users"], columns)

    def save_roles(self, roles: Sequence[tuple[str, str]]) -> int:
        """Keep who had which role; how many were not kept before."""
        values = {"user_ids": [user for user, _ in roles], "roles": [role for _, role in roles]}
        return self._connection.execute(_SQL["save_roles"], values).rowcount

    def save_posts(self, platform: Platform, posts: Sequence[MovedPost]) -> tuple[int, int]:
        """Add or refresh posts; how many are new, how many changed."""
        values = [asdict(post) for post in posts]
        columns = {f"{field.name}s": [v[field.name] for v in values] for field in fields(MovedPost)}
        query = (
            "save_moved_insta_posts" if platform is Platform.INSTA else "save_moved_tiktok_posts"
        )
        written = [is_new for (is_new,) in self._connection.execute(_SQL[query], columns)]
        return sum(written), len(written) - sum(written)

    def post_ids(self, platform: Platform, keys: Sequence[PostKey]) -> dict[PostKey, int]:
        """The ids here of these posts."""
        values = {
            "platform": platform.value,
            "client_ids": [client_id for client_id, _ in keys],
            "post_keys": [key for _, key in keys],
        }
        rows = self._connection.execute(_SQL["find_moved_posts"], values)
        return {(client_id, key): post_id for client_id, key, post_id in rows}

    def mark_days_as_listed(self, platform: Platform, post_ids: Sequence[int]) -> None:
        """The days of these posts were read."""
        values = {"platform": platform.value, "post_ids": [*post_ids]}
        self._connection.execute(_SQL["mark_days_as_listed"], values)

    def save_likes(self, likes: Sequence[tuple[int, str, datetime]]) -> int:
        """Add likes (post, handle, first seen); how many were not known."""
        columns = _columns(likes, "post_ids", "usernames", "first_seen_ats")
        [(added,)] = self._connection.execute(_SQL["save_moved_likes"], columns).fetchall()
        return int(added)

    def save_comments(self, comments: Sequence[tuple[int, V2Comment, datetime]]) -> int:
        """Add comments (post, comment, first seen); how many were not known."""
        rows = [
            (post_id, one.comment_id, one.username, one.text, one.created_at, seen_at)
            for post_id, one, seen_at in comments
        ]
        columns = _columns(
            rows, "post_ids", "comment_ids", "usernames", "texts", "created_ats", "first_seen_ats"
        )
        [(added,)] = self._connection.execute(_SQL["save_moved_comments"], columns).fetchall()
        return int(added)

    def count_doers(self, platform: Platform, post_ids: Sequence[int]) -> dict[int, int]:
        """How many active people of its client have done each post, where any has."""
        values = {"platform": platform.value, "post_ids": [*post_ids]}
        return dict(self._connection.execute(_SQL["count_doers"], values).fetchall())

    def save_profile(self, profile: dict[str, Any]) -> int:
        """Add an Instagram account; 0 when it is known."""
        return self._connection.execute(_SQL["save_moved_profile"], profile).rowcount


def _columns(rows: Sequence[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}
