"""uvicorn, set up for a server that strangers may talk to: limits on heads and on waiting, and a clean end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from cicero_cli.web.http.peers import Peers

REQUEST_SECONDS = 30.0
_HEAD_BYTES = 32_768
_CONNECTIONS = 1000
CONNECTIONS_PER_PEER = 100

log = logging.getLogger(__name__)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that drops a client whose request does not arrive in time, who does not read its answers, or who holds too many connections."""

    _deadline: asyncio.TimerHandle | None = None
    _peer: str | None = None
    _peers = Peers(
        most=CONNECTIONS_PER_PEER,
        proxies=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1").split(
            ","
        ),  # as uvicorn reads it
    )

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family != socket.AF_UNIX:
            # asyncio forgets this for a socket that uvicorn's workers inherit, and every answer takes 40 ms
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # the kernel drops a peer that takes nothing of what waits for it; uvicorn would keep both for ever
            milliseconds = int(REQUEST_SECONDS * 1000)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        address = self.client[0] if self.client else ""
        self._peer = self._peers.enter(address)
        if self._peer is None:
            if self._peers.is_news(address):
                log.warning(
                    "refused more than %d connections from=%s", CONNECTIONS_PER_PEER, address
                )
            transport.abort()
            return
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        if self._peer is not None:
            self._peers.leave(self._peer)
        super().connection_lost(exc)

    def _look(self) -> None:
        """A request that has begun has to arrive whole; between requests uvicorn's own timer runs."""
        state = self.conn.their_state
        if state is h11.SEND_BODY or (state is h11.IDLE and self.conn.trailing_data[0]):
            self._expect()
        else:
            self._forget()

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport is not None and not self.transport.is_closing():
            self.transport.abort()  # what is still to be sent to such a client does not matter


OPTIONS: dict[str, Any] = {
    "http": PatientProtocol,
    "ws": "none",
    "loop": "asyncio",
    "lifespan": "on",
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "h11_max_incomplete_event_size": _HEAD_BYTES,
    "limit_concurrency": _CONNECTIONS,
    "backlog": 512,
    "timeout_keep_alive": 15,
    "timeout_graceful_shutdown": 10,
}
"""What uvicorn is told, wherever it runs."""


def run_server(*, host: str, port: int, workers: int) -> bool:
    """Serve until SIGINT or SIGTERM; False when the server could not start, whose reason uvicorn has logged.

    Each worker reads the settings from the environment, as this process did.
    """
    app = "cicero_cli.web.app:make_app"
    options = {**OPTIONS, "host": host, "port": port, "factory": True}
    # uvicorn raises the signal that ended it again when it has shut down
    before = {number: signal.signal(number, _stay) for number in (signal.SIGTERM, signal.SIGINT)}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup's wish stands
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _end)
    try:
        if workers > 1:
            uvicorn.run(app, workers=workers, **options)
            return True
        server = uvicorn.Server(uvicorn.Config(app, **options))
        server.run()
    except SystemExit:
        return False
    else:
        return server.started
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(_number: int, _frame: object) -> None:
    """A terminal that was closed ends the server as a stop does."""
    signal.raise_signal(signal.SIGTERM)


def _stay(_number: int, _frame: object) -> None:
    """The server has ended cleanly; the command ends by itself."""
