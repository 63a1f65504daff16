"""The recap of a period as a workbook (xlsx): a summary with charts, and a sheet of everybody for each platform and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cicero_cli.domain.attendance.day_grids import DayGrid, DaySum
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.period_recap import DivisionRow, PeriodRecap, PersonRow, UnitRow
from cicero_cli.domain.attendance.period_text import format_days_off, format_span_indonesian
from cicero_cli.domain.periods import day_name_indonesian
from cicero_cli.services.attendance.period_recap import PeriodReport
from cicero_cli.services.attendance.report_book import (
    GROUP_COLUMNS,
    Cell,
    Column,
    ReportBook,
    ReportSheet,
    Style,
    write_book,
)

_PEOPLE = (
    Column("No", 5, Style.NUMBER),
    Column("Satuan", 16),
    Column("NRP/NIP", 20),
    Column("Pangkat", 14),
    Column("Nama", 32),
    Column("Divisi", 22),
    Column("Terlaksana", 11, Style.NUMBER),
    Column("Wajib", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column("Hari sudah", 11, Style.NUMBER),
    Column("Hari wajib", 11, Style.NUMBER),
)
_FROZEN = 5  # up to the name
_SHARE_AT = 4
_DAYS = (
    Column("Platform", 12),
    Column("Tanggal", 12, Style.DAY),
    Column("Hari", 10),
    Column("Konten", 9, Style.NUMBER),
    Column("Terlaksana", 11, Style.NUMBER),
    Column("Wajib", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column("Keterangan", 28),
)
_DAY_SHARE_AT = 6
_MOST_DAYS = 31  # as columns; a longer period has its sums alone
_DAY_WIDTH = 6


def write_recap_workbook(report: PeriodReport, grids: Sequence[DayGrid]) -> bytes:
    """The workbook's bytes; `grids` are the recaps' days one by one."""
    return write_book(
        partial(_fill, report, grids),
        title=f"Rekap {report.of_day.nama}",
        unit=report.of_day.nama,
        days=format_span_indonesian(report.recaps[0].period.span),
        made_at=report.made_at,
    )


def _fill(report: PeriodReport, grids: Sequence[DayGrid], book: ReportBook) -> None:
    """The summary first, then the days, each platform, and of a directorate each unit."""
    summary = book.add_sheet("Ringkasan", GROUP_COLUMNS)
    for recap in report.recaps:
        _write_summary(book, summary, recap)
    _write_days(book, report, grids)
    for recap, grid in zip(report.recaps, grids, strict=True):
        _write_people(book, recap.platform.label, recap.users, grid)
    for recap, grid in zip(report.recaps, grids, strict=True):
        for unit in recap.units if recap.has_units else ():
            own = [user for user in recap.users if user.client_id == unit.client_id]
            prefix = f"{recap.platform.value} " if len(report.recaps) > 1 else ""
            _write_people(book, f"{prefix}{unit.client_id}", own, grid)


def _write_summary(book: ReportBook, sheet: ReportSheet, recap: PeriodRecap) -> None:
    """The platform's sums, units and divisions, with a chart beside."""
    label = recap.platform.label
    sheet.write_title(f"{label}: {recap.posts} konten")
    if recap.days_without_data:
        days = ", ".join(f"{day:%d-%m-%Y}" for day in recap.days_without_data)
        sheet.write_text(f"Data tidak pernah diambil: {days}")
    if recap.days_off:
        sheet.write_text(f"Hari libur: {format_days_off(recap.days_off)}")
    at = sheet.line
    sheet.write_headings(GROUP_COLUMNS)
    sheet.write_rows(
        GROUP_COLUMNS,
        [("Semua", len(recap.users), recap.done, recap.total, recap.share, recap.change)],
    )
    first = sheet.line
    count = sheet.write_rows(
        GROUP_COLUMNS, _groups(recap.units if recap.has_units else recap.divisions)
    )
    chart = book.add_bars(
        f"{label}: terlaksana", sheet, first=first, rows=count, share_at=_SHARE_AT
    )
    if chart is not None:
        sheet.insert_chart(at, len(GROUP_COLUMNS) + 1, chart)
    if recap.has_units:
        sheet.line += 1
        sheet.write_headings([Column("Divisi", 0), *GROUP_COLUMNS[1:]])
        sheet.write_rows(GROUP_COLUMNS, _groups(recap.divisions))
    sheet.line = max(sheet.line, at + 20) + 2


def _groups(rows: Sequence[UnitRow | DivisionRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        name = row.nama if isinstance(row, UnitRow) else row.divisi or "Tanpa divisi"
        yield name, row.users, row.done, row.total, row.share, row.change


def _write_days(book: ReportBook, report: PeriodReport, grids: Sequence[DayGrid]) -> None:
    """Each platform's days, with a line of their shares beside."""
    sheet = book.add_sheet("Harian", _DAYS)
    first = sheet.line + 1
    lines = []
    for recap, grid in zip(report.recaps, grids, strict=True):
        lines.append((recap.platform.label, first, first + len(grid.days) - 1))
        first += len(grid.days)
    rows = (
        (
            recap.platform.label, one.day, day_name_indonesian(one.day), one.posts, one.done, one.total, one.share,
            _remark(recap, one),
        )
        for recap, grid in zip(report.recaps, grids, strict=True)
        for one in grid.sums()
    )  # fmt: skip
    at = sheet.line
    sheet.write_list(_DAYS, rows, frozen=0)
    chart = book.add_lines("Terlaksana per hari", sheet, lines, names_at=1, share_at=_DAY_SHARE_AT)
    sheet.insert_chart(at, len(_DAYS) + 1, chart)


def _remark(recap: PeriodRecap, day: DaySum) -> str | None:
    if day.day in recap.days_without_data:
        return "Data tidak pernah diambil"
    off = next((one.name for one in recap.days_off if one.day == day.day), None)
    remarks = [f"Hari libur: {clean_text(off)}"] if off else []
    if not day.posts:
        remarks.append("Tidak ada konten")
    return "; ".join(remarks) or None


def _write_people(book: ReportBook, name: str, users: Sequence[PersonRow], grid: DayGrid) -> None:
    """Everybody, and what each has done on each day, empty where nothing was expected."""
    has_days = len(grid.days) <= _MOST_DAYS
    days = [Column(day, _DAY_WIDTH, Style.SHARE) for day in grid.days if has_days]
    columns = [*_PEOPLE, *days]
    rows = (
        (
            number, user.client_id, user.user_id, user.title, user.nama, user.divisi, user.done, user.total, user.share,
            user.sudah_days, user.days, *(grid.shares(user.user_id) if has_days else ()),
        )
        for number, user in enumerate(users, start=1)
    )  # fmt: skip
    book.add_sheet(name, columns).write_list(columns, rows, frozen=_FROZEN)
