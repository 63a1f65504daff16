"""Recipients as an admin keeps them: added, looked up, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from cicero_cli.core.setting_values import read_times
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.messaging.recipients import OF_DIVISIONS, Recipient, What
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.schedule import write_times
from cicero_cli.errors import BadValueError, InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.words import Text, reason_of

T = TypeVar("T")
_OPTION_OF = {
    "client_group": "--group",
    "client_operator": "--operator",
    "client_super": "--super",
}


def add_recipient(
    store: Store, client_id: str, typed: str, words: Mapping[str, Any], *, by: Actor, now: datetime
) -> Recipient:
    """A new one from what was typed (`words`, by field; None for what was not); InputError for what is none, or is there already."""
    client = get_client(store, client_id)
    number = _read("NUMBER", typed, normalise_recipient)
    if number is None:
        raise InputError("NUMBER is empty; nothing was changed")
    _check_columns(client, number)
    new = Recipient(
        client_id=client.client_id,
        recipient=number,
        name=None,
        divisi=[],
        what=[What.LAPHAR, What.REKAP],
        mode=None,
        at=None,
        since=now,
        created_at=now,
    )
    new = _changed(store, client, new, words, now=now)
    with store.transaction():
        if not store.recipients.add(new):
            raise InputError(
                "this number or group is a recipient of {client_id} already; nothing was changed",
                hint="change it with: cicero recipient set NUMBER --client {client_id}",
                client_id=client.client_id,
            )
        _record(store, "recipient.added", new, by)
    return new


def list_recipients_of(store: Store, client_ids: Sequence[str] | None) -> list[Recipient]:
    """Those of these clients, or of all."""
    if client_ids is None:
        return store.recipients.list()
    chosen = [get_client(store, client_id).client_id for client_id in client_ids]
    return store.recipients.list(chosen)


def get_recipient(store: Store, client_id: str, typed: str) -> Recipient:
    """By number, group or name; NotFoundError otherwise, with the names that there are."""
    client = get_client(store, client_id)
    there = store.recipients.list([client.client_id])
    name = typed.strip().casefold()
    for one in there:
        if one.name is not None and one.name.casefold() == name:
            return one
    try:
        number = normalise_recipient(typed)
    except ValueError:
        number = None
    for one in there:
        if one.recipient == number:
            return one
    names = ", ".join(one.name for one in there if one.name)
    raise NotFoundError(
        "{client_id} has no such recipient",
        hint=Text("by name there are: {names}", names=names)
        if names
        else Text("see: cicero recipient list --client {client_id}", client_id=client.client_id),
        client_id=client.client_id,
    )


def set_recipient(
    store: Store, client_id: str, typed: str, words: Mapping[str, Any], *, by: Actor, now: datetime
) -> tuple[Recipient, Recipient]:
    """As it was and as it is; InputError when nothing was typed."""
    with store.transaction():
        store.clients.lock(client_id.strip().upper())
        was = get_recipient(store, client_id, typed)
        if all(value is None for value in words.values()):
            raise InputError("nothing to change was given", hint="see: cicero recipient set --help")
        changed = _changed(store, get_client(store, client_id), was, words, now=now)
        if changed != was:
            store.recipients.save(changed)
            fields = sorted(name for name, value in words.items() if value is not None)
            _record(store, "recipient.changed", changed, by, fields=fields)
    return was, changed


def remove_recipient(store: Store, client_id: str, typed: str, *, by: Actor) -> Recipient:
    """It gets nothing more, also not what waits for it in the outbox."""
    with store.transaction():
        store.clients.lock(client_id.strip().upper())
        gone = get_recipient(store, client_id, typed)
        store.recipients.remove(gone)
        _record(store, "recipient.removed", gone, by)
    return gone


def _changed(
    store: Store, client: Client, was: Recipient, words: Mapping[str, Any], *, now: datetime
) -> Recipient:
    fields: dict[str, Any] = {}
    if (name := words.get("name")) is not None:
        fields["name"] = _free_name(store, was, " ".join(name.split()) or None)
    if (divisi := words.get("divisi")) is not None:
        fields["divisi"] = _divisions(store, client, divisi, now=now)
    if (what := words.get("what")) is not None:
        fields["what"] = _read("--what", what, _read_what)
    if (mode := words.get("mode")) is not None:
        fields["mode"] = _read("--mode", mode, _read_mode)
    if (at := words.get("at")) is not None:
        fields["at"] = _read("--at", at, lambda text: write_times(read_times(text)) or None)
        if fields["at"] != was.at:
            fields["since"] = now.replace(second=0, microsecond=0)
    changed = replace(was, **fields)
    if changed.divisi and (whole := [one for one in changed.what if one not in OF_DIVISIONS]):
        raise InputError(
            "--what {what} is about all divisions, so it does not go with --divisi; nothing was changed",
            hint="--what laphar,rekap,tugas",
            what=", ".join(whole),
        )
    if What.LAPHAR not in changed.what and (changed.mode or changed.at):
        raise InputError(
            "--mode and --at are about the laphar, which is not among --what; nothing was changed",
            hint="--what laphar,rekap, or --mode '' --at ''",
        )
    return changed


def _free_name(store: Store, own: Recipient, name: str | None) -> str | None:
    others = store.recipients.list([own.client_id])
    for one in others:
        if (
            name
            and one.recipient != own.recipient
            and (one.name or "").casefold() == name.casefold()
        ):
            raise InputError(
                "--name {name!r}: {client_id} has a recipient of this name; nothing was changed",
                name=name,
                client_id=own.client_id,
            )
    return name


def _divisions(store: Store, client: Client, typed: Sequence[str], *, now: datetime) -> list[str]:
    """As the roster spells them; InputError for one that nobody there is of."""
    wanted = [name for text in typed if (name := " ".join(text.split()))]
    if not wanted:
        return []
    today = local_day(now, client.zone)
    spelled: dict[str, str] = {}
    for divisi in store.recipients.list_divisions(client.client_id, today):
        if divisi and division_key(divisi):
            spelled.setdefault(division_key(divisi), divisi)
    for name in wanted:
        if division_key(name) not in spelled:
            raise InputError(
                "--divisi {name!r}: nobody of {client_id} is in it; nothing was changed",
                hint=Text("its divisions: {names}", names=", ".join(spelled.values()))
                if spelled
                else Text("its people have no division yet: cicero user import"),
                name=name,
                client_id=client.client_id,
            )
    return list(dict.fromkeys(spelled[division_key(name)] for name in wanted))


def _read(option: str, typed: str, read: Callable[[str], T]) -> T:
    """A number is not repeated: what is said of it may stand in a log."""
    try:
        return read(typed)
    except ValueError as error:
        raise InputError(
            "{option}: {reason}; nothing was changed", option=option, reason=reason_of(error)
        ) from error


def _read_what(text: str) -> list[What]:
    known = [*What]
    words = {word.strip().lower() for word in text.split(",") if word.strip()}
    if not words or not words <= set(known):
        raise BadValueError("expected one or more of {words}", words=", ".join(known))
    return [one for one in known if one in words]


def _read_mode(text: str) -> LapharMode | None:
    word = text.strip().lower()
    if word in {"", "default"}:
        return None
    if word not in [*LapharMode]:
        raise BadValueError("expected one of {words}", words=", ".join(LapharMode))
    return LapharMode(word)


def _check_columns(client: Client, number: str) -> None:
    for column, option in _OPTION_OF.items():
        try:
            own = (normalise_group if column == "client_group" else normalise_recipient)(
                getattr(client, column)
            )
        except ValueError:
            continue
        if own == number:
            raise InputError(
                "this is what {client_id} has as {option}, which gets every report whole; nothing was changed",
                hint="first: cicero client set {client_id} {option} ''",
                client_id=client.client_id,
                option=option,
            )


def _record(store: Store, action: str, recipient: Recipient, by: Actor, **details: object) -> None:
    """Without the number, as everywhere in the log."""
    name = {"name": recipient.name} if recipient.name else {}
    store.audit.add(
        action,
        by,
        subject=recipient.client_id,
        client_id=recipient.client_id,
        details={**name, **details},
    )
