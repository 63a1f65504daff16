"""What a picture of a report shows, before anything is drawn: the sums in large figures, ranked bars, days as a line, people by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.percentages import percent_indonesian

_MOST_BARS = 22  # of a picture; of a longer list the first and the last
MOST_PEOPLE = 40  # in a heat map; of more those who have done least


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One figure that is read first: how much of all, under a heading, with a line of what it is made of."""

    heading: str
    figure: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One division, unit or person. `share` None: nothing was expected. A bar of no name stands for those left out."""

    name: str
    share: float | None
    figure: str  # `54,1%`
    counts: str = ""  # `8.185/15.129`


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars by share, the largest first; `whole` is the share of all, against which each is measured."""

    heading: str
    bars: tuple[Bar, ...]
    whole: float | None
    whole_figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One platform's share of each day; None: no posts, or never fetched."""

    name: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The days of a period, those that were never fetched (`missing`), and the goal."""

    heading: str
    days: tuple[date, ...]
    missing: tuple[bool, ...]
    lines: tuple[Line, ...]
    goal: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's days; None: nothing was expected."""

    name: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """People by day."""

    heading: str
    days: tuple[date, ...]
    missing: tuple[bool, ...]
    rows: tuple[Row, ...]


Panel = Bars | Lines | HeatMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture from top to bottom: whose it is, what and when, the sums, the panels."""

    unit: str
    title: str
    when: str
    sums: tuple[Sum, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One of those that bars are made of: how many of how many."""

    name: str
    part: int
    whole: int


def rank_bars(heading: str, groups: Iterable[Ranked], *, lists: int = 1) -> Bars:
    """Bars of these groups; of many the first and the last ones, and between them how many others there are.

    `lists`: how many lists the picture has, for all of them are to be seen at once.
    """
    ordered = sorted(
        groups,
        key=lambda one: (
            one.whole == 0,
            -(one.part / one.whole if one.whole else 0),
            -one.whole,
            one.name,
        ),
    )
    part, whole = sum(one.part for one in ordered), sum(one.whole for one in ordered)
    bars = [_bar(one) for one in ordered]
    most = _MOST_BARS // lists
    if len(bars) > most:
        last = most // 3
        first = most - last - 1
        between = Bar(name="", share=None, figure=_between(ordered[first:-last]))
        bars = [*bars[:first], between, *bars[-last:]]
    return Bars(
        heading=heading,
        bars=tuple(bars),
        whole=part / whole if whole else None,
        whole_figure=share_text(part, whole),
    )


def share_text(part: int, whole: int) -> str:
    """`74,9%`; of nothing a dash."""
    return percent_indonesian(part, whole) if whole else "—"


def thousands(number: int) -> str:
    """`28.000`."""
    return f"{number:,}".replace(",", ".")


def count_text(part: int, whole: int) -> str:
    """`206 dari 275`."""
    return f"{thousands(part)} dari {thousands(whole)}"


def lowest(rows: Sequence[tuple[float | None, Row]]) -> tuple[Row, ...]:
    """In their order all of a few; of more those of the smallest shares, the smallest first. Of whom nothing was expected: nobody."""
    known = [(share, row) for share, row in rows if share is not None]
    if len(known) > MOST_PEOPLE:
        known = sorted(known, key=lambda one: (one[0], one[1].name))[:MOST_PEOPLE]
    return tuple(row for _, row in known)


def stretches(line: Line, missing: Sequence[bool]) -> list[list[tuple[int, float]]]:
    """The line's days with a share, by their places: broken where a day was never fetched, not where one had no posts."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, (share, is_missing) in enumerate(zip(line.shares, missing, strict=True)):
        if share is not None:
            found[-1].append((place, share))
        elif is_missing and found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _bar(one: Ranked) -> Bar:
    return Bar(
        name=clean_text(one.name),
        share=one.part / one.whole if one.whole else None,
        figure=share_text(one.part, one.whole),
        counts=f"{thousands(one.part)}/{thousands(one.whole)}" if one.whole else "",
    )


def _between(left_out: Sequence[Ranked]) -> str:
    known = [one for one in left_out if one.whole]
    if not known:
        return f"… {len(left_out)} lainnya …"
    high, low = known[0], known[-1]
    return f"… {len(left_out)} lainnya, {share_text(high.part, high.whole)} sampai {share_text(low.part, low.whole)} …"
