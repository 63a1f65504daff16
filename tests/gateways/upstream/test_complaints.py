from __future__ import annotations

import json

import pytest

from cicero_cli.domain.collection.usage import Quota
from cicero_cli.errors import QuotaError, RejectedError, SettingError
from cicero_cli.gateways.upstream.complaints import PassingError, check_answer
from tests.gateways.upstream.conftest import PAYLOADS


def check(status: int, body: bytes) -> None:
    check_answer("GET /x at host", host="host", key="k", status=status, body=body, quota=Quota())


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("quota_monthly", QuotaError, "429 You have exceeded the MONTHLY quota for Requests on"),
        ("quota_hourly_as_403", QuotaError, "403 You have exceeded the HOURLY quota"),
        ("rate_per_hour", QuotaError, "429 You have exceeded the rate limit per hour"),
        ("key_invalid", SettingError, "401 Invalid API key"),
        ("key_blocked", SettingError, "401 Blocked User"),
        ("not_subscribed", SettingError, "403 You are not subscribed to this API."),
        ("endpoint_disabled", SettingError, "401 This endpoint is disabled"),
        ("endpoint_missing", SettingError, "404 Endpoint '/v1/posts' does not exist"),
        ("api_missing", SettingError, "404 API doesn't exists"),
        ("unreachable", PassingError, "502 The API is unreachable"),
        ("detail_text", RejectedError, "404 Account has moved on"),
        ("detail_object", RejectedError, "400 bad shortcode"),
        ("detail_list", RejectedError, "422 not an integer (query.count); too long"),
        ("missing_params", RejectedError, "200 missing required params: videoId"),
        ("wordless", RejectedError, "400 refused"),
    ],
)
def test_every_known_complaint_has_its_meaning(
    name: str, kind: type[Exception], words: str
) -> None:
    reply = json.loads((PAYLOADS / "errors" / f"{name}.json").read_text())

    with pytest.raises(kind) as caught:
        check(reply["status"], json.dumps(reply["body"]).encode())

    assert str(caught.value).startswith(f"GET /x at host: {words}")


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": {}}',
        b'{"message": "success", "data": {}}',
        b'{"message": null, "error": "", "detail": [], "data": {}}',
        b'{"error": false, "message": {"code": 0}}',
        b'[{"id": "1"}]',
        b"<html>",
        b"",
    ],
)
def test_a_200_that_complains_of_nothing_is_for_others_to_read(body: bytes) -> None:
    check(200, body)


def test_a_long_complaint_is_cut() -> None:
    with pytest.raises(RejectedError) as caught:
        check(400, json.dumps({"detail": "word " * 500}).encode())

    assert len(caught.value.message) == 300
