"""Redis, when there is one: answers and upstream replies for a while, and counts. Never the truth about anything.

Without `REDIS_URL`, or while Redis is away, nothing is found, nothing is kept, and counts are this process's own. One log
line says so when it goes and one when it is back. Tokens are not here: whether one is good is a row in `sessions`, so no
loss of Redis brings a revoked token back to life.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cicero_cli.core import clock
from cicero_cli.core.setting_values import Secret
from cicero_cli.gateways.limits import within

T = TypeVar("T")

log = logging.getLogger(__name__)

_PREFIX = "cicero:"
_TIMEOUT_SECONDS = 0.5
_LONGEST_SECONDS = 2.0  # of a whole reply; the time-out above is between two bytes
_PAUSE_SECONDS = 5.0  # after a failure Redis is left alone for this long
_COUNTERS = 10_000
_ODD_REPLIES = (  # what the library's parser makes of a reply that is not of Redis
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
_COUNT = """
local count = redis.call("INCR", KEYS[1])
if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
return count
"""  # in one step, so that no counter is left without an end


class Cache:
    """Keys to bytes for some seconds. Calls never raise and never wait long; use them from a lane's thread."""

    def __init__(
        self, url: Secret | None, *, monotonic: Callable[[], float] = clock.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._redis = None
        if url is not None:
            self._redis = redis.Redis.from_url(
                url.reveal(),
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
                max_connections=32,
                retry=Retry(NoBackoff(), 1),  # at once: a kept connection may have gone stale
            )
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._is_away = False
        self._has_refused = False
        self._counts: dict[str, tuple[int, float]] = {}

    def get(self, key: str) -> bytes | None:
        """What was kept under this key; None when nothing was, or it is too old, or Redis is away."""
        found = self._ask(lambda client: client.get(_PREFIX + key), None)
        return found if isinstance(found, bytes) else None

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        """Keep a value for some seconds."""
        self._ask(lambda client: client.set(_PREFIX + key, value, ex=seconds), None)

    def count(self, key: str, *, seconds: int) -> int:
        """How often this key was counted in the current span of `seconds`, this time included."""
        name = f"{_PREFIX}count:{key}"
        found = self._ask(lambda client: client.eval(_COUNT, 1, name, seconds), None)
        return found if isinstance(found, int) else self._count_here(key, seconds)

    def ping(self) -> bool | None:
        """Whether Redis answers; None without REDIS_URL."""
        if self._redis is None:
            return None
        return bool(self._ask(lambda client: client.ping(), None))

    def close(self) -> None:
        """Close every connection."""
        if self._redis is not None:
            self._redis.close()

    def _ask(self, call: Callable[[redis.Redis], T], otherwise: T) -> T:
        if self._redis is None or self._monotonic() < self._paused_until:
            return otherwise
        client = self._redis
        try:
            found = within(_LONGEST_SECONDS, lambda: call(client))
        except redis.ResponseError as error:  # it answers, and does not want this: it may be full
            self._was_refused(type(error).__name__)
            return otherwise
        except TimeoutError as error:
            client.connection_pool.disconnect()  # ends the call that still reads
            self._went_away(error)
            return otherwise
        except (redis.RedisError, OSError, *_ODD_REPLIES) as error:
            self._went_away(error)
            return otherwise
        if self._is_away:
            self._came_back()
        return found

    def _count_here(self, key: str, seconds: int) -> int:
        now = self._monotonic()
        with self._lock:
            if len(self._counts) > _COUNTERS:
                self._counts = {k: kept for k, kept in self._counts.items() if kept[1] > now}
            count, ends = self._counts.get(key, (0, 0.0))
            count, ends = (count + 1, ends) if ends > now else (1, now + seconds)
            self._counts[key] = (count, ends)
            return count

    def _was_refused(self, kind: str) -> None:
        with self._lock:
            if self._has_refused:
                return
            self._has_refused = True
        log.warning("redis refuses (%s): what it does not keep is computed anew", kind)

    def _went_away(self, error: Exception) -> None:
        with self._lock:
            self._paused_until = self._monotonic() + _PAUSE_SECONDS
            if self._is_away:
                return
            self._is_away = True
        log.warning(
            "redis is away (%s): answers are computed anew until it is back", type(error).__name__
        )

    def _came_back(self) -> None:
        with self._lock:
            if not self._is_away:
                return
            self._is_away = False
        log.warning("redis is back")
