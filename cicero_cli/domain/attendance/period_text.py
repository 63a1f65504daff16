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
from cicero_cli.domain.periods import format_day_indonesian, format_moment_indonesian, greeting_at
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import DayOff, group_days_off
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.spans import Span

PERIOD_TEMPLATE = "rekap.txt.j2"
_SHORTEST_STRETCH = 3


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
    people_list: str  # a line each, numbered under a heading per division; of a directorate empty


def render_period(
    template: Template, client: Client, recaps: Sequence[PeriodRecap], *, moment: datetime
) -> str:
    """The message for one client and period, of one platform or of both in the order given."""
    return tidy_lines(template.render(**period_variables(client, recaps, moment=moment))) + "\n"


def period_variables(
    client: Client, recaps: Sequence[PeriodRecap], *, moment: datetime
) -> dict[str, Any]:
    """What the template is given (see above)."""
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "period": format_span_indonesian(recaps[0].period.span),
        "before": format_span_indonesian(recaps[0].period.before),
        "moment": format_moment_indonesian(moment, client.zone),
        "days_off": format_days_off(recaps[0].days_off),
        "sections": [_section(recap) for recap in recaps],
    }


def format_span_indonesian(span: Span) -> str:
    """`Senin, 16 November 2026 s.d. Minggu, 22 November 2026`, or the one day."""
    first, last = map(format_day_indonesian, (span.first_day, span.last_day))
    return first if first == last else f"{first} s.d. {last}"


def _section(recap: PeriodRecap) -> PeriodSection:
    ranked = sorted(recap.units, key=lambda unit: (-(unit.share or -1), unit.client_id))
    return PeriodSection(
        platform=recap.platform.label,
        action=ACTIONS[recap.platform],
        posts=recap.posts,
        users=len(recap.users),
        done=recap.done,
        total=recap.total,
        share=_share(recap.done, recap.total),
        change=_change(recap.change),
        missing=_days(recap.days_without_data),
        divisions=tuple(
            _part(_division_name(division.divisi), division) for division in recap.divisions
        ),
        units=tuple(_part(clean_text(unit.nama), unit) for unit in ranked)
        if recap.has_units
        else (),
        people_list="" if recap.has_units else _people(recap.users),
    )


def _part(name: str, row: DivisionRow | UnitRow) -> GroupPart:
    return GroupPart(
        name=name,
        users=row.users,
        done=row.done,
        total=row.total,
        share=_share(row.done, row.total),
        change=_change(row.change),
    )


def _people(users: Sequence[PersonRow]) -> str:
    blocks = []
    for _, grouped in groupby(users, key=lambda user: division_key(user.divisi)):
        group = [*grouped]
        lines = [f"{number}. {_person(user)}" for number, user in enumerate(group, start=1)]
        heading = f"*{_division_name(group[0].divisi)} ({len(group)})*"
        blocks.append("\n".join([heading, *lines]))
    return "\n\n".join(blocks)


def _person(user: PersonRow) -> str:
    name = clean_text(" ".join(filter(None, (user.title, user.nama))))
    if not user.total:
        return f"{name} -"
    return f"{name} {user.done}/{user.total} ({percent_indonesian(user.done, user.total)})"


def _division_name(divisi: str | None) -> str:
    return clean_text(divisi or "").upper() or "TANPA DIVISI"


def _share(done: int, total: int) -> str:
    return percent_indonesian(done, total) if total else ""


def _change(change: float | None) -> str:
    if change is None:
        return ""
    tenths = round(abs(change) * 1000)
    if not tenths:
        return "tetap"
    full, tenth = divmod(tenths, 10)
    return f"{'naik' if change > 0 else 'turun'} {full},{tenth}"


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
