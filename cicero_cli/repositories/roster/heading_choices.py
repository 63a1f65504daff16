"""Rows of `heading_choice`."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("heading_choices")


class HeadingChoiceRepository:
    """What the columns of a client's sheets of people, or (None) of sheets of clients, were said to mean."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self, client_id: str | None) -> dict[str, str]:
        """The field of each heading."""
        found = self._connection.execute(_SQL["list_heading_choices"], {"client_id": client_id})
        return dict(found.fetchall())

    def save(self, client_id: str | None, choices: Mapping[str, str | None]) -> None:
        """Remember these; forget those whose field is None."""
        for heading, field in choices.items():
            self._connection.execute(
                _SQL["save_heading_choice" if field else "forget_heading_choice"],
                {"client_id": client_id, "heading": heading, "field": field},
            )
