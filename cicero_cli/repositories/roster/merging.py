"""Two users that are one person: what was kept of the one becomes the other's."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("merging")
_MOVED = ("messages", "complaints", "roles", "corrections", "leave", "assignments")


class MergingRepository:
    """Moves what belongs to a twin; the caller removes the twin in the same transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def handles_ever(self, user_id: str) -> list[tuple[str, str, str]]:
        """Client, platform and name of each handle that counts for the user."""
        rows = self._connection.execute(_SQL["list_handles_ever"], {"user_id": user_id})
        return rows.fetchall()

    def move_all(self, twin_id: str, user_id: str, *, actor: str) -> None:
        """Messages, complaints, roles, corrections, leave and assignments are the user's; the handles nobody's yet."""
        both = {"twin_id": twin_id, "user_id": user_id, "actor": actor}
        for query in (*(f"move_{what}" for what in _MOVED), "end_assignments"):
            self._connection.execute(_SQL[query], both)
        self._connection.execute(_SQL["take_all_handles_back"], both)

    def take_off(self, twin_id: str) -> None:
        """The twin, who is removed, is expected on no day any more; `--as-of` stands."""
        self._connection.execute(_SQL["take_off_every_day"], {"twin_id": twin_id})

    def add_handles(self, user_id: str, handles: Sequence[tuple[str, str, str]]) -> None:
        """From now on, and for all days, these count for the user."""
        self._connection.execute(
            _SQL["add_handles"],
            {
                "user_id": user_id,
                "client_ids": [client_id for client_id, _, _ in handles],
                "platforms": [platform for _, platform, _ in handles],
                "usernames": [username for _, _, username in handles],
            },
        )
