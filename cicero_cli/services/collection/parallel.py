"""Asking an upstream many things at once, while one thread alone takes the answers and writes them down."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def ask_in_parallel(
    tasks: deque[Task],
    ask: Callable[[Task], Answer],
    receive: Callable[[Task, Future[Answer]], None],
    *,
    parallel: int,
    name: str,
    prepare: Callable[[Task], None] = lambda _task: None,
) -> None:
    """Work off `tasks`, which `receive` may add to or clear: `ask` runs in threads, `prepare` and `receive` in this one.

    What ends it early lets calls under way end by themselves, and begins no other.
    """
    pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix=name)
    in_flight: dict[Future[Answer], Task] = {}
    try:
        while tasks or in_flight:
            # twice as many as run at once keep the pool busy; more would only wait in memory with their answers
            while tasks and len(in_flight) < 2 * parallel:
                task = tasks.popleft()
                prepare(task)
                in_flight[pool.submit(ask, task)] = task
            for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
                receive(in_flight.pop(future), future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
