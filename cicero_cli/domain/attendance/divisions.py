"""The divisions of a report: the part that is about some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cicero_cli.domain.attendance.absensi import Attendance, summarise
from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.roster.ranks import division_key


def only_divisions(attendance: Attendance, divisi: Iterable[str]) -> Attendance:
    """The same posts, of these divisions' people alone; of a directorate's units those that have any."""
    keys = {*map(division_key, divisi)}
    users = tuple(user for user in attendance.users if division_key(user.divisi) in keys)
    units = attendance.units
    if units is not None:
        present = {user.client_id for user in users}
        units = {unit: nama for unit, nama in units.items() if unit in present}
    summary = summarise(users, posts=len(attendance.posts))
    return replace(attendance, users=users, summary=summary, units=units)


def stretches_of(stretches: Iterable[Stretch], divisi: Iterable[str]) -> list[Stretch]:
    """What was done as one of these divisions: who was in another one for a while counts for the days with them."""
    keys = {*map(division_key, divisi)}
    return [stretch for stretch in stretches if division_key(stretch.divisi) in keys]
