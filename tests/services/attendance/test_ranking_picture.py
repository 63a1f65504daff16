"""The picture of a ranking has the places that were asked for, in the words of the message."""

from __future__ import annotations

from dataclasses import replace

from cicero_cli.domain.attendance.pictures import Bars
from cicero_cli.domain.attendance.ranking import Ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind, RankingRow
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.roster.clients import Client
from cicero_cli.services.attendance.ranking_picture import plan_ranking
from cicero_cli.services.attendance.rankings import RankingReport
from tests.services.fakes import at

CLIENT = Client(client_id="POLRES_A", nama="Polres A")


def row(rank: int, *, users: int = 9) -> RankingRow:
    return RankingRow(rank, f"{rank}", f"SAT {rank}", "POLRES_A", users, 100 - rank, 100, (100 - rank) / 100, None)  # fmt: skip


def ranking(*, top: int, bottom: int, count: int) -> Ranking:
    return Ranking(
        client_id="POLRES_A",
        kind=RankingKind.DIVISI,
        scope=Scope.INSTA,
        period=read_period("2026-11-20", today=at("2026-11-21 00:00").date()),
        units={},
        count=count,
        top=tuple(row(rank) for rank in range(1, top + 1)),
        bottom=tuple(row(rank, users=2) for rank in range(count - bottom + 1, count + 1)),
        top_ties=None,
        bottom_ties=None,
        withheld=0,
        streaks=(),
        more_streaks=0,
        risers=(),
    )


def bars_of(asked: Ranking) -> list[tuple[str, str, str]]:
    report = RankingReport(CLIENT, asked, "", CLIENT, at("2026-11-21 05:00"))
    [panel] = plan_ranking(report).panels
    assert isinstance(panel, Bars)
    return [(bar.name, bar.figure, bar.counts) for bar in panel.bars]


def test_the_first_and_the_last_have_bars_and_the_others_are_counted() -> None:
    report = RankingReport(
        CLIENT, ranking(top=2, bottom=1, count=18), "", CLIENT, at("2026-11-21 05:00")
    )
    picture = plan_ranking(report)
    assert (picture.title, picture.when) == (
        "Peringkat divisi, Instagram",
        "Jumat, 20 November 2026\n(data per Sabtu, 21 November 2026, pukul 12.00 WIB)",
    )
    assert [(one.heading, one.figure, one.remark) for one in picture.sums] == [
        ("Peringkat 1 dari 18", "99%", "SAT 1")
    ]
    assert bars_of(report.ranking) == [
        ("1. SAT 1", "99%", "99/100"),
        ("2. SAT 2", "98%", "98/100"),
        ("", "… 15 lainnya …", ""),
        ("18. SAT 18 (2 personel saja)", "82%", "82/100"),
    ]


def test_of_a_long_ranking_twenty_five_bars_are_shown_and_of_none_none() -> None:
    many = bars_of(ranking(top=40, bottom=20, count=90))
    assert (len(many), many[13][1]) == (26, "… 65 lainnya …")
    nobody = replace(ranking(top=0, bottom=0, count=0))
    assert (
        plan_ranking(RankingReport(CLIENT, nobody, "", CLIENT, at("2026-11-21 05:00"))).panels == ()
    )
