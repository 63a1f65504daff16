"""A few connections that many threads share, for a server that lives long.

A connection whose server went away is noticed before it is used and replaced, so the first request after PostgreSQL is
back succeeds. Every statement has a time limit, and work that nobody waits for any more can be given up.
"""

from __future__ import annotations

import logging
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool

from cicero_cli.core.settings import Settings
from cicero_cli.errors import CiceroError, InputError, TryLaterError
from cicero_cli.repositories import embedded
from cicero_cli.repositories.store import CONNECTION_OPTIONS, Connection, Store, translated_errors

T = TypeVar("T")

_WAIT_SECONDS = 5.0  # for a connection, while the database is away
_RECONNECT_SECONDS = 1.0  # no long back-off: the next request asks anew
logging.getLogger("psycopg.pool").setLevel(
    logging.CRITICAL
)  # our own error says it, once a request
_reviving = threading.Lock()  # starting the embedded server changes the environment for a moment


class GivenUpError(CiceroError):
    """Whoever asked is gone, so the statement was stopped."""

    code = "given_up"


class Ticket:
    """One piece of work on its way; another thread may give it up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self.is_given_up = False

    def give_up(self) -> None:
        """Stop the statement that runs for this work, or keep it from starting."""
        with self._lock:
            self.is_given_up = True
            if self._connection is not None:
                self._connection.cancel_safe(timeout=2.0)

    def begin(self, connection: Connection) -> None:
        with self._lock:
            if self.is_given_up:
                raise GivenUpError("nobody waits for this any more")
            self._connection = connection

    def end(self) -> None:
        with self._lock:
            if self.is_given_up and self._connection is not None:
                self._connection.close()  # a late cancel must not hit who uses it next
            self._connection = None


class StorePool:
    """`size` connections to one database, opened when they are first wanted."""

    def __init__(
        self,
        conninfo: str,
        *,
        name: str,
        size: int,
        statement_seconds: float,
        revive: Callable[[], None] | None = None,
    ) -> None:
        """`revive` is called when no connection can be had: it may start the database."""
        self._statement_seconds = statement_seconds
        milliseconds = int(statement_seconds * 1000)
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            conninfo,
            name=f"cicero-{name}",
            kwargs={
                "autocommit": True,
                "connect_timeout": 5,
                "application_name": f"cicero serve {name}",
                "options": f"{CONNECTION_OPTIONS} -c statement_timeout={milliseconds}"
                f" -c idle_in_transaction_session_timeout={milliseconds}",
                "keepalives_idle": 30,
                "tcp_user_timeout": 15_000,
            },
            min_size=0,
            max_size=size,
            timeout=_WAIT_SECONDS,
            reconnect_timeout=_RECONNECT_SECONDS,
            reconnect_failed=(lambda _pool: revive()) if revive else None,
            check=_notice_death,
            num_workers=1,
            open=True,
        )

    def run(self, work: Callable[[Store], T], ticket: Ticket) -> T:
        """Do the work on a connection of its own; errors of the driver leave as cicero's."""
        with translated_errors():
            try:
                with self._pool.connection() as connection:
                    ticket.begin(connection)
                    try:
                        return work(Store(connection))
                    finally:
                        ticket.end()
            except psycopg.errors.QueryCanceled as error:
                if ticket.is_given_up:
                    raise GivenUpError("nobody waits for this any more") from error
                raise TryLaterError(
                    f"the answer took longer than {self._statement_seconds:g} seconds",
                    hint="ask for less, or later",
                ) from error
            except psycopg.DataError as error:
                raise InputError(
                    "a value is of a kind that cannot be stored or compared"
                ) from error

    def close(self) -> None:
        """Close every connection."""
        self._pool.close(timeout=5)


def open_pool(settings: Settings, *, name: str, size: int, statement_seconds: float) -> StorePool:
    """A pool on the configured database, which is up already; the embedded one is started again when it goes down."""
    if settings.database_url is not None:
        return StorePool(
            settings.database_url.reveal(),
            name=name,
            size=size,
            statement_seconds=statement_seconds,
        )

    def revive() -> None:
        with _reviving, suppress(CiceroError):  # the next request says what is wrong
            if embedded.exists(settings.data_dir):
                embedded.start(settings.data_dir)

    return StorePool(
        embedded.conninfo(settings.data_dir),
        name=name,
        size=size,
        statement_seconds=statement_seconds,
        revive=revive,
    )


def _notice_death(connection: Connection) -> None:
    """A server that went away has closed its end, so the socket can be read without having been asked anything.

    That costs no round trip. Whatever else there is to read, a round trip tells whether the server still answers.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)
