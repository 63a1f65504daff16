"""Who sends: the WhatsApp accounts as an admin keeps them, pauses them and moves what waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cicero_cli.core.setting_values import read_cap, read_path, read_span, read_url
from cicero_cli.core.settings import Settings
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.senders import DEFAULT, Sender, normalise_sender_name
from cicero_cli.domain.roster.unseen import without_unseen
from cicero_cli.errors import BadValueError, InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.sender_settings import (
    account_of,
    account_of_settings,
    settings_of,
)
from cicero_cli.words import Text, reason_of

_OPTIONS = {
    "url": "--url",
    "session": "--session",
    "login": "--user",
    "key_file": "--key-file",
    "webhook_secret_file": "--webhook-secret-file",
    "gap": "--gap",
    "gap_user": "--gap-user",
    "daily_cap": "--daily-cap",
}
_NEEDED = {
    "waha": ("url", "key_file"),
    "gowa": ("url", "login", "key_file"),
    "cloud": ("session", "key_file"),
    "file": ("url",),
}
_TAKEN = {
    "waha": {"url", "session", "key_file", "webhook_secret_file"},
    "gowa": {"url", "session", "login", "key_file", "webhook_secret_file"},
    "cloud": {"session", "key_file", "webhook_secret_file"},
    "file": {"url"},
}
_PACE = {"gap", "gap_user", "daily_cap"}
_LONGEST_REASON = 200


def get_sender(store: Store, name: str) -> Sender:
    """The sender of this name in any case; NotFoundError names the ones there are."""
    wanted = name.strip().lower()
    found = store.senders.get(wanted)
    if found is None and wanted != DEFAULT:
        names = [DEFAULT, *(one.name for one in store.senders.list() if one.name != DEFAULT)]
        raise NotFoundError(
            "there is no sender {name}",
            hint=Text("there are: {names}; add one with: cicero wa add", names=", ".join(names)),
            name=wanted,
        )
    return found or Sender()


def list_senders(store: Store) -> list[Sender]:
    """All senders, `default` first."""
    found = store.senders.list()
    return found if found and found[0].name == DEFAULT else [Sender(), *found]


def add_sender(
    store: Store, name: str, words: Mapping[str, Any], settings: Settings, *, by: Actor
) -> Sender:
    """A new sender from what was typed (`words`, by column name; None for what was not)."""
    try:
        sender = Sender(name=normalise_sender_name(name), gateway=str(words["gateway"]))
    except ValueError as error:
        raise InputError(
            "{name}: {reason}; nothing was changed", name=name, reason=reason_of(error)
        ) from error
    if store.senders.get(sender.name):
        raise InputError(
            "sender {name} exists already",
            hint="change it with: cicero wa set {name}",
            name=sender.name,
        )
    return _save(store, sender, words, settings, action="sender.added", by=by)


def set_sender(
    store: Store, name: str, words: Mapping[str, Any], settings: Settings, *, by: Actor
) -> Sender:
    """Change what was typed; an empty text clears. InputError when nothing was, or it is the settings' to say."""
    sender = get_sender(store, name)
    if all(value is None for value in words.values()):
        raise InputError("nothing to change was given", hint="see: cicero wa set --help")
    return _save(store, sender, words, settings, action="sender.changed", by=by)


def remove_sender(store: Store, name: str, *, by: Actor) -> Sender:
    """Forget a sender for which nothing waits, and which is no client's; what it has sent stays known."""
    sender = get_sender(store, name)
    if sender.name == DEFAULT:
        raise InputError(
            "default is the account of the settings; nothing was changed",
            hint="take CICERO_WHATSAPP out of the settings to be without it",
        )
    with store.transaction():
        store.senders.hold_queueing()
        if clients := store.senders.list_clients(sender.name):
            raise InputError(
                "{name} is the sender of {clients}; nothing was changed",
                hint="give them another one first: cicero client set {first} --sender NAME, or ''",
                name=sender.name,
                clients=", ".join(clients),
                first=clients[0],
            )
        if waiting := store.senders.count_open(sender.name):
            raise _still_waited_for(sender.name, waiting)
        store.senders.remove(sender.name)
        store.audit.add("sender.removed", by, subject=sender.name)
    return sender


def pause_senders(
    store: Store, names: Sequence[str], reason: str | None, *, by: Actor
) -> list[str]:
    """Send nothing more through these (all, when none is named), from the next message on."""
    chosen = _choose(store, names)
    why = " ".join(without_unseen(reason or "").split())[:_LONGEST_REASON] or None
    with store.transaction():
        store.senders.pause(chosen, by=by.name, reason=why, now=by.at)
        for name in chosen:
            store.audit.add("sender.paused", by, subject=name, details={"reason": why})
    return chosen


def resume_senders(store: Store, names: Sequence[str], *, by: Actor) -> list[str]:
    """Let these go on (all, when none is named); gives those that were paused."""
    chosen = _choose(store, names)
    with store.transaction():
        resumed = store.senders.resume(chosen)
        for name in sorted(resumed):
            store.audit.add("sender.resumed", by, subject=name)
    return [name for name in chosen if name in resumed]


