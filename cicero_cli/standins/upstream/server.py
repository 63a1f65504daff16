"""A stand-in on loopback for both upstream APIs: any number of accounts, and every fault on request.

For tests (`with StandIn(accounts) as standin: … standin.url`), for `cicero demo`, and in a process of its own for
benchmarks: `python -m cicero_cli.standins.upstream --help`.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.upstream.accounts import StandInAccount, plan_account
from cicero_cli.standins.upstream.content import Content
from cicero_cli.standins.upstream.faults import Fault, FaultKind, Faults

_PLAN_REQUESTS, _RESET_SECONDS = 200_000, 1_900_000


@dataclass(frozen=True, slots=True)
class Served:
    """A request and what came of it; `status` 0 when the connection was cut."""

    path: str
    query: Mapping[str, str]
    status: int
    size: int  # bytes of the body


@dataclass(frozen=True, slots=True)
class _Answer:
    """A body that is announced, and how much of it is sent before the connection ends."""

    status: int
    body: bytes
    cut_at: int | None = None

    @property
    def is_cut(self) -> bool:
        return self.cut_at is not None

    @property
    def sent(self) -> bytes:
        return self.body[: self.cut_at]


class StandIn:
    """Serves `accounts` from `__enter__` to `__exit__`; `content` and `faults` may change meanwhile.

    Every answer comes `latency_seconds` late. `is_padded` makes bodies about as large as real ones. Any key is
    accepted. `requests` are all that were answered, in the order of their answers.
    """

    def __init__(
        self,
        accounts: Iterable[StandInAccount] = (),
        *,
        faults: Iterable[Fault] = (),
        latency_seconds: float = 0.0,
        is_padded: bool = False,
        port: int = 0,
    ) -> None:
        self.content = Content(accounts, is_padded=is_padded)
        self.faults = Faults(faults)
        self.requests: list[Served] = []
        self._latency = latency_seconds
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address that both CICERO_INSTAGRAM_URL and CICERO_TIKTOK_URL may have."""
        return f"http://{self._host}"

    @property
    def _host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def answer(self, target: str, *, key: str, host: str) -> tuple[_Answer, Mapping[str, str]]:
        """What a request for `target` gets and with which headers, late; it is on record before it is sent."""
        path, query_text = urlsplit(target).path, urlsplit(target).query
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        fault = self.faults.find(path, query.values())
        self._stopping.wait(self._latency + (fault.seconds if fault else 0.0))
        canned = fault.canned(path, key) if fault else None
        if canned:
            answer = _Answer(*canned)
        else:
            status, body = self._refuse(key, host) or self.content.answer(path, query)
            answer = _encode(status, body, query, fault)
        with self._lock:
            status = 0 if answer.is_cut else answer.status
            self.requests.append(Served(path, query, status, len(answer.sent)))
            remaining = _PLAN_REQUESTS - len(self.requests)
        if fault and fault.headers is not None:
            return answer, fault.headers
        return answer, {
            "x-ratelimit-requests-limit": str(_PLAN_REQUESTS),
            "x-ratelimit-requests-remaining": str(remaining),
            "x-ratelimit-requests-reset": str(_RESET_SECONDS),
        }

    def _refuse(self, key: str, host: str) -> tuple[int, dict[str, Any]] | None:
        """What the gateway says to a request that lacks one of its two headers; None to others."""
        if not key:
            return 401, {"message": "Invalid API key. There is none"}
        if host != self._host:
            return 404, {"message": "API doesn't exists"}
        return None


def _encode(
    status: int, body: dict[str, Any], query: Mapping[str, str], fault: Fault | None
) -> _Answer:
    """The right answer, as far as the fault leaves it right."""
    if fault:
        fault.alter(body, query)
    text = msgspec.json.encode(body)
    half = len(text) // 2
    match fault.kind if fault else None:
        case FaultKind.TRUNCATED:
            return _Answer(status, text[:half])
        case FaultKind.CUT_MIDWAY:
            return _Answer(status, text, cut_at=half)
        case FaultKind.CUT:
            return _Answer(status, text, cut_at=0)
        case _:
            return _Answer(status, text)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing the server waits for them
    request_queue_size = 256

    def __init__(self, port: int, standin: StandIn) -> None:
        self.standin = standin
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host's name, which may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no error; anything else is one of the stand-in's own."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the connections that callers keep open."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        answer, headers = self.server.standin.answer(
            self.path,
            key=self.headers.get("X-RapidAPI-Key", ""),
            host=self.headers.get("X-RapidAPI-Host", ""),
        )
        self.close_connection = answer.is_cut
        if not answer.sent and answer.is_cut:
            return
        head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        head += ["Content-Type: application/json", f"Content-Length: {len(answer.body)}", "", ""]
        # in one piece: two writes would wait for each other's acknowledgement
        self.wfile.write("\r\n".join(head).encode() + answer.sent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: what was served is in `StandIn.requests`."""


def main() -> None:
    """Serve made-up accounts on both platforms until interrupted; the first line says where."""
    parser = argparse.ArgumentParser(prog="python -m cicero_cli.standins.upstream")
    parser.description = "Stand in for both upstream APIs, with accounts polres.000, polres.001, …"
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--posts", type=int, default=10, help="a day and account")
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--likes", type=int, default=1000, help="and commenters, for each post")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--padded", action="store_true", help="bodies as large as real ones")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored under `nohup … &`
    accounts = [
        plan_account(
            platform,
            f"polres.{number:03d}",
            now=clock.now(),
            posts_a_day=options.posts,
            days=options.days,
            strangers=options.likes,
            seed=options.seed,
        )
        for platform in Platform
        for number in range(options.accounts)
    ]
    with (
        suppress(KeyboardInterrupt),
        StandIn(
            accounts,
            latency_seconds=options.latency_ms / 1000,
            is_padded=options.padded,
            port=options.port,
        ) as standin,
    ):
        sys.stdout.write(f"{standin.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
