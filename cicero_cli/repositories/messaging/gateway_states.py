"""Rows of `gateway_state`: how each WhatsApp account stands, by its sender and what gateway that has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.words import read_text, text_record

_SQL = load_queries("gateway_states")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayState:
    """How an account stands: when it last sent, and what holds it up."""

    sender: str = DEFAULT
    gateway: str = ""
    last_sent_at: datetime | None = None
    paused_since: datetime | None = None
    pause_code: str | None = None
    pause_hint: str | None = None
    first_contacts_paused_until: datetime | None = None

    @property
    def name(self) -> str:
        """What to call the account: the sender, or of `default` the gateway."""
        return self.gateway if self.sender == DEFAULT else self.sender


class GatewayStateRepository:
    """When an account last sent, and what holds it up."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def get(self, gateway: str, *, sender: str = DEFAULT) -> GatewayState:
        """How the account stands."""
        parameters = {"sender": sender, "gateway": gateway}
        with self._connection.cursor(row_factory=class_row(GatewayState)) as cursor:
            found = cursor.execute(_SQL["read_gateway_state"], parameters).fetchone()
        return _read(found) if found else GatewayState()

    def list_held_up(self, *, now: datetime, since: datetime) -> list[GatewayState]:
        """The accounts that are paused or may begin no new chat; a day's cap counts since the day began."""
        with self._connection.cursor(row_factory=class_row(GatewayState)) as cursor:
            rows = cursor.execute(_SQL["list_held_up"], {"now": now, "since": since}).fetchall()
        return [*map(_read, rows)]

    def remember_sent(self, gateway: str, *, sender: str = DEFAULT, now: datetime) -> None:
        """The account has just sent: the next gap begins."""
        parameters = {"sender": sender, "gateway": gateway, "now": now}
        self._connection.execute(_SQL["remember_sent"], parameters)

    def forget_future(self, gateway: str, *, sender: str = DEFAULT, now: datetime) -> int:
        """Believe no time that lies in the future; gives how many accounts had one, 0 or 1."""
        parameters = {"sender": sender, "gateway": gateway, "now": now}
        return self._connection.execute(_SQL["forget_future_sending"], parameters).rowcount

    def pause(
        self, gateway: str, *, sender: str = DEFAULT, code: str, hint: str, now: datetime
    ) -> None:
        """Keep why nothing goes out for now."""
        parameters = {
            "sender": sender,
            "gateway": gateway,
            "code": code,
            "hint": Jsonb(text_record(hint)),
            "now": now,
        }
        self._connection.execute(_SQL["pause_gateway"], parameters)

    def resume(self, gateway: str, *, sender: str = DEFAULT) -> None:
        """Nothing holds it up any more."""
        self._connection.execute(_SQL["resume_gateway"], {"sender": sender, "gateway": gateway})

    def pause_first_contacts(self, gateway: str, *, sender: str = DEFAULT, until: datetime) -> None:
        """No new chats until then."""
        parameters = {"sender": sender, "gateway": gateway, "until": until}
        self._connection.execute(_SQL["pause_first_contacts"], parameters)

    def list_at_work(self, gateway: str | None, *, now: datetime) -> list[str]:
        """The senders that have anything to send, to look up or to ask about; `gateway` is that of `default`.

        For the many minutes in which nobody has, which need not pay for what the outbox imports.
        """
        parameters = {"gateway": gateway, "now": now}
        return [name for (name,) in self._connection.execute(_SQL["list_at_work"], parameters)]


def _read(state: GatewayState) -> GatewayState:
    return replace(state, pause_hint=state.pause_hint and read_text(state.pause_hint))