def move_queue(
    store: Store, source: str, target: str | None, *, client_id: str | None, by: Actor
) -> dict[str, int]:
    """What waits for one sender goes to another, or is spread over the pool (None); gives how many went to whom.

    What may have been sent stays, for only its own sender can look it up.
    """
    from_sender = get_sender(store, source)
    to_sender = None if target is None else get_sender(store, target)
    if to_sender and to_sender.name == from_sender.name:
        raise InputError("both are {name}; nothing was changed", name=from_sender.name)
    if to_sender is None and not any(
        one.in_pool and one.name != from_sender.name for one in store.senders.list()
    ):
        raise InputError(
            "nobody else is in the pool; nothing was changed",
            hint="put one in: cicero wa set NAME --pool",
        )
    with store.transaction():
        moved = store.senders.move(
            from_sender.name, to_sender.name if to_sender else None, client_id=client_id, now=by.at
        )
        for name, number in sorted(moved.items()):
            store.audit.add(
                "sender.queue_moved",
                by,
                subject=from_sender.name,
                client_id=client_id,
                details={"to": name, "messages": number},
            )
    return dict(sorted(moved.items()))


def _save(
    store: Store,
    sender: Sender,
    words: Mapping[str, Any],
    settings: Settings,
    *,
    action: str,
    by: Actor,
) -> Sender:
    if sender.name == DEFAULT:
        _check_default(words, settings)
    changes = _read_words(sender, words)
    changed = replace(sender, **changes)
    if sender.name != DEFAULT:
        _check_whole(changed)
        _check_own(store, changed, settings)
        settings_of(settings, changed)
    with store.transaction():
        store.senders.save(changed)
        store.audit.add(action, by, subject=changed.name, details={"fields": sorted(changes)})
    return changed


def _check_default(words: Mapping[str, Any], settings: Settings) -> None:
    given = {name for name, value in words.items() if value is not None}
    if alien := [option for name, option in _OPTIONS.items() if name in given - _PACE]:
        raise InputError(
            "{options}: the account of default is that of the settings; nothing was changed",
            hint="see: cicero config show",
            options=", ".join(alien),
        )
    if words.get("in_pool") and settings.whatsapp is None:
        raise InputError(
            "default has no account, so nobody can be given to it; nothing was changed",
            hint="set CICERO_WHATSAPP first (docs/settings.md)",
        )


def _read_words(sender: Sender, words: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, value in words.items():
        if value is None or name == "gateway":
            continue
        try:
            changes[name] = _read_word(sender, name, value) if value != "" else None
        except ValueError as error:
            raise InputError(
                "{option} {value}: {reason}; nothing was changed",
                field=name,
                option=_OPTIONS[name],
                value=value,
                reason=reason_of(error),
            ) from error
    return changes


def _read_word(sender: Sender, name: str, value: Any) -> Any:
    """What was typed as it is stored; ValueError says what was expected."""
    match name:
        case "url" if sender.gateway == "file":
            return str(read_path(value).absolute())
        case "url":
            if "@" in value:
                raise BadValueError("expected an address without a key in it: keys stay in files")
            return read_url(value)
        case "key_file" | "webhook_secret_file":
            return str(read_path(value).absolute())
        case "gap" | "gap_user":
            read_span(value)
        case "daily_cap":
            return read_cap(value)
    return value


def _check_whole(sender: Sender) -> None:
    gateway = sender.gateway or ""
    if missing := [_OPTIONS[name] for name in _NEEDED[gateway] if getattr(sender, name) is None]:
        raise InputError(
            "--gateway {gateway} needs {options}; nothing was changed",
            gateway=gateway,
            options=", ".join(missing),
        )
    given = [name for name in _OPTIONS if getattr(sender, name) is not None]
    if alien := [_OPTIONS[name] for name in given if name not in _TAKEN[gateway] | _PACE]:
        raise InputError(
            "--gateway {gateway} has no {options}; nothing was changed",
            gateway=gateway,
            options=", ".join(alien),
        )


def _check_own(store: Store, sender: Sender, settings: Settings) -> None:
    """One account is one sender: two would not know of each other's pace."""
    mine = account_of(sender)
    for other in store.senders.list():
        if other.name not in {sender.name, DEFAULT} and account_of(other) == mine:
            raise InputError(
                "{other} is this account already; nothing was changed",
                hint="two senders of one account would send too fast",
                other=other.name,
            )
    if settings.whatsapp == sender.gateway and account_of_settings(settings) == mine:
        raise InputError(
            "the settings name this account already, as default; nothing was changed",
            hint="two senders of one account would send too fast",
        )


def _choose(store: Store, names: Sequence[str]) -> list[str]:
    if not names:
        return [one.name for one in list_senders(store)]
    return list(dict.fromkeys(get_sender(store, name).name for name in names))


def _still_waited_for(name: str, waiting: Mapping[str, int]) -> InputError:
    counts = ", ".join(f"{number} {status}" for status, number in waiting.items())
    return InputError(
        "messages of {name} are not done yet ({counts}); nothing was changed",
        hint="see: cicero outbox list --sender {name}; move them: cicero outbox move --from {name} --to OTHER",
        name=name,
        counts=counts,
    )
