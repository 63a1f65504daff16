"""Imports of clients that were done: listed, and taken back whole (docs/adr/0025)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.client_import_undo import (
    ClientImportChange,
    ClientPatch,
    ClientUndoPlan,
    plan_client_undo,
)
from cicero_cli.domain.roster.client_sheet import ClientChange
from cicero_cli.domain.roster.clients import Client, from_top
from cicero_cli.domain.roster.import_changes import Kept
from cicero_cli.errors import NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.kept_imports import KeptImport
from cicero_cli.services.roster.undo_result import (
    MOST_LISTED,
    attempt,
    undo_document,
    undone_already,
)
from cicero_cli.words import Text

_GROWN: Mapping[str, str] = {
    "people": Text("people"),
    "posts": Text("posts"),
    "messages": Text("messages"),
    "accounts": Text("accounts"),
    "sheet": Text("a sheet that is followed"),
}


@dataclass(frozen=True, kw_only=True)
class ClientsUndone:
    """What taking back an import of clients did, or with `dry_run` would do. `restored`: before and after."""

    of: KeptImport
    gone: Sequence[Client]
    restored: Sequence[tuple[Client, Client]]
    kept: Sequence[Kept]
    dry_run: bool


def change_of(change: ClientChange) -> ClientImportChange:
    """What an import keeps of one client: the fields that differ, or all of a new one."""
    if change.before is None:
        fields = asdict(change.client)
        return ClientImportChange(client_id=fields.pop("client_id"), before=None, after=fields)
    return ClientImportChange(
        client_id=change.client.client_id,
        before={name: old for name, (old, _) in change.changes.items()},
        after={name: new for name, (_, new) in change.changes.items()},
    )


def list_client_imports(store: Store) -> Sequence[KeptImport]:
    """The newest imports of clients."""
    return store.clients.imports.list(limit=MOST_LISTED)


def undo_client_import(
    store: Store, import_id: int | None, *, by: Actor, dry_run: bool = False
) -> ClientsUndone:
    """Take back one import of clients, or the last that still stands; as if it never had been, but for what was changed since.

    A client that was new goes, unless somebody has taken it up: changed it, or given it people, posts, accounts, units below.
    NotFoundError when there is none, InputError when it was taken back already.
    """
    imports = store.clients.imports
    hint = "see: cicero client import --list"
    of = imports.find(import_id)
    if of is None and import_id is None:
        raise NotFoundError("there is no import of clients to take back", hint=hint)
    if of is None:
        raise NotFoundError("there is no import {import_id}", hint=hint, import_id=import_id)
    with store.job_lock("client import"), attempt(store, dry_run=dry_run):
        present = store.clients.lock_all()
        if not imports.mark_undone(of.import_id, actor=by.name, now=by.at):
            raise undone_already(of.import_id)
        changes = imports.changes(of.import_id)
        new = [change.client_id for change in changes if change.before is None]
        facts = imports.grown(new, of.at)
        plan = plan_client_undo(
            changes,
            present,
            imports.days_since(of.import_id),
            {
                client_id: [word for name, word in _GROWN.items() if has[name]]
                for client_id, has in facts.items()
            },
        )
        _apply(store, of, plan, present)
        _remove(store, of, plan.gone, facts)
        for client in (*plan.restored, *plan.gone):
            store.audit.add(
                "client.import_undone",
                by,
                subject=client.client_id,
                client_id=client.client_id,
                details={"import": of.import_id, "source": of.source},
            )
    return ClientsUndone(
        of=of,
        gone=plan.gone,
        restored=[(present[client.client_id], client) for client in plan.restored],
        kept=plan.kept,
        dry_run=dry_run,
    )


def _apply(
    store: Store,
    of: KeptImport,
    plan: ClientUndoPlan,
    present: Mapping[str, Client],
) -> None:
    """Write what comes back, the units above first."""
    restored = {client.client_id: client for client in plan.restored}
    above = {one: client.under for one, client in {**present, **restored}.items()}
    for client_id in from_top({*above, *(patch.client_id for patch in plan.patches)}, above):
        for patch in plan.patches:
            if patch.client_id == client_id:
                store.clients.imports.patch_days(of.import_id, patch)
        if client_id in restored:
            store.clients.update(restored[client_id])


def _remove(
    store: Store,
    of: KeptImport,
    gone: Sequence[Client],
    facts: Mapping[str, Mapping[str, bool]],
) -> None:
    """Those below go before those above. One that `--as-of` may need to tell a tree of units, or that was there before the import,
    is kept as one that has ended; the others leave no trace.
    """
    above = {client.client_id: client.under for client in gone}
    for client_id in reversed(from_top(above, above)):
        has = facts[client_id]
        if not (has["was_there"] or has["has_place"]):
            store.clients.erase(client_id)
            continue
        never = ClientPatch(
            client_id=client_id,
            is_new=not has["was_there"],
            until=None,
            fields={"client_status": False},
        )
        store.clients.imports.patch_days(of.import_id, never)
        store.clients.remove(client_id)


def undone_clients_document(undone: ClientsUndone) -> dict[str, Any]:
    """A taken back import of clients as JSON."""
    return undo_document(
        undone.of,
        key="client_id",
        gone=[{"client_id": client.client_id, "nama": client.nama} for client in undone.gone],
        changes=[
            {
                "client_id": after.client_id,
                "nama": after.nama,
                "field": name,
                "old": old,
                "value": value,
            }
            for before, after in undone.restored
            for name, (old, value) in ClientChange(
                line=0, client=after, before=before
            ).changes.items()
        ],
        kept=undone.kept,
        dry_run=undone.dry_run,
    )
