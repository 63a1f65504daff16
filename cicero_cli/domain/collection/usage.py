"""What asking the upstream costs: requests, bytes, and how much of the quota is left."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quota:
    """What a host's answer said of the plan; None where it said nothing (contract RAPIDAPI, headers)."""

    limit: int | None = None
    remaining: int | None = None
    reset_seconds: int | None = None


@dataclass(slots=True)
class Meter:
    """Counts what one run costs; several threads may count at once."""

    requests: int = 0
    bytes: int = 0
    quota: Quota = field(default_factory=Quota)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def count(self, *, size: int, quota: Quota) -> None:
        """One answer of `size` bytes came; every try counts, also one that failed."""
        with self._lock:
            self.requests += 1
            self.bytes += size
            if quota.remaining is not None:
                self.quota = quota
