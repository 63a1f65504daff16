"""What people write to the account, as the three gateways report it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cicero_cli.domain.messaging.gateway_answers import Ack, AckEvent, Incoming
from cicero_cli.gateways.whatsapp.incoming import read_cloud, read_gowa, read_waha
from cicero_cli.gateways.whatsapp.webhooks import read_cloud_acks

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
STAMP = int(AT.timestamp())
BUDI = "6281211110001"
CEK = Incoming(message_id="3EB0ABCDEF", sender=BUDI, text="cek", sent_at=AT)


def _waha(event: str = "message", session: str = "default", **changes: object) -> bytes:
    payload = {
        "id": f"false_{BUDI}@c.us_3EB0ABCDEF",
        "timestamp": STAMP,
        "from": f"{BUDI}@c.us",
        "fromMe": False,
        "body": "cek",
        "hasMedia": False,
        **changes,
    }
    return json.dumps({"event": event, "session": session, "payload": payload}).encode()


def _gowa(event: str = "message", **changes: object) -> bytes:
    payload = {
        "id": "3EB0ABCDEF",
        "chat_id": f"{BUDI}@s.whatsapp.net",
        "from": f"{BUDI}@s.whatsapp.net",
        "timestamp": "2026-11-21T08:00:00Z",
        "is_from_me": False,
        "body": "cek",
        **changes,
    }
    account = "6281100000000@s.whatsapp.net"
    return json.dumps({"event": event, "device_id": account, "payload": payload}).encode()


def _cloud(*messages: object, phone_id: str = "1001", **more: object) -> bytes:
    value = {"metadata": {"phone_number_id": phone_id}, "messages": list(messages), **more}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _written(**changes: object) -> dict[str, Any]:
    message = {"from": BUDI, "id": "wamid.HBgM=", "timestamp": str(STAMP), "type": "text"}
    return {**message, "text": {"body": "cek"}, **changes}


LID = "251556368777322@lid"
JID = f"{BUDI}@s.whatsapp.net"


@pytest.mark.parametrize(
    "body",
    [
        _waha(),
        _waha(timestamp=STAMP * 1000),
        _waha(**{"from": LID, "_data": {"Info": {"SenderAlt": f"{BUDI}:12@s.whatsapp.net"}}}),
        _waha(**{"from": LID, "_data": {"key": {"remoteJidAlt": JID}}}),
    ],
)
def test_waha_tells_what_was_written(body: bytes) -> None:
    assert read_waha(body, session="default") == [CEK]


@pytest.mark.parametrize(
    "body",
    [
        _waha("message.any"),
        _waha("message.ack"),
        _waha(session="another"),
        _waha(fromMe=True),
        _waha(fromMe=None),
        _waha(**{"from": "120363000000000001@g.us", "participant": f"{BUDI}@c.us"}),
        _waha(**{"from": "status@broadcast"}),
        _waha(**{"from": "120363000000000001@newsletter"}),
        _waha(**{"from": LID}),
        _waha(**{"from": LID, "_data": {"Info": {"SenderAlt": LID}}}),
        _waha(body=""),
        _waha(body=None),
        _waha(id=None),
        _waha(id="x" * 300),
        _waha(timestamp=None),
        b"{}",
        b"[]",
        b"<html>",
    ],
)
def test_what_waha_tells_of_groups_of_ourselves_or_without_a_number_is_nothing(body: bytes) -> None:
    assert read_waha(body, session="default") == []


@pytest.mark.parametrize("body", [_gowa(), _gowa(**{"from": LID}), _gowa(chat_id=LID)])
def test_gowa_tells_what_was_written(body: bytes) -> None:
    assert read_gowa(body) == [CEK]


@pytest.mark.parametrize(
    "body",
    [
        _gowa("message.reaction"),
        _gowa(is_from_me=True),
        _gowa(is_from_me="false"),
        _gowa(chat_id="120363000000000001@g.us"),
        _gowa(chat_id="status@broadcast"),
        _gowa(**{"from": LID, "chat_id": LID}),
        _gowa(**{"from": LID, "chat_id": "6281100000000@s.whatsapp.net"}),
        _gowa(timestamp="kemarin"),
        _gowa(body={"text": "cek"}),
        b"null",
    ],
)
def test_what_gowa_tells_of_groups_of_ourselves_or_without_a_number_is_nothing(body: bytes) -> None:
    assert read_gowa(body) == []


def test_meta_tells_several_messages_at_once() -> None:
    pressed = {"from": BUDI, "id": "wamid.2", "timestamp": str(STAMP), "button": {"text": "STOP"}}
    found = read_cloud(_cloud(_written(), pressed), phone_id="1001")
    assert [(one.message_id, one.sender, one.text, one.sent_at) for one in found] == [
        ("wamid.HBgM=", BUDI, "cek", AT),
        ("wamid.2", BUDI, "STOP", AT),
    ]


@pytest.mark.parametrize(
    "body",
    [
        _cloud(_written(), phone_id="1002"),
        _cloud(_written(group_id="Y2FwaV9ncm91cDox")),
        _cloud(_written(text=None)),
        _cloud(_written(**{"from": "US.13491208655302741918"})),
        _cloud(_written(timestamp="1e9")),
        _cloud("cek", 7),
        b'{"entry": [7, {"changes": {}}, {"changes": [{"value": []}]}]}',
        b"{}",
    ],
)
def test_what_meta_tells_of_other_numbers_groups_and_pictures_is_nothing(body: bytes) -> None:
    assert read_cloud(body, phone_id="1001") == []


def test_meta_tells_how_far_messages_got() -> None:
    told = [
        {"id": f"wamid.{name}", "status": name}
        for name in ("sent", "delivered", "read", "failed", "deleted")
    ]
    assert read_cloud_acks(_cloud(statuses=told), phone_id="1001") == [
        AckEvent(message_id="wamid.sent", ack=Ack.SERVER),
        AckEvent(message_id="wamid.delivered", ack=Ack.DELIVERED),
        AckEvent(message_id="wamid.read", ack=Ack.READ),
        AckEvent(message_id="wamid.failed", ack=Ack.ERROR),
    ]
    assert read_cloud_acks(_cloud(statuses=told), phone_id="1002") == []


def test_a_text_that_nobody_types_is_cut() -> None:
    assert len(read_gowa(_gowa(body="cek " * 10_000))[0].text) == 2_000
