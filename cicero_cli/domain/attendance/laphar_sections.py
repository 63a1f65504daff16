"""What a laphar's template is given of one platform: its counts, posts, units and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cicero_cli.domain.attendance.absensi import Attendance, Status, UserAttendance
from cicero_cli.domain.attendance.laphar_lines import (
    clean_text,
    heading_of,
    number_lines,
    write_lines,
)
from cicero_cli.domain.attendance.laphar_sentences import (
    coverage_sentence,
    evening_of,
    late_sentence,
)
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.attendance.units import (
    UnitSummary,
    rank_units,
    sum_up_divisions,
    sum_up_units,
)
from cicero_cli.domain.periods import format_time_indonesian
from cicero_cli.domain.roster.clients import Client

LONG_REPORT = 100
"""From so many people on a report leads with its divisions."""


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
    divisions: tuple[
        UnitPart, ...
    ]  # of a long report that has no units, in report order; else none
    required: int  # posts that make a user sudah
    users: int
    sudah: int
    belum: int
    lengkap: int  # of those two, by what they have done: all, some, none
    kurang: int
    nol: int
    tanpa_username: int
    dikecualikan: int
    sudah_share: str  # of all users: `73,1%`
    coverage: str  # one sentence when not everything could be read, else empty
    late: str  # one sentence when posts of this day are left to the next, else empty
    sudah_list: str
    belum_list: str
    lengkap_list: str  # these three in place of the two before, where the mode is akumulasi
    kurang_list: str
    nol_list: str
    tanpa_username_list: str
    dikecualikan_list: str


def write_section(
    client: Client,
    attendance: Attendance,
    mode: LapharMode,
    engaged: Mapping[str, frozenset[str]] | None,
    *,
    action: str,
    is_same_day: bool,
) -> Section:
    """`engaged`, by post key the ids of who has done it, makes the lists per post."""
    users, units = attendance.users, attendance.units
    judged = _judged(attendance)
    sudah = [user for user in judged if user.sudah]
    belum = [user for user in judged if not user.sudah]
    by_status: dict[Status, list[UserAttendance]] = {status: [] for status in Status}
    for user in users:
        by_status[user.status].append(user)
    without, exempt = by_status[Status.TANPA_USERNAME], by_status[Status.DIKECUALIKAN]
    has_posts = bool(attendance.posts)
    by_day = has_posts and engaged is None

    def people(group: list[UserAttendance], *, is_wanted: bool, progress: bool = False) -> str:
        if not is_wanted:
            return ""
        return number_lines(write_lines(group, with_progress=progress, units=units))

    accumulated = by_day and mode is LapharMode.AKUMULASI
    return Section(
        platform=attendance.platform.label,
        action=action,
        is_listed=attendance.is_listed,
        posts=_post_parts(client, attendance, mode, engaged),
        units=_unit_parts(attendance),
        divisions=_division_parts(attendance),
        required=attendance.required,
        users=len(users),
        sudah=len(sudah) + len(exempt),
        belum=len(belum),
        lengkap=len(by_status[Status.LENGKAP]),
        kurang=len(by_status[Status.KURANG]),
        nol=len(by_status[Status.BELUM]),
        tanpa_username=len(without),
        dikecualikan=len(exempt),
        sudah_share=percent_indonesian(len(sudah) + len(exempt), len(users)),
        coverage=coverage_sentence(attendance.coverage, action),
        late=late_sentence(attendance, is_same_day=is_same_day),
        sudah_list=people(sudah, is_wanted=by_day and mode.has_sudah, progress=True),
        belum_list=people(belum, is_wanted=by_day and mode.has_belum, progress=True),
        lengkap_list=people(by_status[Status.LENGKAP], is_wanted=accumulated, progress=True),
        kurang_list=people(by_status[Status.KURANG], is_wanted=accumulated, progress=True),
        nol_list=people(by_status[Status.BELUM], is_wanted=accumulated, progress=True),
        tanpa_username_list=people(without, is_wanted=has_posts and mode.has_without),
        dikecualikan_list=people(exempt, is_wanted=has_posts),
    )


def _post_parts(
    client: Client,
    attendance: Attendance,
    mode: LapharMode,
    engaged: Mapping[str, frozenset[str]] | None,
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
        _unit_part(place, clean_text(unit.nama), unit)
        for place, unit in rank_units(sum_up_units(attendance))
    )


def _division_parts(attendance: Attendance) -> tuple[UnitPart, ...]:
    if attendance.units is not None or len(attendance.users) < LONG_REPORT:
        return ()
    divisions = sum_up_divisions(attendance)
    return tuple(
        _unit_part(place, heading_of(one.nama), one)
        for place, one in enumerate(divisions, start=1)
        if len(divisions) > 1
    )


def _unit_part(place: int, name: str, unit: UnitSummary) -> UnitPart:
    return UnitPart(
        place=place,
        name=name,
        users=unit.users,
        sudah=unit.sudah,
        belum=unit.belum,
        tanpa_username=unit.tanpa_username,
        share=percent_indonesian(unit.sudah, unit.users),
    )


def _judged(attendance: Attendance) -> list[UserAttendance]:
    """Who is in the lists of sudah and belum; the others are listed apart."""
    without, exempt = Status.TANPA_USERNAME, Status.DIKECUALIKAN
    return [
        user
        for user in attendance.users
        if user.status is not without and user.status is not exempt
    ]
