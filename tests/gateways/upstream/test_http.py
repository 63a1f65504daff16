from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from typing import Any

import msgspec
import pytest

from cicero_cli.core import clock
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import (
    CiceroError,
    ExitCode,
    QuotaError,
    RejectedError,
    SettingError,
    UpstreamError,
)
from cicero_cli.standins.upstream.accounts import plan_account
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.gateways.upstream.conftest import KEY, NOW, OpenApi, Serve


class _Data(msgspec.Struct):
    count: int


class _Reply(msgspec.Struct):
    data: _Data


PATH = "/v1/posts"
PARAMS = {"username_or_id_or_url": "polres.a"}
DECODER = msgspec.json.Decoder(_Reply)


@dataclass(frozen=True)
class Asking:
    """A client of a stand-in, what asking has cost so far, and the seconds it would have slept."""

    standin: StandIn
    open_api: OpenApi
    naps: list[float]
    meter: Meter = field(default_factory=Meter)

    def get(self, **options: Any) -> _Reply:
        return self.open_api(self.standin.url, **options).get(
            PATH, PARAMS, DECODER, meter=self.meter
        )

    def fail(self, kind: FaultKind, **options: Any) -> CiceroError:
        """The error that a request ends with when every answer is of `kind`."""
        self.standin.faults.add(Fault(kind=kind, **options))
        with pytest.raises(CiceroError) as caught:
            self.get()
        return caught.value


@pytest.fixture
def asking(serve: Serve, open_api: OpenApi, naps: list[float]) -> Asking:
    account = plan_account(Platform.INSTA, "polres.a", now=NOW, posts_a_day=2, days=1)
    return Asking(serve(account), open_api, naps)


def test_an_answer_is_typed_and_counted(asking: Asking) -> None:
    reply = asking.get()

    assert reply == _Reply(_Data(count=3))
    assert (asking.meter.requests, asking.meter.bytes) == (1, asking.standin.requests[0].size)
    assert asking.meter.quota == Quota(limit=200_000, remaining=199_999, reset_seconds=1_900_000)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.RATE_LIMIT,
        FaultKind.TOO_MANY,
        FaultKind.UNREACHABLE,
        FaultKind.UNAVAILABLE,
        FaultKind.GATEWAY_TIMEOUT,
        FaultKind.SERVER_ERROR,
        FaultKind.CUT,
        FaultKind.CUT_MIDWAY,
        FaultKind.HTML,
        FaultKind.TRUNCATED,
    ],
)
def test_what_passes_is_tried_again(asking: Asking, kind: FaultKind) -> None:
    asking.standin.faults.add(Fault(kind=kind, times=1))

    reply = asking.get()

    assert reply.data.count == 3
    assert asking.naps == [1]
    assert asking.meter.requests == 2


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.RATE_LIMIT, "429 You have exceeded the rate limit per second"),
        (FaultKind.UNREACHABLE, "502 The API is unreachable"),
        (FaultKind.UNAVAILABLE, "503"),
        (FaultKind.SERVER_ERROR, "500 Internal error"),
        (FaultKind.CUT, "the connection failed or was cut"),
    ],
)
def test_what_does_not_pass_is_tried_four_times(
    asking: Asking, kind: FaultKind, words: str
) -> None:
    error = asking.fail(kind)

    assert type(error) is UpstreamError
    assert error.message.startswith(f"GET /v1/posts at {asking.standin.url[7:]}: {words}")
    assert error.hint == "try again later"
    assert asking.naps == [1, 2, 4]
    assert asking.meter.requests == 4


def test_parallel_requests_do_not_come_back_together(asking: Asking) -> None:
    asking.standin.faults.add(Fault(kind=FaultKind.TOO_MANY, times=3))

    asking.get(jitter=lambda: 1.0)

    assert asking.naps == [1.5, 3, 6]


@pytest.mark.parametrize(
    ("kind", "words"),
    [(FaultKind.HTML, "a web page"), (FaultKind.TRUNCATED, "no whole JSON in")],
)
def test_a_body_that_is_no_json_is_an_error_and_never_no_data(
    asking: Asking, kind: FaultKind, words: str
) -> None:
    error = asking.fail(kind)

    assert type(error) is UpstreamError
    assert words in error.message
    assert asking.meter.requests == 2


