"""What the wording of a ranking is given, and made-up rankings to try it on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.attendance.ranking import Choice, PeriodFigures, take_ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.ranking_text import ranking_variables
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.roster.clients import Client
from cicero_cli.words import template

RANKING_VARIABLES = {
    "greeting": template("Selamat pagi, siang, sore or malam"),
    "client": template("the client's name"),
    "kind": template("what is ranked: divisi, personel or satuan"),
    "actions": template("what was expected: like Instagram dan komentar TikTok"),
    "period": template("the days: Senin, 16 November 2026 s.d. Minggu, 22 November 2026"),
    "before": template("the days that they are compared with, likewise"),
    "moment": template("when it was made: Senin, 23 November 2026, pukul 07.00 WIB"),
    "count": template("how many have a place"),
    "top": template("the first ones, the best first"),
    "top_ties": template("how many (more) share the last one's place (rank); else none"),
    "bottom": template("the last ones, the worst last; none who stands in top"),
    "bottom_ties": template("how many (more) share the first one's place (rank); else none"),
    "withheld": template("how many of these are not named because their unit does not want it"),
    "streaks": template("people who have done everything for days in a row, the longest first"),
    "more_streaks": template("how many more for as long as the last of them"),
    "risers": template("those whose share grew, the most first"),
    "row.place": template("1 for the largest share; equal ones have the same"),
    "row.name": template("the name; of a directorate with the unit's"),
    "row.users": template("of how many people something was expected"),
    "row.is_small": template("whether it is a division or unit of fewer than five"),
    "row.done": template("how many of the expected likes or comments were made"),
    "row.total": template("how many were expected"),
    "row.share": template("the one of the other: 73,1%"),
    "row.change": template("naik 2,1, turun 0,4 or tetap against the days before; else empty"),
    "streak.name": template("the person's rank and name"),
    "streak.days": template("how many days"),
}
_DAY = date(2026, 11, 21)
_NIGHT = datetime(2026, 11, 21, 14, tzinfo=UTC)
_CLIENT = Client(client_id="POLRES_CONTOH", nama="Polres Contoh")
_WEEK = (
    Stretch("85010001", "Budi Santoso", "AKP", "SAT LANTAS", "POLRES_A", 14, 14, 7, 7),
    Stretch("85010002", "Joko Susilo", "BRIPKA", "BAG OPS", "POLRES_B", 3, 14, 1, 7),
    Stretch("85010003", "Rini", None, None, "POLRES_A", 3, 14, 1, 7),
    Stretch("85010004", "Adi Nugroho", "KOMPOL", "BAG OPS", "POLRES_A", 3, 14, 1, 7),
)
_BEFORE = (_WEEK[0]._replace(done=7),)


def ranking_examples() -> Iterator[dict[str, Any]]:
    """An ordinary week's people first; then every kind, few and none, names withheld and not."""
    period = read_period("minggu-lalu", today=_DAY)
    kinds = (RankingKind.PERSONEL, RankingKind.DIVISI, RankingKind.UNIT)
    for scope, kind, choice, stretches, is_silent in product(
        (Scope.SEMUA, Scope.INSTA),
        kinds,
        (Choice(10, 5, 5), Choice(1, 2, 1), Choice(2, 0, 0)),
        (_WEEK, ()),
        (False, True),
    ):
        figures = PeriodFigures(
            stretches=stretches,
            before=_BEFORE,
            units={"POLRES_A": "Polres A", "POLRES_B": "Polres B"},
            has_units=kind is RankingKind.UNIT,
            streak_days={"85010001": 30, "85010002": 30},
            unnamed=frozenset({"POLRES_A"} if is_silent else ()),
        )
        ranking = take_ranking(
            _CLIENT.client_id, figures, kind=kind, scope=scope, period=period, choice=choice
        )
        yield ranking_variables(_CLIENT, ranking, moment=_NIGHT)
