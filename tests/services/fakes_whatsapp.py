"""A WhatsApp gateway of a few lines, a clock that a test moves, and short ways to queue and deliver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest

from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.domain.messaging.gateway_answers import (
    Ack,
    Attachment,
    Group,
    LookedUp,
    Presence,
    Sent,
    Session,
    Verdict,
)
from cicero_cli.domain.messaging.messages import Kind, Message, NewMessage
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.delivery import Delivered, deliver

READY = Session(is_ready=True, state="working")
SCAN = Session(is_ready=False, state="scan_qr_code", hint="scan the code", needs_operator=True)
STARTING = Session(is_ready=False, state="starting", hint="wait a minute")
DOWN = Session(is_ready=False, state="no_connection", hint="is it running?")

ACCEPTED = Sent(verdict=Verdict.ACCEPTED, code="accepted")
NO_NUMBER = Sent(verdict=Verdict.PERMANENT, code="validation_error")
NOT_IN_GROUP = Sent(verdict=Verdict.PERMANENT, code="not_in_group", hint="add the account to it")
BUSY = Sent(verdict=Verdict.RETRY, code="rate_limited")
NO_CONNECTION = Sent(verdict=Verdict.RETRY, code="no_connection")
HTTP_500 = Sent(verdict=Verdict.AMBIGUOUS, code="http_500")
UNLINKED = Sent(verdict=Verdict.PAUSE, code="no_sessions", hint="link the account again")
LOCKED = Sent(verdict=Verdict.PAUSE_FIRST_CONTACTS, code="reachout_timelock")

_numbers = count(1)


class KilledError(BaseException):
    """The process ends here."""


class Clock:
    """Time passes when somebody sleeps, when a call takes its time, or when the test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds=seconds)

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


Answer = Callable[[str, str], Sent]


class FakeGateway:
    """Takes what `answer` accepts; a doubtful answer means taken when `takes_in_doubt`. One id arrives once."""

    name = "fake"
    text_limit = 60_000

    def __init__(
        self,
        clock: Clock,
        *,
        takes_message_id: bool = True,
        answer: Answer = lambda _recipient, _text: ACCEPTED,
        seconds: float = 0.0,
    ) -> None:
        self.clock = clock
        self.takes_message_id = takes_message_id
        self.answer = answer
        self.seconds = seconds  # one call's
        self.session = READY
        self.takes_in_doubt = False
        self.can_look_up = True
        self.dies_before = self.dies_after = False
        self.calls: list[tuple[datetime, str, str]] = []
        self.arrived: dict[str, tuple[str, str]] = {}  # by message id
        self.files: list[Attachment] = []
        self.acks: dict[str, Ack] = {}
        self.looked_up: list[str] = []
        self.session_checks = 0

    @property
    def inbox(self) -> list[tuple[str, str]]:
        """What arrived: recipients and texts, in order."""
        return list(self.arrived.values())

    def mint_message_id(self) -> str | None:
        return f"3EB0{next(_numbers):08X}" if self.takes_message_id else None

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent:
        if self.dies_before:
            raise KilledError
        self.calls.append((self.clock(), recipient, text))
        self.clock.pass_by(seconds=self.seconds)
        sent = self.answer(recipient, text)
        taken = sent.verdict is Verdict.ACCEPTED
        taken = taken or (sent.verdict is Verdict.AMBIGUOUS and self.takes_in_doubt)
        message_id = message_id or f"3EB1{next(_numbers):08X}"
        if taken:
            self.arrived.setdefault(message_id, (recipient, text))
        if self.dies_after:
            raise KilledError
        if sent.verdict is Verdict.ACCEPTED:
            return Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=message_id)
        return sent

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent:
        self.files.append(attachment)
        return self.send_text(recipient, caption, message_id=None)

    def check_session(self) -> Session:
        self.session_checks += 1
        return self.session

    def number_exists(self, phone: str) -> bool | None:
        return None

    def look_up(
        self, recipient: str, *, message_id: str | None, text: str, since: datetime
    ) -> LookedUp:
        self.looked_up.append(text)
        if not self.can_look_up:
            return LookedUp(presence=Presence.UNKNOWN)
        for known, (chat, body) in self.arrived.items():
            if known == message_id or (message_id is None and (chat, body) == (recipient, text)):
                ack = self.acks.get(text)
                return LookedUp(presence=Presence.FOUND, message_id=known, ack=ack)
        return LookedUp(presence=Presence.ABSENT)

    def list_groups(self) -> list[Group]:
        return []


def settings(**given: str) -> Settings:
    """Without gaps, and never quiet, unless the test says otherwise."""
    plain = {
        "CICERO_DATA_DIR": "/nowhere",
        "CICERO_WA_GAP": "0",
        "CICERO_WA_GAP_USER": "0",
        "CICERO_WA_DAILY_CAP": "100000",
        "CICERO_QUIET_HOURS": "00:00-00:00",
    }
    return load_settings(plain | given)


def new_message(
    recipient: str, body: str, *, now: datetime, kind: Kind = Kind.LAPHAR, **given: Any
) -> NewMessage:
    return NewMessage(
        dedupe_key=f"test {next(_numbers)}",
        kind=kind,
        recipient=recipient,
        body=body,
        **{"expires_at": now + timedelta(hours=6), **given},
    )


def queue(store: Store, recipient: str, *bodies: str, now: datetime, **given: Any) -> list[int]:
    """Messages to one recipient, in this order; gives their numbers."""
    messages = [new_message(recipient, body, now=now, **given) for body in bodies]
    return store.outbox.add(messages, now=now)


def run(
    store: Store,
    gateway: FakeGateway,
    *,
    refresh: Callable[[Message], str | None] = lambda message: message.body,
    gap: float = 0.5,
    message_id: int | None = None,
    sender: str = DEFAULT,
    **given: str,
) -> Delivered:
    """One `outbox deliver`; `gap` is where in its span each gap lies."""
    return deliver(
        store,
        gateway,
        settings(**given),
        sender=sender,
        refresh=refresh,
        clock=gateway.clock,
        sleep=gateway.clock.sleep,
        uniform=lambda low, high: low + gap * (high - low),
        message_id=message_id,
    )


def statuses(store: Store) -> list[tuple[str, str]]:
    """Each message's text and what became of it, oldest first."""
    with store.connection.cursor() as cursor:
        return cursor.execute("SELECT body, status FROM outbox ORDER BY message_id").fetchall()


@contextmanager
def new_database(server: str, template: str) -> Iterator[str]:
    """A migrated database for several tests."""
    name = f"outbox_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield f"{server} dbname={name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def one_database_for_all() -> tuple[Any, Any]:
    """The fixtures `shared_database` and `database` for a module whose tests are many and write little."""

    @pytest.fixture(scope="module")
    def shared_database(server: str, template: str) -> Iterator[str]:
        with new_database(server, template) as conninfo:
            yield conninfo

    @pytest.fixture
    def database(shared_database: str) -> str:
        with psycopg.connect(shared_database, autocommit=True) as connection:
            connection.execute(
                "TRUNCATE clients CASCADE"
            )  # a client that is deleted keeps its past
            for table in ("outbox", "attachment", "gateway_state", "sender", "inbound"):
                connection.execute(f"DELETE FROM {table}")
        return shared_database

    return shared_database, database