def test_a_body_of_the_wrong_type_is_an_error_at_once(asking: Asking) -> None:
    error = asking.fail(FaultKind.WRONG_TYPE)

    assert type(error) is UpstreamError
    assert "a body of another shape: Expected `object`, got `str` - at `$.data`" in error.message
    assert (asking.meter.requests, asking.naps) == (1, [])


def test_no_content_is_an_error(asking: Asking) -> None:
    error = asking.fail(FaultKind.NO_CONTENT)

    assert type(error) is UpstreamError
    assert error.message.endswith("204: expected 200 and a body")


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.MONTHLY_QUOTA,
        FaultKind.DAILY_QUOTA,
        FaultKind.MONTHLY_QUOTA_403,
        FaultKind.MONTHLY_QUOTA_200,
    ],
)
def test_a_used_up_quota_is_never_tried_again(asking: Asking, kind: FaultKind) -> None:
    error = asking.fail(kind)

    assert isinstance(error, QuotaError)
    assert error.exit_code is ExitCode.TRY_LATER
    assert error.reset_seconds == 1_900_000
    assert error.hint.startswith("the quota resets in about 22 days")
    assert (asking.meter.requests, asking.naps) == (1, [])


def test_the_quota_resets_when_its_header_says(asking: Asking) -> None:
    headers = {"X-RateLimit-Requests-Remaining": "0", "X-RateLimit-Requests-Reset": "7200"}
    error = asking.fail(FaultKind.DAILY_QUOTA, headers=headers)

    assert error.hint.startswith("the quota resets in about 2 hours")
    assert asking.meter.quota == Quota(remaining=0, reset_seconds=7200)


@pytest.mark.parametrize("reset", [None, "soon", "-1", "", "1e9", "9" * 40])
def test_a_quota_without_a_proper_reset_has_none(asking: Asking, reset: str | None) -> None:
    headers = {} if reset is None else {"x-ratelimit-requests-reset": reset}
    error = asking.fail(FaultKind.MONTHLY_QUOTA, headers=headers)

    assert isinstance(error, QuotaError)
    assert error.reset_seconds is None
    assert error.hint.startswith("the upstream did not say when the quota resets")


def test_a_malformed_quota_header_does_not_spoil_an_answer(asking: Asking) -> None:
    headers = {"x-ratelimit-requests-limit": "many", "x-ratelimit-requests-remaining": "12 left"}
    asking.standin.faults.add(Fault(kind=FaultKind.HEADERS, headers=headers))

    asking.get()

    assert (asking.meter.requests, asking.meter.quota) == (1, Quota())


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        (FaultKind.INVALID_KEY, "check RAPIDAPI_KEY"),
        (FaultKind.UNAUTHORISED, "check RAPIDAPI_KEY"),
        (FaultKind.BLOCKED_USER, "its owner is blocked"),
        (FaultKind.NOT_SUBSCRIBED, "has a plan for 127.0.0.1:"),
        (FaultKind.ENDPOINT_DISABLED, "has a plan for 127.0.0.1:"),
        (FaultKind.ENDPOINT_GONE, "still exists at rapidapi.com"),
        (FaultKind.API_GONE, "still exists at rapidapi.com"),
    ],
)
def test_a_wrong_key_or_plan_is_a_setting_to_change(
    asking: Asking, kind: FaultKind, hint: str
) -> None:
    error = asking.fail(kind)

    assert isinstance(error, SettingError)
    assert error.exit_code is ExitCode.SETTING
    assert hint in error.hint
    assert (asking.meter.requests, asking.naps) == (1, [])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.DETAIL, "404 Not found"),
        (FaultKind.DETAIL_LIST, "200 value is not a valid integer (query.cursor)"),
        (FaultKind.MISSING_PARAMS, "200 missing required params: secUid"),
        (FaultKind.FORBIDDEN, "403"),
    ],
)
def test_what_the_provider_refuses_is_refused_in_its_words(
    asking: Asking, kind: FaultKind, words: str
) -> None:
    error = asking.fail(kind)

    assert isinstance(error, RejectedError)
    assert f": {words}" in error.message
    assert asking.meter.requests == 1


def test_a_redirect_does_not_take_the_key_to_another_host(asking: Asking, serve: Serve) -> None:
    elsewhere = serve()
    headers = {"Location": f"{elsewhere.url}/v1/posts"}
    error = asking.fail(FaultKind.REDIRECT, headers=headers)

    assert type(error) is UpstreamError
    assert elsewhere.requests == []


