"""Rows of `password_reset`: the codes of who has forgotten a password."""

from __future__ import annotations

from datetime import datetime

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("password_resets")


class PasswordResetRepository:
    """At most one code an account, good once and for a while."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self, account_id: int, code_hash: bytes, *, expires_at: datetime, now: datetime
    ) -> bool:
        """Keep a code; False while the last one is still good, which then stays the only one."""
        values = {
            "account_id": account_id,
            "code_hash": code_hash,
            "expires_at": expires_at,
            "now": now,
        }
        return self._connection.execute(_SQL["add_password_reset"], values).rowcount == 1

    def find(self, code_hash: bytes, *, now: datetime) -> str | None:
        """The name of the account that the code is good for."""
        values = {"code_hash": code_hash, "now": now}
        row = self._connection.execute(_SQL["find_password_reset"], values).fetchone()
        return str(row[0]) if row else None

    def use(self, code_hash: bytes, *, now: datetime) -> int | None:
        """The id of the account that the code is good for, this once."""
        values = {"code_hash": code_hash, "now": now}
        row = self._connection.execute(_SQL["use_password_reset"], values).fetchone()
        return int(row[0]) if row else None
