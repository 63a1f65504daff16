"""The wordings that a unit may replace by its own: what each is given, and made-up days to try it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from cicero_cli.domain.attendance.laphar import LAPHAR_TEMPLATE
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE
from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE
from cicero_cli.domain.messaging.ranking_wording import RANKING_VARIABLES, ranking_examples
from cicero_cli.domain.messaging.wording_examples import (
    directorate_examples,
    laphar_examples,
    period_examples,
    reminder_examples,
    tugas_examples,
)
from cicero_cli.words import template

REMINDER_TEMPLATE = "reminder.txt.j2"


@dataclass(frozen=True)
class Wording:
    """A template that cicero renders: what it makes, what it may use (`section.…` and `post.…` in their loops), and
    made-up variables that reach its every branch, an ordinary day first.
    """

    name: str
    makes: str
    variables: Mapping[str, str]
    examples: Callable[[], Iterator[dict[str, Any]]]


_GROUP = {  # a division or a unit of a recap
    "name": template("its name"),
    "users": template("how many of its people were expected on some day"),
    "done": template("how many of the expected likes or comments were made"),
    "total": template("how many were expected"),
    "share": template("the one of the other: 73,1%; empty when none was expected"),
    "change": template("naik 2,1, turun 0,4 or tetap against the days before; else empty"),
}

_POST = {  # a post of a task list
    "number": template("1 for the oldest"),
    "platform": template("Instagram or TikTok"),
    "action": template("like or komentar"),
    "time": template("when it was published: 09.05 WIB"),
    "caption": template("the beginning of its caption on one line; may be empty"),
    "url": template("where to open it"),
    "is_new": template("whether those who get the list were not told of it before"),
}

_UNIT_NAME = template("the unit or the divisions whose people alone are reported; else empty")

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
            "mode": template("belum, sudah, semua or akumulasi: which lists were asked for"),
            "per_konten": template("whether the lists are per post"),
            "is_folded": template("whether the names go out as a file, so that no list is here"),
            "unit_name": _UNIT_NAME,
            "sections": template("one for each platform, Instagram first"),
            "section.platform": template("Instagram or TikTok"),
            "section.action": template("like or komentar"),
            "section.is_listed": template("false: the day's posts were never fetched"),
            "section.posts": template("the day's posts, oldest first"),
            "section.units": template("the units of a directorate, ranked by share; else none"),
            "section.divisions": template(
                "the divisions of a unit's report of 100 people or more, in report order; else none"
            ),
            "division.place": template("1 for the first in report order"),
            "division.name": template("its name"),
            "division.users": template("how many of its people are expected"),
            "division.sudah": template("how many of them have done enough, the exempt among them"),
            "division.belum": template("how many of them have not"),
            "division.tanpa_username": template("how many of them have no handle"),
            "division.share": template("the share of sudah: 73,1%"),
            "section.required": template("posts that make a user sudah"),
            "section.users": template("how many users there are"),
            "section.sudah": template("how many have done enough, the exempt among them"),
            "section.belum": template("how many have not"),
            "section.lengkap": template("how many of both have done all"),
            "section.kurang": template("how many have done some"),
            "section.nol": template("how many have done none"),
            "section.tanpa_username": template("how many have no handle"),
            "section.dikecualikan": template("how many are exempt"),
            "section.sudah_share": template("the share of sudah: 73,1%"),
            "section.coverage": template("one sentence when not everything could be read"),
            "section.late": template("one sentence when posts are left to the next day"),
            "section.sudah_list": template("their names, finished; empty per post"),
            "section.belum_list": template("the names of who has not; empty per post"),
            "section.lengkap_list": template("the names of who has done all; only of akumulasi"),
            "section.kurang_list": template("the names of who has done some; only of akumulasi"),
            "section.nol_list": template("the names of who has done none; only of akumulasi"),
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
            "post.evening": template(
                "when the evening before left it to this day: Jumat, 20.55 WIB; else empty"
            ),
            "post.sudah": template("how many have done it; only per post"),
            "post.belum": template("how many have not; only per post"),
            "post.sudah_list": template("names of who has done it; only per post"),
            "post.belum_list": template("names of who has not; only per post"),
        },
        lambda: chain(laphar_examples(), directorate_examples()),
    ),
    Wording(
        PERIOD_TEMPLATE,
        template("the recap of a period"),
        {
            "greeting": template("Selamat pagi, siang, sore or malam"),
            "client": template("the client's name"),
            "unit_name": _UNIT_NAME,
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
            "section.best": template(
                "who leads: divisions (place and division), risers (groups whose share grew most), all_done (how many people did all)"
            ),
            "section.people_list": template(
                "everybody, a line each under a heading per division; of a directorate empty"
            ),
            **{
                f"{group}.{name}": meaning
                for group in ("division", "unit")
                for name, meaning in _GROUP.items()
            },
        },
        period_examples,
    ),
    Wording(
        TUGAS_TEMPLATE,
        template("the list of the day's posts"),
        {
            "greeting": template("Selamat pagi, siang, sore or malam"),
            "client": template("the client's name"),
            "day": template("the day: Sabtu, 21 November 2026"),
            "moment": template("when it was made: Sabtu, 21 November 2026, pukul 12.00 WIB"),
            "time": template("the time of that moment: 12.00 WIB"),
            "is_same_day": template("whether that moment lies in the day"),
            "posts": template("how many posts the day has"),
            "new": template("those of them that were not told before, as `post`"),
            "gone": template("posts that were told and are none any more, as `post`"),
            "sections": template("one for each platform that has posts, Instagram first"),
            "section.platform": template("Instagram or TikTok"),
            "section.action": template("like or komentar"),
            "section.posts": template("the day's posts, oldest first"),
            "doubts": template("sentences about what could not be read"),
            **{f"post.{name}": meaning for name, meaning in _POST.items()},
        },
        tugas_examples,
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
        reminder_examples,
    ),
)
