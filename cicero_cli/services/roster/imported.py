"""What an import of people did, or would do: for a shell, a script, the page and the operator's message."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cicero_cli.domain.roster.sheet import Roster
from cicero_cli.domain.roster.sheet_diff import Change, RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt, find_doubts
from cicero_cli.services.roster.import_result import (
    ImportResult,
    Named,
    changes_document,
    counts_document,
    doubts_document,
    list_fields,
)


@dataclass(frozen=True, kw_only=True)
class Imported(ImportResult[RosterDiff]):
    """What an import of people did for one client, or with `dry_run` would do."""

    client_id: str
    roster: Roster

    @property
    def doubts(self) -> list[Doubt]:
        return find_doubts(self.diff)


def import_document(imported: Imported) -> dict[str, Any]:
    """An import as JSON (docs/json.md)."""
    diff, doubts = imported.diff, imported.doubts
    return {
        "client_id": imported.client_id,
        **counts_document(imported, doubts),
        "transferred": len(diff.coming),
        "bad": [asdict(bad) for bad in diff.bad],
        "bad_cells": [asdict(cell) for cell in diff.bad_cells],
        "changes": changes_document(diff.writes, _name),
        "doubts": doubts_document(doubts, "user_id"),
        "missing_users": [
            {"user_id": user.user_id, "nama": user.nama, "status": user.status}
            for user in diff.missing
        ],
        "ignored_columns": imported.roster.table.ignored,
        "mapped_columns": imported.settled,
        "lines_passed_over": [*imported.roster.table.passed_over],
        "other_tabs": [*imported.roster.table.other_tabs],
    }


def list_changes(imported: Imported) -> list[dict[str, Any]]:
    """A row for each field of each user that is new or changed."""
    return list_fields(imported.diff.writes, _name)


def _name(change: Change) -> Named:
    return {"user_id": change.user.user_id, "nama": change.user.nama}
