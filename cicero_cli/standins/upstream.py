"""A stand-in on loopback for both upstream APIs: any number of accounts, and every fault on request.

For tests (`with StandIn(accounts) as standin: … standin.url`), for `cicero demo`, and in a process of its own for
benchmarks: `python -m cicero_cli.standins.upstream --help`.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins import instagram, tiktok
from cicero_cli.standins.accounts import StandInAccount, StandInPost, plan_account
from cicero_cli.standins.faults import Fault, FaultKind, Faults

_PLAN_REQUESTS, _RESET_SECONDS = 200_000, 1_900_000


@dataclass(frozen=True, slots=True)
class Served:
    """A request and what came of it; `status` 0 when the connection was cut instead."""

    path: str
    query: Mapping[str, str]
    status: int
    size: int  # bytes of the body


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    sent: int  # bytes of the body that really leave
    is_cut: bool = False  # the connection ends after these


class StandIn:
    """Serves `accounts` from `__enter__` to `__exit__`; what they hold may be changed meanwhile.

    Every answer comes `latency_seconds` late. `is_padded` makes bodies about as large as real ones. Any key is
    accepted; a request without one is refused.
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
        self.faults = Faults(faults)
        self.requests: list[Served] = []
        self._accounts = {(account.platform, account.username): account for account in accounts}
        self._latency = latency_seconds
        self._is_padded = is_padded
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """The address that both CICERO_INSTAGRAM_URL and CICERO_TIKTOK_URL may have."""
        return f"http://127.0.0.1:{self._server.server_port}"

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

    def put(self, account: StandInAccount) -> None:
        """Add an account, or replace the one of its name."""
        with self._lock:
            self._accounts[account.platform, account.username] = account

    def add_people(self, post_key: str, *handles: str) -> None:
        """More people like a post or comment on it."""
        account, post = self._find_post(post_key)
        grown = replace(post, people=(*post.people, *handles))
        self.put(
            replace(account, posts=tuple(grown if p is post else p for p in account.posts)),
        )

    def delete_post(self, post_key: str) -> None:
        """The account takes a post down."""
        account, post = self._find_post(post_key)
        self.put(replace(account, posts=tuple(p for p in account.posts if p is not post)))

    def answer(self, target: str, key: str | None) -> _Answer:
        """What a request for `target` gets, late; it is on record before it is sent."""
        path, query_text = urlsplit(target).path, urlsplit(target).query
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        fault = self.faults.find(path, query.values())
        self._stopping.wait(
            self._latency + (fault.seconds if fault and fault.kind is FaultKind.SLOW else 0.0)
        )
        answer = self._build(path, query, key, fault)
        with self._lock:
            status = 0 if answer.is_cut else answer.status
            self.requests.append(Served(path, query, status, answer.sent))
        return answer

    def _build(
        self, path: str, query: Mapping[str, str], key: str | None, fault: Fault | None
    ) -> _Answer:
        headers = {
            "x-ratelimit-requests-limit": str(_PLAN_REQUESTS),
            "x-ratelimit-requests-remaining": str(_PLAN_REQUESTS - len(self.requests) - 1),
            "x-ratelimit-requests-reset": str(_RESET_SECONDS),
        }
        canned = fault.canned(path, key or "") if fault else None
        if fault and fault.headers is not None:
            headers = dict(fault.headers)
        if canned:
            status, text = canned
            return _Answer(status, text, headers, len(text))
        status, body = self._right_answer(path, query) if key else _refuse_keyless()
        if fault:
            fault.alter(body, query)
        text = msgspec.json.encode(body)
        half = len(text) // 2
        match fault.kind if fault else None:
            case FaultKind.TRUNCATED:
                return _Answer(status, text[:half], headers, half)
            case FaultKind.CUT_MIDWAY:
                return _Answer(status, text, headers, half, is_cut=True)
            case FaultKind.CUT:
                return _Answer(status, text, headers, 0, is_cut=True)
        return _Answer(status, text, headers, len(text))

    def _right_answer(self, path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        routes = {
            "/v1/posts": self._instagram_posts,
            "/v1/likes": self._instagram_likes,
            "/api/user/info": self._tiktok_info,
            "/api/user/posts": self._tiktok_posts,
            "/api/post/comments": self._tiktok_comments,
        }
        if path not in routes:
            return 404, {"message": f"Endpoint '{path}' does not exist"}
        try:
            return 200, routes[path](query)
        except KeyError as error:  # a parameter, an account or a post that is not there
            return 404, {"detail": f"Not found: {error.args[0]}"}

    def _instagram_posts(self, query: Mapping[str, str]) -> dict[str, Any]:
        account = self._accounts[Platform.INSTA, query["username_or_id_or_url"]]
        token = query.get("pagination_token", "")
        return instagram.posts_body(account, token, is_padded=self._is_padded)

    def _instagram_likes(self, query: Mapping[str, str]) -> dict[str, Any]:
        _, post = self._find_post(query["code_or_id_or_url"])
        return instagram.likes_body(post, is_padded=self._is_padded)

    def _tiktok_info(self, query: Mapping[str, str]) -> dict[str, Any]:
        account = self._accounts.get((Platform.TIKTOK, query["uniqueId"]))
        if account is None:
            return {"statusCode": 10202, "status_msg": "user doesn't exist", "userInfo": {}}
        return tiktok.info_body(account)

    def _tiktok_posts(self, query: Mapping[str, str]) -> dict[str, Any]:
        if "secUid" not in query:
            return {"error": "missing required params: secUid"}
        with self._lock:
            known = {
                account.secuid: account
                for account in self._accounts.values()
                if account.platform is Platform.TIKTOK
            }
        account = known.get(query["secUid"])
        return tiktok.posts_body(
            account, query["cursor"], int(query["count"]), is_padded=self._is_padded
        )

    def _tiktok_comments(self, query: Mapping[str, str]) -> dict[str, Any]:
        _, post = self._find_post(query["videoId"])
        return tiktok.comments_body(
            post, int(query["cursor"]), int(query["count"]), is_padded=self._is_padded
        )

    def _find_post(self, key: str) -> tuple[StandInAccount, StandInPost]:
        with self._lock:
            for account in self._accounts.values():
                for post in account.posts:
                    if post.key == key:
                        return account, post
        raise KeyError(key)


def _refuse_keyless() -> tuple[int, dict[str, Any]]:
    return 401, {"message": "Invalid API key. There is none"}


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
        answer = self.server.standin.answer(self.path, self.headers.get("X-RapidAPI-Key"))
        if answer.is_cut and not answer.sent:
            self.close_connection = True
            return
        head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        head += ["Content-Type: application/json", f"Content-Length: {len(answer.body)}", "", ""]
        self.close_connection = answer.is_cut
        # in one piece: two writes would wait for each other's acknowledgement
        self.wfile.write("\r\n".join(head).encode() + answer.body[: answer.sent])

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
