"""The places of a ranking: who comes before whom, and who is to be praised.

A larger share leads; of equal shares that of more posts; of these the higher rank (pangkat), of divisions the one that reports name
first, then the name. The number is shared by who has the same share of as many posts, and the next one counts them all (1, 1, 3), so
that nobody is placed by pangkat or name alone. Who was exempt throughout, or of whom nothing was expected, has no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cicero_cli.domain.attendance.period_recap import Stretch, change_of, share_of
from cicero_cli.domain.roster.ranks import division_key, rank_place, report_order

FEWEST_POSTS = 5  # expected in either period of who rises
SHORTEST_STREAK = 3  # days

Key = tuple[str, str]


class RankingKind(StrEnum):
    """What is ranked."""

    DIVISI = "divisi"
    PERSONEL = "personel"
    UNIT = "unit"


class RankingRow(NamedTuple):
    """One place. The names are the JSON's; `change`: of the share, against the period before."""

    rank: int
    id: str  # of a person, of a unit; of a division what all its spellings have in common
    name: str | None  # None: people without a division
    client_id: str  # the unit's; of a person that of the last day
    users: int  # of whom something was expected
    done: int
    total: int
    share: float
    change: float | None


class Streak(NamedTuple):
    """So many days with posts up to the period's end, one after the other, on which a person has done everything."""

    id: str
    name: str
    client_id: str
    days: int


@dataclass(slots=True)
class Tally:
    """What one person, division or unit has done."""

    name: str | None
    client_id: str
    order: str  # after share and posts
    done: int = 0
    total: int = 0
    people: set[str] = field(default_factory=set)


def tally_stretches(kind: RankingKind, stretches: Iterable[Stretch]) -> dict[Key, Tally]:
    """What each has done; a person is called as on the last day, a division as on the first."""
    tallies: dict[Key, Tally] = {}
    for stretch in stretches:
        key = _key(kind, stretch)
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = _begin(kind, key, stretch)
        elif kind is RankingKind.PERSONEL:
            fresh = _begin(kind, key, stretch)
            tally.name, tally.client_id, tally.order = fresh.name, fresh.client_id, fresh.order
        if stretch.total:
            tally.done += stretch.done
            tally.total += stretch.total
            tally.people.add(stretch.user_id)
    return tallies


def _key(kind: RankingKind, stretch: Stretch) -> Key:
    if kind is RankingKind.PERSONEL:
        return "", stretch.user_id
    if kind is RankingKind.UNIT:
        return "", stretch.client_id
    return stretch.client_id, division_key(stretch.divisi)


def _begin(kind: RankingKind, key: Key, stretch: Stretch) -> Tally:
    if kind is RankingKind.PERSONEL:
        name = " ".join(filter(None, (stretch.title, stretch.nama)))
        order = f"{rank_place(stretch.title):02}{stretch.nama.casefold()}\0{key[1]}"
    elif kind is RankingKind.UNIT:
        name, order = key[1], key[1]
    else:
        name = stretch.divisi or ""
        order = report_order(stretch.divisi, None, "", stretch.client_id)
    return Tally(name or None, stretch.client_id, order)


def rank_rows(
    kind: RankingKind,
    tallies: Mapping[Key, Tally],
    former: Mapping[Key, Tally],
    units: Mapping[str, str],
) -> list[RankingRow]:
    """Everybody who has a place, the first one first."""
    ordered = sorted(
        ((key, tally) for key, tally in tallies.items() if tally.total),
        key=lambda item: (-item[1].done / item[1].total, -item[1].total, item[1].order),
    )
    rows: list[RankingRow] = []
    for place, (key, tally) in enumerate(ordered, start=1):
        last = rows[-1] if rows else None
        is_equal = last is not None and (last.done, last.total) == (tally.done, tally.total)
        share = tally.done / tally.total
        before = former.get(key)
        rows.append(
            RankingRow(
                last.rank if last is not None and is_equal else place,
                key[1],
                units.get(key[1], key[1]) if kind is RankingKind.UNIT else tally.name,
                tally.client_id,
                len(tally.people),
                tally.done,
                tally.total,
                share,
                change_of(share, share_of(before.done, before.total) if before else None),
            )
        )
    return rows


def list_hidden(rows: Sequence[RankingRow], unnamed: Set[str]) -> frozenset[str]:
    """Who is in the lower half, or has done nothing, of the units whose worst off are not named; who has done all never is."""
    behind: dict[int, int] = {}  # by rank: how many did better or as well
    for place, row in enumerate(rows, start=1):
        behind[row.rank] = place
    return frozenset(
        row.id
        for row in rows
        if row.done < row.total
        and (not row.done or 2 * behind[row.rank] > len(rows) + 1)
        and row.client_id in unnamed
    )


def list_streaks(tallies: Mapping[Key, Tally], days: Mapping[str, int]) -> list[Streak]:
    """Of who has a place, the longest first."""
    found = [
        (tally.order, Streak(key[1], tally.name or key[1], tally.client_id, days[key[1]]))
        for key, tally in tallies.items()
        if tally.total and days.get(key[1], 0) >= SHORTEST_STREAK
    ]
    return [streak for _, streak in sorted(found, key=lambda one: (-one[1].days, one[0]))]


def list_risers(
    kind: RankingKind, rows: Iterable[RankingRow], former: Mapping[Key, Tally]
) -> list[RankingRow]:
    """Whose share grew, the most first, of those of whom enough was expected in both periods."""

    def posts_before(row: RankingRow) -> int:
        before = former.get((row.client_id if kind is RankingKind.DIVISI else "", row.id))
        return before.total if before else 0

    rising = [
        row
        for row in rows
        if row.change is not None
        and row.change > 0
        and min(row.total, posts_before(row)) >= FEWEST_POSTS
    ]
    return sorted(rising, key=lambda row: -(row.change or 0))
