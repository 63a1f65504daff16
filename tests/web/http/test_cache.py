from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
import redis

from cicero_cli.core.setting_values import Secret
from cicero_cli.web.http.cache import Cache
from tests.web.conftest import Redis


@pytest.fixture
def moment() -> list[float]:
    return [1000.0]


def make(url: str | None, moment: list[float]) -> Cache:
    return Cache(Secret(url) if url else None, monotonic=lambda: moment[0])


def test_what_is_kept_is_found_until_it_is_forgotten(
    redis_server: Redis, moment: list[float]
) -> None:
    cache = make(redis_server.url, moment)
    cache.set("rekap", b"\x00{}", seconds=60)
    assert cache.get("rekap") == b"\x00{}"
    cache.set("rekap", b"old", seconds=1)
    time.sleep(1.1)  # noqa: TID251 - Redis has a clock of its own
    assert cache.get("rekap") is None
    assert cache.ping() is True
    cache.close()


def test_without_redis_nothing_is_kept_and_counts_are_our_own(moment: list[float]) -> None:
    cache = make(None, moment)
    cache.set("rekap", b"{}", seconds=60)
    assert cache.get("rekap") is None
    assert cache.ping() is None
    assert [cache.count("a", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert cache.count("b", seconds=60) == 1
    moment[0] += 61
    assert cache.count("a", seconds=60) == 1


def test_counts_are_shared_through_redis(redis_server: Redis, moment: list[float]) -> None:
    first, second = make(redis_server.url, moment), make(redis_server.url, moment)
    assert [cache.count("a", seconds=60) for cache in (first, second, first)] == [1, 2, 3]
    first.close()
    second.close()


def test_when_redis_dies_in_the_middle_everything_goes_on_with_one_line(
    redis_server: Redis, moment: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    cache = make(redis_server.url, moment)
    cache.set("rekap", b"{}", seconds=60)
    redis_server.stop()
    for _ in range(5):
        assert cache.get("rekap") is None
        cache.set("rekap", b"{}", seconds=60)
        assert cache.count("a", seconds=60) >= 1
    moment[0] += 10
    assert cache.ping() is False
    assert [record.getMessage() for record in caplog.records] == [
        "redis is away (ConnectionError): answers are computed anew until it is back"
    ]

    redis_server.start()
    assert cache.get("rekap") is None  # left alone for some seconds
    moment[0] += 10
    cache.set("rekap", b"new", seconds=60)
    assert cache.get("rekap") == b"new"
    assert [record.getMessage() for record in caplog.records[1:]] == ["redis is back"]
    cache.close()


def test_a_redis_that_is_full_is_told_of_once(
    redis_server: Redis, moment: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    with redis.Redis(port=redis_server.port) as client:
        client.config_set("maxmemory", "1")
    cache = make(redis_server.url, moment)
    for _ in range(3):
        cache.set("rekap", b"{}", seconds=60)
        assert cache.get("rekap") is None
        moment[0] += 10
    assert [cache.count("a", seconds=60) for _ in range(2)] == [1, 2]
    assert [record.getMessage() for record in caplog.records] == [
        "redis refuses (OutOfMemoryError): what it does not keep is computed anew"
    ]
    assert cache.ping() is True
    cache.close()


def test_a_redis_that_hangs_is_waited_for_once(moment: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = make(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", moment)
        begin = time.monotonic()
        for _ in range(50):
            assert cache.get("rekap") is None
        assert time.monotonic() - begin < 5
        cache.close()


@contextmanager
def peer(reply: bytes, again: bytes = b"") -> Iterator[str]:
    """Something that is no Redis: it answers whatever comes with `reply`, and goes on with `again`."""
    stopping = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                while self.request.recv(65536):
                    self.request.sendall(reply)
                    while again and not stopping.wait(0.05):
                        self.request.sendall(again)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        finally:
            stopping.set()
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "reply",
    [
        b"+OK\r\n",
        b"+\xff\xfe\r\n",
        b":abc\r\n",
        b":-5\r\n",
        b"$abc\r\n",
        b"$-7\r\n",
        b"*2\r\n+a\r\n+b\r\n",
        b"*-1\r\n",
        b"-ERR \xff\r\n",
        b"-NOAUTH Authentication required.\r\n",
        b"-MOVED 1 elsewhere\r\n",
        b"-LOADING\r\n",
        b"%1\r\n+a\r\n+b\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\r\n",
        b"*1\r\n" * 5000,
    ],
)
def test_whatever_redis_says_nothing_is_raised(reply: bytes, moment: list[float]) -> None:
    with peer(reply) as url:
        cache = make(url, moment)
        for _ in range(2):
            moment[0] += 10
            cache.set("rekap", b"{}", seconds=60)
            assert isinstance(cache.get("rekap"), bytes | None)
            moment[0] += 10
            assert isinstance(cache.count("a", seconds=60), int)
            moment[0] += 10
            assert cache.ping() in {True, False}
        cache.close()


def test_a_redis_that_drips_is_left(moment: list[float]) -> None:
    with peer(b"$1000000\r\n", b"x") as url:
        cache = make(url, moment)
        assert cache.get("rekap") is None
        assert cache.get("rekap") is None  # at once: it is left alone for a while
        cache.close()


def test_a_counter_ends_with_its_span(redis_server: Redis, moment: list[float]) -> None:
    cache = make(redis_server.url, moment)
    assert [cache.count("a", seconds=1) for _ in range(2)] == [1, 2]
    with redis.Redis(port=redis_server.port) as client:
        assert 0 < client.pttl("cicero:count:a") <= 1000
    time.sleep(1.1)  # noqa: TID251 - Redis has a clock of its own
    assert cache.count("a", seconds=1) == 1
    cache.close()


def test_threads_share_it(redis_server: Redis, moment: list[float]) -> None:
    cache = make(redis_server.url, moment)
    seen: list[int] = []

    def count() -> None:
        seen.extend(cache.count("a", seconds=60) for _ in range(50))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 401))
    cache.close()
