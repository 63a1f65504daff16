"""What WAHA, gowa and Meta report by themselves: whether it really comes from them, and what it says.

Pure functions; the caller hands in the raw body, for the signature is over its bytes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from cicero_cli.domain.messaging.gateway_answers import Ack, AckEvent, Session
from cicero_cli.errors import InputError
from cicero_cli.gateways.whatsapp.bodies import cloud_values, dicts_in, read_moment, words
from cicero_cli.gateways.whatsapp.ids import bare_id
from cicero_cli.gateways.whatsapp.waha_states import read_state

_OLDEST = timedelta(days=1)  # WAHA tries again for hours while nobody answers
_AHEAD = timedelta(minutes=10)  # its clock may be wrong
_RECEIPTS = {"delivered": Ack.DELIVERED, "read": Ack.READ, "played": Ack.READ}

_STATUSES = {
    "sent": Ack.SERVER,
    "delivered": Ack.DELIVERED,
    "read": Ack.READ,
    "failed": Ack.ERROR,
}


def is_from_waha(body: bytes, headers: Mapping[str, str], *, key: str, now: datetime) -> bool:
    """Whether WAHA signed this body with `key`, and not long ago.

    The time counts that stands in the body, and there has to be one: that of the header is not signed.
    """
    signature = _header(headers, "X-Webhook-Hmac")
    if not _is_same(_sign(body, key, "sha512"), signature):
        return False
    return _is_recent(_decode(body).get("timestamp"), now)


def is_from_meta(body: bytes, headers: Mapping[str, str], *, key: str) -> bool:
    """Whether Meta signed this body with `key`, the app secret. It does not say when: acks only rise, and messages bear their own time."""
    kind, _, signature = _header(headers, "X-Hub-Signature-256").partition("=")
    return kind == "sha256" and _is_same(_sign(body, key, "sha256"), signature)


def is_from_gowa(body: bytes, headers: Mapping[str, str], *, key: str, now: datetime) -> bool:
    """Whether gowa signed this body with `key`, and not long ago.

    Not every gowa says when: such a body that is repeated does no harm, for acks only rise and messages bear their own time.
    """
    if not is_from_meta(body, headers, key=key):  # it signs as Meta does
        return False
    event = _decode(body)
    return "timestamp" not in event or _is_recent(event["timestamp"], now)


def read_acks(body: bytes) -> list[AckEvent]:
    """The acks of WAHA's `message.ack` and `message.ack.group` or of gowa's `message.ack`; [] for any other event.

    InputError when the body is not a JSON object.
    """
    event = _decode(body)
    payload = event.get("payload")
    if event.get("event") not in {"message.ack", "message.ack.group"} or not isinstance(
        payload, dict
    ):
        return []
    if "receipt_type" in payload:
        return _read_gowa(payload)
    message_id, ack = payload.get("id"), payload.get("ack")
    if not isinstance(message_id, str) or not isinstance(ack, int) or isinstance(ack, bool):
        return []
    if ack < Ack.ERROR or payload.get("fromMe") is False:
        return []
    return [AckEvent(message_id=bare_id(message_id), ack=Ack(min(ack, Ack.READ)))]


def read_cloud_acks(body: bytes, *, phone_id: str) -> list[AckEvent]:
    """How far messages of our number got, as Meta reports it; InputError when the body is not a JSON object."""
    _decode(body)
    found = []
    for value in cloud_values(body, phone_id=phone_id):
        for status in dicts_in(value.get("statuses")):
            ack = _STATUSES.get(words(status, "status"))
            if ack is not None and (message_id := words(status, "id")):
                found.append(AckEvent(message_id=message_id, ack=ack))
    return found


def read_session(body: bytes, *, session: str) -> Session | None:
    """The new state that WAHA's `session.status` reports of our session; None for anything else."""
    event = _decode(body)
    payload = event.get("payload")
    if event.get("event") != "session.status" or event.get("session") != session:
        return None
    status = payload.get("status") if isinstance(payload, dict) else None
    return read_state(status) if isinstance(status, str) else None


def _read_gowa(payload: dict[str, Any]) -> list[AckEvent]:
    """Other receipts than these are of our own devices, or say that a phone asks for the message again."""
    ack = _RECEIPTS.get(str(payload["receipt_type"]))
    ids = payload.get("ids")
    if ack is None or not isinstance(ids, list):
        return []
    return [AckEvent(message_id=bare_id(name), ack=ack) for name in ids if isinstance(name, str)]


def _sign(body: bytes, key: str, algorithm: str) -> str:
    return hmac.new(key.encode(), body, getattr(hashlib, algorithm)).hexdigest()


def _is_same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.strip().lower().encode())


def _header(headers: Mapping[str, str], name: str) -> str:
    found = [value for key, value in headers.items() if key.lower() == name.lower()]
    return found[0] if found else ""


def _is_recent(stamp: object, now: datetime) -> bool:
    moment = read_moment(stamp)
    return moment is not None and now - _OLDEST <= moment <= now + _AHEAD


def _decode(body: bytes) -> dict[str, Any]:
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise InputError("the webhook's body is not a JSON object")
    return event
