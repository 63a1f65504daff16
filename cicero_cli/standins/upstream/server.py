"""A stand-in on loopback for both upstream APIs: any number of accounts, and every fault on request.

For tests (`with StandIn(accounts) as standin: … standin.url`), for `cicero demo`, and in a process of its own for
benchmarks: `python -m cicero_cli.standins.upstream --help`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec

from cicero_cli.standins.faults import Faults
from cicero_cli.standins.loopback import LoopbackHandler, LoopbackServer
from cicero_cli.standins.upstream.accounts import StandInAccount
from cicero_cli.standins.upstream.content import Content
from cicero_cli.standins.upstream.faults import Fault, FaultKind

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

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._server.stop()

    @property
    def url(self) -> str:
        """The address that both CICERO_INSTAGRAM_URL and CICERO_TIKTOK_URL may have."""
        return f"http://{self._server.address}"

    def answer(self, target: str, *, key: str, host: str) -> tuple[_Answer, Mapping[str, str]]:
        """What a request for `target` gets and with which headers, late; it is on record before it is sent."""
        path, query_text = urlsplit(target).path, urlsplit(target).query
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        values = set(query.values())
        fault = self.faults.find(lambda fault: fault.strikes(path, values))
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
        if host != self._server.address:
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


class _Server(LoopbackServer):
    def __init__(self, port: int, standin: StandIn) -> None:
        self.standin = standin
        super().__init__(port, _Handler)


class _Handler(LoopbackHandler):
    server: _Server

    def serve(self) -> None:
        answer, headers = self.server.standin.answer(
            self.path,
            key=self.headers.get("X-RapidAPI-Key", ""),
            host=self.headers.get("X-RapidAPI-Host", ""),
        )
        self.close_connection = answer.is_cut
        if answer.sent or not answer.is_cut:
            self.reply(
                answer.status,
                answer.sent,
                headers,
                kind="application/json",
                length=len(answer.body),
            )
