"""A ranking is a total order in which nobody is placed by name alone, and nobody is shown up who is not to be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.attendance.ranking import (
    EVERYTHING,
    Choice,
    PeriodFigures,
    Ranking,
    choose,
    ranking_document,
    take_ranking,
)
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.roster.ranks import division_key, rank_place

EXAMPLES = int(os.environ.get("CICERO_TEST_EXAMPLES", "25"))  # many more by hand
PERIOD = read_period("minggu-lalu", today=date(2027, 1, 5))
PERSONEL, DIVISI, UNIT = RankingKind.PERSONEL, RankingKind.DIVISI, RankingKind.UNIT

people = some.lists(
    some.builds(
        lambda number, title, divisi, unit, total, share: Stretch(
            str(number), f"Orang {number}", title, divisi, unit, round(total * share), total, 0, 0
        ),
        number=some.integers(1, 12),
        title=some.sampled_from(["AKP", "BRIPKA", "PNS", None]),
        divisi=some.sampled_from(["SAT LANTAS", "Sat. Lantas", "BAG OPS", None]),
        unit=some.sampled_from(["POLRES_A", "POLRES_B"]),
        total=some.integers(0, 6),
        share=some.sampled_from([0, 0.5, 1]),
    ),
    max_size=20,
)


def rank(
    kind: RankingKind,
    stretches: Sequence[Stretch],
    *,
    choice: Choice = EVERYTHING,
    before: Sequence[Stretch] = (),
    unnamed: Sequence[str] = (),
    streak_days: dict[str, int] | None = None,
) -> Ranking:
    figures = PeriodFigures(
        stretches=stretches,
        before=before,
        units={"POLRES_A": "Polres A", "POLRES_B": "Polres B"},
        has_units=True,
        streak_days=streak_days or {},
        unnamed=frozenset(unnamed),
    )
    return take_ranking("DIT", figures, kind=kind, scope=Scope.SEMUA, period=PERIOD, choice=choice)


def person(number: int, done: int, total: int = 10, title: str = "AKP") -> Stretch:
    return Stretch(str(number), f"N{number:02}", title, "BAG OPS", "POLRES_A", done, total, 0, 0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(people, some.sampled_from(RankingKind))
def test_a_ranking_is_a_total_order_whose_figures_are_those_of_the_period(
    stretches: Sequence[Stretch], kind: RankingKind
) -> None:
    ranking = rank(kind, stretches)
    rows = ranking.top
    assert sum(row.done for row in rows) == sum(one.done for one in stretches)
    assert sum(row.total for row in rows) == sum(one.total for one in stretches)
    ids = {
        PERSONEL: {one.user_id for one in stretches if one.total},
        UNIT: {one.client_id for one in stretches if one.total},
        DIVISI: {(one.client_id, division_key(one.divisi)) for one in stretches if one.total},
    }[kind]
    assert {(row.client_id, row.id) if kind is DIVISI else row.id for row in rows} == ids
    assert len(rows) == len(ids) == ranking.count
    assert all(row.total for row in rows), "of whom nothing was expected has no place"
    for place, (one, next_one) in enumerate(pairwise(rows), start=1):
        is_equal = (one.share, one.total) == (next_one.share, next_one.total)
        assert (one.share, one.total) >= (next_one.share, next_one.total)
        assert next_one.rank == (one.rank if is_equal else place + 1)


@settings(max_examples=EXAMPLES, deadline=None)
@given(people, some.integers(0, 6), some.integers(0, 6))
def test_who_is_listed_from_above_and_below_is_never_listed_twice(
    stretches: Sequence[Stretch], top: int, bottom: int
) -> None:
    everybody = rank(PERSONEL, stretches).top
    asked = choose(PERSONEL, top, bottom)
    ranking = rank(PERSONEL, stretches, choice=asked)
    assert ranking.top == everybody[:top]
    listed = Counter(row.id for row in (*ranking.top, *ranking.bottom))
    assert set(listed.values()) <= {1}
    assert ranking.bottom == everybody[len(everybody) - len(ranking.bottom) :]
    assert len(ranking.bottom) <= bottom


@settings(max_examples=EXAMPLES, deadline=None)
@given(people, some.sampled_from([EVERYTHING, Choice(4, 4, 4)]))
def test_a_unit_can_have_its_worst_off_unnamed(
    stretches: Sequence[Stretch], choice: Choice
) -> None:
    everybody = rank(PERSONEL, stretches).top
    better = {
        row.id
        for row in everybody
        if row.share == 1
        or (row.done and 2 * sum(one.rank <= row.rank for one in everybody) <= len(everybody) + 1)
    }
    ranking = rank(PERSONEL, stretches, choice=choice, unnamed=["POLRES_A"])
    plain = rank(PERSONEL, stretches, choice=choice)
    told = [*ranking.top, *ranking.bottom, *ranking.risers]
    assert all(row.client_id != "POLRES_A" or row.id in better for row in told)
    hidden = [
        row
        for row in (*plain.top, *plain.bottom)
        if row.client_id == "POLRES_A" and row.id not in better
    ]
    assert ranking.withheld == len(hidden)
    assert {*plain.top, *plain.bottom} == {*ranking.top, *ranking.bottom, *hidden}
    divisions = [rank(DIVISI, stretches, unnamed=unit).top for unit in ((), ("POLRES_A",))]
    assert divisions[0] == divisions[1], "divisions are not people"


def test_equal_shares_go_by_posts_then_by_pangkat_who_has_as_many_sharing_the_place() -> None:
    ranking = rank(
        PERSONEL,
        [
            person(1, 5, 5, "BRIPDA"),
            person(2, 10, 10, "BRIPDA"),
            person(3, 10, 10, "KOMPOL"),
            person(4, 0, 0),
            person(5, 9, 10),
        ],
    )
    assert [(row.rank, row.name) for row in ranking.top] == [
        (1, "KOMPOL N03"),
        (1, "BRIPDA N02"),
        (3, "BRIPDA N01"),
        (4, "AKP N05"),
    ]
    assert rank_place("KOMPOL") < rank_place("BRIPDA")


def test_who_shares_a_place_beyond_the_list_is_counted_and_never_put_at_the_bottom() -> None:
    ranking = rank(PERSONEL, [person(number, 10) for number in range(8)], choice=Choice(3, 2, 3))
    assert (len(ranking.top), ranking.bottom) == (3, ())
    assert ranking.top_ties == (1, 5)
    ranking = rank(
        PERSONEL,
        [person(1, 10), *(person(number, 0) for number in range(2, 9))],
        choice=Choice(1, 2, 3),
    )
    assert [row.rank for row in ranking.bottom] == [2, 2]
    assert (ranking.top_ties, ranking.bottom_ties) == (None, (2, 5))


def test_streaks_go_by_length_and_risers_by_how_much_with_enough_posts() -> None:
    stretches = [person(1, 10), person(2, 5), person(3, 4, 4), person(4, 8), person(5, 0, 0)]
    before = [person(1, 9), person(2, 1), person(3, 0), person(4, 2, 4)]
    days = {"1": 40, "2": 3, "3": 40, "4": 2, "5": 50}
    ranking = rank(PERSONEL, stretches, before=before, streak_days=days)
    assert [(one.id, one.days) for one in ranking.streaks] == [("1", 40), ("3", 40), ("2", 3)]
    assert [(row.id, round(row.change or 0, 2)) for row in ranking.risers] == [
        ("2", 0.4),
        ("1", 0.1),
    ]
    short = rank(PERSONEL, stretches, before=before, streak_days=days, choice=Choice(9, 0, 1))
    assert (len(short.streaks), short.more_streaks, len(short.risers)) == (1, 1, 1)
    assert rank(DIVISI, stretches, streak_days=days).streaks == ()


@pytest.mark.parametrize(
    ("kind", "top", "bottom", "expected"),
    [
        (PERSONEL, None, None, Choice(10, 5, 5)),
        (DIVISI, None, None, Choice(10, 5, 5)),
        (UNIT, None, None, Choice(None, 0, 5)),
        (UNIT, 3, None, Choice(3, 0, 3)),
        (PERSONEL, None, 4, Choice(0, 4, 5)),
        (PERSONEL, 20, 0, Choice(20, 0, 20)),
    ],
)
def test_one_of_top_and_bottom_is_that_one_alone(
    kind: RankingKind, top: int | None, bottom: int | None, expected: Choice
) -> None:
    assert choose(kind, top, bottom) == expected


def test_a_document_has_the_rows_from_above_and_then_from_below() -> None:
    ranking = rank(
        UNIT,
        [person(1, 5), person(2, 6), person(3, 0)._replace(client_id="POLRES_B")],
        before=[person(1, 5), person(2, 5)],
        choice=Choice(1, 1, 1),
    )
    top = {
        "rank": 1, "id": "POLRES_A", "name": "Polres A", "client_id": "POLRES_A", "users": 2, "done": 11,
        "total": 20, "share": 0.55, "change": pytest.approx(0.05),
    }  # fmt: skip
    assert ranking_document(ranking) == {
        "client_id": "DIT",
        "kind": "unit",
        "platform": "semua",
        "period": {"from": "2026-12-28", "to": "2027-01-03"},
        "before": {"from": "2026-12-21", "to": "2026-12-27"},
        "count": 2,
        "withheld": 0,
        "small_group": 5,
        "rows": [
            top,
            {
                "rank": 2, "id": "POLRES_B", "name": "Polres B", "client_id": "POLRES_B", "users": 1, "done": 0,
                "total": 10, "share": 0.0, "change": None,
            },
        ],
        "streaks": [],
        "risers": [top],
    }  # fmt: skip
