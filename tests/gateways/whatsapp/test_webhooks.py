"""Webhooks of WAHA and gowa: whose they are, and how far they say a message got."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from cicero_cli.domain.messaging.gateway_answers import Ack, AckEvent
from cicero_cli.errors import InputError
from cicero_cli.gateways.whatsapp.ids import bare_id
from cicero_cli.gateways.whatsapp.webhooks import (
    is_from_gowa,
    is_from_waha,
    read_acks,
    read_session,
)

NOW = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)
KEY = "kunci rahasia"


def _waha(payload: object, event: str = "message.ack", **more: object) -> bytes:
    return json.dumps({"event": event, "session": "default", "payload": payload, **more}).encode()


def _gowa(receipt: str, *ids: str) -> bytes:
    payload = {"ids": list(ids), "chat_id": "1203@g.us", "receipt_type": receipt}
    return json.dumps({"event": "message.ack", "payload": payload}).encode()


def _waha_headers(body: bytes, key: str = KEY) -> Mapping[str, str]:
    return {"x-webhook-hmac": hmac.new(key.encode(), body, hashlib.sha512).hexdigest()}


def _is_from_waha(body: bytes, headers: Mapping[str, str]) -> bool:
    return is_from_waha(body, headers, key=KEY, now=NOW)


def test_waha_is_believed_with_its_signature_only() -> None:
    body = _waha({}, timestamp=int(NOW.timestamp() * 1000))
    assert _is_from_waha(body, _waha_headers(body))
    assert _is_from_waha(body, {k.upper(): v.upper() for k, v in _waha_headers(body).items()})
    assert not _is_from_waha(body + b" ", _waha_headers(body))
    assert not _is_from_waha(body, _waha_headers(body, key="other"))
    assert not _is_from_waha(body, {"X-Webhook-Hmac": "é"})
    assert not _is_from_waha(body, {})


@pytest.mark.parametrize(
    ("age", "is_believed"),
    [
        (timedelta(hours=20), True),
        (timedelta(hours=25), False),
        (-timedelta(minutes=5), True),
        (-timedelta(hours=1), False),
    ],
)
def test_old_reports_of_waha_are_not_believed_again(*, age: timedelta, is_believed: bool) -> None:
    moment = (NOW - age).timestamp()
    for stamp in (int(moment * 1000), int(moment)):
        body = _waha({}, timestamp=stamp)
        assert _is_from_waha(body, _waha_headers(body)) is is_believed


@pytest.mark.parametrize("stamp", [None, "", "kemarin", True, 0, -1, 1e300, [], {}])
def test_a_report_of_waha_that_does_not_say_when_is_not_believed(stamp: object) -> None:
    body = _waha({}, timestamp=stamp)
    assert not _is_from_waha(body, _waha_headers(body))
    body = _waha({})
    assert not _is_from_waha(body, _waha_headers(body))


@pytest.mark.parametrize(
    ("stamp", "is_believed"),
    [
        ("2026-08-10T07:59:00Z", True),
        ("2026-08-10T15:00:00+07:00", True),
        ("2026-08-08T08:00:00Z", False),
        ("2026-08-10T09:00:00Z", False),
        ("kemarin", False),
        (None, False),
    ],
)
def test_old_reports_of_gowa_are_not_believed_again(*, stamp: object, is_believed: bool) -> None:
    body = json.dumps({"event": "message.ack", "payload": {}, "timestamp": stamp}).encode()
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={digest}"}
    assert is_from_gowa(body, headers, key=KEY, now=NOW) is is_believed


def test_gowa_is_believed_with_its_signature_only() -> None:
    body = _gowa("read", "3EB0ABCDEF")
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    assert is_from_gowa(body, {"x-hub-signature-256": f"sha256={digest}"}, key=KEY, now=NOW)
    assert not is_from_gowa(body, {"X-Hub-Signature-256": f"sha256={digest}"}, key="other", now=NOW)
    assert not is_from_gowa(body, {"X-Hub-Signature-256": f"sha1={digest}"}, key=KEY, now=NOW)
    assert not is_from_gowa(body, {"X-Hub-Signature-256": digest}, key=KEY, now=NOW)
    assert not is_from_gowa(body, {}, key=KEY, now=NOW)


@pytest.mark.parametrize(
    ("full", "bare"),
    [
        ("true_6281200000001@c.us_3EB0ABCDEF", "3EB0ABCDEF"),
        ("true_120363000000000001@g.us_3EB0ABCDEF", "3EB0ABCDEF"),
        ("true_120363000000000001@g.us_3EB0ABCDEF_6281200000001@c.us", "3EB0ABCDEF"),
        ("true_4639135154355@lid_297A4A9CC7BD7B11", "297A4A9CC7BD7B11"),
        ("3EB0ABCDEF", "3EB0ABCDEF"),
        ("", ""),
    ],
)
def test_bare_id_is_what_whatsapp_chose(full: str, bare: str) -> None:
    assert bare_id(full) == bare


@pytest.mark.parametrize("event", ["message.ack", "message.ack.group"])
@pytest.mark.parametrize(
    ("number", "ack"),
    [
        (-1, Ack.ERROR),
        (0, Ack.PENDING),
        (1, Ack.SERVER),
        (2, Ack.DELIVERED),
        (3, Ack.READ),
        (4, Ack.READ),
    ],
)
def test_waha_says_how_far_a_message_got(event: str, number: int, ack: Ack) -> None:
    payload = {"id": "true_46391351@lid_3EB0ABCDEF", "fromMe": True, "ack": number}
    assert read_acks(_waha(payload, event)) == [AckEvent(message_id="3EB0ABCDEF", ack=ack)]


@pytest.mark.parametrize(
    ("receipt", "acks"),
    [
        ("delivered", [Ack.DELIVERED] * 2),
        ("read", [Ack.READ] * 2),
        ("played", [Ack.READ] * 2),
        ("read-self", []),
        ("sender", []),
        ("retry", []),
    ],
)
def test_gowa_says_how_far_messages_got(receipt: str, acks: list[Ack]) -> None:
    events = read_acks(_gowa(receipt, "3EB0ABCDEF", "3EB0FEDCBA"))
    assert [event.ack for event in events] == acks


@pytest.mark.parametrize(
    "body",
    [
        _waha({"id": "true_1@c.us_3EB0ABCDEF", "ack": 2}, event="message"),
        _waha({"id": "false_1@c.us_3EB0ABCDEF", "fromMe": False, "ack": 2}),
        _waha({"id": "true_1@c.us_3EB0ABCDEF", "ack": "2"}),
        _waha({"id": "true_1@c.us_3EB0ABCDEF", "ack": -2}),
        _waha({"id": 7, "ack": 2}),
        _waha([]),
        json.dumps({"event": "message.ack", "payload": {"receipt_type": "read"}}).encode(),
        b"{}",
    ],
)
def test_other_events_are_no_acks(body: bytes) -> None:
    assert read_acks(body) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff"])
def test_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match="not a JSON object"):
        read_acks(body)


def test_session_status_is_read_for_our_session_only() -> None:
    body = _waha({"name": "default", "status": "SCAN_QR_CODE"}, "session.status")
    session = read_session(body, session="default")
    assert session is not None
    assert (session.is_ready, session.needs_operator) == (False, True)
    assert read_session(body, session="other") is None
    assert read_session(_waha({}), session="default") is None
    assert read_session(_waha({}, "session.status"), session="default") is None
