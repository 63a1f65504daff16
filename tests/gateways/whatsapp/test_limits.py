"""A gateway that drips, never ends or hangs: every call of every gateway ends all the same, and says what is known."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import Presence, Sent, Verdict
from cicero_cli.errors import TryLaterError
from cicero_cli.gateways.whatsapp.cloud import CloudGateway
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.http import Http
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.gateways.whatsapp.conftest import ADMIN, KEY

SHORT = (0.4, 0.4)
CODES = {
    FaultKind.DRIP: "timeout",
    FaultKind.ENDLESS: "answer_too_large",
    FaultKind.SLOW: "timeout",
}
Gateway = WahaGateway | GowaGateway | CloudGateway


@pytest.fixture(params=["waha", "gowa", "cloud"])
def gateway(request: pytest.FixtureRequest, standin: StandIn) -> Gateway:
    if request.param == "waha":
        return WahaGateway(standin.url, key=KEY, timeouts=SHORT)
    if request.param == "gowa":
        return GowaGateway(
            standin.url, user="cicero", password="stand-in", device="stand-in", timeouts=SHORT
        )
    return CloudGateway(
        phone_id="100200300", token="stand-in-token", base_url=standin.url, timeouts=SHORT
    )


@pytest.mark.parametrize("kind", CODES)
def test_send_without_an_end_may_have_arrived(
    gateway: Gateway, standin: StandIn, kind: FaultKind
) -> None:
    standin.faults.add(Fault(kind=kind))
    sent = gateway.send_text(ADMIN, "laporan", message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.AMBIGUOUS, CODES[kind])


@pytest.mark.parametrize("kind", CODES)
def test_session_that_cannot_be_read_is_not_ready(
    gateway: Gateway, standin: StandIn, kind: FaultKind
) -> None:
    standin.faults.add(Fault(kind=kind, path=""))
    session = gateway.check_session()
    assert (session.is_ready, session.state) == (False, CODES[kind])
    assert not session.needs_operator


@pytest.mark.parametrize("kind", CODES)
def test_look_up_without_an_end_tells_nothing(
    gateway: Gateway, standin: StandIn, kind: FaultKind
) -> None:
    standin.faults.add(Fault(kind=kind, path=""))
    found = gateway.look_up(ADMIN, message_id=None, text="laporan", since=clock.now())
    assert found.presence is Presence.UNKNOWN
    assert gateway.mint_message_id() is None
    assert gateway.number_exists(ADMIN) is None


@pytest.mark.parametrize("kind", [FaultKind.DRIP, FaultKind.ENDLESS])
def test_list_of_groups_without_an_end_is_an_error(standin: StandIn, kind: FaultKind) -> None:
    standin.faults.add(Fault(kind=kind, path="/groups"))
    waha = WahaGateway(standin.url, key=KEY, timeouts=(1.0, 1.0))
    with pytest.raises(TryLaterError, match=CODES[kind]):
        waha.list_groups()


@contextmanager
def _dripping(first: bytes, piece: bytes) -> Iterator[str]:
    """A server that answers one connection with `first`, and then with `piece` after `piece`."""
    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(first)
                while not stopping.wait(0.02):
                    connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stopping.set()
            thread.join()


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n{", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
    ids=["status", "header", "headers", "continue", "no length", "chunks", "a chunk's length"],
)
def test_answer_in_drips_is_not_waited_for(first: bytes, piece: bytes) -> None:
    with _dripping(first, piece) as url:
        sent = Http(url, headers={}, timeouts=(0.4, 0.4)).post_json("/", {})
    assert isinstance(sent, Sent)
    assert sent.verdict is Verdict.AMBIGUOUS


def test_small_answer_that_unpacks_to_a_large_one_is_left() -> None:

    body = gzip.compress(b" " * 50_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with _dripping(head + body, b"") as url:
        sent = Http(url, headers={}, timeouts=(5, 5)).get("/")
    assert isinstance(sent, Sent)
    assert sent.code == "answer_too_large"
