"""Rows of `followed_sheet`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("followed_sheets")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedSheet:
    """The Google Sheet that a client's people are kept in. `tab`: None for the one that the link shows, or the first."""

    client_id: str
    link: str
    tab: str | None
    since: datetime


class FollowedSheetRepository:
    """The sheets that are read every night."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self) -> dict[str, FollowedSheet]:
        """Each client's that has one, by its id."""
        with self._connection.cursor(row_factory=class_row(FollowedSheet)) as cursor:
            found = cursor.execute(_SQL["list_followed_sheets"]).fetchall()
        return {sheet.client_id: sheet for sheet in found}

    def get(self, client_id: str) -> FollowedSheet | None:
        """The client's."""
        with self._connection.cursor(row_factory=class_row(FollowedSheet)) as cursor:
            return cursor.execute(_SQL["get_followed_sheet"], {"client_id": client_id}).fetchone()

    def save(self, client_id: str, link: str, tab: str | None, *, since: datetime) -> None:
        """This one from now on; one that is followed already keeps its beginning."""
        self._connection.execute(
            _SQL["save_followed_sheet"],
            {"client_id": client_id, "link": link, "tab": tab, "since": since},
        )

    def forget(self, client_id: str) -> None:
        """None any more."""
        self._connection.execute(_SQL["forget_followed_sheet"], {"client_id": client_id})
