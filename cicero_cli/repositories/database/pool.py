"""A connection for each thread of a server that lives long (docs/adr/0008).

A connection whose server went away is noticed before it is used and replaced, so the first request after PostgreSQL is
back succeeds. Every statement has a time limit, and work that nobody waits for any more can be given up.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from cicero_cli.core import clock
from cicero_cli.core.settings import Settings
from cicero_cli.errors import CiceroError, InputError, TryLaterError
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.refusals import merge_options, translated_errors
from cicero_cli.repositories.database.store import (
    CONNECTION_OPTIONS,
    Connection,
    Store,
)

T = TypeVar("T")

log = logging.getLogger(__name__)

_CANCEL_SECONDS = 2.0
_LOCK_SECONDS = 2.0
_SILENCE_SECONDS = 2.0
_REVIVAL_SECONDS = 5.0  # a request cannot wait for a recovery
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

    @property
    def is_running(self) -> bool:
        """Whether the work has begun and is not over."""
        return self._connection is not None

    def give_up(self) -> None:
        """Keep the work from starting, or stop the statement that it waits for, if it waits for one now.

        To be called again while it is running: it may have been between two statements, or waiting for an upstream.
        """
        self.is_given_up = True
        with self._lock:
            connection = self._connection
            if connection and connection.info.transaction_status == TransactionStatus.ACTIVE:
                connection.cancel_safe(timeout=_CANCEL_SECONDS)

    @property
    def waits_for_answer(self) -> bool:
        """Whether a statement is with the server now."""
        with self._lock:
            connection = self._connection
            return (
                connection is not None
                and connection.info.transaction_status == TransactionStatus.ACTIVE
            )

    def cut(self) -> None:
        """End the connection on our side: a server that has stopped keeps none of its own limits, and hears no cancel."""
        with self._lock:
            if self._connection is None or self._connection.closed:
                return
            with socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
                ours.shutdown(socket.SHUT_RDWR)

    def begin(self, connection: Connection) -> None:
        """The work may start; GivenUpError when nobody wants it any more."""
        with self._lock:
            if self.is_given_up:
                raise GivenUpError("nobody waits for this any more")
            self._connection = connection

    def end(self) -> None:
        """The work is over, however it ended."""
        with self._lock:
            if self.is_given_up and self._connection is not None:
                self._connection.close()  # a late cancel must not hit who uses it next
            self._connection = None


class StorePool:
    """A connection for each thread that asks, kept from one piece of work to the next."""

    def __init__(
        self,
        conninfo: str,
        *,
        name: str,
        statement_seconds: float,
        revive: Callable[[], None] | None = None,
    ) -> None:
        """`revive` starts the database when nothing answers."""
        self._conninfo = conninfo
        self._name = name
        self._statement_seconds = statement_seconds
        self._revive = revive
        self._own = threading.local()
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._silent_until = 0.0

    def run(self, work: Callable[[Store], T], ticket: Ticket) -> T:
        """Do the work on this thread's connection; errors of the driver leave as cicero's."""
        with translated_errors():
            try:
                connection = self._living_connection()
                ticket.begin(connection)
                try:
                    return work(Store(connection))
                finally:
                    ticket.end()
            except psycopg.errors.QueryCanceled as error:
                if ticket.is_given_up:
                    raise GivenUpError("nobody waits for this any more") from error
                raise TryLaterError(
                    "the answer took longer than {seconds:g} seconds",
                    hint="ask for less, or later",
                    seconds=self._statement_seconds,
                ) from error
            except psycopg.errors.LockNotAvailable as error:
                raise TryLaterError(
                    "somebody else is changing the same", hint="try again in a moment"
                ) from error
            except psycopg.DataError as error:
                log.warning("a value was refused by the database, code %s", error.sqlstate)
                raise InputError(
                    "a value is of a kind that cannot be stored or compared"
                ) from error

    def close(self) -> None:
        """Close every connection; no thread works any more."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def note_silence(self) -> None:
        """The database takes connections and answers nothing, as one that is stopped: for a moment nobody waits for it anew."""
        self._silent_until = clock.monotonic() + _SILENCE_SECONDS

    def _living_connection(self) -> Connection:
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is not None:
            if _is_alive(kept):
                return kept
            kept.close()
            with self._lock:
                self._connections.discard(kept)
        self._own.connection = None
        made = self._connect_or_revive()
        self._own.connection = made
        with self._lock:
            self._connections.add(made)
        return made

    def _connect_or_revive(self) -> Connection:
        if clock.monotonic() < self._silent_until:
            raise TryLaterError("the database answers nothing", hint="try again in a moment")
        try:
            return self._connect()
        except psycopg.errors.ConnectionTimeout:  # it is there, so that starting it mends nothing
            self.note_silence()
            raise
        except psycopg.OperationalError:
            if self._revive is None:
                raise
            self._revive()
            return self._connect()

    def _connect(self) -> Connection:
        milliseconds = int(self._statement_seconds * 1000)
        return psycopg.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=5,
            application_name=f"cicero serve {self._name}",
            options=merge_options(
                self._conninfo,
                f"{CONNECTION_OPTIONS} -c statement_timeout={milliseconds}"
                f" -c idle_in_transaction_session_timeout={milliseconds} -c lock_timeout={_LOCK_SECONDS:g}s",
            ),
            keepalives_idle=30,
            tcp_user_timeout=15_000,
        )


def open_pool(settings: Settings, *, name: str, statement_seconds: float) -> StorePool:
    """A pool on the configured database; the embedded one is started when it is down."""
    if settings.server_url is not None:
        return StorePool(
            settings.server_url.reveal(), name=name, statement_seconds=statement_seconds
        )

    def revive() -> None:
        with _reviving, suppress(CiceroError):  # connecting says what is wrong
            if embedded.exists(settings.data_dir):
                embedded.start(settings.data_dir, seconds=_REVIVAL_SECONDS)

    return StorePool(
        embedded.conninfo(settings.data_dir),
        name=name,
        statement_seconds=statement_seconds,
        revive=revive,
    )


def _is_alive(connection: Connection) -> bool:
    """A server that went away has closed its end, so the socket can be read without having been asked anything.

    That costs no round trip. Whatever else there is to read, a round trip tells whether the server still answers.
    """
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if not poll.poll(0):
        return True
    try:
        connection.execute("SELECT")
    except psycopg.Error:
        return False
    return True
