"""The units of a directorate: each one's people against the directorate's posts (docs/adr/0026)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cicero_cli.domain.attendance.absensi import Attendance, Status, UserAttendance


class UnitSummary(NamedTuple):
    """One unit's counts: `sudah`, `belum` and `tanpa_username` add up to `users`; the exempt are among `sudah`.

    `share` is that of sudah among the users, None where there is nobody. The names are those of the JSON.
    """

    client_id: str
    nama: str
    users: int
    sudah: int
    belum: int
    tanpa_username: int
    dikecualikan: int
    share: float | None


def sum_up_units(attendance: Attendance) -> list[UnitSummary]:
    """Every unit of the audience by id, those without people too; without an audience the client itself is its unit."""
    people: dict[str, list[UserAttendance]] = defaultdict(list)
    for user in attendance.users:
        people[user.client_id or attendance.client_id].append(user)
    names = attendance.units or {attendance.client_id: attendance.client_id}
    return [
        _sum_up(unit, names.get(unit, unit), people[unit]) for unit in sorted({*names, *people})
    ]


def _sum_up(client_id: str, nama: str, users: Sequence[UserAttendance]) -> UnitSummary:
    sudah = sum(user.sudah for user in users)
    without = sum(user.status is Status.TANPA_USERNAME and not user.sudah for user in users)
    return UnitSummary(
        client_id=client_id,
        nama=nama,
        users=len(users),
        sudah=sudah,
        belum=len(users) - sudah - without,
        tanpa_username=without,
        dikecualikan=sum(user.status is Status.DIKECUALIKAN for user in users),
        share=sudah / len(users) if users else None,
    )
