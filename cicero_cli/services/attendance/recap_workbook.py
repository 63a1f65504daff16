"""The recap of a period as a workbook (xlsx): a summary with a chart, and a sheet of everybody for each platform and unit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from cicero_cli.domain.attendance.period_recap import (
    DivisionRow,
    PeriodRecap,
    PersonRow,
    UnitRow,
)
from cicero_cli.domain.attendance.period_words import format_span_indonesian
from cicero_cli.services.attendance.period_recap import PeriodReport
from cicero_cli.services.attendance.report_book import (
    GROUP_COLUMNS,
    HEADINGS_AT,
    Columns,
    ReportBook,
    write_book,
)

_PEOPLE: Columns = (
    ("No", 5),
    ("Satuan", 16),
    ("NRP/NIP", 20),
    ("Pangkat", 14),
    ("Nama", 32),
    ("Divisi", 22),
    ("Terlaksana", 11),
    ("Wajib", 9),
    ("Persen", 9),
    ("Hari sudah", 11),
    ("Hari wajib", 11),
)
_SHARE_COLUMN = 8
_FROZEN_COLUMNS = 5
_CHART_LINES = 20


def write_recap_workbook(report: PeriodReport) -> bytes:
    """The workbook's bytes."""
    return write_book(
        partial(_write, report),
        title=f"Rekap {report.client.nama}",
        unit=report.client.nama,
        days=format_span_indonesian(report.recaps[0].period.span),
    )


def _write(report: PeriodReport, book: ReportBook) -> None:
    """The summary first, then each platform, then of a directorate each unit."""
    summary = book.add_sheet("Ringkasan", columns=GROUP_COLUMNS)
    for recap in report.recaps:
        _write_people(book, recap.platform.label, recap.users)
    line = HEADINGS_AT
    for recap in report.recaps:
        line = _write_summary(book, summary, line, recap)
    for recap in report.recaps:
        for unit in recap.units if recap.has_units else ():
            own = [user for user in recap.users if user.client_id == unit.client_id]
            prefix = f"{recap.platform.value} " if len(report.recaps) > 1 else ""
            _write_people(book, f"{prefix}{unit.client_id}", own)


def _write_summary(book: ReportBook, sheet: Any, line: int, recap: PeriodRecap) -> int:
    """The platform's sums, divisions and units, with a chart beside; gives the line after it."""
    label = recap.platform.label
    sheet.write_string(line, 0, f"{label}: {recap.posts} konten", book.title)
    line += 1
    if recap.days_without_data:
        days = ", ".join(f"{day:%d-%m-%Y}" for day in recap.days_without_data)
        sheet.write_string(line, 0, f"Data tidak pernah diambil: {days}")
        line += 1
    first = line
    rows: Sequence[UnitRow | DivisionRow] = recap.units if recap.has_units else recap.divisions
    book.write_headings(sheet, line, GROUP_COLUMNS)
    whole = (len(recap.users), recap.done, recap.total, recap.share, recap.change)
    book.write_group(sheet, line + 1, "Semua", whole)
    line += 2
    for row in rows:
        name = row.nama if isinstance(row, UnitRow) else row.divisi or "Tanpa divisi"
        figures = (row.users, row.done, row.total, row.share, row.change)
        book.write_group(sheet, line, name, figures)
        line += 1
    place = (first, len(GROUP_COLUMNS) + 1)
    book.add_bars(sheet, label, at=place, first=first + 2, rows=len(rows), names=0, shares=4)
    if recap.has_units:
        line += 1
        book.write_headings(sheet, line, (("Divisi", 0), *GROUP_COLUMNS[1:]))
        for division in recap.divisions:
            line += 1
            figures = (
                division.users, division.done, division.total, division.share, division.change,
            )  # fmt: skip
            book.write_group(sheet, line, division.divisi or "Tanpa divisi", figures)
    return max(line, first + _CHART_LINES) + 2


def _write_people(book: ReportBook, name: str, users: Sequence[PersonRow]) -> None:
    sheet = book.add_table(name, columns=_PEOPLE, rows=len(users), frozen=_FROZEN_COLUMNS)
    for number, user in enumerate(users, start=1):
        line = HEADINGS_AT + number
        texts = (user.client_id, user.user_id, user.title, user.nama, user.divisi)
        sheet.write_number(line, 0, number)
        for column, text in enumerate(texts, start=1):
            book.write_text(sheet, line, column, text)
        sheet.write_number(line, 6, user.done)
        sheet.write_number(line, 7, user.total)
        book.write_share(sheet, line, _SHARE_COLUMN, user.share)
        sheet.write_number(line, 9, user.sudah_days)
        sheet.write_number(line, 10, user.days)
    if users:
        book.colour_shares(sheet, HEADINGS_AT + 1, HEADINGS_AT + len(users), _SHARE_COLUMN)
