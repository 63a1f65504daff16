"""Recipients beside a client's group, operator and super admin: what each gets, and of whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cicero_cli.domain.attendance.scopes import LapharMode


class What(StrEnum):
    """The reports that a recipient can ask for, in the words of the command line."""

    LAPHAR = "laphar"
    REKAP = "rekap"
    TUGAS = "tugas"
    PERINGKAT = "peringkat"


OF_DIVISIONS = (What.LAPHAR, What.REKAP, What.TUGAS)
"""What may go to who gets only a division's part; a ranking is about all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One number or group of one client; the names are those of the JSON.

    `divisi`: only the part of these divisions, none is the whole. `mode` and `at` are for the laphar: its lists, and its own times
    as they are stored; None: as the others have them, at the client's times. `since`: no slot of its own times that began before.
    """

    client_id: str
    recipient: str
    name: str | None
    divisi: list[str]
    what: list[What]
    mode: LapharMode | None
    at: str | None
    since: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Copy:
    """What these recipients get of a report: all of it, or the part of these divisions; in a mode and at times of their own."""

    recipients: tuple[str, ...]
    divisi: tuple[str, ...] = ()
    mode: LapharMode | None = None
    at: str | None = None


def list_copies(everything: list[str], recipients: list[Recipient]) -> list[Copy]:
    """First that of those who get everything; then one for each part, mode and times that others ask for, each recipient once."""
    copies = [Copy(tuple(everything))] if everything else []
    parts: dict[tuple[tuple[str, ...], LapharMode | None, str | None], list[str]] = {}
    for one in recipients:
        if one.recipient not in everything:
            parts.setdefault((tuple(one.divisi), one.mode, one.at), []).append(one.recipient)
    return [*copies, *(Copy(tuple(numbers), *part) for part, numbers in parts.items())]
