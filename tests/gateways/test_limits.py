from __future__ import annotations

import threading

import pytest

from cicero_cli.gateways.limits import TooLargeError, read_whole, within


def test_what_is_there_in_time_is_given_and_an_error_is_raised_where_it_is_waited_for() -> None:
    assert within(5, lambda: "answer") == "answer"
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_what_hangs_is_given_up() -> None:
    hanging = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, hanging.wait)
    hanging.set()


def test_a_body_is_read_to_its_end() -> None:
    pieces = iter([b"one ", b"two", b""])
    body = read_whole(lambda _size: next(pieces), most_bytes=7, ends_at=9, monotonic=lambda: 0)
    assert body == b"one two"


def test_a_body_that_is_too_long_or_too_slow_is_left() -> None:
    with pytest.raises(TooLargeError):
        read_whole(lambda size: b" " * size, most_bytes=1_000_000, ends_at=9, monotonic=lambda: 0)
    with pytest.raises(TimeoutError):
        read_whole(lambda _size: b" ", most_bytes=1_000_000, ends_at=9, monotonic=lambda: 10)
