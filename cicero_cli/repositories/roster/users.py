"""Rows of `"user"`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.sql_files import load_queries

Users = list[User]  # inside the class, `list` is its method

Handles = Mapping[Platform, Sequence[str]]
NO_HANDLES: Handles = MappingProxyType({})

_SQL = load_queries("users")


class HandleHolder(NamedTuple):
    """An active user and a handle that is this user's."""

    platform: str
    username: str
    user_id: str
    nama: str


class ReminderChoice(NamedTuple):
    """That somebody's reminders were turned off or on."""

    user_id: str
    nama: str
    wants_reminders: bool
    chosen_at: datetime


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

    def with_number(self, number: str) -> Users:
        """The active people who are reached at this number, by client and id."""
        return self._users("list_users_with_number", number=number)

    def reminder_choices(
        self, client_id: str, start: datetime, end: datetime
    ) -> Sequence[ReminderChoice]:
        """The last choice of each of the client's people from `start` up to `end`, by time."""
        span = {"client_id": client_id, "start": start, "end": end}
        rows = self._connection.execute(_SQL["list_reminder_choices"], span)
        return [*map(ReminderChoice._make, rows)]

    def called(self, words: str, handle: str | None) -> Users:
        """Who has this handle, else this name, else these words in the name."""
        return self._users("find_users_called", words=words, handle=handle)

    def removed(self, words: str, handle: str | None) -> Users:
        """Who was removed and had this id, else this handle, this name, these words in the name; with what was on file last."""
        return self._users("find_removed_users", words=words, handle=handle)

    def ids_as_of(self, moment: datetime) -> dict[str, str]:
        """Which id they had then, by today's, of those who have another since."""
        rows = self._connection.execute(_SQL["list_former_ids"], {"moment": moment})
        return dict(rows.fetchall())

    def begun(self, letters: str) -> Sequence[tuple[str, str]]:
        """Ids and handles of active users that begin so, each with the name; the first hundred."""
        return self._connection.execute(_SQL["find_words_begun"], {"letters": letters}).fetchall()

    def lock(self, user_id: str, *, client_id: str | None = None) -> User | None:
        """The user of this id, whom nobody else changes until the transaction ends; None when of another client."""
        return next(iter(self._users("lock_user", user_id=user_id, client_id=client_id)), None)

    def lock_elsewhere(self, user_ids: Sequence[str], client_id: str) -> Users:
        """Who of these is another client's than `client_id`; nobody else changes them until the transaction ends."""
        return self._users("lock_users", user_ids=[*user_ids], client_id=client_id)

    def clients_elsewhere(self, user_ids: Sequence[str], client_id: str) -> dict[str, str]:
        """Which client has which of these ids, those of `client_id` left out."""
        rows = self._connection.execute(
            _SQL["find_clients_of_users"], {"user_ids": [*user_ids], "client_id": client_id}
        )
        return dict(rows.fetchall())

    def handle_holders(self, user: User, extra: Handles = NO_HANDLES) -> Sequence[HandleHolder]:
        """Other active users of the user's client who have one of the user's handles, or of these `extra` ones."""
        asked = [
            (platform.value, handle)
            for platform in Platform
            for handle in (user.username(platform), *extra.get(platform, ()))
            if handle
        ]
        with self._connection.cursor(row_factory=class_row(HandleHolder)) as cursor:
            return cursor.execute(
                _SQL["find_handle_holders"],
                {
                    "platforms": [platform for platform, _ in asked],
                    "usernames": [handle for _, handle in asked],
                    "client_id": user.client_id,
                    "user_id": user.user_id,
                },
            ).fetchall()

    def extra_handles(self, user_id: str) -> dict[Platform, tuple[str, ...]]:
        """What the user uses beside the main handle, by platform."""
        found = self._extra_handles(user_id=user_id).get(user_id, [])
        return {
            platform: tuple(name for of, name in found if of == platform) for platform in Platform
        }

    def extra_handles_of(self, client_id: str) -> dict[str, Sequence[tuple[str, str]]]:
        """Platform and handle of everything that people of a client use beside the main handle, by user id."""
        return self._extra_handles(client_id=client_id)

    def set_extra_handles(self, user_id: str, platform: Platform, handles: Sequence[str]) -> None:
        """These and no others are used there beside the main one."""
        with self._one_holder_a_handle():
            self._connection.execute(
                _SQL["set_extra_handles"],
                {"user_id": user_id, "platform": platform.value, "usernames": [*handles]},
            )

    def _extra_handles(
        self, *, client_id: str | None = None, user_id: str | None = None
    ) -> dict[str, Sequence[tuple[str, str]]]:
        rows = self._connection.execute(
            _SQL["list_extra_handles"], {"client_id": client_id, "user_id": user_id}
        ).fetchall()
        found: dict[str, Sequence[tuple[str, str]]] = {}
        for owner, platform, handle in rows:
            found[owner] = [*found.get(owner, []), (platform, handle)]
        return found

    def titles_and_divisions(self, client_id: str) -> dict[str, Sequence[str]]:
        """The ranks (`title`) and divisions (`divisi`) that users of the client have, each once."""
        rows = self._connection.execute(
            _SQL["list_titles_and_divisions"], {"client_id": client_id}
        ).fetchall()
        return {
            "title": sorted({title for title, _ in rows if title}),
            "divisi": sorted({division for _, division in rows if division}),
        }

    def list_former_handles(
        self, user_id: str, platform: Platform, as_of: datetime | None = None
    ) -> Sequence[str]:
        """Handles that the user had there before and has no longer, the latest first; by what was known at `as_of`."""
        rows = self._connection.execute(
            _SQL["list_former_handles"],
            {
                "user_id": user_id,
                "platform": platform.value,
                "as_of": as_of or datetime.max.replace(tzinfo=UTC),
            },
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

    def save_all(self, users: Sequence[User], *, coming: Sequence[str] = ()) -> int:
        """Add or overwrite users of one client in one statement; two may swap handles, a refusal stays. `coming` are those who were
        another client's.

        How many were written: fewer than given when another client has an id.
        """
        columns = {field.name: [getattr(u, field.name) for u in users] for field in fields(User)}
        with self._one_holder_a_handle():
            return self._connection.execute(
                _SQL["save_users"], {**columns, "coming": [*coming]}
            ).rowcount

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
