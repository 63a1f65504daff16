"""The end of waiting for whoever is outside: a whole answer has a limit in time and one in size.

A library's time-out counts from one byte to the next, so who drips holds its caller for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from cicero_cli.core import clock

T = TypeVar("T")

_PIECE = 65_536


class TooLargeError(Exception):
    """An answer that is longer than any right one."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` gives; TimeoutError when it is not there in time, whatever it hangs at: a name, a head, a body.

    The call then goes on by itself up to its own time-outs or the end of the process, and nobody hears of its end.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=seconds)


def read_whole(
    read: Callable[[int], bytes],
    *,
    most_bytes: int,
    ends_at: float,
    monotonic: Callable[[], float] = clock.monotonic,
) -> bytes:
    """A body to its end, of which `read` gives what is there; TimeoutError after `ends_at`, or TooLargeError."""
    pieces, size = [], 0
    while piece := read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most_bytes:
            raise TooLargeError
        if monotonic() > ends_at:
            raise TimeoutError
    return b"".join(pieces)
