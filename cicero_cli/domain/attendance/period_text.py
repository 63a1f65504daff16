"""The recap of a period as a WhatsApp message: what the template is given, and its rendering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol

from cicero_cli.domain.attendance.laphar import ACTIONS, tidy_lines
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.attendance.period_recap import DivisionRow, PeriodRecap, PersonRow, UnitRow
from cicero_cli.domain.attendance.period_words import (
    change_words,
    division_name,
    format_span_indonesian,
    share_words,
)
from cicero_cli.domain.attendance.ranking_rows import FEWEST_POSTS
from cicero_cli.domain.periods import format_day_indonesian, format_moment_indonesian, greeting_at
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import DayOff, group_days_off
from cicero_cli.domain.roster.ranks import division_key

PERIOD_TEMPLATE = "rekap.txt.j2"
_SHORTEST_STRETCH = 3
_MOST_PRAISED = 3


class Template(Protocol):
    """What is needed of Jinja's."""

    def render(self, *args: Any, **kwargs: Any) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPart:
    """A division or a unit for the template."""

    name: str
    users: int
    done: int
    total: int
    share: str  # of the posts that were expected: `73,1%`; empty when none were
    change: str  # `naik 2,1`, `turun 0,4`, `tetap`; empty when there is nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPart:
    """Who leads, for the template; empty where there is nobody to compare with, as in the part of single divisions."""

    divisions: tuple[
        tuple[int, GroupPart], ...
    ] = ()  # the first places; of a directorate none: its units are ranked already
    risers: tuple[GroupPart, ...] = ()  # divisions, or units: whose share grew most
    all_done: int = 0  # people who did all that was expected of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSection:
    """One platform for the template."""

    platform: str  # Instagram, TikTok
    action: str  # like, komentar
    posts: int
    users: int
    done: int
    total: int
    share: str
    change: str
    missing: str  # the days that were never fetched, in words; else empty
    divisions: tuple[GroupPart, ...]
    units: tuple[GroupPart, ...]  # of a directorate, the largest share first; else none
    best: BestPart
    people_list: str  # a line each, numbered under a heading per division; of a directorate empty


def render_period(
    template: Template,
    client: Client,
    recaps: Sequence[PeriodRecap],
    *,
    moment: datetime,
    unit_name: str = "",
) -> str:
    """The message for one client and period, of one platform or of both in the order given."""
    given = period_variables(client, recaps, moment=moment, unit_name=unit_name)
    return tidy_lines(template.render(**given)) + "\n"


def period_variables(
    client: Client, recaps: Sequence[PeriodRecap], *, moment: datetime, unit_name: str = ""
) -> dict[str, Any]:
    """What the template is given (see above); `unit_name`: the divisions whose people alone are reported."""
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "period": format_span_indonesian(recaps[0].period.span),
        "before": format_span_indonesian(recaps[0].period.before),
        "unit_name": clean_text(unit_name),
        "moment": format_moment_indonesian(moment, client.zone),
        "days_off": format_days_off(recaps[0].days_off),
        "sections": [_section(recap, is_whole=not unit_name) for recap in recaps],
    }


def _section(recap: PeriodRecap, *, is_whole: bool) -> PeriodSection:
    ranked = sorted(recap.units, key=lambda unit: (-(unit.share or -1), unit.client_id))
    return PeriodSection(
        platform=recap.platform.label,
        action=ACTIONS[recap.platform],
        posts=recap.posts,
        users=len(recap.users),
        done=recap.done,
        total=recap.total,
        share=share_words(recap.done, recap.total),
        change=change_words(recap.change),
        missing=_days(recap.days_without_data),
        divisions=tuple(
            _part(division_name(division.divisi), division) for division in recap.divisions
        ),
        units=tuple(_part(clean_text(unit.nama), unit) for unit in ranked)
        if recap.has_units
        else (),
        best=_best(recap) if is_whole else BestPart(),
        people_list="" if recap.has_units else _people(recap.users),
    )


def _best(recap: PeriodRecap) -> BestPart:
    """By the rules of a ranking (ranking_rows): by share, then by posts; equal ones have the same place."""
    groups: Sequence[DivisionRow | UnitRow] = recap.units if recap.has_units else recap.divisions
    rows = [row for row in groups if row.total]
    parts = [
        _part(clean_text(row.nama) if isinstance(row, UnitRow) else division_name(row.divisi), row)
        for row in rows
    ]
    if len(parts) <= 1:
        return BestPart(all_done=_count_done(recap))
    leading = sorted(parts, key=lambda part: (-part.done / part.total, -part.total))
    figures = [(part.done, part.total) for part in leading]
    places = [(figures.index(own) + 1, part) for own, part in zip(figures, leading, strict=True)]
    risen = [
        (row.change or 0.0, part)
        for row, part in zip(rows, parts, strict=True)
        if (row.change or 0.0) > 0 and row.total >= FEWEST_POSTS
    ]
    return BestPart(
        divisions=() if recap.has_units else tuple(places[:_MOST_PRAISED]),
        risers=tuple(part for _, part in sorted(risen, key=lambda one: -one[0])[:_MOST_PRAISED]),
        all_done=_count_done(recap),
    )


def _count_done(recap: PeriodRecap) -> int:
    return sum(user.done == user.total > 0 for user in recap.users)


def _part(name: str, row: DivisionRow | UnitRow) -> GroupPart:
    return GroupPart(
        name=name,
        users=row.users,
        done=row.done,
        total=row.total,
        share=share_words(row.done, row.total),
        change=change_words(row.change),
    )


def _people(users: Sequence[PersonRow]) -> str:
    blocks = []
    for _, grouped in groupby(users, key=lambda user: division_key(user.divisi)):
        group = [*grouped]
        lines = [f"{number}. {_person(user)}" for number, user in enumerate(group, start=1)]
        heading = f"*{division_name(group[0].divisi)} ({len(group)})*"
        blocks.append("\n".join([heading, *lines]))
    return "\n\n".join(blocks)


def _person(user: PersonRow) -> str:
    name = clean_text(" ".join(filter(None, (user.title, user.nama))))
    if not user.total:
        return f"{name} -"
    return f"{name} {user.done}/{user.total} ({percent_indonesian(user.done, user.total)})"


def _days(days: Sequence[date]) -> str:
    """`17 dan 18 November 2026`, `20 s.d. 24 November 2026`: three days and more that follow each other as a stretch, each month's name once."""
    months = [[*grouped] for _, grouped in groupby(days, key=lambda day: (day.year, day.month))]
    parts = []
    for month in months:
        *most, last = [words for stretch in _stretches(month) for words in stretch]
        name = format_day_indonesian(month[0]).split(maxsplit=2)[2]
        parts.append(f"{', '.join(most)} dan {last} {name}" if most else f"{last} {name}")
    return "; ".join(parts)


def format_days_off(days_off: Sequence[DayOff]) -> str:
    """`8 dan 15 November 2026; 25 Desember 2026 (Hari Raya Natal)`."""
    return "; ".join(
        _days(days) + (f" ({clean_text(name)})" if name else "")
        for name, days in group_days_off(days_off)
    )


def _stretches(days: Sequence[date]) -> Iterator[list[str]]:
    """The days of a month in words: of three and more that follow each other the first and the last."""
    for _, grouped in groupby(enumerate(days), key=lambda place: place[1].day - place[0]):
        numbers = [day.day for _, day in grouped]
        if len(numbers) < _SHORTEST_STRETCH:
            yield [str(number) for number in numbers]
        else:
            yield [f"{numbers[0]} s.d. {numbers[-1]}"]
