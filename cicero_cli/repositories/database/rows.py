"""Reading what a statement gives."""

from __future__ import annotations

from typing import TypeVar

from cicero_cli.errors import DatabaseError

Row = TypeVar("Row")


def sure_row(row: Row | None) -> Row:
    """The row of a statement that always gives one: it ends in RETURNING, or counts."""
    if row is None:
        raise DatabaseError("a statement that always gives a row gave none")
    return row
