"""Rows of `gateway_state`: how each WhatsApp account stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.words import read_text, text_record

_SQL = load_queries("gateway_states")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayState:
    """How an account stands: when it last sent, and what holds it up."""

    gateway: str = ""
    last_sent_at: datetime | None = None
    paused_since: datetime | None = None
    pause_code: str | None = None
    pause_hint: str | None = None
    first_contacts_paused_until: datetime | None = None


class GatewayStateRepository:
    """When an account last sent, and what holds it up."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def get(self, gateway: str) -> GatewayState:
        """How the account stands."""
        with self._connection.cursor(row_factory=class_row(GatewayState)) as cursor:
            found = cursor.execute(_SQL["read_gateway_state"], {"gateway": gateway}).fetchone()
        return _read(found) if found else GatewayState()

    def list_held_up(self, *, now: datetime, since: datetime) -> list[GatewayState]:
        """The accounts that are paused or may begin no new chat; a day's cap counts since the day began."""
        with self._connection.cursor(row_factory=class_row(GatewayState)) as cursor:
            rows = cursor.execute(_SQL["list_held_up"], {"now": now, "since": since}).fetchall()
        return [*map(_read, rows)]

    def remember_sent(self, gateway: str, *, now: datetime) -> None:
        """The account has just sent: the next gap begins."""
        self._connection.execute(_SQL["remember_sent"], {"gateway": gateway, "now": now})

    def forget_future(self, gateway: str, *, now: datetime) -> int:
        """Believe no time that lies in the future; gives how many accounts had one, 0 or 1."""
        parameters = {"gateway": gateway, "now": now}
        return self._connection.execute(_SQL["forget_future_sending"], parameters).rowcount

    def pause(self, gateway: str, *, code: str, hint: str, now: datetime) -> None:
        """Keep why nothing goes out for now."""
        record = Jsonb(text_record(hint))
        parameters = {"gateway": gateway, "code": code, "hint": record, "now": now}
        self._connection.execute(_SQL["pause_gateway"], parameters)

    def resume(self, gateway: str) -> None:
        """Nothing holds it up any more."""
        self._connection.execute(_SQL["resume_gateway"], {"gateway": gateway})

    def pause_first_contacts(self, gateway: str, *, until: datetime) -> None:
        """No new chats until then."""
        self._connection.execute(_SQL["pause_first_contacts"], {"gateway": gateway, "until": until})

    def has_work(self, gateway: str, *, now: datetime) -> bool:
        """Whether this account has anything to send, to look up or to ask about; for the many minutes in which it has not,
        which need not pay for what the outbox imports.
        """
        row = self._connection.execute(
            _SQL["has_work"], {"gateway": gateway, "now": now}
        ).fetchone()
        return row is not None and bool(row[0])


def _read(state: GatewayState) -> GatewayState:
    return replace(state, pause_hint=state.pause_hint and read_text(state.pause_hint))
