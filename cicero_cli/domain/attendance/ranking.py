"""Rankings of a period: divisions, people or units by the share of what was expected of them that they have done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.attendance.ranking_rows import (
    RankingKind,
    RankingRow,
    Streak,
    list_hidden,
    list_risers,
    list_streaks,
    rank_rows,
    tally_stretches,
)
from cicero_cli.domain.attendance.report_periods import ReportPeriod
from cicero_cli.domain.attendance.scopes import Scope

SMALL_GROUP = 5  # fewer people say little about a division or unit
_MOST_PRAISED = 5  # streaks and risers, where nobody says how many


class Ties(NamedTuple):
    """So many more at a place than are listed."""

    rank: int
    more: int


class Choice(NamedTuple):
    """How much of a ranking is asked for: so many places from above and from below; None: all there are."""

    top: int | None
    bottom: int
    praised: int | None  # of streaks and of risers


EVERYTHING = Choice(None, 0, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was asked for of one client's ranking; names that are not to be told are left out of all of it."""

    client_id: str
    kind: RankingKind
    scope: Scope
    period: ReportPeriod
    units: Mapping[str, str]  # names by id; none where the client's own people are all
    count: int  # how many have a place
    top: tuple[RankingRow, ...]
    bottom: tuple[RankingRow, ...]
    top_ties: Ties | None  # with the last of `top`
    bottom_ties: Ties | None  # with the first of `bottom`
    withheld: int  # people of `top` and `bottom` whose unit does not want them named
    streaks: tuple[Streak, ...]
    more_streaks: int  # as long as the last one
    risers: tuple[RankingRow, ...]


def choose(kind: RankingKind, top: int | None, bottom: int | None) -> Choice:
    """What `--top` and `--bottom` ask for: with neither all units, else the first ten and the last five; one alone is that one alone."""
    if top is not None or bottom is not None:
        return Choice(top or 0, bottom or 0, _MOST_PRAISED if top is None else top)
    return (
        Choice(None, 0, _MOST_PRAISED) if kind is RankingKind.UNIT else Choice(10, 5, _MOST_PRAISED)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFigures:
    """What a ranking is made of: the stretches of a client's platforms, and of those of the period before; `units` are names by id,
    `streak_days` people's streaks; the worst off of the units in `unnamed` are not to be named.
    """

    stretches: Sequence[Stretch]
    before: Iterable[Stretch]
    units: Mapping[str, str]
    has_units: bool
    streak_days: Mapping[str, int]
    unnamed: Set[str] = frozenset()


def take_ranking(
    client_id: str,
    figures: PeriodFigures,
    *,
    kind: RankingKind,
    scope: Scope,
    period: ReportPeriod,
    choice: Choice,
) -> Ranking:
    """Who is told of one client's ranking, on all platforms of `scope` together."""
    tallies = tally_stretches(kind, figures.stretches)
    former = tally_stretches(kind, figures.before)
    rows = rank_rows(kind, tallies, former, figures.units)
    hidden = list_hidden(rows, figures.unnamed) if kind is RankingKind.PERSONEL else frozenset()
    end = len(rows) if choice.top is None else min(choice.top, len(rows))
    start = max(end, len(rows) - choice.bottom)
    top = rows[:end]
    bottom = [row for row in rows[start:] if not top or row.rank != top[-1].rank]
    streaks = list_streaks(tallies, figures.streak_days) if kind is RankingKind.PERSONEL else []
    longest = streaks[: choice.praised]
    risers = list_risers(kind, (row for row in rows if row.id not in hidden), former)
    return Ranking(
        client_id=client_id,
        kind=kind,
        scope=scope,
        period=period,
        units=figures.units if figures.has_units else {},
        count=len(rows),
        top=tuple(row for row in top if row.id not in hidden),
        bottom=tuple(row for row in bottom if row.id not in hidden),
        top_ties=_ties(top[-1:], rows[end:]),
        bottom_ties=_ties(bottom[:1], rows[end:start]),
        withheld=sum(row.id in hidden for row in chain(top, bottom)),
        streaks=tuple(longest),
        more_streaks=sum(
            one.days == longest[-1].days for one in (streaks[len(longest) :] if longest else ())
        ),
        risers=tuple(risers[: choice.praised]),
    )


def ranking_document(ranking: Ranking) -> dict[str, Any]:
    """The JSON of `peringkat show`: fields may be added, never renamed.

    `{kind, period: {from, to}, rows: [{rank, id, name, client_id, users, done, total, share, change}]}`, the rows from above and then
    those from below; with `client_id`, `platform`, `before: {from, to}`, `count`, `withheld`, `small_group`,
    `streaks: [{id, name, client_id, days}]` and `risers`, which are rows.
    """
    span, before = ranking.period.span, ranking.period.before
    return {
        "client_id": ranking.client_id,
        "kind": ranking.kind.value,
        "platform": ranking.scope.value,
        "period": {"from": span.first_day.isoformat(), "to": span.last_day.isoformat()},
        "before": {"from": before.first_day.isoformat(), "to": before.last_day.isoformat()},
        "count": ranking.count,
        "withheld": ranking.withheld,
        "small_group": SMALL_GROUP,
        "rows": [row._asdict() for row in (*ranking.top, *ranking.bottom)],
        "streaks": [streak._asdict() for streak in ranking.streaks],
        "risers": [row._asdict() for row in ranking.risers],
    }


def _ties(listed: Sequence[RankingRow], others: Iterable[RankingRow]) -> Ties | None:
    more = sum(row.rank == one.rank for one in listed for row in others)
    return Ties(listed[0].rank, more) if more else None
