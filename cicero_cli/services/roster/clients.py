"""Clients as an admin keeps them: added, looked up, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from cicero_cli.core.setting_values import CalendarTime, read_calendar_times, read_times, read_until
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.domain.roster.clients import (
    Client,
    ended_client,
    normalise_client_field,
    unknown_client,
)
from cicero_cli.domain.schedule import write_times
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import reason_of

_TIMES: dict[str, Callable[[str], tuple[time, ...] | tuple[CalendarTime, ...]]] = {
    "fetch_at": read_times,
    "laphar_at": read_times,
    "remind_at": read_times,
    "rekap_at": read_calendar_times,
    "tugas_until": read_until,
}
_OPTIONS = {
    **{name: f"--{name.replace('_', '-')}" for name in _TIMES},
    "client_id": "CLIENT_ID",
    "regional_id": "--regional",
    "audience_divisi": "--audience-divisi",
    "days_off": "--days-off",
    "posts_until": "--posts-until",
    "premium_tier": "--premium-tier",
    "premium_expires_at": "--premium-until",
}


def add_client(store: Store, words: Mapping[str, Any], *, by: Actor) -> Client:
    """A new client from what was typed (`words`, by column name; None for what was not).

    InputError for a value that is none, with its option, or an id that is taken.
    """
    fields = _normalised(words)
    client = Client(**fields)
    with store.transaction():
        _check_place(store, client, fields)
        if not store.clients.add(client):
            raise InputError(
                "client {client_id} exists already",
                hint="change it with: cicero client set {client_id}",
                field="client_id",
                client_id=client.client_id,
            )
        _record(store, "client.added", client, by)
    return client


def get_client(store: Store, client_id: str, *, may_have_ended: bool = False) -> Client:
    """The client of this id in any case; NotFoundError names the ones there are.

    `may_have_ended`: for who shows past days, and finds out with `store.clients.of_day` which ones there are.
    """
    client_id = client_id.strip().upper()
    client = store.clients.get(client_id)
    if client is not None:
        return client
    ended = store.clients.get_ended(client_id)
    if ended is None:
        raise unknown_client(client_id, store.clients.list())
    if not may_have_ended:
        raise ended_client(client_id)
    return ended


def choose_clients(
    store: Store,
    client_ids: Sequence[str] | None,
    *,
    may_be_none: bool = False,
    may_have_ended: bool = False,
) -> list[Client]:
    """The clients that were named, in that order and once each, or all active ones; NotFoundError when there is none,
    unless that is nothing to complain about.
    """
    if client_ids:
        return [
            get_client(store, client_id, may_have_ended=may_have_ended)
            for client_id in dict.fromkeys(i.upper() for i in client_ids)
        ]
    clients = store.clients.list(active_only=True)
    if not clients and not may_be_none:
        raise NotFoundError("there is no active client", hint="add one with: cicero client add")
    return clients


def set_client(store: Store, client_id: str, words: Mapping[str, Any], *, by: Actor) -> Client:
    """Change the fields that were typed; InputError when none was."""
    changes = _normalised(words)
    with store.transaction():
        store.clients.lock(client_id.strip().upper())
        client = get_client(store, client_id)
        if not changes:
            raise InputError("nothing to change was given", hint="see: cicero client set --help")
        changed = replace(client, **changes)
        _check_place(store, changed, changes)
        store.clients.update(changed)
        _record(store, "client.changed", changed, by, fields=sorted(changes))
    return changed


def remove_client(store: Store, client_id: str, *, by: Actor, erase: bool = False) -> Client:
    """End the client today and keep its past, or (`erase`) remove all that is kept of it, also of one that has ended.

    The audit log keeps its name.
    """
    with store.transaction():
        client = get_client(store, client_id, may_have_ended=erase)
        if erase:
            store.clients.erase(client.client_id)
        else:
            store.clients.remove(client.client_id)
        _record(store, "client.erased" if erase else "client.removed", client, by)
    return client


def _record(store: Store, action: str, client: Client, by: Actor, **details: object) -> None:
    store.audit.add(
        action, by, subject=client.client_id, client_id=client.client_id, details=details
    )


def _check_place(store: Store, client: Client, changes: Mapping[str, Any]) -> None:
    """A unit above must be there; divisions are those of units below."""
    if changes.get("under"):
        get_client(store, client.under or "")
    if changes.get("sender"):
        _check_sender(store, client.sender or "")
    if changes.get("audience_divisi") and client.audience == "own":
        raise InputError(
            "--audience-divisi is about the units below; nothing was changed",
            hint="say so too: --audience below, or own+below",
            field="audience_divisi",
        )


def _check_sender(store: Store, name: str) -> None:
    """A sender must be there; `default` always is, and gets its row once somebody names it."""
    if store.senders.get(name):
        return
    if name == DEFAULT:
        store.senders.save(Sender())
        return
    raise NotFoundError(
        "--sender {name}: there is no such sender; nothing was changed",
        hint="see: cicero wa list",
        name=name,
    )


def normalise_field(name: str, value: Any) -> Any:
    """What was typed as it is stored; ValueError says what was expected."""
    return _own_times(name, value) if name in _TIMES else normalise_client_field(name, value)


def _own_times(name: str, text: str) -> str | None:
    """Times as they are stored; None for `default`, which are the installation's."""
    return None if text.strip().lower() == "default" else write_times(_TIMES[name](text))


def _normalised(words: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in words.items():
        if value is None:
            continue
        try:
            fields[name] = normalise_field(name, value)
        except ValueError as error:
            option = _OPTIONS.get(name, f"--{name.removeprefix('client_')}")
            raise InputError(
                "{option} {value!r}: {reason}; nothing was changed",
                field=name,
                option=option,
                value=value,
                reason=reason_of(error),
            ) from error
    return fields
