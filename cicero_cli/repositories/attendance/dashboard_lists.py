"""Rows as the dashboards list them: JSON arrays that PostgreSQL makes and nobody here reads."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.client_spans import ClientSpan, arrays

_SQL = load_queries("dashboard_lists")


class DashboardListRepository:
    """Clients, users, posts and who did them, as text that is JSON."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def clients(self, client_ids: Sequence[str] | None, *, active_only: bool = False) -> str:
        """These clients, or all (None), by id."""
        ids = None if client_ids is None else [*client_ids]
        return self._text("list_client_rows", client_ids=ids, active_only=active_only)

    def users(self, client_ids: Sequence[str]) -> str:
        """Everybody of these clients, by client and id."""
        return self._text("list_user_rows", client_ids=[*client_ids])

    def audience(self, client_ids: Sequence[str], visible_ids: Sequence[str] | None) -> str:
        """The same and who else is expected on their posts today; numbers and addresses of these clients' people only."""
        return self._text(
            "list_audience_rows",
            client_ids=[*client_ids],
            visible_ids=None if visible_ids is None else [*visible_ids],
        )

    def user(self, user_id: str) -> str:
        """One user, who is there."""
        return self._text("get_user_row", user_id=user_id)

    def posts(self, platform: Platform, spans: Sequence[ClientSpan], *, limit: int) -> str:
        """Posts of the spans, the newest first and at most so many."""
        return self._text("list_post_rows", platform=platform, **arrays(spans), limit=limit)

    def people(self, platform: Platform, spans: Sequence[ClientSpan], *, limit: int) -> str:
        """Posts of the spans, as above, each with its likes or comments."""
        return self._text(f"list_{platform}_people_rows", **arrays(spans), limit=limit)

    def _text(self, query: str, **values: object) -> str:
        row = self._connection.execute(_SQL[query], values).fetchone()
        return str(row[0]) if row else "null"
