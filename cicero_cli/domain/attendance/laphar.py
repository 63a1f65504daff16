"""The laphar (laporan harian): an attendance as an Indonesian WhatsApp message.

The wording is a Jinja2 template, `laphar.txt.j2`, that a unit may replace by its own; the long lists reach it as
finished text, for a template that loops over 28,000 people would be slow. What a template may use:

`greeting`      Selamat pagi, siang, sore or malam
`client`        the client's name
`day`           the reported day: `Sabtu, 21 November 2026`
`moment`        the moment of the report: `Sabtu, 21 November 2026, pukul 21.00 WIB`
`is_same_day`   whether that moment lies in the reported day
`day_off`       why the day is off: a holiday's name or the day of the week; else empty
`mode`          `belum`, `sudah` or `semua`: which lists were asked for
`per_konten`    whether the lists are per post
`unit_name`     whose people alone are reported, of a directorate's posts; else empty
`sections`      one `Section` per platform, Instagram first
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypedDict

from cicero_cli.domain.attendance.absensi import Attendance, Status, UserAttendance
from cicero_cli.domain.attendance.laphar_lines import clean_text, number_lines, write_lines
from cicero_cli.domain.attendance.laphar_sentences import (
    coverage_sentence,
    evening_of,
    late_sentence,
)
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.attendance.units import rank_units, sum_up_units
from cicero_cli.domain.periods import (
    format_day_indonesian,
    format_moment_indonesian,
    format_time_indonesian,
    greeting_at,
    local_day,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

LAPHAR_TEMPLATE = "laphar.txt.j2"
Engaged = Mapping[str, frozenset[str]]  # by post key: the ids of the users who have done it

ACTIONS = {Platform.INSTA: "like", Platform.TIKTOK: "komentar"}


class TemplateOptions(TypedDict):
    """How a laphar template is to be compiled; StrictUndefined is the caller's to add."""

    autoescape: bool
    trim_blocks: bool
    lstrip_blocks: bool


# The message is no HTML, so nothing is escaped.
TEMPLATE_OPTIONS = TemplateOptions(autoescape=False, trim_blocks=True, lstrip_blocks=True)


class Template(Protocol):
    """A compiled Jinja2 template."""

    def render(self, *args: Any, **kwargs: Any) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPart:
    """One post for the template. What is below `time` is filled for a report per post only."""

    number: int
    url: str
    time: str  # of publication: `09.05 WIB`
    evening: str = ""  # of the day before, which left it to this one: `Jumat, 20.55 WIB`
    sudah: int = 0
    belum: int = 0
    sudah_list: str = ""
    belum_list: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPart:
    """One unit of a directorate for the template; the counts as in `Section`."""

    place: int  # 1 for the largest share; equal ones have the same
    name: str
    users: int
    sudah: int
    belum: int
    tanpa_username: int
    share: str  # of sudah: `73,1%`


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One platform for the template.

    `sudah`, `belum` and `tanpa_username` add up to `users`; `dikecualikan` are among `sudah`, but listed apart. The
    lists are finished text in report order, empty when nobody is in them, the mode leaves them out, or there are no posts.
    """

    platform: str  # Instagram, TikTok
    action: str  # like, komentar
    is_listed: (
        bool  # false: the day's posts were never fetched, so that there being none says nothing
    )
    posts: tuple[PostPart, ...]
    units: tuple[UnitPart, ...]  # of a directorate, ranked by share; else none
    required: int  # posts that make a user sudah
    users: int
    sudah: int
    belum: int
    tanpa_username: int
    dikecualikan: int
    sudah_share: str  # of all users: `73,1%`
    coverage: str  # one sentence when not everything could be read, else empty
    late: str  # one sentence when posts of this day are left to the next, else empty
    sudah_list: str
    belum_list: str
    tanpa_username_list: str
    dikecualikan_list: str


def render_laphar(
    template: Template,
    client: Client,
    attendances: Sequence[Attendance],
    *,
    moment: datetime,
    mode: LapharMode = LapharMode.BELUM,
    engaged: Mapping[Platform, Engaged] | None = None,
    unit_name: str = "",
) -> str:
    """The message for one client and day, of one platform or of both in the order given.

    `moment` is the time shown: now, or what --as-of says. `engaged` makes the lists per post; a post that it does not
    name was done by nobody. Empty lines that a template leaves are tidied: one at most, none at the ends.
    """
    text = template.render(
        **laphar_variables(
            client, attendances, moment=moment, mode=mode, engaged=engaged, unit_name=unit_name
        )
    )
    return tidy_lines(text) + "\n"


def tidy_lines(text: str) -> str:
    """Without the empty lines that a template leaves: one at most, none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def laphar_variables(
    client: Client,
    attendances: Sequence[Attendance],
    *,
    moment: datetime,
    mode: LapharMode,
    engaged: Mapping[Platform, Engaged] | None = None,
    unit_name: str = "",
) -> dict[str, Any]:
    """What the template is given (see above)."""
    day = attendances[0].day
    is_same_day = local_day(moment, client.zone) == day
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "day": format_day_indonesian(day),
        "moment": format_moment_indonesian(moment, client.zone),
        "is_same_day": is_same_day,
        "day_off": clean_text(attendances[0].day_off or ""),
        "mode": mode.value,
        "per_konten": engaged is not None,
        "unit_name": clean_text(unit_name),
        "sections": [
            _section(
                client,
                attendance,
                mode,
                None if engaged is None else engaged.get(attendance.platform, {}),
                is_same_day=is_same_day,
            )
            for attendance in attendances
        ],
    }