def test_the_key_is_in_no_error_and_no_log(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="cicero_cli")
    asking.standin.faults.add(Fault(kind=FaultKind.UNREACHABLE, times=1))

    error = asking.fail(FaultKind.INVALID_KEY)  # it quotes the key

    assert "You sent ***" in error.message
    assert KEY not in f"{error.message} {error.hint} {caplog.text}"
    assert "retry in_seconds=1.0" in caplog.text


@pytest.mark.parametrize("key", ["abc def", "abc\ndef", "abc…"])
def test_a_key_that_no_header_can_carry_is_a_wrong_setting(open_api: OpenApi, key: str) -> None:
    with pytest.raises(SettingError, match="RAPIDAPI_KEY") as caught:
        open_api("http://127.0.0.1:1", key=key)

    assert "abc" not in caught.value.message


def test_an_upstream_that_is_not_there_is_an_upstream_error(
    open_api: OpenApi, naps: list[float]
) -> None:
    meter = Meter()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(UpstreamError, match="the connection failed or was cut"):
            open_api(url).get(PATH, PARAMS, DECODER, meter=meter)

    assert naps == [1, 2, 4]
    assert (meter.requests, meter.bytes) == (4, 0)


def test_a_slow_answer_is_given_up_and_asked_for_again(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="cicero_cli")
    asking.standin.faults.add(Fault(kind=FaultKind.SLOW, times=1, seconds=30))

    asking.get(timeouts=(5, 0.1))

    assert "no answer within 0.1 s" in caplog.text
    assert asking.meter.requests == 2


def test_several_threads_share_one_client(asking: Asking) -> None:
    asking.standin.faults.add(Fault(kind=FaultKind.UNREACHABLE, every=4, times=3))
    api = asking.open_api(asking.standin.url)
    with ThreadPoolExecutor(8) as pool:
        replies = list(
            pool.map(
                lambda _: api.get(PATH, PARAMS, DECODER, meter=asking.meter).data.count, range(40)
            )
        )

    assert replies == [3] * 40
    assert asking.meter.requests == len(asking.standin.requests) == 43
    assert asking.meter.bytes == sum(served.size for served in asking.standin.requests)


class _Dripping(BaseHTTPRequestHandler):
    """Sends a byte at a time, so that no time-out between two of them ever ends the answer."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        with suppress(ConnectionError):
            for _ in range(100_000):
                self.wfile.write(b" ")
                self.wfile.flush()

    def log_message(self, *_args: object) -> None:
        """Nothing."""


def test_an_answer_that_comes_in_drips_is_not_waited_for_to_the_end(
    open_api: OpenApi, naps: list[float]
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Dripping) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            api = open_api(
                f"http://127.0.0.1:{server.server_port}",
                monotonic=count().__next__,  # a second passes with each piece
                longest_seconds=5,
                tries=2,
            )
            with pytest.raises(UpstreamError, match="no whole answer within 5 s"):
                api.get(PATH, PARAMS, DECODER, meter=Meter())
        finally:
            server.shutdown()
            thread.join()
    assert naps == [1.0]


class _DrippingHead(_Dripping):
    """Sends a header a byte at a time."""

    def do_GET(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        with suppress(ConnectionError):
            while not self.server.is_over.wait(0.01):  # type: ignore[attr-defined]
                self.wfile.write(b"x")


class _Endless(_Dripping):
    """Never ends its answer."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(ConnectionError):
            while not self.server.is_over.is_set():  # type: ignore[attr-defined]
                self.wfile.write(b" " * 1_000_000)


@pytest.mark.parametrize(
    ("peer", "seconds", "reason"),
    [
        (_DrippingHead, 0.2, "no whole answer within 0.2 s"),
        (_Endless, 60, "the answer is longer than 64 MB"),
    ],
)
def test_a_peer_without_an_end_is_left(
    open_api: OpenApi, peer: type[_Dripping], seconds: float, reason: str
) -> None:
    with HTTPServer(("127.0.0.1", 0), peer) as server:
        server.is_over = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            api = open_api(url, longest_seconds=seconds, tries=1, monotonic=clock.monotonic)
            with pytest.raises(UpstreamError, match=reason):
                api.get(PATH, PARAMS, DECODER, meter=Meter())
        finally:
            server.is_over.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()
