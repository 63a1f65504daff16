"""Rows of `account_listing`, and a client's stored posts in the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec
import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("any_account")
_decoder = msgspec.json.Decoder(tuple[UpstreamPost, ...])


@dataclass(frozen=True, slots=True)
class Survey:
    """The last look at an account: its newest posts, newest first; since `reaches_back_to` none is missing."""

    posts: tuple[UpstreamPost, ...]
    reaches_back_to: datetime
    fetched_at: datetime


class SurveyRepository:
    """What was seen of accounts on one platform."""

    def __init__(self, connection: psycopg.Connection, platform: Platform) -> None:
        self._connection = connection
        self._platform = platform

    def store(self, username: str, survey: Survey) -> None:
        """Keep the newest look at an account; the one before goes."""
        posts = [replace(post, caption=post.caption.replace("\x00", "")) for post in survey.posts]
        self._connection.execute(
            _SQL["store_survey"],
            {
                "platform": self._platform,
                "username": username,
                "posts": msgspec.json.encode(posts).decode(),
                "reaches_back_to": survey.reaches_back_to,
                "now": survey.fetched_at,
            },
        )

    def find(self, username: str) -> Survey | None:
        """The last look at the account of this name."""
        row = self._connection.execute(
            _SQL["find_survey"], {"platform": self._platform, "username": username}
        ).fetchone()
        return None if row is None else Survey(_decoder.decode(row[0]), row[1], row[2])

    def list_told_days(self, client_id: str, first_day: date) -> Sequence[date]:
        """The client's days since `first_day` that a fetch has listed."""
        rows = self._connection.execute(
            _SQL["list_told_days"],
            {"client_id": client_id, "platform": self._platform, "first_day": first_day},
        )
        return [day for (day,) in rows]

    def find_read_at(self, client_id: str, post_keys: Sequence[str]) -> datetime | None:
        """When a fetch last read one of these posts of the client, as far as rows tell; None when there are none."""
        row = self._connection.execute(
            _SQL["find_read_at"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "post_keys": list(post_keys),
            },
        ).fetchone()
        return row[0] if row is not None else None

    def list_stored(
        self, client_id: str, *, start: datetime, end: datetime, limit: int
    ) -> list[UpstreamPost]:
        """The client's posts of the span that fetches have stored, newest first."""
        with self._connection.cursor(row_factory=class_row(UpstreamPost)) as cursor:
            return cursor.execute(
                _SQL["list_showcase"],
                {
                    "client_id": client_id,
                    "platform": self._platform,
                    "start": start,
                    "end": end,
                    "limit": limit,
                },
            ).fetchall()
