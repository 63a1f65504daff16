"""How imports that were done, and one that is taken back, are told in a shell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import table_text
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError
from cicero_cli.repositories.roster.kept_imports import KeptImport
from cicero_cli.repositories.roster.user_imports import UserImport
from cicero_cli.services.roster.client_imports import ClientsUndone, undone_clients_document
from cicero_cli.services.roster.user_imports import Undone, undone_document
from cicero_cli.words import Text

_LONGEST_ID = 18  # digits of an import, as the database can count
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
    "client_id": "client",
    "nama": "nama",
    "field": "field",
    "old": "was",
    "value": "will be",
}


def read_import_id(typed: str | None, command: str) -> int | None:
    """The id of an import as it was typed behind --undo; None where none was."""
    if typed is None:
        return None
    if not (typed.isdecimal() and len(typed) <= _LONGEST_ID):
        raise InputError(
            "--undo goes with the id of an import, not with {source!r}",
            hint="see: cicero {command} --list",
            source=typed,
            command=command,
        )
    return int(typed)


def imports_outcome(imports: Sequence[KeptImport], clients: Sequence[Client] = ()) -> Outcome:
    """The imports, times by each client's clock; those of clients are on none."""
    return Outcome(
        rows=on_clients_clocks([import_row(one) for one in imports], clients),
        columns=_COLUMNS,
        notes=[] if imports else ["nothing was imported yet"],
    )


def import_row(one: KeptImport) -> dict[str, Any]:
    """An import as JSON (docs/json.md)."""
    return {
        "import_id": one.import_id,
        **({"client_id": one.client_id} if isinstance(one, UserImport) else {}),
        "at": one.at,
        "source": one.source,
        "by": one.actor,
        "new": one.added,
        "changed": one.changed,
        "deactivated": one.deactivated,
        "refused": one.refused,
        "undone_at": one.undone_at,
        "undone_by": one.undone_by,
    }


def undo_outcome(undone: Undone) -> Outcome:
    """Who is gone, what came back, and what was changed since and stays."""
    told = undone_document(undone)
    summary = Text(
        "{client_id}: import {import_id} ({source}) taken back: {gone:,} gone, {restored:,} as before, {kept:,} kept.",
        client_id=undone.of.client_id,
        **_counts(told),
    )
    return _undo_outcome(told, "user_id", summary)


def undo_clients_outcome(undone: ClientsUndone) -> Outcome:
    """The same of clients."""
    told = undone_clients_document(undone)
    summary = Text(
        "Clients: import {import_id} ({source}) taken back: {gone:,} gone, {restored:,} as before, {kept:,} kept.",
        **_counts(told),
    )
    return _undo_outcome(told, "client_id", summary)


def _counts(told: Mapping[str, Any]) -> dict[str, Any]:
    names = ("import_id", "source", "gone", "restored")
    return {name: told[name] for name in names} | {"kept": len(told["kept"])}


def _undo_outcome(told: dict[str, Any], key: str, summary: Text) -> Outcome:
    text = shown(summary)
    gone = told[f"gone_{key.removesuffix('_id')}s"]
    rows = [*({**one, "field": Text("gone"), "value": None} for one in gone), *told["changes"]]
    if told["dry_run"]:
        text += f"\n{shown('Dry run: nothing was written.')}"
        columns = {
            name: heading
            for name, heading in _FIELDS.items()
            if name == key or not name.endswith("_id")
        }
        text += f"\n{table_text(rows, columns)}" if rows else ""
    notes = [
        Text(
            "{nama} ({user_id}){field}: {reason}",
            nama=kept["nama"],
            user_id=kept[key],
            field=f", {kept['field']}" if kept["field"] else "",
            reason=kept["reason"],
        )
        for kept in told["kept"]
    ]
    return Outcome(rows=rows, document=told, text=Painted(text), notes=notes)
