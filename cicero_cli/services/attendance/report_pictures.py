"""What the pictures of laphars and recaps show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from cicero_cli.domain.attendance.absensi import Attendance
from cicero_cli.domain.attendance.day_grids import DayGrid
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.period_recap import PeriodRecap, PersonRow, share_of
from cicero_cli.domain.attendance.period_text import format_span_indonesian
from cicero_cli.domain.attendance.pictures import (
    Bars,
    HeatMap,
    Line,
    Lines,
    Panel,
    Picture,
    Ranked,
    Row,
    Sum,
    count_text,
    lowest,
    rank_bars,
    share_text,
    thousands,
)
from cicero_cli.domain.attendance.units import sum_up_divisions, sum_up_units
from cicero_cli.domain.periods import format_day_indonesian, format_moment_indonesian
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.services.attendance.laphar import Laphar
from cicero_cli.services.attendance.period_recap import PeriodReport


def plan_laphar(laphar: Laphar) -> Picture:
    """The day's sums as the message says them, and its units or divisions as bars."""
    day, zone = laphar.attendances[0].day, laphar.of_day.zone
    shown = [one for one in laphar.attendances if one.posts and one.users]
    whose = f", posting {clean_text(laphar.of_day.nama)}" if laphar.unit_name else ""
    return Picture(
        unit=clean_text(laphar.unit_name or laphar.of_day.nama),
        title=f"Laphar {_platforms([one.platform.label for one in laphar.attendances])}{whose}",
        when=_when(format_day_indonesian(day), format_moment_indonesian(laphar.made_at, zone)),
        sums=tuple(_sum_of_day(one) for one in laphar.attendances),
        panels=tuple(_bars_of_day(one, lists=len(shown)) for one in shown),
    )


def plan_recap(report: PeriodReport, grids: Sequence[DayGrid]) -> Picture:
    """The period's sums, its days as lines with the goal, and its units or divisions as bars."""
    lines = Lines(
        heading="Terlaksana per hari",
        days=grids[0].days,
        missing=_missing(report.recaps, grids[0].days),
        lines=tuple(
            Line(name=recap.platform.label, shares=tuple(one.share for one in grid.sums()))
            for recap, grid in zip(report.recaps, grids, strict=True)
        ),
        goal=report.of_day.threshold,
    )
    has_days = len(lines.days) > 1 and any(recap.total for recap in report.recaps)
    bars = _bars_of_period(report.recaps)
    return _picture(report, (*([lines] if has_days else []), *([bars] if bars.bars else [])))


def plan_people(report: PeriodReport, grids: Sequence[DayGrid]) -> Picture:
    """Everybody's days, both platforms added; of many people of those who have done least."""
    users: dict[str, PersonRow] = {}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for recap in report.recaps:
        for user in recap.users:
            users.setdefault(user.user_id, user)
            done, total = sums[user.user_id]
            sums[user.user_id] = [done + user.done, total + user.total]
    rows = [
        (
            share_of(*sums[user_id]),
            Row(
                name=clean_text(" ".join(filter(None, (user.title, user.nama)))),
                shares=_shares(user_id, grids),
            ),
        )
        for user_id, user in users.items()
    ]
    shown = lowest(rows)
    known = sum(share is not None for share, _ in rows)
    heading = (
        f"{len(shown)} dari {thousands(known)} personel, yang terendah"
        if len(shown) < known
        else f"{thousands(known)} personel"
    )
    heat_map = HeatMap(
        heading=heading,
        days=grids[0].days,
        missing=_missing(report.recaps, grids[0].days),
        rows=shown,
    )
    return _picture(report, (heat_map,) if shown else ())


def _picture(report: PeriodReport, panels: tuple[Panel, ...]) -> Picture:
    span = format_span_indonesian(report.recaps[0].period.span)
    return Picture(
        unit=clean_text(report.of_day.nama),
        title=f"Rekap {_platforms([recap.platform.label for recap in report.recaps])}",
        when=_when(span, format_moment_indonesian(report.made_at, report.of_day.zone)),
        sums=tuple(
            Sum(
                heading=recap.platform.label,
                figure=share_text(recap.done, recap.total),
                remark=f"{thousands(recap.posts)} konten, {thousands(len(recap.users))} personel",
            )
            for recap in report.recaps
        ),
        panels=panels,
    )


def _when(days: str, moment: str) -> str:
    """A report of today has its day once."""
    return moment if moment.startswith(days) else f"{days}\n(data per {moment})"


def _platforms(labels: Sequence[str]) -> str:
    return " dan ".join(labels)


def _sum_of_day(attendance: Attendance) -> Sum:
    summary = attendance.summary
    if not attendance.is_listed:
        figure, remark = "—", "data belum berhasil diambil"
    elif not attendance.posts:
        figure, remark = "—", "tidak ada konten"
    elif not summary.users:
        figure, remark = "—", f"{len(attendance.posts)} konten, belum ada personel"
    else:
        figure = share_text(summary.sudah, summary.users)
        remark = f"{count_text(summary.sudah, summary.users)} sudah, belum {thousands(summary.belum_melaksanakan)}"
        if summary.tanpa_username:
            remark += f", tanpa username {thousands(summary.tanpa_username)}"
    return Sum(heading=attendance.platform.label, figure=figure, remark=remark)


def _bars_of_day(attendance: Attendance, *, lists: int) -> Bars:
    label = attendance.platform.label
    if attendance.units is not None:
        units = [Ranked(one.nama, one.sudah, one.users) for one in sum_up_units(attendance)]
        return rank_bars(f"{label}: sudah per satuan", units, lists=lists)
    divisions = sum_up_divisions(attendance)
    return rank_bars(
        f"{label}: sudah per divisi",
        [Ranked(one.nama or "Tanpa divisi", one.sudah, one.users) for one in divisions],
        lists=lists,
    )


def _bars_of_period(recaps: Sequence[PeriodRecap]) -> Bars:
    """Units or divisions with the posts of all platforms added."""
    of_units = any(recap.has_units for recap in recaps)
    names: dict[str, str] = {}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for recap in recaps:
        rows = (
            [(one.client_id, one.nama, one.done, one.total) for one in recap.units]
            if of_units
            else [
                (division_key(one.divisi), one.divisi or "Tanpa divisi", one.done, one.total)
                for one in recap.divisions
            ]
        )
        for key, name, done, total in rows:
            names.setdefault(key, name)
            sums[key] = [sums[key][0] + done, sums[key][1] + total]
    ranked = [Ranked(names[key], done, total) for key, (done, total) in sums.items()]
    return rank_bars(f"Terlaksana per {'satuan' if of_units else 'divisi'}", ranked)


def _missing(recaps: Sequence[PeriodRecap], days: Sequence[date]) -> tuple[bool, ...]:
    """Whether a day was never fetched on any of the platforms."""
    return tuple(all(day in recap.days_without_data for recap in recaps) for day in days)


def _shares(user_id: str, grids: Sequence[DayGrid]) -> tuple[float | None, ...]:
    """What one person has done of each day's posts, of all platforms together."""
    shares: list[float | None] = []
    for place in range(len(grids[0].days)):
        done = total = 0
        for grid in grids:
            own = grid.done.get(user_id)
            one = own[place] if own else None
            if one is not None:
                done, total = done + one, total + grid.posts[place]
        shares.append(done / total if total else None)
    return tuple(shares)
