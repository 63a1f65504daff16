"""What an import of clients did, or would do: for a shell and a script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cicero_cli.domain.roster.client_sheet import ClientChange, ClientDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt, find_client_doubts
from cicero_cli.services.roster.import_result import (
    ImportResult,
    Named,
    changes_document,
    counts_document,
    doubts_document,
    list_fields,
)


@dataclass(frozen=True, kw_only=True)
class ClientsImported(ImportResult[ClientDiff]):
    """What an import of clients did, or with `dry_run` would do."""

    @property
    def doubts(self) -> list[Doubt]:
        return find_client_doubts(self.diff)


def clients_document(imported: ClientsImported) -> dict[str, Any]:
    """An import of clients as JSON (docs/json.md)."""
    diff, doubts = imported.diff, imported.doubts
    return {
        **counts_document(imported, doubts),
        "bad": [asdict(bad) for bad in diff.bad],
        "changes": changes_document(diff.writes, _name),
        "doubts": doubts_document(doubts, "client_id"),
        "missing_clients": [
            {
                "client_id": client.client_id,
                "nama": client.nama,
                "client_status": client.client_status,
            }
            for client in diff.missing
        ],
        "ignored_columns": list(diff.ignored),
        "mapped_columns": imported.settled,
    }


def list_client_changes(imported: ClientsImported) -> list[dict[str, Any]]:
    """A row for each field of each client that is new or changed."""
    return list_fields(imported.diff.writes, _name)


def _name(change: ClientChange) -> Named:
    return {"client_id": change.client.client_id, "nama": change.client.nama}