def _section(
    client: Client,
    attendance: Attendance,
    mode: LapharMode,
    engaged: Engaged | None,
    *,
    is_same_day: bool,
) -> Section:
    action = ACTIONS[attendance.platform]
    judged = _judged(attendance)
    without = [user for user in attendance.users if user.status is Status.TANPA_USERNAME]
    exempt = [user for user in attendance.users if user.status is Status.DIKECUALIKAN]
    sudah = [user for user in judged if user.sudah]
    belum = [user for user in judged if not user.sudah]
    has_posts = bool(attendance.posts)
    by_day = has_posts and engaged is None
    units = attendance.units
    return Section(
        platform=attendance.platform.label,
        action=action,
        is_listed=attendance.is_listed,
        posts=_post_parts(client, attendance, mode, engaged),
        units=_unit_parts(attendance),
        required=attendance.required,
        users=len(attendance.users),
        sudah=len(sudah) + len(exempt),
        belum=len(belum),
        tanpa_username=len(without),
        dikecualikan=len(exempt),
        sudah_share=percent_indonesian(len(sudah) + len(exempt), len(attendance.users)),
        coverage=coverage_sentence(attendance.coverage, action),
        late=late_sentence(attendance, is_same_day=is_same_day),
        sudah_list=number_lines(write_lines(sudah, with_progress=True, units=units))
        if by_day and mode.has_sudah
        else "",
        belum_list=number_lines(write_lines(belum, with_progress=True, units=units))
        if by_day and mode.has_belum
        else "",
        tanpa_username_list=number_lines(write_lines(without, units=units))
        if has_posts and mode.has_belum
        else "",
        dikecualikan_list=number_lines(write_lines(exempt, units=units)) if has_posts else "",
    )


def _post_parts(
    client: Client,
    attendance: Attendance,
    mode: LapharMode,
    engaged: Engaged | None,
) -> tuple[PostPart, ...]:
    parts = [
        PostPart(
            number=number,
            url=post.url,
            time=format_time_indonesian(post.published_at, client.zone),
            evening=evening_of(post, attendance.day, client.zone),
        )
        for number, post in enumerate(attendance.posts, start=1)
    ]
    if engaged is None:
        return tuple(parts)
    exempt = attendance.summary.dikecualikan
    lines = write_lines(_judged(attendance), units=attendance.units)
    for index, post in enumerate(attendance.posts):
        done_by = engaged.get(post.key, frozenset())
        sudah = [line for line in lines if line[3] in done_by]
        belum = [line for line in lines if line[3] not in done_by]
        parts[index] = replace(
            parts[index],
            sudah=len(sudah) + exempt,
            belum=len(belum),
            sudah_list=number_lines(sudah) if mode.has_sudah else "",
            belum_list=number_lines(belum) if mode.has_belum else "",
        )
    return tuple(parts)


def _unit_parts(attendance: Attendance) -> tuple[UnitPart, ...]:
    if attendance.units is None:
        return ()
    return tuple(
        UnitPart(
            place=place,
            name=clean_text(unit.nama),
            users=unit.users,
            sudah=unit.sudah,
            belum=unit.belum,
            tanpa_username=unit.tanpa_username,
            share=percent_indonesian(unit.sudah, unit.users),
        )
        for place, unit in rank_units(sum_up_units(attendance))
    )


def _judged(attendance: Attendance) -> list[UserAttendance]:
    """Who is in the lists of sudah and belum; the others are listed apart."""
    without, exempt = Status.TANPA_USERNAME, Status.DIKECUALIKAN
    return [
        user
        for user in attendance.users
        if user.status is not without and user.status is not exempt
    ]
