from __future__ import annotations

from collections.abc import Iterator

import pytest

from cicero_cli.core.setting_values import Secret
from cicero_cli.web.http.cache import Cache
from cicero_cli.web.http.kept_answers import KeptAnswers
from tests.web.conftest import Redis


@pytest.fixture
def nowhere() -> Iterator[Cache]:
    cache = Cache(None)
    yield cache
    cache.close()


def test_what_is_kept_is_found_until_it_is_too_old(nowhere: Cache) -> None:
    seconds = [0.0]
    kept = KeptAnswers(nowhere, monotonic=lambda: seconds[0])
    kept.keep("a", b"1")

    seconds[0] = 29.9
    assert kept.find("a") == b"1"
    seconds[0] = 30.0
    assert kept.find("a") is None
    assert kept.find("b") is None


def test_the_least_used_go_first_when_there_is_too_much(nowhere: Cache) -> None:
    kept = KeptAnswers(nowhere, monotonic=lambda: 0.0, largest_memory=10)
    kept.keep("a", b"1234")
    kept.keep("b", b"1234")
    kept.find("a")
    kept.keep("c", b"1234")

    assert [kept.find(key) for key in "abc"] == [b"1234", None, b"1234"]
    kept.keep("a", b"too much to keep")
    assert [kept.find(key) for key in "abc"] == [None, None, None]
    kept.keep("d", b"12")
    assert kept.find("d") == b"12"


def test_an_answer_that_is_too_large_is_not_kept(nowhere: Cache) -> None:
    kept = KeptAnswers(nowhere)
    kept.keep("a", bytes(4_000_001))
    assert kept.find("a") is None


def test_what_one_process_keeps_another_finds_through_redis(redis_server: Redis) -> None:
    first, second = (Cache(Secret(redis_server.url)) for _ in range(2))
    KeptAnswers(first).keep("a", b"1")
    other = KeptAnswers(second)

    assert other.find("a") == b"1"
    redis_server.stop()
    assert other.find("a") == b"1"  # from its own memory by now
    first.close()
    second.close()
