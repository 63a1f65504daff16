from __future__ import annotations

from cicero_cli.domain.attendance.pictures import (
    MOST_PEOPLE,
    Line,
    Ranked,
    Row,
    lowest,
    rank_bars,
    stretches,
)


def test_bars_are_ranked_by_share_then_by_size_and_measured_by_the_whole() -> None:
    bars = rank_bars(
        "Divisi",
        [Ranked("C", 1, 2), Ranked("tanpa", 0, 0), Ranked("B", 5, 10), Ranked("*A*", 3, 3)],
    )
    assert [(bar.name, bar.figure, bar.counts) for bar in bars.bars] == [
        ("A", "100%", "3/3"),
        ("B", "50%", "5/10"),
        ("C", "50%", "1/2"),
        ("tanpa", "—", ""),
    ]
    assert (bars.whole, bars.whole_figure) == (9 / 15, "60%")


def test_of_many_the_first_and_the_last_are_shown_and_how_many_lie_between() -> None:
    groups = [Ranked(f"{number:02}", number, 100) for number in range(1, 61)]
    one, two = rank_bars("Divisi", groups), rank_bars("Divisi", groups, lists=2)
    assert (len(one.bars), len(two.bars)) == (22, 11)
    assert [bar.name for bar in two.bars] == [
        "60", "59", "58", "57", "56", "55", "54", "", "03", "02", "01",
    ]  # fmt: skip
    assert two.bars[7].figure == "… 50 lainnya, 53% sampai 4% …"
    assert len(rank_bars("Divisi", groups[:22]).bars) == 22
    nobody = [Ranked(f"{number}", 0, 0) for number in range(30)]
    assert rank_bars("Divisi", nobody).bars[14].figure == "… 9 lainnya …"


def test_a_line_is_broken_where_a_day_was_never_fetched_and_not_where_it_had_no_posts() -> None:
    line = Line(name="Instagram", shares=(0.1, None, 0.2, None, None, 0.3))
    missing = [False, False, False, True, True, False]
    assert stretches(line, missing) == [[(0, 0.1), (2, 0.2)], [(5, 0.3)]]
    assert stretches(Line(name="", shares=(None,)), [True]) == []


def test_of_many_people_those_who_have_done_least_are_shown_and_of_few_all_in_their_order() -> None:
    few = [(share, Row(name=f"{share}", shares=())) for share in (0.5, 0.1, None)]
    assert [row.name for row in lowest(few)] == ["0.5", "0.1"]
    many = [(-number / 100, Row(name=f"{number}", shares=())) for number in range(MOST_PEOPLE + 5)]
    assert [row.name for row in lowest(many)][:2] == ["44", "43"]
    assert len(lowest(many)) == MOST_PEOPLE
