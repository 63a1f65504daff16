"""What people write to the account, as WAHA, gowa and Meta's Cloud API report it.

Groups, channels, statuses and what the account itself wrote are left out, and so is a sender of whom no number is told: WhatsApp
hides some behind a `…@lid`. Pure functions; the caller has checked the signature.
"""

from __future__ import annotations

import re

from cicero_cli.domain.messaging.gateway_answers import Incoming
from cicero_cli.gateways.whatsapp.bodies import (
    cloud_values,
    decode,
    dicts_in,
    dig,
    read_moment,
    words,
)
from cicero_cli.gateways.whatsapp.ids import bare_id, number_of

_LONGEST_TEXT = 2_000  # what nobody types by hand is cut
_LONGEST_ID = 200
_NUMBER = re.compile(r"[1-9]\d{7,14}")
_MILLISECONDS = 10**11  # as seconds, this is the year 5138
# where the number of a sender behind a `…@lid` may stand, by WAHA's engine
_ALTERNATIVES = (
    ("_data", "Info", "SenderAlt"),
    ("_data", "key", "remoteJidAlt"),
    ("_data", "key", "senderPn"),
)


def read_waha(body: bytes, *, session: str) -> list[Incoming]:
    """The message of an event `message` of our session; [] for any other event."""
    event = decode(body)
    payload = dig(event, "payload")
    if words(event, "event") != "message" or words(event, "session") != session:
        return []
    if dig(payload, "fromMe") is not False:
        return []
    sender = _number_behind(
        words(payload, "from"), [words(payload, *keys) for keys in _ALTERNATIVES]
    )
    return _incoming(
        bare_id(words(payload, "id")), sender, words(payload, "body"), dig(payload, "timestamp")
    )


def read_gowa(body: bytes) -> list[Incoming]:
    """The message of an event `message`; [] for any other event."""
    event = decode(body)
    payload = dig(event, "payload")
    chat = words(payload, "chat_id")
    if words(event, "event") != "message" or dig(payload, "is_from_me") is not False:
        return []
    if chat and number_of(chat) is None and not chat.endswith("@lid"):
        return []  # a group, a channel, a status
    account = number_of(words(event, "device_id"))
    other = "" if number_of(chat) == account else chat
    sender = _number_behind(words(payload, "from"), [other])
    return _incoming(
        bare_id(words(payload, "id")), sender, words(payload, "body"), dig(payload, "timestamp")
    )


def read_cloud(body: bytes, *, phone_id: str) -> list[Incoming]:
    """The texts that were written to our number."""
    found: list[Incoming] = []
    for value in cloud_values(body, phone_id=phone_id):
        for message in dicts_in(value.get("messages")):
            if "group_id" in message:
                continue
            text = words(message, "text", "body") or words(message, "button", "text")
            sender = words(message, "from")
            number = sender if _NUMBER.fullmatch(sender) else None
            found += _incoming(words(message, "id"), number, text, message.get("timestamp"))
    return found


def _number_behind(account_id: str, alternatives: list[str]) -> str | None:
    """The number of the sender; behind a `…@lid` the one that is told beside it, if one is."""
    if not account_id.endswith("@lid"):
        return number_of(account_id)
    return next((number for other in alternatives if (number := number_of(other))), None)


def _incoming(message_id: str, sender: str | None, text: str, stamp: object) -> list[Incoming]:
    """A list of this message; empty when something that is needed is missing."""
    sent_at = read_moment(stamp)
    if not message_id or len(message_id) > _LONGEST_ID or "\x00" in message_id:
        return []
    if sender is None or not text.strip() or sent_at is None:
        return []
    return [
        Incoming(message_id=message_id, sender=sender, text=text[:_LONGEST_TEXT], sent_at=sent_at)
    ]
