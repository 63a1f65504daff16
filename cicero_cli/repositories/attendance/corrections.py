"""Rows of `correction`: posts that count for one user, or for nobody, by a person's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.corrections import CorrectablePost, Correction
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("corrections")


class CorrectionRepository:
    """Rows are ended, never removed: reports as of an earlier moment stand."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def find_posts(self, post_key: str, client_id: str | None) -> Sequence[CorrectablePost]:
        """The posts of this key: none, one, or one of each client that has it."""
        return self._posts("find_correctable_posts", {"post_key": post_key, "client_id": client_id})

    def list_posts(
        self, client_id: str, first_day: date, last_day: date
    ) -> Sequence[CorrectablePost]:
        """All posts of these days, those that do not count among them, oldest first."""
        span = {"client_id": client_id, "first_day": first_day, "last_day": last_day}
        return self._posts("list_correctable_posts", span)

    def _posts(self, query: str, asked: dict[str, object]) -> Sequence[CorrectablePost]:
        with self._connection.cursor(row_factory=class_row(CorrectablePost)) as cursor:
            return cursor.execute(_SQL[query], asked).fetchall()

    def moved_posts(
        self, client_id: str, platform: Platform, since: datetime
    ) -> Mapping[str, date]:
        """The posts that count on another day than at that moment, and on which; no more than were moved on purpose."""
        asked = {"client_id": client_id, "platform": platform, "since": since}
        return dict(self._connection.execute(_SQL["list_moved_posts"], asked).fetchall())

    def of_day(
        self, client_id: str, platform: Platform, day: date, as_of: datetime | None = None
    ) -> tuple[Correction, ...]:
        """Those of the day's posts that hold, or held at a moment, in the order in which they were made."""
        rows = self._connection.execute(
            _SQL["list_corrections"],
            {"client_id": client_id, "platform": platform, "day": day, "as_of": as_of},
        )
        return tuple(Correction._make(row) for row in rows)

    def add(self, post: CorrectablePost, user_id: str | None, reason: str, *, by: Actor) -> bool:
        """False when it holds already."""
        return self._change("add_correction", post, user_id, by, reason=reason)

    def end(self, post: CorrectablePost, user_id: str | None, *, by: Actor) -> bool:
        """False when none holds."""
        return self._change("end_correction", post, user_id, by)

    def _change(
        self, query: str, post: CorrectablePost, user_id: str | None, by: Actor, **more: object
    ) -> bool:
        changed = self._connection.execute(
            _SQL[query],
            {
                "client_id": post.client_id,
                "platform": post.platform,
                "post_id": post.post_id,
                "user_id": user_id,
                "now": by.at,
                "by": by.name,
                **more,
            },
        )
        return bool(changed.rowcount)
