"""Charts as inline SVG: shapes only, coloured by class, so that no style is inline. The figures stand beside them as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    Summary,
    UserAttendance,
    summarise,
)
from cicero_cli.domain.attendance.units import only_unit, rank_units, sum_up_units

_WIDTH = 100.0
NO_DIVISION = "Tanpa satfung"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One division or one unit of an attendance; `value` is what an address says of it."""

    value: str
    name: str
    summary: Summary


def count_units(attendance: Attendance) -> list[Bar]:
    """The units of a directorate, the largest share first; nothing for a plain client."""
    names = attendance.units
    if names is None:
        return []
    return [
        Bar(
            value=unit.client_id,
            name=unit.nama,
            summary=only_unit(attendance, unit.client_id).summary,
        )
        for _, unit in rank_units(sum_up_units(attendance))
    ]


def count_divisions(users: Iterable[UserAttendance], posts: int) -> list[Bar]:
    """The divisions in the order of the report, which the users are in."""
    groups: dict[str, list[UserAttendance]] = {}
    for user in users:
        groups.setdefault(user.divisi or NO_DIVISION, []).append(user)
    return [
        Bar(value=divisi, name=divisi, summary=summarise(people, posts=posts))
        for divisi, people in groups.items()
    ]


def shares(summary: Summary) -> tuple[tuple[str, int], ...]:
    """All users of a day with posts in four parts, named as `Group` does; the exempt are sudah."""
    nothing = summary.belum
    return (
        ("sudah", summary.sudah),
        ("kurang", summary.belum_melaksanakan - nothing),
        ("nol", nothing),
        ("tanpa_username", summary.tanpa_username),
    )


def stacked_bar(counts: Iterable[tuple[str, int]], total: int) -> Markup:
    """A bar of one segment per class; `total` fills it. Hidden from screen readers, for the figures stand beside it."""
    shapes, left = [], 0.0
    for name, count in counts:
        width = _WIDTH * count / total if total else 0.0
        if width:
            shapes.append(
                Markup('<rect class="seg {}" x="{}" y="0" width="{}" height="10"/>').format(
                    name, f"{left:.3f}", f"{width:.3f}"
                )
            )
        left += width
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" x="0" y="0" width="100" height="10"/>{}</svg>'
    ).format(Markup("").join(shapes))
