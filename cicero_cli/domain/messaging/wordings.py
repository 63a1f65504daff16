"""The wordings that a unit may replace by its own: what each is given, and made-up days to try it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, product
from typing import Any, TypedDict

from cicero_cli.domain.attendance.absensi import PostSummary, Standing, take_attendance
from cicero_cli.domain.attendance.laphar import LAPHAR_TEMPLATE, laphar_variables
from cicero_cli.domain.attendance.period_recap import Stretch, take_recap
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE, period_variables
from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.messaging.ranking_wording import RANKING_VARIABLES, ranking_examples
from cicero_cli.domain.messaging.slots import Stage
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import name_day_off
from cicero_cli.words import template

REMINDER_TEMPLATE = "reminder.txt.j2"


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


@dataclass(frozen=True)
class Wording:
    """A template that cicero renders: what it makes, what it may use (`section.…` and `post.…` in their loops), and
    made-up variables that reach its every branch, an ordinary day first.
    """

    name: str
    makes: str
    variables: Mapping[str, str]
    examples: Callable[[], Iterator[dict[str, Any]]]


def _laphar_examples() -> Iterator[dict[str, Any]]:
    moments = (_NIGHT, datetime(2026, 11, 22, 14, tzinfo=UTC))  # of the day itself, and later
    for moment, has_engaged, scope, mode, (standings, posts, is_listed) in product(
        moments, (False, True), (Scope.SEMUA, Scope.INSTA), LapharMode, _SITUATIONS
    ):
        attendances = [
            take_attendance(
                _CLIENT,
                _DAY,
                platform,
                [_post(platform, number) for number in range(1, posts + 1)],
                standings,
                is_listed=is_listed,
                unreadable=0 if is_listed else 1,
                day_off="Minggu" if mode is LapharMode.SUDAH else None,
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


def _directorate_examples() -> Iterator[dict[str, Any]]:
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


def _reminder_examples() -> Iterator[dict[str, Any]]:
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


def _period_examples() -> Iterator[dict[str, Any]]:
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


def _post(platform: Platform, number: int) -> PostSummary:
    urls = {
        Platform.INSTA: f"https://www.instagram.com/p/K{number}/",
        Platform.TIKTOK: f"https://www.tiktok.com/@polres.contoh/video/730{number}",
    }
    return PostSummary(
        key=f"K{number}",
        url=urls[platform],
        published_at=datetime(2026, 11, 21, 1 + number, 5, tzinfo=UTC),
        listed=90,
        total=100,
        fetched_at=_NIGHT,
    )


_DAY = date(2026, 11, 21)
_NIGHT = datetime(2026, 11, 21, 14, tzinfo=UTC)
_CLIENT = Client(client_id="POLRES_CONTOH", nama="Polres Contoh")
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

_GROUP = {  # a division or a unit of a recap
    "name": template("its name"),
    "users": template("how many of its people were expected on some day"),
    "done": template("how many of the expected likes or comments were made"),
    "total": template("how many were expected"),
    "share": template("the one of the other: 73,1%; empty when none was expected"),
    "change": template("naik 2,1, turun 0,4 or tetap against the days before; else empty"),
}

WORDINGS = (
    Wording(
        LAPHAR_TEMPLATE,
        template("the daily report"),
        {
            "greeting": template("Selamat pagi, siang, sore or malam"),
            "client": template("the client's name"),
            "day": template("the reported day: Sabtu, 21 November 2026"),
            "moment": template("the report's moment: Sabtu, 21 November 2026, pukul 21.00 WIB"),
            "is_same_day": template("whether that moment lies in the reported day"),
            "day_off": template("why the day is off: a holiday or Minggu; else empty"),
            "mode": template("belum, sudah or semua: which lists were asked for"),
            "per_konten": template("whether the lists are per post"),
            "unit_name": template(
                "the unit whose people alone are reported, of a directorate's posts; else empty"
            ),
            "sections": template("one for each platform, Instagram first"),
            "section.platform": template("Instagram or TikTok"),
            "section.action": template("like or komentar"),
            "section.is_listed": template("false: the day's posts were never fetched"),
            "section.posts": template("the day's posts, oldest first"),
            "section.units": template("the units of a directorate, ranked by share; else none"),
            "section.required": template("posts that make a user sudah"),
            "section.users": template("how many users there are"),
            "section.sudah": template("how many have done enough, the exempt among them"),
            "section.belum": template("how many have not"),
            "section.tanpa_username": template("how many have no handle"),
            "section.dikecualikan": template("how many are exempt"),
            "section.sudah_share": template("the share of sudah: 73,1%"),
            "section.coverage": template("one sentence when not everything could be read"),
            "section.sudah_list": template("their names, finished; empty per post"),
            "section.belum_list": template("the names of who has not; empty per post"),
            "section.tanpa_username_list": template("the names of who has no handle"),
            "section.dikecualikan_list": template("the names of the exempt"),
            "unit.place": template("1 for the largest share; equal shares have the same"),
            "unit.name": template("the unit's name"),
            "unit.users": template("how many of its people are expected"),
            "unit.sudah": template("how many of them have done enough, the exempt among them"),
            "unit.belum": template("how many of them have not"),
            "unit.tanpa_username": template("how many of them have no handle"),
            "unit.share": template("the share of sudah: 73,1%"),
            "post.number": template("1 for the oldest"),
            "post.url": template("where to open it"),
            "post.time": template("when it was published: 09.05 WIB"),
            "post.sudah": template("how many have done it; only per post"),
            "post.belum": template("how many have not; only per post"),
            "post.sudah_list": template("names of who has done it; only per post"),
            "post.belum_list": template("names of who has not; only per post"),
        },
        lambda: chain(_laphar_examples(), _directorate_examples()),
    ),
    Wording(
        PERIOD_TEMPLATE,
        template("the recap of a period"),
        {
            "greeting": template("Selamat pagi, siang, sore or malam"),
            "client": template("the client's name"),
            "period": template("the days: Senin, 16 November 2026 s.d. Minggu, 22 November 2026"),
            "before": template("the days that they are compared with, likewise"),
            "moment": template("when it was made: Senin, 23 November 2026, pukul 07.00 WIB"),
            "days_off": template("the days off: 8 dan 15 November 2026; else empty"),
            "sections": template("one for each platform, Instagram first"),
            "section.platform": template("Instagram or TikTok"),
            "section.action": template("like or komentar"),
            "section.posts": template("how many posts there were"),
            "section.users": template("how many were expected on some day"),
            "section.done": template("how many of the expected likes or comments were made"),
            "section.total": template("how many were expected"),
            "section.share": template("the one of the other: 73,1%; empty when none was expected"),
            "section.change": template(
                "naik 2,1, turun 0,4 or tetap against the days before; else empty"
            ),
            "section.missing": template(
                "the days that were never fetched: 17 dan 18 November 2026; else empty"
            ),
            "section.divisions": template("the divisions, in report order"),
            "section.units": template("the units of a directorate, ranked by share; else none"),
            "section.people_list": template(
                "everybody, a line each under a heading per division; of a directorate empty"
            ),
            **{
                f"{group}.{name}": meaning
                for group in ("division", "unit")
                for name, meaning in _GROUP.items()
            },
        },
        _period_examples,
    ),
    Wording(
        RANKING_TEMPLATE, template("the ranking of a period"), RANKING_VARIABLES, ranking_examples
    ),
    Wording(
        REMINDER_TEMPLATE,
        template("the reminder to one user"),
        {
            "greeting": template("Selamat pagi, siang, sore or malam"),
            "name": template("the user's rank and name"),
            "client": template("whose posts they are: a client's name, or several"),
            "day": template("the day: Sabtu, 21 November 2026"),
            "stage": template("first, second or last: which of the day's reminders"),
            "insta": template("addresses of the Instagram posts that are left"),
            "tiktok": template("addresses of the TikTok posts that are left"),
            "left": template("how many are left on both"),
        },
        _reminder_examples,
    ),
)
