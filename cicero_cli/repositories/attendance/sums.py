"""Sums over many clients or many days, made in the database: what an overview and a month show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.attendance.absensi import Standing, Summary
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("sums")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPosts:
    """The posts of one client's day: how many, and how many of the people that the platform counts were listed.

    `read_at`: when the people of any of them were last read. `is_listed` false: nothing is known of the day.
    """

    client_id: str
    posts: int
    listed: int
    total: int
    read_at: datetime | None
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAsked:
    """Which day of a client to sum up; `posts` there are, of which `required` make a user sudah."""

    client_id: str
    day: date
    posts: int
    required: int


class DaySudah(NamedTuple):
    """How many were on the roster of a day, and how many of them did enough or were exempt."""

    sudah: int
    users: int


class SummaryRepository:
    """Sums of one platform; the days' counts must be current (`EngagementRepository.recount`)."""

    def __init__(self, connection: psycopg.Connection, platform: Platform) -> None:
        self._connection = connection
        self._platform = platform

    def count_posts(self, days: Mapping[str, date]) -> Mapping[str, DayPosts]:
        """What each client posted on its own day, by client id; of every client that was asked about."""
        parameters = {
            "platform": self._platform,
            "client_ids": [*days],
            "days": [*days.values()],
        }
        with self._connection.cursor(row_factory=class_row(DayPosts)) as cursor:
            rows = cursor.execute(_SQL["count_posts_of_days"], parameters)
            return {row.client_id: row for row in rows}

    def summarise(self, asked: Sequence[DayAsked]) -> Mapping[str, Summary]:
        """The counts of each client's day, by client id; a client without active users is absent."""
        rows = self._connection.execute(
            _SQL["summarise_days"],
            {
                "platform": self._platform,
                "client_ids": [one.client_id for one in asked],
                "days": [one.day for one in asked],
                "posts": [one.posts for one in asked],
                "required": [one.required for one in asked],
            },
        )
        return {client_id: Summary(*counts) for client_id, *counts in rows}

    def sum_standings(self, client_id: str, first_day: date, last_day: date) -> Sequence[Standing]:
        """Everybody who was expected on some day of the span, with the number of posts done on such days."""
        rows = self._connection.execute(
            _SQL["sum_standings"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "first_day": first_day,
                "last_day": last_day,
            },
        )
        return [Standing._make(row) for row in rows]

    def thresholds(self, client_id: str, days: Sequence[date]) -> Mapping[date, float]:
        """The threshold that the client had on each of these days."""
        rows = self._connection.execute(
            _SQL["list_thresholds"], {"client_id": client_id, "days": list(days)}
        )
        return dict(rows.fetchall())

    def count_sudah(self, client_id: str, required: Mapping[date, int]) -> Mapping[date, DaySudah]:
        """How many users did what each of these days required; days without a roster are absent."""
        rows = self._connection.execute(
            _SQL["count_sudah"],
            {
                "client_id": client_id,
                "platform": self._platform,
                "days": [*required],
                "required": [*required.values()],
            },
        )
        return {day: DaySudah(sudah, users) for day, sudah, users in rows}
