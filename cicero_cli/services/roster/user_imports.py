"""Imports of people that were done: listed, and taken back whole (docs/adr/0025)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.import_changes import Kept, change_of
from cicero_cli.domain.roster.import_undo import UndoPlan, plan_undo
from cicero_cli.domain.roster.leave_days import LeaveChange
from cicero_cli.domain.roster.sheet_diff import Change
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.user_imports import UserImport
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.undo_result import (
    MOST_LISTED,
    attempt,
    undo_document,
    undone_already,
)
from cicero_cli.words import Text


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What taking back an import did, or with `dry_run` would do. `restored`: before and after, by user."""

    of: UserImport
    gone: Sequence[User]
    restored: Sequence[tuple[User, User]]
    kept: Sequence[Kept]
    leave: Mapping[str, LeaveChange]
    dry_run: bool


def keep_import(
    store: Store,
    client_id: str,
    changes: Sequence[Change],
    *,
    source: str,
    by: Actor,
    deactivated: int,
    refused: int,
) -> int:
    """Keep what the running import has changed, so that it can be taken back; gives its id."""
    return store.user_imports.add(
        client_id,
        [change_of(change.before, change.user, change.leave) for change in changes],
        source=source,
        actor=by.name,
        deactivated_users=deactivated,
        refused_rows=refused,
    )


def list_imports(store: Store, client_ids: Sequence[str] | None) -> Sequence[UserImport]:
    """The newest imports of these clients, or of all."""
    ids = (
        [get_client(store, client_id).client_id for client_id in client_ids] if client_ids else None
    )
    return store.user_imports.list(ids, limit=MOST_LISTED)


def undo_import(
    store: Store,
    import_id: int | None,
    client_id: str | None,
    *,
    by: Actor,
    dry_run: bool = False,
) -> Undone:
    """Take back one import, or the last of the client that still stands; as if it never had been, but for what was changed
    since. NotFoundError when there is none, InputError when it was taken back already.
    """
    of = _find(store, import_id, client_id)
    with store.job_lock(f"user import --client {of.client_id}"), attempt(store, dry_run=dry_run):
        changes = store.user_imports.changes(of.import_id)
        ids = [change.user_id for change in changes]
        names = sorted({change.former for change in changes if change.former is not None})
        if names:
            store.clients.hold_transfers()
        store.clients.hold(of.client_id)
        users = {user.user_id: user for user in store.users.lock_all(of.client_id)}
        former = {name: store.users.lock_all(name) for name in names if store.clients.hold(name)}
        plan = plan_undo(
            changes,
            users,
            store.user_imports.days_since(of.import_id),
            store.users.clients_elsewhere(ids, of.client_id),
            former,
            leave=store.history.leave_of_many(ids),
        )
        if not store.user_imports.mark_undone(of.import_id, actor=by.name, now=by.at):
            raise undone_already(of.import_id)
        new = [one.user_id for one in changes if one.before is None or one.former is not None]
        refusing = _apply(store, of, plan, ids=ids, new=new, former=[*former])
        undone = Undone(
            of=of,
            gone=plan.gone,
            restored=[*_pairs(plan, users, refusing)],
            leave=plan.leave,
            kept=[*plan.kept, *_refusals(refusing, users)],
            dry_run=dry_run,
        )
        store.audit.add(
            "users.import_undone",
            by,
            subject=of.client_id,
            client_id=of.client_id,
            details={
                "import": of.import_id,
                "gone": len(undone.gone),
                "restored": len(undone.restored),
                "kept": len(undone.kept),
            },
        )
    return undone


def undone_document(undone: Undone) -> dict[str, Any]:
    """A taken back import of people as JSON."""
    return {
        "client_id": undone.of.client_id,
        **undo_document(
            undone.of,
            key="user_id",
            gone=[{"user_id": user.user_id, "nama": user.nama} for user in undone.gone],
            changes=_list_restored(undone),
            kept=undone.kept,
            dry_run=undone.dry_run,
        ),
    }


def _list_restored(undone: Undone) -> list[dict[str, Any]]:
    """A row for each field that got its former value back."""
    changes = [
        Change(line=0, user=after, before=before, leave=undone.leave.get(after.user_id))
        for before, after in undone.restored
    ]
    return [
        {"user_id": user.user_id, "nama": user.nama, "field": name, "old": old, "value": value}
        for user, fields in ((change.user, change.changes) for change in changes)
        for name, (old, value) in fields.items()
    ]


def _find(store: Store, import_id: int | None, client_id: str | None) -> UserImport:
    hint = "see: cicero user import --list"
    if import_id is None:
        if client_id is None:
            raise InputError("name the --client, or the id of an import", hint=hint)
        client = get_client(store, client_id)
        found = store.user_imports.last(client.client_id)
        if found is None:
            raise NotFoundError(
                "{client_id} has no import to take back", hint=hint, client_id=client.client_id
            )
        return found
    found = store.user_imports.get(import_id)
    if found is None or (client_id is not None and found.client_id != client_id.strip().upper()):
        raise NotFoundError("there is no import {import_id}", hint=hint, import_id=import_id)
    return found


def _apply(
    store: Store,
    of: UserImport,
    plan: UndoPlan,
    *,
    ids: Sequence[str],
    new: Sequence[str],
    former: Sequence[str],
) -> set[str]:
    """Write the plan; gives whose refusal of reminders stays because they were changed since."""
    imports = store.user_imports
    store.history.change_leave(plan.leave)
    imports.patch_days(of, plan.patches)
    imports.take_back_handles(of, ids, plan.kept_handles, former)
    again = imports.allow_reminders_again(of.import_id, plan.opt_in)
    store.users.save_all(plan.returning, coming=[user.user_id for user in plan.returning])
    imports.remove_users(of.client_id, [user.user_id for user in plan.gone], new)
    store.users.save_all(
        [replace(user, wa_opt_in=True) if user.user_id in again else user for user in plan.restored]
    )
    return set(plan.opt_in) - again


def _pairs(plan: UndoPlan, users: dict[str, User], refusing: set[str]) -> list[tuple[User, User]]:
    after = {user.user_id: user for user in (*plan.restored, *plan.returning)}
    gone = {user.user_id for user in plan.gone}
    for user_id in (plan.leave.keys() & users.keys()) - gone:
        after.setdefault(user_id, users[user_id])
    for user_id in set(plan.opt_in) - refusing:
        after[user_id] = replace(after.get(user_id, users[user_id]), wa_opt_in=True)
    return [(users[user_id], after[user_id]) for user_id in sorted(after)]


def _refusals(refusing: set[str], users: dict[str, User]) -> list[Kept]:
    return [
        Kept(
            key=user_id,
            nama=users[user_id].nama,
            field="wa_opt_in",
            reason=Text("was changed since, so the refusal of reminders stays"),
        )
        for user_id in sorted(refusing)
    ]
