"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20) -> None:
    """Look again and again until it is so; fail when it does not come."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)  # noqa: TID251 - a test that waits for another process


def waits_for_lock(connection: psycopg.Connection) -> bool:
    """Whether somebody stands before a row that this connection's open transaction holds."""
    return bool(
        connection.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        ).fetchone()
    )
