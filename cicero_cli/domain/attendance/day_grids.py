"""A period day by day: how many posts each day had, and how many of them everybody has done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from cicero_cli.domain.spans import Span


class DaySum(NamedTuple):
    """One day of all people; `share` is null where nothing was expected."""

    day: date
    posts: int
    done: int
    total: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGrid:
    """Every day of a period, and by user the posts done on each; None: nothing was expected of the person that day."""

    days: tuple[date, ...]
    posts: tuple[int, ...]
    done: Mapping[str, Sequence[int | None]]

    def shares(self, user_id: str) -> list[float | None]:
        """What one person has done on each day, from 0 to 1."""
        done = self.done.get(user_id) or [None] * len(self.days)
        return [
            None if one is None else one / posts
            for one, posts in zip(done, self.posts, strict=True)
        ]

    def sums(self) -> list[DaySum]:
        """Every day of all people."""
        people, done = [0] * len(self.days), [0] * len(self.days)
        for own in self.done.values():
            for place, one in enumerate(own):
                if one is not None:
                    people[place] += 1
                    done[place] += one
        return [*_sum_up(self, people, done)]


def take_grid(
    span: Span, posts: Mapping[date, int], done: Iterable[tuple[str, Sequence[int], Sequence[int]]]
) -> DayGrid:
    """Of the posts by day, and of each person's days, as how many after the first, with the posts done on each."""
    length = (span.last_day - span.first_day).days + 1
    days = tuple(span.first_day + timedelta(days=number) for number in range(length))
    by_user: dict[str, Sequence[int | None]] = {}
    for user_id, places, counts in done:
        row: list[int | None] = [None] * length
        for place, count in zip(places, counts, strict=True):
            row[place] = count
        by_user[user_id] = row
    return DayGrid(days=days, posts=tuple(posts.get(day, 0) for day in days), done=by_user)


def _sum_up(grid: DayGrid, people: Sequence[int], done: Sequence[int]) -> Iterator[DaySum]:
    for day, posts, expected, count in zip(grid.days, grid.posts, people, done, strict=True):
        total = posts * expected
        yield DaySum(day, posts, count, total, count / total if total else None)
