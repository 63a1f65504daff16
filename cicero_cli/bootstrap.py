"""Settings become a real store and real gateways: the one place that joins them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cicero_cli.core import clock
from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import CiceroError, DatabaseError, TryLaterError
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.migrations import require_current
from cicero_cli.repositories.database.refusals import require_own_session, translated_errors
from cicero_cli.repositories.database.store import Connection, Store, connect
from cicero_cli.words import Text

if TYPE_CHECKING:  # what every command would pay for, and few use
    from cicero_cli.domain.collection.budgets import Allowance
    from cicero_cli.domain.roster.clients import Client
    from cicero_cli.domain.roster.sheet_links import SheetLink
    from cicero_cli.domain.roster.sheet_rows import Sheet
    from cicero_cli.gateways.upstream.instagram import InstagramSource
    from cicero_cli.gateways.upstream.tiktok import TiktokSource
    from cicero_cli.services.messaging.deliveries import Deliveries
    from cicero_cli.services.messaging.delivery import Delivered
    from cicero_cli.services.ports import LinkableAccount, WhatsappGateway


@dataclass(frozen=True)
class Cicero:
    """What a command works with."""

    settings: Settings
    store: Store
    closing: ExitStack = field(
        default_factory=ExitStack
    )  # what a command opened and its end closes
    sender: str = DEFAULT

    def source(self, platform: Platform) -> InstagramSource | TiktokSource:
        """The platform's upstream; SettingError (78) without a key."""
        return open_source(self.settings, platform, self.closing)

    def refresh(self, clients: Sequence[Client], platforms: Sequence[Platform]) -> list[str]:
        """Fetch before a report; gives what went wrong, because a report of an hour ago beats none."""
        from cicero_cli.services.collection.posts import collect

        remarks: list[str] = []
        for platform in platforms:
            try:
                source = self.source(platform)
                collected = collect(
                    self.store,
                    source,
                    clients,
                    parallel=self.settings.parallel,
                    clock=clock.now,
                    allowance=self.allow(platform, source.host),
                )
            except CiceroError as error:
                remarks.append(
                    Text(
                        "not fetched, so the report tells an earlier state: {reason}",
                        reason=error.message,
                    )
                )
            else:
                remarks += [
                    Text("{client_id}: {reason}", client_id=run.client_id, reason=run.error)
                    for run in collected.runs
                    if run.error
                ]
        return remarks

    def allow(self, platform: Platform, host: str, *, share: float = 1.0) -> Allowance | None:
        """What a fetch may spend of the budget; None without one. QuotaError (75) when it is spent."""
        from cicero_cli.services.collection.quotas import allow

        return allow(
            self.store,
            host,
            self.settings.budget_requests.get(platform),
            self.settings.budget_mb.get(platform),
            share=share,
            now=clock.now(),
        )

    def as_sender(self, name: str) -> Cicero:
        """The same with another WhatsApp account; NotFoundError without one of this name."""
        from cicero_cli.services.messaging.sender_settings import settings_of
        from cicero_cli.services.messaging.senders import get_sender

        sender = get_sender(self.store, name)
        return replace(self, settings=settings_of(self.settings, sender), sender=sender.name)

    def gateway(self) -> WhatsappGateway:
        """The sender's WhatsApp gateway, which of `default` CICERO_WHATSAPP names; SettingError (78) without its settings."""
        return open_gateway(self.settings)

    def text_limit(self) -> int:
        """How many characters fit one message, whoever sends it; SettingError (78) when nobody can."""
        from cicero_cli.gateways.whatsapp.configured import TEXT_LIMITS

        gateways = {one.gateway or self.settings.whatsapp for one in self.store.senders.list()}
        limits = [TEXT_LIMITS[name] for name in gateways if name]
        if self.settings.whatsapp is not None or not limits:
            limits.append(self.gateway().text_limit)
        return min(limits)

    def read_link(self, link: SheetLink, tab: str | None) -> Sheet:
        """A sheet at Google's, as the service account of the settings or as anybody may read it."""
        from cicero_cli.gateways.sheets.configured import read_link

        return read_link(self.settings, link, tab, sleep=clock.sleep)

    def read_tabs(self, link: SheetLink) -> dict[str, Sheet]:
        """All tabs of a sheet at Google's, likewise."""
        from cicero_cli.gateways.sheets.configured import read_tabs

        return read_tabs(self.settings, link, sleep=clock.sleep)

    def account(self) -> LinkableAccount | None:
        """The account behind the gateway; None of the Cloud API and of the file, which nobody links."""
        return open_account(self.settings)

    def deliver(self, *, message_id: int | None = None) -> Delivered:
        """One run over what the outbox has for this sender, or over one message of it."""
        from cicero_cli.domain.messaging.wordings import REMINDER_TEMPLATE
        from cicero_cli.services.attendance.laphar import load_template
        from cicero_cli.services.messaging.delivery import deliver
        from cicero_cli.services.messaging.reminders import (
            reminder_refresher,
        )
        from cicero_cli.services.messaging.self_check import SelfCheckLinks

        refresh = reminder_refresher(
            self.store,
            lambda: load_template(self.settings.templates, REMINDER_TEMPLATE),
            clock.now,
            times=self.settings.remind_at,
            links=SelfCheckLinks.of(self.settings),
        )
        return deliver(
            self.store,
            self.gateway(),
            self.settings,
            sender=self.sender,
            refresh=refresh,
            clock=clock.now,
            sleep=clock.sleep,
            uniform=random.uniform,
            message_id=message_id,
        )

    def deliver_all(self, senders: Sequence[str]) -> Deliveries:
        """One run for each of these senders, all at once; alone it needs no second connection."""
        from cicero_cli.services.messaging.deliveries import deliver_each

        if len(senders) == 1:
            return deliver_each(senders, lambda name: self.as_sender(name).deliver())

        def deliver(name: str) -> Delivered:
            with open_connection(self.settings) as connection:
                return replace(self, store=Store(connection)).as_sender(name).deliver()

        return deliver_each(senders, deliver)


