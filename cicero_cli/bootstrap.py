"""Settings become a real store and real gateways: the one place that joins them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories import embedded
from cicero_cli.repositories.migrations import require_current
from cicero_cli.repositories.store import Connection, Store, connect, translated_errors


@dataclass(frozen=True)
class Cicero:
    """What a command works with."""

    settings: Settings
    store: Store


@contextmanager
def open_app() -> Iterator[Cicero]:
    """Settings read, database connected and current; every error leaves as one of cicero's own."""
    settings = load_settings(os.environ)
    with open_connection(settings) as connection:
        require_current(connection)
        yield Cicero(settings, Store(connection))


@contextmanager
def open_connection(settings: Settings) -> Iterator[Connection]:
    """A connection to the configured database, or to the embedded one, which is started when it is down."""
    with translated_errors():
        if settings.database_url is not None:
            connection = connect(settings.database_url.reveal(), hint="check DATABASE_URL")
        else:
            connection = _connect_embedded(settings)
        try:
            yield connection
        finally:
            connection.close()


def _connect_embedded(settings: Settings) -> Connection:
    address = embedded.conninfo(settings.data_dir)
    hint = f"the embedded database is in {settings.data_dir}"
    if embedded.exists(settings.data_dir):
        try:
            return connect(address, hint=hint)
        except TryLaterError:
            pass  # it is down, as after a reboot: start it
    embedded.start(settings.data_dir)
    return connect(address, hint=hint)
