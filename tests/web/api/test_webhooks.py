from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from cicero_cli.core import clock
from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from tests.web.conftest import Api, Serve

KEY = "a key of the gateway that nobody guesses"


@pytest.fixture
def hooked(serve: Serve) -> Api:
    return serve(CICERO_WA_WEBHOOK_SECRET=KEY)


def report(api: Api, body: bytes, *, key: str = KEY, sender: str = "") -> requests.Response:
    signature = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
    return api.post(
        f"/webhooks/whatsapp/waha{sender}",
        data=body,
        headers={"Content-Type": "application/json", "X-Webhook-Hmac": signature},
    )


def ack(*, hours_ago: float = 0) -> bytes:
    stamp = int((clock.now() - timedelta(hours=hours_ago)).timestamp() * 1000)
    payload = {"id": "true_62811@c.us_3EB0ABCDEF", "ack": 3}
    return json.dumps({"event": "message.ack", "timestamp": stamp, "payload": payload}).encode()


def test_a_signed_report_is_taken(hooked: Api) -> None:
    answer = report(hooked, ack())
    assert (answer.status_code, answer.json()) == (
        200,
        {"success": True, "data": {"recorded": 0, "received": 0}},
    )


def written(text: str, *, number: str = "6281211110001") -> bytes:
    now = int(clock.now().timestamp())
    payload = {
        "id": f"false_{number}@c.us_3EB0ABCDEF",
        "from": f"{number}@c.us",
        "fromMe": False,
        "timestamp": now,
        "body": text,
    }
    report_of = {"event": "message", "session": "default", "timestamp": now, "payload": payload}
    return json.dumps(report_of).encode()


def test_what_people_write_is_taken_once_and_only_when_it_is_signed_and_wanted(
    serve: Serve, clients: Store
) -> None:
    clients.users.add(
        User(user_id="1", client_id="POLRES_A", nama="Budi", whatsapp="6281211110001")
    )
    body = written("STOP")
    silent = serve(CICERO_WA_WEBHOOK_SECRET=KEY, CICERO_WA_ANSWERS="0")
    hooked = serve(CICERO_WA_WEBHOOK_SECRET=KEY)
    assert report(hooked, body, key="another key").status_code == 403
    assert report(silent, body).json()["data"] == {"recorded": 0, "received": 0}
    for received in (1, 0):
        assert report(hooked, body).json()["data"] == {"recorded": 0, "received": received}
    assert report(hooked, written("STOP", number="6281299999999")).json()["data"]["received"] == 0
    assert [user.wa_opt_in for user in clients.users.with_number("6281211110001")] == [False]
    assert [row["kind"] for row in clients.outbox.list_newest()] == ["answer"]


def test_meta_subscribes_with_its_token_and_signs_what_it_tells(
    serve: Serve, clients: Store
) -> None:
    clients.users.add(
        User(user_id="1", client_id="POLRES_A", nama="Budi", whatsapp="6281211110001")
    )
    api = serve(
        CICERO_WA_WEBHOOK_SECRET=KEY,
        CICERO_CLOUD_VERIFY_TOKEN="kata",
        CICERO_CLOUD_PHONE_ID="1001",
    )
    path = "/webhooks/whatsapp/cloud"
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata", "hub.challenge": "1158201444"}
    answer = api.get(path, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong, status in (
        ({"hub.verify_token": "lain"}, 403),
        ({"hub.mode": "x"}, 404),
        ({"hub.challenge": "<b>"}, 400),
    ):
        assert api.get(path, params={**asked, **wrong}).status_code == status
    message = {
        "from": "6281211110001",
        "id": "wamid.1",
        "timestamp": str(int(clock.now().timestamp())),
        "text": {"body": "halo"},
    }
    value = {"metadata": {"phone_number_id": "1001"}, "messages": [message]}
    body = json.dumps({"entry": [{"changes": [{"value": value}]}]}).encode()
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    signed = {"X-Hub-Signature-256": f"sha256={digest}"}
    assert api.post(path, data=body, headers=signed).json()["data"]["received"] == 1
    assert api.post(path, data=body + b" ", headers=signed).status_code == 403


def test_what_is_not_signed_or_old_is_refused_and_counted(hooked: Api) -> None:
    for body, key in ((ack(), "another key"), (ack(hours_ago=25), KEY), (b"", KEY + "x")):
        assert report(hooked, body, key=key).status_code == 403
    refused = hooked.store.refusals.sum(since=clock.now() - timedelta(days=1))
    assert refused == {"webhook.refused": 3}


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b'{"a": ' + b"1" * 60_000, b"\xff"])
def test_nothing_is_decoded_before_its_signature_is_right(hooked: Api, body: bytes) -> None:
    assert report(hooked, body, key="another key").status_code == 403
    assert report(hooked, body).status_code == 400


def test_a_report_that_is_too_large_is_refused(hooked: Api) -> None:
    assert report(hooked, b" " * 300_000).status_code == 413


def test_each_sender_has_a_secret_of_its_own(hooked: Api, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("another key that nobody guesses either\n")
    secret.chmod(0o600)
    own, add = secret.read_text().strip(), hooked.store.senders.save
    add(Sender(name="satu", gateway="waha", url="http://a", webhook_secret_file=str(secret)))
    add(Sender(name="dua", gateway="waha", url="http://b"))
    answers = [
        report(hooked, ack(), key=key, sender=f"/{sender}").status_code
        for key in (own, KEY)
        for sender in ("satu", "dua", "tiga")
    ]
    assert answers == [200, 403, 403, 403, 403, 403]
