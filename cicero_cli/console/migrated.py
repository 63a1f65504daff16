"""What `cicero db migrate` did: the migrations, and the past days that have other figures now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cicero_cli.console.outcome import Outcome
from cicero_cli.words import Text, join_texts


def migrated_outcome(
    applied: Sequence[str], where: str, moved: Sequence[Mapping[str, Any]]
) -> Outcome:
    """`moved`: a line each for a person, whole in the JSON."""
    text = (
        Text("Applied {applied} to {where}.", applied=", ".join(applied), where=where)
        if applied
        else Text("Nothing to do: {where} is current.", where=where)
    )
    return Outcome(
        text=join_texts([text, *[_told(one) for one in moved]], "\n"),
        document={"database": where, "applied": applied, "moved": moved},
        notes=["past days count who was on the roster then: docs/operations.md"] if moved else [],
    )


def _told(moved: Mapping[str, Any]) -> Text:
    return Text(
        "{client_id} {platform} {day}: {users_before:,} people, {sudah_before:,} sudah before; {users_now:,} people, "
        "{sudah_now:,} sudah now",
        **{name: value for name, value in moved.items() if not isinstance(value, list)},
    )
