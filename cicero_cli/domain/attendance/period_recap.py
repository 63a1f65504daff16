"""The recap of a period: what everybody has done of what was expected on each day, by the roster of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cicero_cli.domain.attendance.report_periods import ReportPeriod
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.days_off import DayOff
from cicero_cli.domain.roster.ranks import division_key, report_order


class Stretch(NamedTuple):
    """Days of the period on which one person's facts were the same: `total` posts of `days` days with posts were expected, `done`
    of them done, enough on `sudah_days`. On exempt days and on leave nothing is: 0 of 0.
    """

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    client_id: str
    done: int
    total: int
    sudah_days: int
    days: int


class PersonRow(NamedTuple):
    """One person's period; the facts are those of the last day on which the person was expected. The names are the JSON's."""

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    client_id: str
    done: int
    total: int
    share: float | None
    sudah_days: int
    days: int


class DivisionRow(NamedTuple):
    """One division's period, of each day's people; `change`: of the share, against the period before."""

    divisi: str | None
    users: int
    done: int
    total: int
    share: float | None
    change: float | None


class UnitRow(NamedTuple):
    """One unit's period, likewise."""

    client_id: str
    nama: str
    users: int
    done: int
    total: int
    share: float | None
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRecap:
    """One client and platform: people in report order, divisions in that of reports, units by id."""

    client_id: str
    platform: Platform
    period: ReportPeriod
    posts: int
    days_without_data: tuple[date, ...]  # never fetched
    users: tuple[PersonRow, ...]
    divisions: tuple[DivisionRow, ...]
    units: tuple[UnitRow, ...]
    done: int
    total: int
    share: float | None
    change: float | None
    has_units: bool = False  # more than the client's own people are expected
    days_off: tuple[DayOff, ...] = ()


@dataclass(slots=True)
class _Tally:
    done: int = 0
    total: int = 0
    people: set[str] = field(default_factory=set)

    def add(self, stretch: Stretch) -> None:
        self.done += stretch.done
        self.total += stretch.total
        self.people.add(stretch.user_id)

    @property
    def share(self) -> float | None:
        return share_of(self.done, self.total)


def take_recap(
    client_id: str,
    platform: Platform,
    period: ReportPeriod,
    stretches: Sequence[Stretch],
    before: Iterable[Stretch],
    *,
    posts: int,
    days_without_data: Sequence[date],
    units: Mapping[str, str],
    has_units: bool,
    days_off: Sequence[DayOff] = (),
) -> PeriodRecap:
    """Of a period's stretches, each person's in order of time, and of those of the period before; `units` are names by id."""
    by_division, by_unit, whole = _tally(stretches)
    former_division, former_unit, former = _tally(before)
    spelled: dict[str, str | None] = {}
    for stretch in stretches:
        spelled.setdefault(division_key(stretch.divisi), stretch.divisi)
    keys = sorted(by_division, key=lambda key: report_order(spelled[key], None, ""))
    return PeriodRecap(
        client_id=client_id,
        platform=platform,
        period=period,
        posts=posts,
        days_without_data=tuple(days_without_data),
        users=_people(stretches),
        divisions=tuple(
            DivisionRow(spelled[key], *_figures(by_division[key], former_division.get(key)))
            for key in keys
        ),
        units=tuple(
            UnitRow(unit, nama, *_figures(by_unit.get(unit, _Tally()), former_unit.get(unit)))
            for unit, nama in sorted({**{unit: unit for unit in by_unit}, **units}.items())
        ),
        done=whole.done,
        total=whole.total,
        share=whole.share,
        change=change_of(whole.share, former.share),
        has_units=has_units,
        days_off=tuple(days_off),
    )


def share_of(done: int, total: int) -> float | None:
    """Done of total, from 0 to 1; of nothing, None."""
    return done / total if total else None


def change_of(share: float | None, before: float | None) -> float | None:
    """The difference of two shares; None when one is of nothing."""
    return None if share is None or before is None else share - before


def period_document(recap: PeriodRecap) -> dict[str, Any]:
    """The JSON of `rekap show` of one platform: fields may be added, never renamed.

    `{client_id, platform, period: {from, to}, posts, days_without_data: [date], days_off: [{date, name}],
    users: [{user_id, nama, title, divisi, client_id, done, total, share, sudah_days, days}], divisions: [{divisi, users, done, total, share, change}],
    units: [{client_id, nama, users, done, total, share, change}]}`
    """
    span = recap.period.span
    return {
        "client_id": recap.client_id,
        "platform": recap.platform.value,
        "period": {"from": span.first_day.isoformat(), "to": span.last_day.isoformat()},
        "posts": recap.posts,
        "days_without_data": [day.isoformat() for day in recap.days_without_data],
        "days_off": [{"date": one.day.isoformat(), "name": one.name} for one in recap.days_off],
        "users": [row._asdict() for row in recap.users],
        "divisions": [row._asdict() for row in recap.divisions],
        "units": [row._asdict() for row in recap.units],
    }


def _tally(stretches: Iterable[Stretch]) -> tuple[dict[str, _Tally], dict[str, _Tally], _Tally]:
    by_division: dict[str, _Tally] = defaultdict(_Tally)
    by_unit: dict[str, _Tally] = defaultdict(_Tally)
    whole = _Tally()
    for stretch in stretches:
        for tally in (
            by_division[division_key(stretch.divisi)], by_unit[stretch.client_id], whole,
        ):  # fmt: skip
            tally.add(stretch)
    return by_division, by_unit, whole


def _figures(
    tally: _Tally, before: _Tally | None
) -> tuple[int, int, int, float | None, float | None]:
    change = change_of(tally.share, before.share if before else None)
    return len(tally.people), tally.done, tally.total, tally.share, change


def _people(stretches: Iterable[Stretch]) -> tuple[PersonRow, ...]:
    parts: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        parts[stretch.user_id].append(stretch)
    rows = [_person(own) for own in parts.values()]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                f"{row.client_id}\0{report_order(row.divisi, row.title, row.nama, row.user_id)}"
            ),
        )
    )


def _person(own: Sequence[Stretch]) -> PersonRow:
    last = own[-1]
    done, total = sum(one.done for one in own), sum(one.total for one in own)
    return PersonRow(
        last.user_id,
        last.nama,
        last.title,
        last.divisi,
        last.client_id,
        done,
        total,
        share_of(done, total),
        sum(one.sudah_days for one in own),
        sum(one.days for one in own),
    )
