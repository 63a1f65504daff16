"""What is kept of every import, whether of people or of clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImport:
    """An import that changed something: when, from where, by whom, how many, and whether it was taken back."""

    import_id: int
    at: datetime
    source: str
    actor: str
    added: int
    changed: int
    deactivated: int
    refused: int
    undone_at: datetime | None
    undone_by: str | None
