from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from cicero_cli.web.http.peers import Peers
from cicero_cli.web.server import PatientProtocol
from tests.waiting import wait_until
from tests.web.conftest import Api


def test_one_sender_holds_so_many_connections_and_others_theirs() -> None:
    peers = Peers(most=2, proxies=["127.0.0.1"])
    first = [peers.enter("2001:db8::1"), peers.enter("2001:db8::2")]
    assert first == ["2001:db8::/64"] * 2
    assert peers.enter("2001:db8::3") is None
    assert peers.enter("192.0.2.1") == "192.0.2.1"
    peers.leave("2001:db8::/64")
    assert peers.enter("2001:db8::3") == "2001:db8::/64"


@pytest.mark.parametrize("proxies", [["10.0.0.0/8", " 192.0.2.1 "], ["*"]])
def test_a_trusted_proxy_holds_as_many_as_it_likes(proxies: list[str]) -> None:
    peers = Peers(most=1, proxies=proxies)
    for proxy in ("10.1.2.3", "::ffff:10.1.2.3", "192.0.2.1", ""):
        assert None not in [peers.enter(proxy) for _ in range(3)], proxy


def test_that_somebody_holds_too_many_is_said_once_until_they_have_hung_up() -> None:
    peers = Peers(most=1, proxies=[])
    peers.enter("192.0.2.1")
    assert [peers.is_news("192.0.2.1"), peers.is_news("192.0.2.1")] == [True, False]
    peers.leave("192.0.2.1")
    peers.enter("192.0.2.1")
    assert peers.is_news("192.0.2.1")


def test_the_server_hangs_up_on_who_holds_too_many(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "_peers", Peers(most=3, proxies=["127.0.0.1"]))
    where = urlsplit(api.url)

    def connect() -> socket.socket:
        address = (where.hostname or "", where.port or 0)
        return socket.create_connection(address, timeout=10, source_address=("127.0.0.2", 0))

    def is_answered(connection: socket.socket) -> bool:
        try:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            return False

    held = [connect() for _ in range(3)]
    assert all(is_answered(connection) for connection in held)
    with connect() as too_many:
        assert not is_answered(too_many)
    assert api.get("/healthz").status_code == 200
    for connection in held:
        connection.close()

    def is_let_in() -> bool:
        with connect() as again:
            return is_answered(again)

    wait_until(is_let_in)
