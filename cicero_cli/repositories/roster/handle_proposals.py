"""Rows of `handle_proposal`: handles that people say are theirs, until an operator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("handle_proposals")


class Settled(StrEnum):
    """What an operator made of a proposal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An open one. `on_file`: the handle that holds until then; `held_by`: who else of the client has the proposed one."""

    proposal_id: int
    proposed_at: datetime
    client_id: str
    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    platform: str
    username: str
    on_file: str | None
    held_by: str | None
    timezone: str

    @property
    def label(self) -> str:
        return Platform(self.platform).label

    @property
    def local_time(self) -> datetime:
        """When it was proposed, by the client's clock."""
        return self.proposed_at.astimezone(ZoneInfo(self.timezone))


class HandleProposalRepository:
    """One open proposal a person and platform."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(self, user_id: str, platform: Platform, username: str, *, now: datetime) -> int:
        """Its number; an open one of the same person and platform gives way to it."""
        row = {"user_id": user_id, "platform": platform.value, "username": username, "now": now}
        self._connection.execute(_SQL["replace_proposal"], row)
        return int(sure_row(self._connection.execute(_SQL["add_proposal"], row).fetchone())[0])

    def list_open(
        self, client_ids: Sequence[str] | None, *, proposal_id: int | None = None
    ) -> list[Proposal]:
        """The open ones of these clients' people, or of all (None), the oldest first; or this one if it is among them."""
        asked = {
            "client_ids": None if client_ids is None else [*client_ids],
            "proposal_id": proposal_id,
        }
        with self._connection.cursor(row_factory=class_row(Proposal)) as cursor:
            return cursor.execute(_SQL["list_open_proposals"], asked).fetchall()

    def settle(self, proposal_id: int, outcome: Settled, *, by: str, now: datetime) -> bool:
        """False when it is open no more."""
        row = {"proposal_id": proposal_id, "outcome": outcome, "settled_by": by, "now": now}
        return self._connection.execute(_SQL["settle_proposal"], row).rowcount == 1

    def count_notices(self, recipient: str, *, since: datetime) -> int:
        """How many notices this number was sent since then."""
        asked = {"recipient": recipient, "since": since}
        return int(sure_row(self._connection.execute(_SQL["count_notices"], asked).fetchone())[0])

    def clients_operated(self, number: str) -> list[str]:
        """The active clients whose operator or super admin is reached at this number."""
        rows = self._connection.execute(_SQL["find_clients_operated"], {"number": number})
        return [client_id for (client_id,) in rows]
