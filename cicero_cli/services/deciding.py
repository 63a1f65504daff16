"""What a person decides about messages: look, send again, give up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cicero_cli.domain.messages import Kind, NewMessage
from cicero_cli.domain.phones import normalise_recipient
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.store import Store

_WANTED_FOR = timedelta(hours=6)  # what a person sends again is wanted at least so long


@dataclass
class Decided:
    """Messages by number: those it was done for, and why not for the others."""

    done: list[int] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def get_message(store: Store, message_id: int) -> dict[str, Any]:
    """All that is kept of one message, by column name; NotFoundError when there is none."""
    message = store.outbox.get(message_id)
    if message is None:
        raise NotFoundError(f"there is no message {message_id}", hint="see: cicero outbox list")
    return message


def retry_messages(store: Store, message_ids: Sequence[int], *, now: datetime) -> Decided:
    """Queue them from the start; those under way or sent already are named."""
    decided = Decided()
    for message_id in message_ids:
        is_done = store.outbox.retry(message_id, now=now, expires_at=now + _WANTED_FOR)
        _decide(store, message_id, decided, is_done=is_done)
    return decided


def cancel_messages(store: Store, message_ids: Sequence[int]) -> Decided:
    """Give them up; those under way or sent already are named."""
    decided = Decided()
    for message_id in message_ids:
        _decide(store, message_id, decided, is_done=store.outbox.cancel(message_id))
    return decided


def _decide(store: Store, message_id: int, decided: Decided, *, is_done: bool) -> None:
    if is_done:
        decided.done.append(message_id)
        return
    message = store.outbox.get(message_id)
    reason = (
        "there is no such message"
        if message is None
        else f"it is {message['status']}, so nothing was changed"
    )
    decided.failures[f"message {message_id}"] = reason


def queue_test(store: Store, typed: str, *, now: datetime) -> int:
    """Queue a test message; gives its number. InputError for what is no recipient."""
    try:
        recipient = normalise_recipient(typed)
    except ValueError as error:
        raise InputError(f"{typed}: {error}; nothing was sent") from error
    if recipient is None:
        raise InputError("the recipient is empty; nothing was sent")
    message = NewMessage(
        dedupe_key=f"test:{recipient}:{now.isoformat()}",
        kind=Kind.TEST,
        recipient=recipient,
        body="Pesan uji dari cicero: sambungan WhatsApp berfungsi.",
        expires_at=now + timedelta(minutes=10),
    )
    return store.outbox.add([message], now=now)[0]
