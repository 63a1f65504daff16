"""A sheet as Google's API gives it: texts, numbers and booleans become rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow

_EXACT_BELOW = 2**53  # Google's numbers are floats: from here on whole ones are rounded


def sheet_of_values(name: str, values: Sequence[Sequence[Any]]) -> Sheet:
    """The rows that hold anything, with their lines; a number that is no longer exact reads as one, so that it is refused by name."""
    rows = (TableRow(line, [_text(value) for value in row]) for line, row in enumerate(values, 1))
    return Sheet(name, [row for row in rows if any(row.cells)])


def _text(value: Any) -> str:
    match value:
        case bool():
            return "ya" if value else "tidak"
        case int() | float() if abs(value) < _EXACT_BELOW and value == int(value):
            return str(int(value))
        case int() | float():
            return f"{value:.15G}"
    return "" if value is None else " ".join(str(value).split())
