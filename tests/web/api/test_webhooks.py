from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
import requests

from cicero_cli.core import clock
from tests.web.conftest import Api, Serve

KEY = "a key of the gateway that nobody guesses"


@pytest.fixture
def hooked(serve: Serve) -> Api:
    return serve(CICERO_WA_WEBHOOK_SECRET=KEY)


def report(api: Api, body: bytes, *, key: str = KEY) -> requests.Response:
    signature = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
    return api.post(
        "/webhooks/whatsapp/waha",
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
