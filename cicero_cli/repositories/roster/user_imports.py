"""Rows of `user_import` and `user_import_change`: the imports of people, and what each of them changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.import_changes import DaysSince, ImportChange
from cicero_cli.domain.roster.import_undo import Patch
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.kept_imports import KeptImport

_SQL = load_queries("user_imports")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserImport(KeptImport):
    """An import of people for one client. `day` is the client's."""

    client_id: str
    day: date


class UserImportRepository:
    """The imports of people."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self,
        client_id: str,
        changes: Sequence[ImportChange],
        *,
        source: str,
        actor: str,
        deactivated_users: int,
        refused_rows: int,
    ) -> int:
        """Keep what this transaction imports; gives the import's id."""
        new_users = sum(change.before is None for change in changes)
        row = self._connection.execute(
            _SQL["add_import"],
            {
                "client_id": client_id,
                "source": source,
                "actor": actor,
                "new_users": new_users,
                "changed_users": len(changes) - new_users - deactivated_users,
                "deactivated_users": deactivated_users,
                "refused_rows": refused_rows,
            },
        ).fetchone()
        assert row is not None  # noqa: S101 # RETURNING of an INSERT
        self._connection.execute(
            _SQL["add_import_changes"],
            {
                "import_id": row[0],
                "user_ids": [change.user_id for change in changes],
                "before": [
                    None if change.before is None else Jsonb(dict(change.before))
                    for change in changes
                ],
                "after": [Jsonb(dict(change.after)) for change in changes],
            },
        )
        return int(row[0])

    def list(self, client_ids: Sequence[str] | None = None, *, limit: int) -> Sequence[UserImport]:
        """The newest first, of these clients or of all."""
        ids = None if client_ids is None else [*client_ids]
        return self._imports("list_imports", client_ids=ids, limit=limit)

    def get(self, import_id: int) -> UserImport | None:
        """The import of this id."""
        return next(iter(self._imports("get_import", import_id=import_id)), None)

    def last(self, client_id: str) -> UserImport | None:
        """The newest of a client that was not taken back."""
        return next(iter(self._imports("find_last_import", client_id=client_id)), None)

    def changes(self, import_id: int) -> Sequence[ImportChange]:
        """What the import changed, by user."""
        with self._connection.cursor(row_factory=class_row(ImportChange)) as cursor:
            return cursor.execute(_SQL["list_import_changes"], {"import_id": import_id}).fetchall()

    def days_since(self, import_id: int) -> Sequence[DaysSince]:
        """What its people were to the client from the import's day on, in order."""
        with self._connection.cursor(row_factory=class_row(DaysSince)) as cursor:
            return cursor.execute(
                _SQL["list_days_since_import"], {"import_id": import_id}
            ).fetchall()

    def patch_days(self, of: UserImport, patches: Sequence[Patch]) -> None:
        """Mend the history of the days since."""
        self._connection.execute(
            _SQL["set_days"],
            {
                "client_id": of.client_id,
                "day": of.day,
                "at": of.at,
                "client_ids": [patch.client_id for patch in patches],
                "user_ids": [patch.user_id for patch in patches],
                "is_new": [patch.is_new for patch in patches],
                "until_days": [patch.until for patch in patches],
                "fields": [Jsonb(dict(patch.fields)) for patch in patches],
            },
        )

    def take_back_handles(
        self,
        of: UserImport,
        user_ids: Collection[str],
        kept: Collection[tuple[str, Platform]],
        former: Collection[str] = (),
    ) -> None:
        """The handles that these got by the import never were theirs, except those that are `kept`; nor did others of their `former`
        clients get what they left.
        """
        self._connection.execute(
            _SQL["take_back_handles"],
            {
                "at": of.at,
                "client_ids": [of.client_id, *former],
                "user_ids": [*user_ids],
                "kept_ids": [user_id for user_id, _ in kept],
                "kept_platforms": [platform.value for _, platform in kept],
            },
        )

    def remove_users(
        self, client_id: str, user_ids: Collection[str], never: Collection[str]
    ) -> None:
        """`user_ids` go; `never` were on no day of the client's."""
        self._connection.execute(_SQL["remove_users"], {"user_ids": [*user_ids]})
        self._connection.execute(_SQL["mark_never"], {"client_id": client_id, "user_ids": [*never]})

    def allow_reminders_again(self, import_id: int, user_ids: Collection[str]) -> set[str]:
        """Reminders for those whom nobody has changed since; gives their ids."""
        rows = self._connection.execute(
            _SQL["allow_reminders_again"], {"import_id": import_id, "user_ids": [*user_ids]}
        )
        return {row[0] for row in rows}

    def mark_undone(self, import_id: int, *, actor: str, now: datetime) -> bool:
        """False when it was taken back already."""
        done = self._connection.execute(
            _SQL["mark_undone"], {"import_id": import_id, "actor": actor, "now": now}
        )
        return done.fetchone() is not None

    def _imports(self, query: str, **values: object) -> Sequence[UserImport]:
        with self._connection.cursor(row_factory=class_row(UserImport)) as cursor:
            return cursor.execute(_SQL[query], values).fetchall()
