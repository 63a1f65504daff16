"""Anev (analisa dan evaluasi): what users were to do in some days and what they did, whose JSON PostgreSQL makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.client_spans import ClientSpan, arrays

_SQL = load_queries("anev")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anev:
    """Sums, and JSON arrays as text. An action is a post liked or commented on; the exempt have completed all."""

    insta_posts: int
    tiktok_posts: int
    users: int
    likes: int
    comments: int
    assigned: int
    completed: int
    directory: str
    likes_per_user: str
    comments_per_user: str
    compliance: str
    users_per_satfung: str
    likes_per_satfung: str
    comments_per_satfung: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnevRow:
    """One person who was expected, under the own client: posts of the span, and how many of them the user's handles have done."""

    client_id: str
    nama_client: str
    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    jabatan: str | None
    insta: str | None
    tiktok: str | None
    exception: bool
    insta_posts: int
    tiktok_posts: int
    likes: int
    comments: int

    @property
    def assigned(self) -> int:
        return self.insta_posts + self.tiktok_posts

    @property
    def completed(self) -> int:
        """The exempt count as having done all."""
        return self.assigned if self.exception else self.likes + self.comments


class Task(NamedTuple):
    """A post that people were to engage with; `client_tiktok` is its client's account there."""

    platform: str
    post_key: str
    client_tiktok: str | None


class AnevRepository:
    """Both platforms at once, for one client or several; stale days are counted anew before."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def read(self, spans: Sequence[ClientSpan]) -> Anev:
        """Everything that the page shows."""
        with self._connection.cursor(row_factory=class_row(Anev)) as cursor:
            return sure_row(cursor.execute(_SQL["read_anev"], arrays(spans)).fetchone())

    def tasks(self, spans: Sequence[ClientSpan]) -> list[Task]:
        """The posts of both platforms, oldest first."""
        found = self._connection.execute(_SQL["list_tasks"], arrays(spans))
        return [Task._make(row) for row in found]

    def rows(self, spans: Sequence[ClientSpan]) -> Iterator[AnevRow]:
        """Users by client and division, a thousand at a time: each is a statement with the time limit of one."""
        with (
            self._connection.transaction(),
            self._connection.cursor(name="anev", row_factory=class_row(AnevRow)) as cursor,
        ):
            cursor.itersize = 1000
            yield from cursor.execute(_SQL["list_anev_rows"], arrays(spans))
