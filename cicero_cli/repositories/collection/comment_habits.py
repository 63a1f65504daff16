"""Rows of `comment_habit`: what was learnt of each provider's comments."""

from __future__ import annotations

from datetime import datetime

import psycopg

from cicero_cli.domain.collection.comments import CommentHabits, CommentOrder
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("comment_habits")


class CommentHabitRepository:
    """In which order the comments of a host come, and how many on a page."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def recall(self, host: str, habits: CommentHabits) -> None:
        """Fill in what is known of the host."""
        row = self._connection.execute(_SQL["find_comment_habit"], {"host": host}).fetchone()
        if row is not None:
            order, page_size = row
            habits.order = None if order is None else CommentOrder(order)
            habits.page_size = page_size

    def keep(self, host: str, habits: CommentHabits, *, now: datetime) -> None:
        """Keep what a run has learnt, if it has."""
        self._connection.execute(
            _SQL["keep_comment_habit"],
            {
                "host": host,
                "comment_order": habits.learnt_order,
                "page_size": habits.page_size,
                "now": now,
            },
        )
