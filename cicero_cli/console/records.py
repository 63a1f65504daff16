"""Records that are kept one by one: options become fields, and what became of a record is told in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cicero_cli.console.outcome import Outcome

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(
    options: Mapping[str, Any], columns: Mapping[str, str], *, key: str = ""
) -> dict[str, Any]:
    """What was typed, by column: `options` are a command's `locals()`, taken in its first line, before it has others;
    `columns` says which are called otherwise.

    `key`: the argument that names the record instead of changing it.
    """
    return {
        columns.get(option, option): value for option, value in options.items() if option != key
    }


def added_outcome(record: DataclassInstance, line: str, *, notes: Sequence[str] = ()) -> Outcome:
    """A record that is new: itself for a script, a line for a person."""
    row = asdict(record)
    return Outcome(rows=[row], document=row, text=line, notes=notes)


def removed_outcome(line: str, record_id: str) -> Outcome:
    """A record that is gone."""
    return Outcome(text=line, document={"removed": record_id})
