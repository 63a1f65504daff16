"""One request to a gateway: whether it can have arrived when no answer came."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cicero_cli.domain.messaging.gateway_answers import Sent, Verdict
from cicero_cli.gateways.whatsapp.http import Answer, Http


def _http(url: str) -> Http:
    return Http(url, headers={}, timeouts=(1.0, 0.2))


@contextmanager
def _server(reply: bytes) -> Iterator[str]:
    """A server that answers one connection with these bytes, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def test_refused_connection_sent_nothing(free_port: int) -> None:
    sent = _http(f"http://127.0.0.1:{free_port}").post_json("/", {})
    assert sent == Sent(
        verdict=Verdict.RETRY,
        code="no_connection",
        hint=f"is the gateway running at 127.0.0.1:{free_port}?",
    )


def test_unknown_host_sent_nothing() -> None:
    sent = _http("http://gateway.invalid").post_json("/", {})
    assert isinstance(sent, Sent)
    assert (sent.verdict, sent.code) == (Verdict.RETRY, "unknown_host")


def test_https_address_of_a_plain_server_is_a_setting() -> None:
    with _server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as place:
        sent = _http(f"https://{place}").post_json("/", {})
    assert isinstance(sent, Sent)
    assert (sent.verdict, sent.code) == (Verdict.PAUSE, "certificate")


def test_address_that_is_none_is_a_setting() -> None:
    sent = _http("http://:0:0").get("/")
    assert isinstance(sent, Sent)
    assert (sent.verdict, sent.code) == (Verdict.PAUSE, "bad_address")


def test_redirect_is_not_followed() -> None:
    with _server(
        b"HTTP/1.1 301 Moved\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n"
    ) as place:
        sent = _http(f"http://user:rahasia@{place}").post_json("/", {})
    assert isinstance(sent, Sent)
    assert (sent.verdict, sent.code) == (Verdict.PAUSE, "redirect")
    assert sent.hint.startswith(place)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH\r\n",
    ],
    ids=["cut", "cut in the body", "broken chunks", "broken gzip", "no HTTP"],
)
def test_broken_answer_leaves_open_whether_the_message_was_sent(reply: bytes) -> None:
    with _server(reply) as place:
        sent = _http(f"http://{place}").post_json("/", {})
    assert isinstance(sent, Sent)
    assert sent.verdict is Verdict.AMBIGUOUS


def test_answer_does_not_show_its_body() -> None:
    body = b'{"text": "rahasia"}'
    with _server(b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n" + body) as place:
        answer = _http(f"http://{place}").get("/")
    assert isinstance(answer, Answer)
    assert answer.data == {"text": "rahasia"}
    assert "rahasia" not in repr(answer)
