"""What taking back an import of clients does: a pure plan, by what was changed since (docs/adr/0025)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cicero_cli.domain.roster.clients import Client, is_below_itself
from cicero_cli.domain.roster.import_changes import Kept
from cicero_cli.domain.roster.undone_fields import Days, undo_fields
from cicero_cli.words import Text, join_texts

_OF_DAYS = frozenset(
    {
        "nama",
        "timezone",
        "threshold",
        "client_status",
        "under",
        "audience",
        "audience_divisi",
        "days_off",
        "posts_until",
    }
)
_LEARNT = frozenset({"tiktok_secuid"})  # by a fetch, which changes nothing of what was imported


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientImportChange:
    """The fields of one client that an import changed; `before` is None for a new one, whose `after` has every field."""

    client_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDays(Days):
    """What a client was from one day of the time since the import on."""

    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPatch:
    """Other values for the days from the import's on (of a new client all), up to and without `until` (None: until further notice)."""

    client_id: str
    is_new: bool = False
    until: date | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientUndoPlan:
    """`restored`: clients as they shall be; `gone`: those that never were."""

    patches: Sequence[ClientPatch]
    restored: Sequence[Client]
    gone: Sequence[Client]
    kept: Sequence[Kept]


def plan_client_undo(
    changes: Sequence[ClientImportChange],
    present: Mapping[str, Client],
    days: Sequence[ClientDays],
    grown: Mapping[str, Sequence[str]],
) -> ClientUndoPlan:
    """The plan for these changes. `present` are all clients, `grown` says what new ones have by now that must not go with them."""
    since: dict[str, list[ClientDays]] = defaultdict(list)
    for span in days:
        since[span.client_id].append(span)
    patches: list[ClientPatch] = []
    kept: list[Kept] = []
    restored: dict[str, Client] = {}
    gone: dict[str, Client] = {}
    for change in changes:
        client = present.get(change.client_id)
        if change.before is None:
            if client is None:
                continue  # it has ended since
            if reason := _grown(change, client, grown.get(client.client_id, ())):
                kept.append(_kept(client, "", reason))
            else:
                gone[client.client_id] = client
            continue
        undone = undo_fields(
            change.before, change.after, client, own=since[change.client_id], of_days=_OF_DAYS
        )
        patches += [
            ClientPatch(client_id=change.client_id, until=until, fields=fields)
            for until, fields in undone.days.items()
        ]
        if client is not None:
            kept += [
                _kept(client, name, Text("was changed since, and stays")) for name in undone.kept
            ]
            if undone.values:
                restored[client.client_id] = replace(client, **undone.values)
    kept += _keep_tree(present, restored, gone)
    stay = {(one.key, one.field) for one in kept if one.field == "under"}
    return ClientUndoPlan(
        patches=[_without(patch, stay) for patch in patches],
        restored=[*restored.values()],
        gone=[*gone.values()],
        kept=kept,
    )


def _grown(change: ClientImportChange, client: Client, things: Sequence[str]) -> str:
    """Why a client that was new stays; "" when it goes."""
    touched = [
        name
        for name, value in change.after.items()
        if name not in _LEARNT and getattr(client, name) != value
    ]
    if touched:
        return Text(
            "is new by this import and was changed since ({names}), so stays",
            names=", ".join(touched),
        )
    if things:
        return Text(
            "is new by this import and has {things} by now, so stays",
            things=join_texts(things, ", "),
        )
    return ""


def _keep_tree(
    present: Mapping[str, Client], restored: dict[str, Client], gone: dict[str, Client]
) -> list[Kept]:
    """Lets stay what would leave a unit below one that is not there, or below itself; says which."""
    kept: list[Kept] = []
    for client_id, client in restored.items():
        above = {**present, **restored}
        if client.under == present[client_id].under:
            continue
        if client.under is not None and client.under not in present:
            reason = Text("{client_id} has ended since, so this stays", client_id=client.under)
        elif is_below_itself(client_id, {one: client.under for one, client in above.items()}):
            reason = Text("a unit cannot be below itself, so this stays")
        else:
            continue
        kept.append(_kept(client, "under", reason))
        restored[client_id] = replace(client, under=present[client_id].under)
    is_open = True
    while is_open:
        is_open = False
        staying = {**present, **restored}
        below = {
            client.under: client_id
            for client_id, client in staying.items()
            if client_id not in gone
        }
        for client_id in gone.keys() & below.keys():
            reason = Text(
                "is new by this import and has {client_id} below it by now, so stays",
                client_id=below[client_id],
            )
            kept.append(_kept(gone.pop(client_id), "", reason))
            is_open = True
    return kept


def _without(patch: ClientPatch, stay: set[tuple[str, str]]) -> ClientPatch:
    """The patch without the fields that stay."""
    fields = {
        name: value for name, value in patch.fields.items() if (patch.client_id, name) not in stay
    }
    return replace(patch, fields=fields)


def _kept(client: Client, field: str, reason: str) -> Kept:
    return Kept(key=client.client_id, nama=client.nama, field=field, reason=reason)
