"""Made-up days that reach every branch of every wording, an ordinary one first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, TypedDict

from cicero_cli.domain.attendance.absensi import PostSummary, Standing, take_attendance
from cicero_cli.domain.attendance.laphar import laphar_variables
from cicero_cli.domain.attendance.period_recap import Stretch, take_recap
from cicero_cli.domain.attendance.period_text import period_variables
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.attendance.tugas import NOTHING_TOLD, Doubt, Task, ToldTasks, compare_tasks
from cicero_cli.domain.attendance.tugas_text import tasks_variables
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.messaging.slots import Stage
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import name_day_off


class ReminderVariables(TypedDict):
    """What a reminder's template is given."""

    greeting: str
    name: str
    client: str
    day: str
    stage: str
    insta: list[str]
    tiktok: list[str]
    left: int


def laphar_examples() -> Iterator[dict[str, Any]]:
    moments = (_NIGHT, datetime(2026, 11, 22, 14, tzinfo=UTC))  # of the day itself, and later
    for moment, has_engaged, scope, mode, (standings, posts, is_listed) in product(
        moments, (False, True), (Scope.SEMUA, Scope.INSTA), LapharMode, _SITUATIONS
    ):
        is_odd = mode is LapharMode.SUDAH
        attendances = [
            take_attendance(
                _CLIENT,
                _DAY,
                platform,
                [_post(platform, number, days_ago=is_odd) for number in range(1, posts + 1)],
                standings,
                is_listed=is_listed,
                unreadable=0 if is_listed else 1,
                day_off="Minggu" if is_odd else None,
                late_posts=[_post(platform, 3)] if is_odd else (),
            )
            for platform in scope.platforms
        ]
        engaged = {platform: {"K1": frozenset({"85010001"})} for platform in scope.platforms}
        yield laphar_variables(
            _CLIENT,
            attendances,
            moment=moment,
            mode=mode,
            engaged=engaged if has_engaged else None,
        )


def directorate_examples() -> Iterator[dict[str, Any]]:
    for mode, has_engaged, posts, unit in product(
        LapharMode, (False, True), (2, 0), (None, "POLRES_A")
    ):
        whole = take_attendance(
            _CLIENT,
            _DAY,
            Platform.INSTA,
            [_post(Platform.INSTA, number) for number in range(1, posts + 1)],
            [one._replace(client_id="POLRES_A") for one in _TEAM],
            units={"POLRES_A": "Polres A", "POLRES_B": "Polres B"},
        )
        yield laphar_variables(
            _CLIENT,
            [only_unit(whole, unit) if unit else whole],
            moment=_NIGHT,
            mode=mode,
            engaged={Platform.INSTA: {"K1": frozenset({"85010001"})}} if has_engaged else None,
            unit_name="Polres A" if unit else "",
        )


def reminder_examples() -> Iterator[dict[str, Any]]:
    links = {platform: [_post(platform, number).url for number in (1, 2)] for platform in Platform}
    for stage, scope in product(Stage, reversed(Scope)):
        left = [links[platform] if platform in scope.platforms else [] for platform in Platform]
        yield {
            **ReminderVariables(
                greeting="Selamat siang",
                name="BRIPKA Joko Susilo",
                client="Polres Contoh",
                day=format_day_indonesian(_DAY),
                stage=stage.value,
                insta=left[0],
                tiktok=left[1],
                left=sum(map(len, left)),
            )
        }


def period_examples() -> Iterator[dict[str, Any]]:
    period = read_period("minggu-lalu", today=_DAY)
    for scope, stretches, units, missing in product(
        (Scope.SEMUA, Scope.INSTA), (_WEEK, (), _WEEK[2:]), (1, 2), ((), (_DAY,))
    ):
        recaps = [
            take_recap(
                _CLIENT.client_id,
                platform,
                period,
                stretches,
                stretches[:1],
                posts=14,
                days_without_data=missing,
                units=dict([("POLRES_A", "Polres A"), ("POLRES_B", "Polres B")][:units]),
                has_units=units > 1,
                days_off=[name_day_off(day, None) for day in missing],
            )
            for platform in scope.platforms
        ]
        yield period_variables(_CLIENT, recaps, moment=_NIGHT)


def tugas_examples() -> Iterator[dict[str, Any]]:
    insta, tiktok = (
        tuple(
            Task(
                platform=platform,
                key=post.key,
                published_at=post.published_at,
                caption=caption,
                url=post.url,
            )
            for number, caption in ((1, "Apel pagi di halaman Mapolres"), (2, ""))
            for post in (_post(platform, number),)
        )
        for platform in Platform
    )
    moments = (datetime(2026, 11, 21, 5, tzinfo=UTC), datetime(2026, 11, 22, 14, tzinfo=UTC))
    doubts = (Doubt(Platform.INSTA, unreadable=1), Doubt(Platform.TIKTOK, is_listed=False))
    for moment, tasks, told, doubtful in product(
        moments,
        (insta + tiktok[:1], insta, ()),
        (insta[:1], insta[:1] + tiktok[1:], ()),
        ((), doubts),
    ):
        before = ToldTasks(1, told) if told else NOTHING_TOLD
        yield tasks_variables(compare_tasks(_CLIENT, _DAY, tasks, before, doubtful), moment=moment)


def _post(platform: Platform, number: int, *, days_ago: int = 0) -> PostSummary:
    urls = {
        Platform.INSTA: f"https://www.instagram.com/p/K{number}/",
        Platform.TIKTOK: f"https://www.tiktok.com/@polres.contoh/video/730{number}",
    }
    return PostSummary(
        key=f"K{number}",
        url=urls[platform],
        published_at=datetime(2026, 11, 21 - days_ago, 1 + number, 5, tzinfo=UTC),
        listed=90,
        total=100,
        fetched_at=_NIGHT,
    )


_DAY = date(2026, 11, 21)
_NIGHT = datetime(2026, 11, 21, 14, tzinfo=UTC)
_CLIENT = Client(client_id="POLRES_CONTOH", nama="Polres Contoh", posts_until="20:00")
_TEAM = (
    Standing("85010001", "Budi Santoso", "AKP", "SAT LANTAS", "budi.s", exception=False, done=2),
    Standing("85010002", "Joko Susilo", "BRIPKA", "SAT LANTAS", "joko", exception=False, done=0),
    Standing("85010003", "Rini", None, None, "rini", exception=False, done=0),
    Standing("85010004", "Adi Nugroho", "KOMPOL", "BAG OPS", None, exception=False, done=0),
    Standing("85010005", "Tono", "AKBP", "BAG OPS", "tono", exception=True, done=0),
)
_WEEK = (
    Stretch("85010001", "Budi Santoso", "AKP", "SAT LANTAS", "POLRES_A", 14, 14, 7, 7),
    Stretch("85010002", "Joko Susilo", "BRIPKA", "BAG OPS", "POLRES_B", 3, 14, 1, 7),
    Stretch("85010005", "Tono", "AKBP", "BAG OPS", "POLRES_A", 0, 0, 0, 0),
)
_SITUATIONS = (  # who there is, how many posts, whether they were listed
    (_TEAM, 2, True),
    (_TEAM, 0, True),
    (_TEAM, 0, False),
    ((), 2, True),
    (_TEAM[:1], 2, True),
    (_TEAM[1:4], 2, True),
)
