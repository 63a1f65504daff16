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
    assert (answer.status_code, answer.json()) == (200, {"success": True, "data": {"recorded": 0}})


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
