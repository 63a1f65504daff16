"""The unit of a directorate that a page is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.exceptions import HTTPException

from cicero_cli.domain.attendance.absensi import Attendance


class Unit(NamedTuple):
    """One unit of an audience, as `satker` in an address names it."""

    client_id: str
    nama: str


def list_units(attendances: Sequence[Attendance]) -> list[Unit]:
    """The units of these attendances by id; none of a plain client."""
    names = {key: nama for one in attendances for key, nama in (one.units or {}).items()}
    return [Unit(key, names[key]) for key in sorted(names)]


def chosen_unit(attendances: Sequence[Attendance], satker: str) -> Unit | None:
    """The unit that is named, None when none is; 404 for one that is not of the audience."""
    typed = satker.strip().upper()
    if not typed:
        return None
    for unit in list_units(attendances):
        if unit.client_id == typed:
            return unit
    raise HTTPException(404)