def open_source(
    settings: Settings, platform: Platform, closing: ExitStack, **options: Any
) -> InstagramSource | TiktokSource:
    """The platform's upstream, which `closing` closes; SettingError (78) without a key.

    `options` are JsonApi's own, for who cannot wait as long as a command can.
    """
    key = settings.require_rapidapi_key()
    # here, because only fetching pays for requests and the limiter
    from cicero_cli.gateways.upstream.http import JsonApi
    from cicero_cli.gateways.upstream.instagram import InstagramSource
    from cicero_cli.gateways.upstream.tiktok import TiktokSource

    is_insta = platform is Platform.INSTA
    api = closing.enter_context(
        JsonApi(
            settings.instagram_url if is_insta else settings.tiktok_url,
            key=key.reveal(),
            parallel=settings.parallel,
            rate=settings.rate,
            sleep=clock.sleep,
            **options,
        )
    )
    return InstagramSource(api) if is_insta else TiktokSource(api)


def open_gateway(settings: Settings, **options: Any) -> WhatsappGateway:
    """The WhatsApp gateway; SettingError (78) without one or without its settings. `options`: `timeouts`, as above."""
    from cicero_cli.gateways.whatsapp import configured  # as above

    return configured.open_gateway(settings, **options)


def open_account(settings: Settings, **options: Any) -> LinkableAccount | None:
    """The account behind the WhatsApp gateway; SettingError (78) without one. `options`: `timeouts`, as above."""
    from cicero_cli.gateways.whatsapp import configured  # as above

    return configured.open_account(settings, **options)


@contextmanager
def open_app() -> Iterator[Cicero]:
    """Settings read, database connected and current; every error leaves as one of cicero's own."""
    settings = load_settings(os.environ)
    with open_connection(settings) as connection:
        require_current(connection)
        cicero = Cicero(settings, Store(connection))
        with cicero.closing:
            yield cicero


@contextmanager
def peek() -> Iterator[Store]:
    """The database as it is, to look something up at once: a server that is down stays down. CiceroError without one."""
    settings = load_settings(os.environ)
    url = settings.server_url
    address = url.reveal() if url else embedded.conninfo(settings.data_dir)
    with translated_errors(), connect(address, hint="", timeout_seconds=2) as connection:
        require_current(connection)
        yield Store(connection)


@contextmanager
def open_connection(settings: Settings, *, may_create: bool = False) -> Iterator[Connection]:
    """A connection to the configured database, or to the embedded one, which is started when it is down.

    Only with `may_create` an embedded database is made where there is none.
    """
    with translated_errors():
        if settings.server_url is not None:
            connection = connect(settings.server_url.reveal(), hint="check DATABASE_URL")
        else:
            connection = _connect_embedded(settings, may_create=may_create)
        try:
            require_own_session(connection)
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
        raise DatabaseError(
            "there is no database in {data_dir} yet",
            hint="run: cicero init",
            data_dir=settings.data_dir,
        )
    embedded.start(settings.data_dir)
    return connect(address, hint=hint)
