"""Whoever is turned away at the door is counted; the audit log names the first ones of each hour.

So it can be read after a flood, and senders with ever new names do not fill the disk.
"""

from __future__ import annotations

from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store

_NAMED_PER_HOUR = 1000


def note_refusal(store: Store, kind: str, by: Actor, *, subject: str | None = None) -> None:
    """Count it, and say who it was in the audit log unless that happens all the time."""
    refused = store.refusals.count(kind, now=by.at)
    if refused <= _NAMED_PER_HOUR:
        details = {"more": "only counted"} if refused == _NAMED_PER_HOUR else None
        store.audit.add(kind, by, subject=subject or by.name, details=details)
