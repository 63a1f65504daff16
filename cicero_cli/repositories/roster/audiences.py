"""Who is expected on a client's posts, beside or in place of its own people (docs/adr/0026)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from cicero_cli.errors import InputError
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("audiences")


class Expected(NamedTuple):
    """Somebody who is expected on a client's posts; `unit_id` is the person's own client."""

    user_id: str
    unit_id: str
    nama: str
    title: str | None
    divisi: str | None
    username: str | None
    exception: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Days on which one person belongs to another client's audience; None: from ever, until further notice."""

    client_id: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceCounts:
    """How many units besides itself a client's audience has on a day, and how many people."""

    units: int
    people: int


class AudienceRepository:
    """The tree of units and who is expected; triggers keep it (sql/migrations, keep_audiences)."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def units_of_day(
        self, client_id: str, day: date, as_of: datetime | None = None
    ) -> Mapping[str, str]:
        """The names, by id, of the units whose people are expected on the client's posts of this day, its own id too
        when its own people are.
        """
        rows = self._connection.execute(_SQL["list_units_of_day"], _asked(client_id, day, as_of))
        return dict(rows.fetchall())

    def expected(
        self, client_id: str, platform: str, day: date, as_of: datetime | None = None
    ) -> Sequence[Expected]:
        """Everybody who is expected on the client's posts of this day, each once, by unit and id."""
        rows = self._connection.execute(
            _SQL["list_expected"], {**_asked(client_id, day, as_of), "platform": platform}
        )
        return [Expected._make(row) for row in rows]

    def clients_above(self, unit_ids: Sequence[str], day: date) -> Sequence[str]:
        """The clients on whose posts people of these units are expected on this day, the units' own among them, by id."""
        rows = self._connection.execute(
            _SQL["list_clients_above"], {"client_ids": list(unit_ids), "day": day}
        )
        return [client_id for (client_id,) in rows]

    def counts(self, client_id: str, day: date) -> AudienceCounts:
        """Units and people of this day."""
        with self._connection.cursor(row_factory=class_row(AudienceCounts)) as cursor:
            return sure_row(
                cursor.execute(
                    _SQL["count_audience"], {"client_id": client_id, "day": day}
                ).fetchone()
            )

    def was_ever_expected(self, client_id: str, user_id: str) -> bool:
        """Whether the client's posts are or were ever expected of this person."""
        row = self._connection.execute(
            _SQL["was_ever_expected"], {"client_id": client_id, "user_id": user_id}
        ).fetchone()
        return bool(row and row[0])

    def assignments_of(self, user_id: str) -> Sequence[Assignment]:
        """To which audiences somebody was or is assigned, the newest first."""
        with self._connection.cursor(row_factory=class_row(Assignment)) as cursor:
            return cursor.execute(_SQL["list_assignments"], {"user_id": user_id}).fetchall()

    def assign(
        self, user_id: str, client_id: str, first_day: date | None, last_day: date | None
    ) -> None:
        """Of this client's audience on these days. No first day: from today on, or ever if nobody was expected before today."""
        self._connection.execute(
            _SQL["add_assignment"],
            {
                "user_id": user_id,
                "client_id": client_id,
                "first_day": first_day,
                "last_day": last_day,
            },
        )

    def end_assignment(self, user_id: str, client_id: str, last_day: date) -> None:
        """Not of this client's audience after this day."""
        self._connection.execute(
            _SQL["end_assignment"],
            {"user_id": user_id, "client_id": client_id, "last_day": last_day},
        )


@contextmanager
def as_tree() -> Iterator[None]:
    """InputError for a client that would come to be below itself."""
    try:
        yield
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name != "clients_are_a_tree":
            raise
        raise InputError(
            "--under: a client cannot be below itself, nor below a unit of its own",
            hint="see who is under whom: cicero client list",
            field="under",
        ) from error


def _asked(client_id: str, day: date, as_of: datetime | None) -> dict[str, object]:
    return {
        "client_id": client_id,
        "day": day,
        "as_of": as_of or datetime.max.replace(tzinfo=UTC),
    }
