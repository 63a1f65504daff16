"""Lanes: blocking work in threads, a few threads and as many connections for each kind of route.

Twenty slow recaps fill their own lane and nothing else. Whoever hangs up has its statement stopped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from starlette.requests import Request

from cicero_cli.core.settings import Settings
from cicero_cli.errors import BusyError
from cicero_cli.repositories.database.pool import GivenUpError, StorePool, Ticket, open_pool
from cicero_cli.repositories.database.store import Store

T = TypeVar("T")

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 0.1  # most work is done by then; only longer work is worth watching
_CANCEL_AGAIN_SECONDS = 0.1
_LOOK_SECONDS = 0.5
_GRACE_SECONDS = 3.0  # for the server to end a statement by its own limit


class Lane(Enum):
    """A kind of work."""

    QUICK = auto()
    """Reading what takes a few milliseconds: stats, lists, single rows."""
    WRITE = auto()
    """Writes: they may wait for each other's locks, and nobody who reads waits with them."""
    HEAVY = auto()
    """Months, exports."""
    SIGN_IN = auto()
    """Hashing a secret takes a core for a while. Of those who are known: logged in, or by their device or address."""
    STRANGERS = auto()
    """The same for everybody else. However many there are and from wherever, only they wait for each other."""
    UPSTREAM = auto()
    """Waits for somebody else's server; opens no transaction meanwhile."""


@dataclass(frozen=True)
class Size:
    """How many at once in each worker process, how long a statement may take, and how many may wait."""

    threads: int
    statement_seconds: float
    waiting: int


# threads of one process share a core: with four for QUICK, an answer takes a tenth longer than with three
SIZES = {
    Lane.QUICK: Size(3, 5.0, 500),
    Lane.WRITE: Size(2, 5.0, 200),
    Lane.HEAVY: Size(2, 20.0, 200),
    Lane.SIGN_IN: Size(2, 5.0, 100),
    Lane.STRANGERS: Size(1, 5.0, 100),
    Lane.UPSTREAM: Size(8, 5.0, 100),
}


class Lanes:
    """The lanes of one worker process."""

    def __init__(self, settings: Settings, sizes: Mapping[Lane, Size] = SIZES) -> None:
        self._cancelling = ThreadPoolExecutor(2, thread_name_prefix="cancelling")
        self._lanes = {
            lane: _Running(lane, sizes[lane], settings, self._cancelling) for lane in Lane
        }

    async def run(self, lane: Lane, work: Callable[[Store], T], request: Request) -> T:
        """Do the work in a thread of this lane.

        GivenUpError when the client hangs up first (its statement is stopped), BusyError when too many wait already.
        """
        return await self._lanes[lane].run(work, request)

    def close(self) -> None:
        """Close every connection; what runs is finished first."""
        for running in self._lanes.values():
            running.close()
        self._cancelling.shutdown(cancel_futures=True)


class _Running:
    def __init__(
        self, lane: Lane, size: Size, settings: Settings, cancelling: ThreadPoolExecutor
    ) -> None:
        name = lane.name.lower()
        self._cancelling = cancelling
        self._given_up: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._limit = size.waiting + size.threads
        self._statement_seconds = size.statement_seconds
        self._threads = ThreadPoolExecutor(size.threads, thread_name_prefix=name)
        self._pool: StorePool = open_pool(
            settings, name=name, statement_seconds=size.statement_seconds
        )

    async def run(self, work: Callable[[Store], T], request: Request) -> T:
        if self._waiting >= self._limit:
            raise BusyError("too many requests of this kind are waiting already")
        loop, ticket = asyncio.get_running_loop(), Ticket()
        future = loop.run_in_executor(self._threads, self._pool.run, work, ticket)
        watch = _Watch(future, request, lambda: self._end_silence(ticket))
        timer = loop.call_later(_PATIENCE_SECONDS, watch.begin)
        self._waiting += 1
        try:
            return await future
        except asyncio.CancelledError:  # the client hung up, or the server is shutting down
            task = loop.create_task(self._give_up(ticket))
            self._given_up.add(task)
            task.add_done_callback(self._given_up.discard)
            if watch.is_gone:
                raise GivenUpError("the client hung up") from None
            raise
        finally:
            self._waiting -= 1
            timer.cancel()
            watch.end()

    async def _end_silence(self, ticket: Ticket) -> None:
        """Cut off a server that answers nothing for longer than it may take: stopped, it keeps no limit of its own."""
        silent = 0.0
        while silent < self._statement_seconds + _GRACE_SECONDS:
            await asyncio.sleep(_LOOK_SECONDS)
            silent = silent + _LOOK_SECONDS if ticket.waits_for_answer else 0.0
        log.warning("the database answers nothing; its connection is cut")
        self._pool.note_silence()
        ticket.cut()

    async def _give_up(self, ticket: Ticket) -> None:
        """Stop its statements, the running one and those that would follow; holds no thread in between."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._cancelling, ticket.give_up)
        while ticket.is_running:
            await asyncio.sleep(_CANCEL_AGAIN_SECONDS)
            await loop.run_in_executor(self._cancelling, ticket.give_up)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._pool.close()


class _Watch:
    """Waits for a hang-up while work goes on, and gives the work up then; beside it runs `guard`."""

    def __init__(
        self,
        future: asyncio.Future[T],
        request: Request,
        guard: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._future = future
        self._request = request
        self._guard = guard
        self._tasks: list[asyncio.Task[None]] = []
        self.is_gone = False

    def begin(self) -> None:
        self._tasks = [asyncio.ensure_future(self._wait()), asyncio.ensure_future(self._guard())]

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _wait(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.is_gone = self._future.cancel()
