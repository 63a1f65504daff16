"""Answers that are kept for a while: in this process's memory, and in Redis for the other processes.

Memory comes first, because carrying an answer of 160 kB over costs more than the rest of the call (docs/adr/0010). A key
says whose state of which data the answer tells, so nothing has to be dropped: what is outdated is no longer asked for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from cicero_cli.core import clock
from cicero_cli.web.http.cache import Cache

_KEPT_SECONDS = 30
_LARGEST_ANSWER = 4_000_000  # bytes
_LARGEST_MEMORY = 32_000_000  # bytes, of all answers together


class KeptAnswers:
    """Keys to bytes for half a minute. The least used leave memory first when there is too much."""

    def __init__(
        self,
        cache: Cache,
        *,
        monotonic: Callable[[], float] = clock.monotonic,
        largest_memory: int = _LARGEST_MEMORY,
    ) -> None:
        self._cache = cache
        self._monotonic = monotonic
        self._largest_memory = largest_memory
        self._lock = threading.Lock()
        self._bodies: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0

    def find(self, key: str) -> bytes | None:
        """What was kept under this key, here or by another process, and is not too old."""
        body = self._recall(key)
        if body is None:
            body = self._cache.get(key)
            if body is not None:
                self._remember(key, body)
        return body

    def keep(self, key: str, body: bytes) -> None:
        """Keep an answer, unless it is one of those that are too large to be worth it."""
        if len(body) <= _LARGEST_ANSWER:
            self._remember(key, body)
            self._cache.set(key, body, seconds=_KEPT_SECONDS)

    def _recall(self, key: str) -> bytes | None:
        with self._lock:
            body, ends_at = self._bodies.get(key, (None, 0.0))
            if body is None or ends_at <= self._monotonic():
                self._forget(key)
                return None
            self._bodies.move_to_end(key)
            return body

    def _remember(self, key: str, body: bytes) -> None:
        with self._lock:
            self._forget(key)
            self._bodies[key] = body, self._monotonic() + _KEPT_SECONDS
            self._bytes += len(body)
            while self._bytes > self._largest_memory:
                self._forget(next(iter(self._bodies)))

    def _forget(self, key: str) -> None:
        body, _ = self._bodies.pop(key, (b"", 0.0))
        self._bytes -= len(body)
