"""What the picture of a ranking shows: who leads in large figures, and the places as bars."""

from __future__ import annotations

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.period_words import format_span_indonesian
from cicero_cli.domain.attendance.pictures import (
    Bar,
    Bars,
    Picture,
    Sum,
    share_text,
    thousands,
    when_text,
)
from cicero_cli.domain.attendance.ranking import SMALL_GROUP, Ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind, RankingRow
from cicero_cli.domain.attendance.ranking_text import KIND_WORDS, name_of_row
from cicero_cli.domain.periods import format_moment_indonesian
from cicero_cli.services.attendance.rankings import RankingReport

_MOST_BARS = 25  # of what was asked for


def plan_ranking(report: RankingReport) -> Picture:
    """The places that were asked for, twenty-five at most."""
    ranking = report.ranking
    word = KIND_WORDS[ranking.kind]
    platforms = " dan ".join(one.label for one in ranking.scope.platforms)
    first = ranking.top[:1] or ranking.bottom[:1]
    bars = _bars(ranking)
    return Picture(
        unit=clean_text(report.of_day.nama),
        title=f"Peringkat {word}, {platforms}",
        when=when_text(
            format_span_indonesian(ranking.period.span),
            format_moment_indonesian(report.made_at, report.of_day.zone),
        ),
        sums=tuple(
            Sum(
                heading=f"Peringkat {row.rank} dari {thousands(ranking.count)}",
                figure=share_text(row.done, row.total),
                remark=name_of_row(ranking, row),
            )
            for row in first
        )
        or (Sum(heading="Peringkat", figure="—", remark="tidak ada yang wajib pada masa ini"),),
        panels=(Bars(heading=f"Terlaksana per {word}", bars=bars, whole=None, whole_figure=""),)
        if bars
        else (),
    )


def _bars(ranking: Ranking) -> tuple[Bar, ...]:
    """The first and the last, and between them how many others have a place."""
    bottom = ranking.bottom[-(_MOST_BARS // 2) :]
    top = ranking.top[: _MOST_BARS - len(bottom)]
    left_out = ranking.count - len(top) - len(bottom)
    between = [Bar(name="", share=None, figure=f"… {thousands(left_out)} lainnya …")]
    return (
        *(_bar(ranking, row) for row in top),
        *(between if left_out > 0 and (top or bottom) else ()),
        *(_bar(ranking, row) for row in bottom),
    )


def _bar(ranking: Ranking, row: RankingRow) -> Bar:
    is_small = ranking.kind is not RankingKind.PERSONEL and row.users < SMALL_GROUP
    small = f" ({row.users} personel saja)" if is_small else ""
    return Bar(
        name=f"{row.rank}. {name_of_row(ranking, row)}{small}",
        share=row.share,
        figure=share_text(row.done, row.total),
        counts=f"{thousands(row.done)}/{thousands(row.total)}",
    )
