from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from cicero_cli.gateways.upstream.pace import Pace


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("rate", [0.25, 1, 5, 7.5, 300, 10_000])
def test_requests_are_spaced_evenly_at_any_rate(rate: float) -> None:
    clock = Clock()
    pace = Pace(rate=rate, parallel=1, monotonic=clock.read, sleep=clock.sleep)
    starts = []
    for _ in range(20):
        with pace.turn():
            starts.append(clock.now)

    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert starts[0] == 100.0
    assert gaps == pytest.approx([1 / rate] * 19, rel=0.02)


def test_idle_time_is_not_saved_up_for_a_burst() -> None:
    clock = Clock()
    pace = Pace(rate=2, parallel=1, monotonic=clock.read, sleep=clock.sleep)
    with pace.turn():
        clock.sleep(60)
    starts = []
    for _ in range(3):
        with pace.turn():
            starts.append(clock.now)

    assert starts == pytest.approx([160, 160.5, 161])


def test_no_more_than_parallel_requests_are_in_flight() -> None:
    ticks = iter(range(10_000))
    pace = Pace(rate=10, parallel=3, monotonic=lambda: next(ticks), sleep=lambda _seconds: None)
    inside, most, lock = 0, 0, threading.Lock()
    all_in = threading.Barrier(3)

    def request(_number: int) -> None:
        nonlocal inside, most
        with pace.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            all_in.wait(timeout=10)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(request, range(12)))

    assert most == 3


def test_a_failed_request_gives_its_place_back() -> None:
    clock = Clock()
    pace = Pace(rate=1, parallel=1, monotonic=clock.read, sleep=clock.sleep)
    for _ in range(3):
        with pytest.raises(OSError, match="cut"), pace.turn():
            raise OSError("cut")

    assert clock.now == pytest.approx(102)
