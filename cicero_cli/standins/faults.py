"""The faults that a stand-in was asked for; what each is, its own package says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Fault = TypeVar("Fault")


class Faults(Generic[Fault]):
    """The faults of one stand-in; requests of several threads are counted one after the other."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def find(self, strikes: Callable[[Fault], bool]) -> Fault | None:
        """The first that strikes this request; all others count it too."""
        with self._lock:
            striking = [fault for fault in self._faults if strikes(fault)]
        return striking[0] if striking else None
