"""Rows of `accounts` and of the clients that each may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row

from cicero_cli.domain.access.accounts import Account, parse_role
from cicero_cli.repositories.database.sql_files import load_queries

Accounts = list[Account]  # inside the class, `list` is its method

_SQL = load_queries("accounts")


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What a typed secret is checked against."""

    account_id: int
    secret_hash: str
    version: int


class AccountRepository:
    """The logins of this installation."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self) -> Accounts:
        """Accounts by name."""
        return self._accounts("list_accounts")

    def get(self, username: str) -> Account | None:
        """The account of this name, which is lower-case already."""
        return next(iter(self._accounts("get_account", username=username)), None)

    def lock(self, username: str) -> None:
        """Keep others from changing this account, and its sessions from beginning, until the transaction ends."""
        self._connection.execute(_SQL["lock_account"], {"username": username})

    def get_by_id(self, account_id: int) -> Account | None:
        """The account of this id."""
        return next(iter(self._accounts("get_account_by_id", account_id=account_id)), None)

    def add(
        self,
        username: str,
        *,
        role: str,
        active: bool,
        password_hash: str,
        access_key: str | None = None,
        access_code_hash: str | None = None,
    ) -> int | None:
        """The new account's id; None when the name is taken, and that account stays as it was."""
        row = self._connection.execute(
            _SQL["add_account"],
            {
                "username": username,
                "role": role,
                "active": active,
                "password_hash": password_hash,
                "access_key": access_key,
                "access_code_hash": access_code_hash,
            },
        ).fetchone()
        return int(row[0]) if row else None

    def update(self, account: Account) -> None:
        """Write roles, number and activity."""
        self._connection.execute(
            _SQL["update_account"],
            {
                "account_id": account.account_id,
                "role": account.role.word,
                "active": account.active,
                "dashboard_role": account.dashboard_role,
                "whatsapp": account.whatsapp,
            },
        )

    def set_password(self, account_id: int, password_hash: str) -> None:
        """Replace the password."""
        self._connection.execute(
            _SQL["set_password"], {"account_id": account_id, "password_hash": password_hash}
        )

    def replace_hash(self, found: StoredSecret, password_hash: str) -> None:
        """The same password, hashed anew; nothing when it was changed meanwhile."""
        self._connection.execute(
            _SQL["replace_hash"],
            {
                "account_id": found.account_id,
                "old_hash": found.secret_hash,
                "password_hash": password_hash,
            },
        )

    def set_access_code(
        self, account_id: int, *, access_key: str | None, access_code_hash: str | None
    ) -> None:
        """Replace the access code; None takes it away."""
        self._connection.execute(
            _SQL["set_access_code"],
            {
                "account_id": account_id,
                "access_key": access_key,
                "access_code_hash": access_code_hash,
            },
        )

    def set_clients(self, account_id: int, client_ids: Sequence[str]) -> None:
        """Let the account see exactly these clients."""
        self._connection.execute(
            _SQL["set_clients"], {"account_id": account_id, "client_ids": [*client_ids]}
        )

    def remove(self, account_id: int) -> None:
        """Remove the account with its sessions."""
        self._connection.execute(_SQL["remove_account"], {"account_id": account_id})

    def find_password(self, username: str) -> StoredSecret | None:
        """What the password of this name is checked against."""
        return self._secret("find_password", username=username)

    def find_access_code(self, access_key: str) -> StoredSecret | None:
        """What the access code that begins with this key is checked against."""
        return self._secret("find_access_code", access_key=access_key)

    def _accounts(self, query: str, **values: object) -> Accounts:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return [_account(row) for row in cursor.execute(_SQL[query], values)]

    def _secret(self, query: str, **values: object) -> StoredSecret | None:
        with self._connection.cursor(row_factory=class_row(StoredSecret)) as cursor:
            return cursor.execute(_SQL[query], values).fetchone()


def _account(row: dict[str, Any]) -> Account:
    return Account(
        **{**row, "role": parse_role(row["role"]), "client_ids": tuple(row["client_ids"])}
    )
