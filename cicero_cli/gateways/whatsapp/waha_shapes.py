"""What WAHA's answers hold, in the spelling of each of its engines (GOWS, NOWEB, WEBJS)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from cicero_cli.domain.messaging.gateway_answers import (
    Ack,
    Group,
    LookedUp,
    Presence,
    Sent,
    Verdict,
)
from cicero_cli.gateways.whatsapp.bodies import dig, words
from cicero_cli.gateways.whatsapp.http import Answer
from cicero_cli.gateways.whatsapp.ids import bare_id

LISTED = 100  # messages asked for to find one text


def read_accepted(data: Any) -> Sent:
    message_id = _read_id(data)
    if not message_id:  # also a page of HTML that some proxy put in between
        return Sent(verdict=Verdict.AMBIGUOUS, code="no_message_id")
    return Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=message_id)


def _read_id(data: Any) -> str:
    """The bare id of a message, wherever the engine puts it: `id`, `id._serialized` or `key.id`."""
    found = words(data, "id") or words(data, "id", "_serialized") or words(data, "key", "id")
    return bare_id(found)


def read_message(answer: Answer | Sent) -> LookedUp:
    if isinstance(answer, Sent):
        return LookedUp(presence=Presence.UNKNOWN)
    if answer.is_done and _read_id(answer.data):
        return _found(answer.data)
    says = words(answer.data, "message")
    is_absent = answer.status == HTTPStatus.NOT_FOUND and "Message not found" in says
    return LookedUp(presence=Presence.ABSENT if is_absent else Presence.UNKNOWN)


def find_text(answer: Answer | Sent, text: str) -> LookedUp:
    if isinstance(answer, Sent) or not answer.is_done or not isinstance(answer.data, list):
        return LookedUp(presence=Presence.UNKNOWN)
    for item in answer.data:
        if text.strip() and words(item, "body").strip() == text.strip():
            return _found(item)
    is_whole = text.strip() and len(answer.data) < LISTED
    return LookedUp(presence=Presence.ABSENT if is_whole else Presence.UNKNOWN)


def _found(item: Any) -> LookedUp:
    ack = dig(item, "ack")
    return LookedUp(
        presence=Presence.FOUND,
        message_id=_read_id(item) or None,
        ack=Ack(min(ack, Ack.READ)) if isinstance(ack, int) and ack >= Ack.ERROR else None,
    )


def read_group(item: Any) -> Group | None:
    """A group as GOWS, NOWEB or WEBJS spell it."""
    group_id = words(item, "id") or words(item, "id", "_serialized") or words(item, "JID")
    name = words(item, "subject") or words(item, "name") or words(item, "Name")
    return Group(group_id=group_id, name=name) if group_id.endswith("@g.us") else None
