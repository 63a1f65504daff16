"""Rows of `sessions`: the tokens that are good."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg

from cicero_cli.domain.access.accounts import Caller, parse_role
from cicero_cli.domain.access.sessions import IDLE_LIFETIME, USE_NOTED_EVERY
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.client_spans import Choice

_SQL = load_queries("sessions")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session as it begins: of an account as it was when its secret was checked, or of the number that `operator` names."""

    jti: str
    account_id: int | None
    account_version: int | None = None
    client_id: str | None
    operator: str | None = None
    address: str
    issued_at: datetime
    expires_at: datetime


class SessionRepository:
    """Which tokens are good."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(self, session: NewSession) -> bool:
        """Make a token good; False when its account was changed or removed meanwhile."""
        self._connection.execute(_SQL["remove_old_sessions"], {"now": session.issued_at})
        query = "add_phone_session" if session.account_id is None else "add_account_session"
        return self._connection.execute(_SQL[query], asdict(session)).rowcount == 1

    def find(
        self, jti: str, *, client_id: str | None = None, accepts_phone: bool, now: datetime
    ) -> tuple[Caller, Choice | None] | None:
        """Who holds this token, and the client `client_id`, else the token's, if there is one, whoever may see it.

        None when the token is revoked, expired, long unused, unknown, or its account may not log in. `accepts_phone`:
        whether sessions that began with a phone number count (CICERO_LEGACY_PHONE_LOGIN).
        """
        row = self._connection.execute(
            _SQL["find_session"],
            {
                "jti": jti,
                "client_id": client_id,
                "accepts_phone": accepts_phone,
                "now": now,
                "idle_since": now - IDLE_LIFETIME,
            },
        ).fetchone()
        if row is None:
            return None
        used_at, account_id, username, role, own_id, client_ids, *asked = row
        if used_at < now - USE_NOTED_EVERY:
            self._connection.execute(_SQL["note_use"], {"jti": jti, "now": now})
        if client_ids == []:  # the last was removed, and without one it could not log in
            return None
        caller = Caller(
            account_id=account_id,
            username=username,
            role=parse_role(role),
            client_id=own_id,
            client_ids=None if client_ids is None else frozenset(client_ids),
        )
        asked_id, nama, timezone, is_directorate, version = asked
        if asked_id is None:
            return caller, None
        return caller, Choice(
            client_id=asked_id,
            nama=nama,
            timezone=timezone,
            is_directorate=is_directorate,
            version=version,
        )

    def revoke(self, jti: str, *, now: datetime) -> None:
        """Make one token worthless."""
        self._connection.execute(_SQL["revoke_session"], {"jti": jti, "now": now})

    def revoke_all(self, account_id: int, *, now: datetime) -> int:
        """Make every token of the account worthless; gives how many there were."""
        return self._connection.execute(
            _SQL["revoke_sessions_of_account"], {"account_id": account_id, "now": now}
        ).rowcount

    def list_addresses(
        self, *, account_id: int | None = None, client_id: str | None = None
    ) -> list[str]:
        """Where this account has logged in from; of a client, its operator by phone."""
        rows = self._connection.execute(
            _SQL["list_addresses"], {"account_id": account_id, "client_id": client_id}
        )
        return [row[0] for row in rows]
