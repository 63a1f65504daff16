"""What a person decides about messages: look, send again, give up, tell that it arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.roster.phones import normalise_recipient
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.words import Text, reason_of

_MOST_AT_ONCE = 1_000_000  # more than a queue ever holds
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
        raise NotFoundError(
            "there is no message {message_id}",
            hint="see: cicero outbox list",
            message_id=message_id,
        )
    return message


def retry_messages(store: Store, message_ids: Sequence[int], *, by: Actor) -> Decided:
    """Queue them from the start; those under way or sent already are named."""

    def retry(message_id: int) -> bool:
        return store.outbox.retry(message_id, now=by.at, expires_at=by.at + _WANTED_FOR)

    return _decide(store, message_ids, retry, "message.retried", by)


def cancel_messages(store: Store, message_ids: Sequence[int], *, by: Actor) -> Decided:
    """Give them up; those under way or sent already are named."""
    return _decide(store, message_ids, store.outbox.cancel, "message.cancelled", by)


def cancel_queued(store: Store, *, client_id: str | None, kind: Kind | None, by: Actor) -> Decided:
    """Give up all that wait in the queue, of one client, one kind or both; one that goes out meanwhile is named."""
    if client_id is not None:
        client_id = get_client(store, client_id).client_id
    queued = store.outbox.list_newest(
        status="queued", client_id=client_id, kind=kind, limit=_MOST_AT_ONCE
    )
    return cancel_messages(store, [row["message_id"] for row in reversed(queued)], by=by)


def mark_messages_sent(store: Store, message_ids: Sequence[int], *, by: Actor) -> Decided:
    """Those of unknown fate were seen in their chats; the others are named."""

    def mark_sent(message_id: int) -> bool:
        return store.outbox.mark_sent(message_id, now=by.at)

    return _decide(store, message_ids, mark_sent, "message.marked_sent", by)


def _decide(
    store: Store,
    message_ids: Sequence[int],
    decide: Callable[[int], bool],
    action: str,
    by: Actor,
) -> Decided:
    decided = Decided()
    for message_id in message_ids:
        with store.transaction():
            message = store.outbox.get(message_id)
            if message is None:
                decided.failures[_name(message_id)] = Text("there is no such message")
            elif decide(message_id):
                decided.done.append(message_id)
                store.audit.add(
                    action,
                    by,
                    subject=str(message_id),
                    client_id=message["client_id"],
                    details={"from": message["status"]},
                )
            else:
                decided.failures[_name(message_id)] = Text(
                    "it is {status}, so nothing was changed", status=message["status"]
                )
    return decided


def _name(message_id: int) -> str:
    return Text("message {number}", number=message_id)


def queue_test(store: Store, typed: str, *, sender: str | None = None, by: Actor) -> int:
    """Queue a test message, for `sender` if it is named; gives its number. InputError for what is no recipient."""
    try:
        recipient = normalise_recipient(typed)
    except ValueError as error:
        raise InputError(
            "{typed}: {reason}; nothing was sent", typed=typed, reason=reason_of(error)
        ) from error
    if recipient is None:
        raise InputError("the recipient is empty; nothing was sent")
    message = NewMessage(
        dedupe_key=f"test:{recipient}:{by.at.isoformat()}",
        kind=Kind.TEST,
        recipient=recipient,
        body="Pesan uji dari cicero: sambungan WhatsApp berfungsi.",
        expires_at=by.at + timedelta(minutes=10),
        sender=sender,
    )
    with store.transaction():
        (number,) = store.outbox.add([message], now=by.at)
        store.audit.add("message.test_queued", by, subject=str(number))
    return number
