"""A ranking as a WhatsApp message, and its best as a recap names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cicero_cli.domain.attendance.laphar import ACTIONS, tidy_lines
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.period_words import (
    change_words,
    division_name,
    format_span_indonesian,
    share_words,
)
from cicero_cli.domain.attendance.ranking import SMALL_GROUP, Ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind, RankingRow
from cicero_cli.domain.periods import format_moment_indonesian, greeting_at
from cicero_cli.domain.roster.clients import Client

RANKING_TEMPLATE = "peringkat.txt.j2"
KIND_WORDS = {
    RankingKind.DIVISI: "divisi",
    RankingKind.PERSONEL: "personel",
    RankingKind.UNIT: "satuan",
}


class Template(Protocol):
    """What is needed of Jinja's."""

    def render(self, *args: Any, **kwargs: Any) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPart:
    """One place for the template."""

    place: int
    name: str  # of a directorate's people and divisions with the unit
    users: int
    is_small: bool  # a division or unit of few people
    done: int
    total: int
    share: str  # `73,1%`
    change: str  # `naik 2,1`, `turun 0,4`, `tetap`; empty when there is nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class StreakPart:
    """One person's full days for the template."""

    name: str
    days: int


def render_ranking(
    template: Template, client: Client, ranking: Ranking, *, moment: datetime
) -> str:
    """The message."""
    return tidy_lines(template.render(**ranking_variables(client, ranking, moment=moment))) + "\n"


def ranking_variables(client: Client, ranking: Ranking, *, moment: datetime) -> dict[str, Any]:
    """What the template is given (see above)."""
    platforms = ranking.scope.platforms
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "kind": KIND_WORDS[ranking.kind],
        "actions": " dan ".join(f"{ACTIONS[one]} {one.label}" for one in platforms),
        "period": format_span_indonesian(ranking.period.span),
        "before": format_span_indonesian(ranking.period.before),
        "moment": format_moment_indonesian(moment, client.zone),
        "count": ranking.count,
        "top": _parts(ranking, ranking.top),
        "top_ties": ranking.top_ties,
        "bottom": _parts(ranking, ranking.bottom),
        "bottom_ties": ranking.bottom_ties,
        "withheld": ranking.withheld,
        "streaks": _streaks(ranking),
        "more_streaks": ranking.more_streaks,
        "risers": _parts(ranking, ranking.risers),
    }


def _parts(ranking: Ranking, rows: Iterable[RankingRow]) -> tuple[RankedPart, ...]:
    return tuple(
        RankedPart(
            place=row.rank,
            name=name_of_row(ranking, row),
            users=row.users,
            is_small=ranking.kind is not RankingKind.PERSONEL and row.users < SMALL_GROUP,
            done=row.done,
            total=row.total,
            share=share_words(row.done, row.total),
            change=change_words(row.change),
        )
        for row in rows
    )


def _streaks(ranking: Ranking) -> tuple[StreakPart, ...]:
    return tuple(
        StreakPart(name=_with_unit(ranking, one.name, one.client_id), days=one.days)
        for one in ranking.streaks
    )


def name_of_row(ranking: Ranking, row: RankingRow) -> str:
    if ranking.kind is RankingKind.UNIT:
        return clean_text(row.name or row.id)
    if ranking.kind is RankingKind.DIVISI:
        return _with_unit(ranking, division_name(row.name), row.client_id)
    return _with_unit(ranking, row.name or row.id, row.client_id)


def _with_unit(ranking: Ranking, name: str, unit: str) -> str:
    words = (name, ranking.units.get(unit, unit)) if ranking.units else (name,)
    return ", ".join(map(clean_text, words))
