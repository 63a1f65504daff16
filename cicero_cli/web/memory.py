"""Answers in this process's own memory, in front of Redis: an answer of 160 kB is not carried over for every call."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from cicero_cli.core import clock

_LARGEST_BYTES = 32_000_000


class Memory:
    """Keys to bytes for some seconds; the least used go first when there is too much. For keys that say what they hold."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = clock.monotonic,
        largest_bytes: int = _LARGEST_BYTES,
    ) -> None:
        self._monotonic = monotonic
        self._largest_bytes = largest_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> bytes | None:
        """What was kept under this key and is not too old."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            value, ends = found
            if ends <= self._monotonic():
                self._forget(key)
                return None
            self._kept.move_to_end(key)
            return value

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        """Keep a value for some seconds, if it fits."""
        with self._lock:
            self._forget(key)
            self._kept[key] = value, self._monotonic() + seconds
            self._bytes += len(value)
            while self._bytes > self._largest_bytes:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: str) -> None:
        value, _ = self._kept.pop(key, (b"", 0.0))
        self._bytes -= len(value)
