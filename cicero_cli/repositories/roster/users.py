"""Rows of `"user"`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.sql_files import load_queries

Users = list[User]  # inside the class, `list` is its method

_SQL = load_queries("users")


class UserRepository:
    """The users of this installation."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self, client_ids: Sequence[str] | None = None, *, active: bool | None = None) -> Users:
        """Users by client and id; of all clients and of either status unless something else is said."""
        ids = None if client_ids is None else [*client_ids]
        return self._users("list_users", client_ids=ids, active=active)

    def lock_all(self, client_id: str) -> Users:
        """Everybody of one client by id; nobody else changes them until the transaction ends."""
        return self._users("lock_users_of_client", client_id=client_id)

    def get(self, user_id: str) -> User | None:
        """The user of this id."""
        return next(iter(self._users("get_user", user_id=user_id)), None)

    def lock(self, user_id: str, *, client_id: str | None = None) -> User | None:
        """The user of this id, whom nobody else changes until the transaction ends; None when of another client."""
        return next(iter(self._users("lock_user", user_id=user_id, client_id=client_id)), None)

    def clients_elsewhere(self, user_ids: Sequence[str], client_id: str) -> dict[str, str]:
        """Which client has which of these ids, those of `client_id` left out."""
        rows = self._connection.execute(
            _SQL["find_clients_of_users"], {"user_ids": [*user_ids], "client_id": client_id}
        )
        return dict(rows.fetchall())

    def handle_holders(self, user: User) -> Users:
        """Other active users of the user's client who have the same Instagram or TikTok handle."""
        return self._users("find_handle_holders", **asdict(user))

    def titles_and_divisions(self, client_id: str) -> dict[str, Sequence[str]]:
        """The ranks (`title`) and divisions (`divisi`) that users of the client have, each once."""
        rows = self._connection.execute(
            _SQL["list_titles_and_divisions"], {"client_id": client_id}
        ).fetchall()
        return {
            "title": sorted({title for title, _ in rows if title}),
            "divisi": sorted({division for _, division in rows if division}),
        }

    def list_former_handles(self, user_id: str, platform: Platform) -> Sequence[str]:
        """Handles that the user had there before, the latest first."""
        rows = self._connection.execute(
            _SQL["list_former_handles"], {"user_id": user_id, "platform": platform.value}
        )
        return [row[0] for row in rows]

    def add(self, user: User) -> bool:
        """False when the id is taken; that user stays as before."""
        with self._one_holder_a_handle():
            return self._connection.execute(_SQL["add_user"], asdict(user)).rowcount == 1

    def update(self, user: User) -> None:
        """Write every field of the user; a handle that goes is remembered by a trigger."""
        with self._one_holder_a_handle():
            self._connection.execute(_SQL["update_user"], asdict(user))

    def rename(self, user_id: str, new_id: str) -> bool:
        """Give the person another id, and so whatever refers to it; False when somebody has that id."""
        parameters = {"user_id": user_id, "new_id": new_id}
        return bool(self._connection.execute(_SQL["rename_user"], parameters).rowcount)

    def save_all(self, users: Sequence[User]) -> int:
        """Add or overwrite users of one client in one statement; two may swap handles, a refusal stays.

        How many were written: fewer than given when another client has an id.
        """
        columns = {field.name: [getattr(u, field.name) for u in users] for field in fields(User)}
        with self._one_holder_a_handle():
            return self._connection.execute(_SQL["save_users"], columns).rowcount

    def count_without_number(self, client_ids: Sequence[str]) -> dict[str, int]:
        """How many people no reminder can reach, by client; clients without such people are absent."""
        rows = self._connection.execute(
            _SQL["count_without_number"], {"client_ids": list(client_ids)}
        )
        return dict(rows.fetchall())

    def remove(self, user_id: str) -> None:
        """Remove the user; likes and comments are kept by handle, and stay."""
        self._connection.execute(_SQL["remove_user"], {"user_id": user_id})

    def _users(self, query: str, **values: object) -> Users:
        with self._connection.cursor(row_factory=class_row(User)) as cursor:
            return cursor.execute(_SQL[query], values).fetchall()

    @contextmanager
    def _one_holder_a_handle(self) -> Iterator[None]:
        """Services look first and name both; what gets here was typed by two people at the same moment."""
        try:
            with self._connection.transaction():
                yield
                self._connection.execute(_SQL["check_handles"])
        except psycopg.errors.ExclusionViolation as error:
            raise TryLaterError(
                "somebody else gave one of these handles to another user just now",
                hint="nothing was changed; run it again",
            ) from error
