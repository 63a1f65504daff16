"""What the commands share that cron wakes with `--due`: which options cannot stand beside it, and what is said of lateness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cicero_cli.console.remarks import say
from cicero_cli.domain.schedule import DueSlot
from cicero_cli.errors import InputError
from cicero_cli.words import Text


def refuse_beside_due(options: Mapping[str, object]) -> None:
    """InputError for an option that says when or to whom, which `--due` decides itself."""
    for option, value in options.items():
        if value:
            raise InputError(
                "--due decides by itself what is due: leave {option} out", option=option
            )


def say_late(due: Mapping[str, DueSlot], *, now: datetime) -> None:
    """One line for each slot that cron should have begun before, as after a power cut."""
    late: dict[datetime, list[str]] = {}
    for client_id, slot in due.items():
        if slot.is_late(now):
            late.setdefault(slot.starts_at, []).append(client_id)
    for starts_at, client_ids in late.items():
        say(
            Text(
                "late: due at {time}, {minutes} minutes ago, for {clients}",
                time=f"{starts_at:%H:%M %Z}",
                minutes=int((now - starts_at).total_seconds() // 60),
                clients=", ".join(client_ids),
            )
        )
