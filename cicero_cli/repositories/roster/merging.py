"""Two users that are one person: what was kept of the one becomes the other's."""

from __future__ import annotations

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("merging")
_MOVED = ("messages", "complaints", "roles", "corrections", "leave", "assignments", "handles")


class MergingRepository:
    """Moves what belongs to a twin; the caller removes the twin in the same transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def move_all(self, twin_id: str, user_id: str, *, actor: str) -> None:
        """Messages, complaints, roles, corrections, leave, assignments and handles are the user's."""
        both = {"twin_id": twin_id, "user_id": user_id, "actor": actor}
        for query in (*(f"move_{what}" for what in _MOVED), "end_assignments"):
            self._connection.execute(_SQL[query], both)
        self._connection.execute(_SQL["take_all_handles_back"], both)

    def take_off(self, twin_id: str) -> None:
        """The twin, who is removed, is expected on no day any more; `--as-of` stands."""
        self._connection.execute(_SQL["take_off_every_day"], {"twin_id": twin_id})
