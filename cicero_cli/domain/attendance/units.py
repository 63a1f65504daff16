"""The units of a directorate: each one's people against the directorate's posts (docs/adr/0026)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    Status,
    UserAttendance,
    summarise,
)
from cicero_cli.domain.roster.ranks import division_key, report_order


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


def sum_up_divisions(attendance: Attendance) -> list[UnitSummary]:
    """The same counts of every division in report order, its name in place of the unit's; empty for who has none."""
    people: dict[str, list[UserAttendance]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for user in attendance.users:
        key = division_key(user.divisi)
        spelled.setdefault(key, user.divisi or "")
        people[key].append(user)
    keys = sorted(people, key=lambda key: report_order(spelled[key], None, ""))
    return [_sum_up("", spelled[key], people[key]) for key in keys]


def rank_units(units: Iterable[UnitSummary]) -> list[tuple[int, UnitSummary]]:
    """Each with its place, the largest share first; equal shares have the same place, who has nobody the last."""
    ranked = sorted(units, key=lambda unit: (-_share(unit), unit.client_id))
    places: dict[Fraction, int] = {}
    for number, unit in enumerate(ranked, start=1):
        places.setdefault(_share(unit), number)
    return [(places[_share(unit)], unit) for unit in ranked]


def only_unit(attendance: Attendance, unit_id: str) -> Attendance:
    """The same posts, of this unit's own people alone."""
    users = tuple(user for user in attendance.users if user.client_id == unit_id)
    return replace(
        attendance,
        users=users,
        summary=summarise(users, posts=len(attendance.posts)),
        units=None,
    )


def _share(unit: UnitSummary) -> Fraction:
    return Fraction(unit.sudah, unit.users) if unit.users else Fraction(-1)


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
