"""Rows of `clients`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.roster.clients import Client, ended_client
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.audiences import as_tree

if TYPE_CHECKING:
    from cicero_cli.repositories.roster.client_imports import ClientImportRepository
    from cicero_cli.repositories.roster.holidays import HolidayRepository

_SQL = load_queries("clients")


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes with a client that is erased; `reports`: sent ones, which nothing proves any more."""

    users: int
    posts: int
    reports: int


class ClientRepository:
    """The clients of this installation."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    @cached_property
    def imports(self) -> ClientImportRepository:
        """The imports of clients."""
        from cicero_cli.repositories.roster.client_imports import ClientImportRepository

        return ClientImportRepository(self._connection)

    @cached_property
    def holidays(self) -> HolidayRepository:
        """Holidays, and the days off that they and the clients' own rules make."""
        from cicero_cli.repositories.roster.holidays import HolidayRepository

        return HolidayRepository(self._connection)

    def list(self, *, active_only: bool = False) -> list[Client]:
        """Clients by id; not those that have ended."""
        with self._connection.cursor(row_factory=class_row(Client)) as cursor:
            return cursor.execute(_SQL["list_clients"], {"active_only": active_only}).fetchall()

    def get(self, client_id: str) -> Client | None:
        """The client of this id, which is upper-case already; None for one that has ended."""
        with self._connection.cursor(row_factory=class_row(Client)) as cursor:
            return cursor.execute(_SQL["get_client"], {"client_id": client_id}).fetchone()

    def get_ended(self, client_id: str) -> Client | None:
        """The client of this id that has ended, to show its past."""
        with self._connection.cursor(row_factory=class_row(Client)) as cursor:
            return cursor.execute(_SQL["get_ended_client"], {"client_id": client_id}).fetchone()

    def of_day(self, client: Client, day: date, as_of: datetime | None) -> Client:
        """The client with the name, zone, rules and place that it had at the end of that day; `as_of` what was known then.

        NotFoundError when it had ended by that day.
        """
        row = self._connection.execute(
            _SQL["get_client_of_day"],
            {
                "client_id": client.client_id,
                "day": day,
                "as_of": as_of or datetime.max.replace(tzinfo=UTC),
            },
        ).fetchone()
        if row is None:
            return client
        nama, timezone, threshold, under, audience, divisions, days_off, until, ended_on = row
        if ended_on is not None and ended_on <= day:
            raise ended_client(client.client_id, ended_on)
        return replace(
            client,
            nama=nama,
            timezone=timezone,
            threshold=threshold,
            under=under,
            audience=audience,
            audience_divisi=divisions,
            days_off=days_off,
            posts_until=until,
        )

    def lock(self, client_id: str) -> None:
        """Keep others from changing this client until the transaction ends."""
        self._connection.execute(_SQL["lock_client"], {"client_id": client_id})

    def lock_all(self) -> dict[str, Client]:
        """Every client, by id; nobody else changes one until the transaction ends."""
        for client in self.list():
            self.lock(client.client_id)
        return {client.client_id: client for client in self.list()}

    def hold(self, client_id: str) -> bool:
        """Keep this client from being removed until the transaction ends; False when it is gone already."""
        held = self._connection.execute(_SQL["hold_client"], {"client_id": client_id})
        return held.fetchone() is not None

    def hold_transfers(self) -> None:
        """Whoever moves many people between clients does it alone, until the transaction ends; taken before any of them is locked."""
        self._connection.execute(_SQL["hold_transfers"])

    def add(self, client: Client) -> bool:
        """False when the id is taken; that client stays as it was. One that had ended begins anew, with its past."""
        with as_tree():
            return self._connection.execute(_SQL["add_client"], asdict(client)).rowcount == 1

    def update(self, client: Client) -> None:
        """Write every field of the client; a changed TikTok handle drops the secuid.

        InputError when it would be below itself.
        """
        with as_tree():
            self._connection.execute(_SQL["update_client"], asdict(client))

    def remember_secuid(self, client_id: str, secuid: str) -> None:
        """Keep what TikTok calls this client's account."""
        self._connection.execute(
            _SQL["remember_secuid"], {"client_id": client_id, "tiktok_secuid": secuid}
        )

    def loss(self, client_id: str) -> Loss:
        """What is kept of a client, and would be gone."""
        with self._connection.cursor(row_factory=class_row(Loss)) as cursor:
            return sure_row(cursor.execute(_SQL["count_loss"], {"client_id": client_id}).fetchone())

    def remove(self, client_id: str) -> None:
        """End the client: its people are expected no more, its past stays; waits for who is writing some of it."""
        self._remove(client_id, "end_client")

    def erase(self, client_id: str) -> None:
        """Remove the client, ended already or not, and all that is kept of it."""
        self._remove(client_id, "say_erase", "erase_client")

    def _remove(self, client_id: str, *queries: str) -> None:
        with self._connection.transaction():
            for query in ("lock_client_for_removal", "lock_posts_of_client", *queries):
                self._connection.execute(_SQL[query], {"client_id": client_id})
