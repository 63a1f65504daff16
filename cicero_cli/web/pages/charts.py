"""Charts as inline SVG: shapes only, coloured by class, so that no style is inline. The figures stand beside them as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from cicero_cli.domain.attendance.absensi import Status, Summary, UserAttendance

_WIDTH = 100.0
NO_DIVISION = "Tanpa satfung"


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionBar:
    """One division of an attendance."""

    divisi: str
    summary: Summary


def count_divisions(users: Iterable[UserAttendance], posts: int) -> list[DivisionBar]:
    """The divisions in the order of the report, which the users are in."""
    groups: dict[str, list[UserAttendance]] = {}
    for user in users:
        groups.setdefault(user.divisi or NO_DIVISION, []).append(user)
    return [
        DivisionBar(divisi=divisi, summary=_summarise(people, posts))
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


def _summarise(people: list[UserAttendance], posts: int) -> Summary:
    statuses = [person.status for person in people]
    return Summary(
        users=len(people),
        posts=posts,
        sudah=sum(person.sudah for person in people),
        **{status.value: statuses.count(status) for status in Status},
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
