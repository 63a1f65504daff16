"""Recaps and figures of the dashboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import psycopg
from psycopg.rows import class_row, dict_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.client_spans import Choice, ClientSpan, arrays

_SQL = load_queries("recap")


class RecapRow(msgspec.Struct, frozen=True, gc=False):
    """An active user, as the dashboards read it."""

    user_id: str
    title: str | None
    nama: str
    username: str | None
    divisi: str | None
    exception: bool
    display_nama: str
    client_id: str
    nama_client: str


class LikeRow(RecapRow, frozen=True, gc=False):
    """With the number of Instagram posts liked."""

    jumlah_like: int


class CommentRow(RecapRow, frozen=True, gc=False):
    """With the number of TikTok posts commented on."""

    jumlah_komentar: int


_ROWS = {Platform.INSTA: LikeRow, Platform.TIKTOK: CommentRow}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """Who did how much, most first; everybody is counted in exactly one of `sudah` to `no_posts`.

    Of those with a handle or an exception, `laphar_sudah` did what the threshold of the last day asks, which is None for several clients.
    """

    rows: Sequence[RecapRow]
    posts: int
    users: int
    sudah: int
    kurang: int
    belum: int
    no_username: int
    no_posts: int
    threshold: float | None
    laphar_sudah: int
    laphar_belum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Posts of the spans, and active users of their clients."""

    insta_posts: int
    tiktok_posts: int
    users: int


class RecapRepository:
    """What was done in spans of days, for one client or several at once."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def choices(self, client_ids: Sequence[str] | None, *, regional_id: str | None) -> list[Choice]:
        """The active ones of these clients or of all (None), of one region or any, by id."""
        with self._connection.cursor(row_factory=class_row(Choice)) as cursor:
            return cursor.execute(
                _SQL["list_choices"],
                {
                    "client_ids": None if client_ids is None else [*client_ids],
                    "regional_id": regional_id,
                },
            ).fetchall()

    def stale_clients(self, platform: Platform, spans: Mapping[str, Span]) -> list[str]:
        """Those whose counts of these days have to be made anew before a recap."""
        rows = self._connection.execute(
            _SQL["find_stale_clients"],
            {
                "client_ids": [*spans],
                "first_days": [span.first_day for span in spans.values()],
                "last_days": [span.last_day for span in spans.values()],
                "platform": platform,
            },
        )
        return [client_id for (client_id,) in rows]

    def recap(self, platform: Platform, spans: Sequence[ClientSpan]) -> Recap:
        """Every active user of these clients; `stale_clients` are counted anew before."""
        is_a_day = all(one.span.first_day == one.span.last_day for one in spans)
        query = _SQL["read_day_recap" if is_a_day else "read_recap"]
        with self._connection.cursor(row_factory=dict_row, binary=True) as cursor:
            found = sure_row(
                cursor.execute(query, {**arrays(spans), "platform": platform}).fetchone()
            )
        columns = [found.pop(name) or [] for name in (*RecapRow.__struct_fields__, "jumlah")]
        rows = [_ROWS[platform](*values) for values in zip(*columns, strict=True)]
        return Recap(rows=rows, **found)

    def stats(self, spans: Sequence[ClientSpan]) -> Stats:
        """How many posts and users these clients have."""
        with self._connection.cursor(row_factory=class_row(Stats)) as cursor:
            return sure_row(cursor.execute(_SQL["count_stats"], arrays(spans)).fetchone())

    def count_clients(self, client_ids: Sequence[str] | None) -> int:
        """How many of these clients, or of all (None), are active."""
        row = self._connection.execute(
            _SQL["count_active_clients"],
            {"client_ids": None if client_ids is None else [*client_ids]},
        ).fetchone()
        return int(row[0]) if row else 0
