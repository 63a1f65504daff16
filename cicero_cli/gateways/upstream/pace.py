"""How fast one host is asked: requests per second, and requests in flight."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pyrate_limiter import GCRA, Rate, RateItem, StateBucket

_SECOND = 1_000_000  # the bucket counts in whatever unit it is given; its own milliseconds are too coarse for us


class Pace:
    """A gate that all threads of a run share: at most `parallel` inside, and `rate` entries a second.

    Entries are spaced evenly. A plan's limit is counted in windows that nobody knows, so a burst could break it.
    """

    def __init__(
        self,
        *,
        rate: float,
        parallel: int,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.parallel = parallel
        interval = Rate(1, max(1, round(_SECOND / rate)))
        self._bucket = StateBucket([interval], algorithm=GCRA())
        self._monotonic = monotonic
        self._sleep = sleep
        self._in_flight = threading.BoundedSemaphore(parallel)
        self._queue = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may start; it counts as in flight until the block ends."""
        with self._in_flight:
            self._wait()
            yield

    def _wait(self) -> None:
        with self._queue:  # held while sleeping: who came later cannot go earlier anyway
            while True:
                entry = RateItem("", round(self._monotonic() * _SECOND))
                if self._bucket.put(entry):
                    return
                wait = self._bucket.waiting(entry)
                assert isinstance(wait, int)  # noqa: S101 - awaitable only for shared stores
                self._sleep(wait / _SECOND)
