"""How imports that were done, and one that is taken back, are told in a shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import table_text
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.roster.user_imports import UserImport
from cicero_cli.services.roster.user_imports import Undone, list_restored, undo_document
from cicero_cli.words import Text

_COLUMNS = {
    "import_id": "import",
    "client_id": "client",
    "at": "at",
    "source": "source",
    "by": "by",
    "new": "new",
    "changed": "changed",
    "deactivated": "deactivated",
    "refused": "refused",
    "undone_at": "taken back",
}
_FIELDS = {
    "user_id": "user",
    "nama": "nama",
    "field": "field",
    "old": "was",
    "value": "will be",
}


def imports_outcome(imports: Sequence[UserImport], clients: Sequence[Client]) -> Outcome:
    """The imports, times by each client's clock."""
    return Outcome(
        rows=on_clients_clocks([import_row(one) for one in imports], clients),
        columns=_COLUMNS,
        notes=[] if imports else ["nothing was imported yet"],
    )


def import_row(one: UserImport) -> dict[str, Any]:
    """An import as JSON (docs/json.md)."""
    return {
        "import_id": one.import_id,
        "client_id": one.client_id,
        "at": one.at,
        "source": one.source,
        "by": one.actor,
        "new": one.new_users,
        "changed": one.changed_users,
        "deactivated": one.deactivated_users,
        "refused": one.refused_rows,
        "undone_at": one.undone_at,
        "undone_by": one.undone_by,
    }


def undo_outcome(undone: Undone) -> Outcome:
    """Who is gone, what came back, and what was changed since and stays."""
    of = undone.of
    text = shown(
        "{client_id}: import {import_id} ({source}) taken back: {gone:,} gone, {restored:,} as before, {kept:,} kept.",
        client_id=of.client_id,
        import_id=of.import_id,
        source=of.source,
        gone=len(undone.gone),
        restored=len(undone.restored),
        kept=len(undone.kept),
    )
    rows = [
        *(
            {"user_id": user.user_id, "nama": user.nama, "field": Text("gone"), "value": None}
            for user in undone.gone
        ),
        *list_restored(undone),
    ]
    if undone.dry_run:
        text += f"\n{shown('Dry run: nothing was written.')}"
        text += f"\n{table_text(rows, _FIELDS)}" if rows else ""
    notes = [
        Text(
            "{nama} ({user_id}){field}: {reason}",
            nama=kept.nama,
            user_id=kept.user_id,
            field=f", {kept.field}" if kept.field else "",
            reason=kept.reason,
        )
        for kept in undone.kept
    ]
    return Outcome(rows=rows, document=undo_document(undone), text=Painted(text), notes=notes)
