"""Rows of `client_import` and `client_import_change`: the imports of clients, and what each of them changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.roster.client_import_undo import (
    ClientDays,
    ClientImportChange,
    ClientPatch,
)
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.kept_imports import KeptImport

_SQL = load_queries("client_imports")


class ClientImportRepository:
    """The imports of clients."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self,
        changes: Sequence[ClientImportChange],
        *,
        source: str,
        actor: str,
        deactivated: int,
        refused: int,
    ) -> int:
        """Keep what this transaction has imported; gives the import's id."""
        added = sum(change.before is None for change in changes)
        (import_id,) = sure_row(
            self._connection.execute(
                _SQL["add_client_import"],
                {
                    "source": source,
                    "actor": actor,
                    "added": added,
                    "changed": len(changes) - added - deactivated,
                    "deactivated": deactivated,
                    "refused": refused,
                },
            ).fetchone()
        )
        self._connection.execute(
            _SQL["add_client_import_changes"],
            {
                "import_id": import_id,
                "client_ids": [change.client_id for change in changes],
                "before": [change.before and _as_json(change.before) for change in changes],
                "after": [_as_json(change.after) for change in changes],
            },
        )
        return int(import_id)

    def list(self, *, limit: int) -> Sequence[KeptImport]:
        """The newest first."""
        with self._connection.cursor(row_factory=class_row(KeptImport)) as cursor:
            return cursor.execute(_SQL["list_client_imports"], {"limit": limit}).fetchall()

    def find(self, import_id: int | None) -> KeptImport | None:
        """The import of this id; without one the last that was not taken back."""
        with self._connection.cursor(row_factory=class_row(KeptImport)) as cursor:
            return cursor.execute(_SQL["find_client_import"], {"import_id": import_id}).fetchone()

    def changes(self, import_id: int) -> Sequence[ClientImportChange]:
        """What the import changed, by client."""
        rows = self._connection.execute(
            _SQL["list_client_import_changes"], {"import_id": import_id}
        )
        return [
            ClientImportChange(
                client_id=client_id, before=before and _from_json(before), after=_from_json(after)
            )
            for client_id, before, after in rows
        ]

    def days_since(self, import_id: int) -> Sequence[ClientDays]:
        """What its clients were from the import's day on, in order."""
        with self._connection.cursor(row_factory=class_row(ClientDays)) as cursor:
            return cursor.execute(
                _SQL["list_client_days_since_import"], {"import_id": import_id}
            ).fetchall()

    def grown(self, client_ids: Sequence[str], at: datetime) -> Mapping[str, dict[str, bool]]:
        """By client whether it `was_there` before that moment, `has_place` in the tree of units, and what it has since."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                _SQL["list_grown_clients"], {"client_ids": [*client_ids], "at": at}
            )
            return {row.pop("client_id"): row for row in rows}

    def patch_days(self, import_id: int, patch: ClientPatch) -> None:
        """Mend the history of a client's days since, and of those before that the import has changed too."""
        values = {"import_id": import_id, "client_id": patch.client_id}
        if patch.until is None and not patch.is_new:
            self._connection.execute(
                _SQL["set_client_days_before"], {**values, "names": [*patch.fields]}
            )
        fields = {
            name.replace("client_status", "status"): value for name, value in patch.fields.items()
        }
        self._connection.execute(
            _SQL["set_client_days"],
            {
                **values,
                "is_new": patch.is_new,
                "until_day": patch.until,
                "fields": Jsonb(fields),
            },
        )

    def mark_undone(self, import_id: int, *, actor: str, now: datetime) -> bool:
        """False when it was taken back already."""
        done = self._connection.execute(
            _SQL["mark_client_import_undone"],
            {"import_id": import_id, "actor": actor, "now": now},
        )
        return done.fetchone() is not None


def _as_json(fields: Mapping[str, Any]) -> Jsonb:
    return Jsonb(
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in fields.items()
        }
    )


def _from_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    expires_at = fields.get("premium_expires_at")
    return {
        **fields,
        **({"premium_expires_at": datetime.fromisoformat(expires_at)} if expires_at else {}),
    }
