"""Settings become a real store and real gateways: the one place that joins them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cicero_cli.core import clock
from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import DatabaseError, TryLaterError
from cicero_cli.repositories import embedded
from cicero_cli.repositories.migrations import require_current
from cicero_cli.repositories.store import Connection, Store, connect, translated_errors
from cicero_cli.services.ports import PostSource


@dataclass(frozen=True)
class Cicero:
    """What a command works with."""

    settings: Settings
    store: Store

    def source(self, platform: Platform) -> PostSource:
        """The platform's upstream; SettingError (78) without a key."""
        key = self.settings.require_rapidapi_key()
        # here, because only fetching pays for requests and the limiter
        from cicero_cli.gateways.http import JsonApi  # noqa: PLC0415
        from cicero_cli.gateways.instagram import InstagramSource  # noqa: PLC0415
        from cicero_cli.gateways.tiktok import TiktokSource  # noqa: PLC0415

        is_insta = platform is Platform.INSTA
        url = self.settings.instagram_url if is_insta else self.settings.tiktok_url
        api = JsonApi(
            url,
            key=key.reveal(),
            parallel=self.settings.parallel,
            rate=self.settings.rate,
            sleep=clock.sleep,
        )
        return InstagramSource(api) if is_insta else TiktokSource(api)


@contextmanager
def open_app() -> Iterator[Cicero]:
    """Settings read, database connected and current; every error leaves as one of cicero's own."""
    settings = load_settings(os.environ)
    with open_connection(settings) as connection:
        require_current(connection)
        yield Cicero(settings, Store(connection))


@contextmanager
def open_connection(settings: Settings, *, may_create: bool = False) -> Iterator[Connection]:
    """A connection to the configured database, or to the embedded one, which is started when it is down.

    Only with `may_create` an embedded database is made where there is none.
    """
    with translated_errors():
        if settings.database_url is not None:
            connection = connect(settings.database_url.reveal(), hint="check DATABASE_URL")
        else:
            connection = _connect_embedded(settings, may_create=may_create)
        try:
            yield connection
        finally:
            connection.close()


def _connect_embedded(settings: Settings, *, may_create: bool) -> Connection:
    address = embedded.conninfo(settings.data_dir)
    hint = f"the embedded database is in {settings.data_dir}"
    if embedded.exists(settings.data_dir):
        try:
            return connect(address, hint=hint)
        except TryLaterError:
            pass  # it is down, as after a reboot: start it
    elif not may_create:
        raise DatabaseError(f"there is no database in {settings.data_dir} yet", hint="run: cicero init")
    embedded.start(settings.data_dir)
    return connect(address, hint=hint)
