"""What is past its time and goes: strangers' likes and comments, readings, runs, settled messages, audit lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("pruning")
_OF_INSTALLATION = {
    "runs": "prune_runs",
    "messages": "prune_messages",
    "attachments": "prune_attachments",  # after the messages that had them
    "audit": "prune_audit",
}


class PruningRepository:
    """Removes what was before a moment, and keeps since when everything is held."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def held_from(self) -> datetime | None:
        """Since when everything that was read is held; None where nothing was ever pruned."""
        row = self._connection.execute(_SQL["read_held_from"]).fetchone()
        return row[0] if row is not None else None

    def pruned_at(self) -> datetime | None:
        """When the past was pruned last."""
        row = self._connection.execute(_SQL["read_pruned_at"]).fetchone()
        return row[0] if row is not None else None

    def client_ids(self) -> list[str]:
        """Every client, also those that have ended."""
        return [client_id for (client_id,) in self._connection.execute(_SQL["list_pruned_clients"])]

    def add(self, held_from: datetime, *, now: datetime) -> None:
        """Keep that everything is held from this moment on, and no further back."""
        self._connection.execute(_SQL["add_pruning"], {"held_from": held_from, "now": now})

    def prune_client(
        self, client_id: str, held_from: datetime, *, since: datetime | None
    ) -> dict[str, int]:
        """Of the client's posts between the two: strangers' likes and comments, and readings; gives how many went."""
        span = {"client_id": client_id, "held_from": held_from, "since": since}
        return {
            "likes": self._count("prune_likes", span),
            "comments": self._count("prune_comments", span),
            "readings": self._connection.execute(_SQL["prune_readings"], span).rowcount,
        }

    def prune_installation(self, held_from: datetime, *, now: datetime) -> dict[str, int]:
        """Runs, settled messages, lines of the audit log and counts of use from before, and files that went out; gives how many went."""
        before = {"held_from": held_from, "now": now}
        gone = {
            what: self._connection.execute(_SQL[query], before).rowcount
            for what, query in _OF_INSTALLATION.items()
        }
        return gone | {"usage": self._count("prune_usage", before)}

    def _count(self, query: str, parameters: Mapping[str, object]) -> int:
        [(count,)] = self._connection.execute(_SQL[query], parameters).fetchall()
        return int(count)
