"""The recap of a period as a workbook (xlsx): a summary with a chart, and a sheet of everybody for each platform and unit.

Its words are Indonesian, as all that a unit is handed; shares are numbers, so that they can be sorted and counted with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

from cicero_cli.domain.attendance.period_recap import (
    DivisionRow,
    PeriodRecap,
    PersonRow,
    UnitRow,
)
from cicero_cli.domain.attendance.period_text import format_span_indonesian
from cicero_cli.services.attendance.period_recap import PeriodReport

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PEOPLE: tuple[tuple[str, int], ...] = (
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
_PERCENT_COLUMN = 8
_GROUPS: tuple[tuple[str, int], ...] = (
    ("Kelompok", 30),
    ("Personel", 10),
    ("Terlaksana", 11),
    ("Wajib", 9),
    ("Persen", 9),
    ("Perubahan", 11),
)
_HEADINGS_AT = 3  # below the unit, the period and an empty line
_MOST_BARS = 40
_LONGEST_NAME = 31
_LONGEST_HEADER = 80  # of 255, with the days
_LOW, _MIDDLE, _HIGH = "#F4B6B6", "#FBE7A1", "#B7DFC0"  # told apart by their lightness too


def write_recap_workbook(report: PeriodReport) -> bytes:
    """The workbook's bytes."""
    from xlsxwriter import Workbook

    with tempfile.TemporaryFile() as file:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(file, options) as book:
            _Sheets(book, report).write()
        file.seek(0)
        return file.read()


class _Sheets:
    """Texts stay texts: what begins like a formula is marked, so that it is none after editing or as CSV either."""

    def __init__(self, book: Any, report: PeriodReport) -> None:
        self._book = book
        self._report = report
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True})
        self._heading = book.add_format({"bold": True, "bg_color": "#E4E9F0", "bottom": 1})
        self._marked = book.add_format({"quote_prefix": True})
        self._percent = book.add_format({"num_format": "0.0%"})
        self._points = book.add_format({"num_format": "+0.0%;-0.0%;0.0%"})

    def write(self) -> None:
        """The summary first, then each platform, then of a directorate each unit."""
        summary = self._add_sheet("Ringkasan", columns=_GROUPS)
        for recap in self._report.recaps:
            self._write_people(recap.platform.label, recap.users)
        line = _HEADINGS_AT
        for recap in self._report.recaps:
            line = self._write_summary(summary, line, recap)
        for recap in self._report.recaps:
            for unit in recap.units if recap.has_units else ():
                own = [user for user in recap.users if user.client_id == unit.client_id]
                prefix = f"{recap.platform.value} " if len(self._report.recaps) > 1 else ""
                self._write_people(f"{prefix}{unit.client_id}", own)

    def _write_summary(self, sheet: Any, line: int, recap: PeriodRecap) -> int:
        """The platform's sums, divisions and units, with a chart beside; gives the line after it."""
        label = recap.platform.label
        sheet.write_string(line, 0, f"{label}: {recap.posts} konten", self._title)
        line += 1
        if recap.days_without_data:
            days = ", ".join(f"{day:%d-%m-%Y}" for day in recap.days_without_data)
            sheet.write_string(line, 0, f"Data tidak pernah diambil: {days}")
            line += 1
        first = line
        rows: Sequence[UnitRow | DivisionRow] = recap.units if recap.has_units else recap.divisions
        self._write_headings(sheet, line, _GROUPS)
        whole = (len(recap.users), recap.done, recap.total, recap.share, recap.change)
        self._write_group(sheet, line + 1, "Semua", whole)
        line += 2
        for row in rows:
            name = row.nama if isinstance(row, UnitRow) else row.divisi or "Tanpa divisi"
            self._write_group(
                sheet, line, name, (row.users, row.done, row.total, row.share, row.change)
            )
            line += 1
        self._add_chart(sheet, label, first, len(rows))
        if recap.has_units:
            line += 1
            self._write_headings(sheet, line, (("Divisi", 0), *_GROUPS[1:]))
            for division in recap.divisions:
                line += 1
                figures = (
                    division.users, division.done, division.total, division.share, division.change,
                )  # fmt: skip
                self._write_group(sheet, line, division.divisi or "Tanpa divisi", figures)
        return max(line, first + 20) + 2

    def _write_group(
        self, sheet: Any, line: int, name: str, figures: tuple[int, int, int, Any, Any]
    ) -> None:
        self._write(sheet, line, 0, name)
        for column, value in enumerate(figures[:3], start=1):
            sheet.write_number(line, column, value)
        for column, value, style in ((4, figures[3], self._percent), (5, figures[4], self._points)):
            if value is not None:
                sheet.write_number(line, column, value, style)

    def _add_chart(self, sheet: Any, label: str, first: int, rows: int) -> None:
        """Bars of the shares, the first group on top."""
        shown = min(rows, _MOST_BARS)
        if not shown:
            return
        begin, end = first + 2, first + 1 + shown
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": label,
                "categories": ["Ringkasan", begin, 0, end, 0],
                "values": ["Ringkasan", begin, 4, end, 4],
                "data_labels": {"value": True, "num_format": "0%"},
                "fill": {"color": "#2F5D8C"},
                "gap": 60,
            }
        )
        chart.set_title({"name": f"{label}: terlaksana", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 560, "height": max(320, 60 + 22 * shown)})
        sheet.insert_chart(first, len(_GROUPS) + 1, chart)

    def _write_people(self, name: str, users: Sequence[PersonRow]) -> None:
        sheet = self._add_sheet(name, columns=_PEOPLE)
        self._write_headings(sheet, _HEADINGS_AT, _PEOPLE)
        sheet.freeze_panes(_HEADINGS_AT + 1, 5)
        sheet.repeat_rows(_HEADINGS_AT)
        for number, user in enumerate(users, start=1):
            line = _HEADINGS_AT + number
            texts = (user.client_id, user.user_id, user.title, user.nama, user.divisi)
            sheet.write_number(line, 0, number)
            for column, text in enumerate(texts, start=1):
                self._write(sheet, line, column, text)
            sheet.write_number(line, 6, user.done)
            sheet.write_number(line, 7, user.total)
            if user.share is not None:
                sheet.write_number(line, _PERCENT_COLUMN, user.share, self._percent)
            sheet.write_number(line, 9, user.sudah_days)
            sheet.write_number(line, 10, user.days)
        if users:
            last = _HEADINGS_AT + len(users)
            sheet.autofilter(_HEADINGS_AT, 0, last, len(_PEOPLE) - 1)
            sheet.conditional_format(
                _HEADINGS_AT + 1, _PERCENT_COLUMN, last, _PERCENT_COLUMN,
                {
                    "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
                    "min_value": 0, "mid_value": 0.5, "max_value": 1,
                    "min_color": _LOW, "mid_color": _MIDDLE, "max_color": _HIGH,
                },
            )  # fmt: skip

    def _add_sheet(self, name: str, *, columns: Sequence[tuple[str, int]]) -> Any:
        sheet = self._book.add_worksheet(self._free_name(name))
        client, span = self._report.client, self._report.recaps[0].period.span
        self._write(sheet, 0, 0, f"Rekap {client.nama}", self._title)
        sheet.write_string(1, 0, format_span_indonesian(span))
        for column, (_, width) in enumerate(columns):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_header(
            f"&L{client.nama[:_LONGEST_HEADER].replace('&', '&&')}&R{format_span_indonesian(span)}"
        )
        sheet.set_footer("&LCicero&RHalaman &P dari &N")
        return sheet

    def _free_name(self, name: str) -> str:
        """The name as Excel takes it: short, and no other sheet's, whatever its letters' case."""
        taken = {sheet.get_name().lower() for sheet in self._book.worksheets()}
        short = name[:_LONGEST_NAME]
        number = 1
        while short.lower() in taken:
            number += 1
            short = f"{name[: _LONGEST_NAME - 4]} {number}"
        return short

    def _write_headings(self, sheet: Any, line: int, columns: Sequence[tuple[str, int]]) -> None:
        for column, (heading, _) in enumerate(columns):
            sheet.write_string(line, column, heading, self._heading)

    def _write(
        self, sheet: Any, line: int, column: int, text: str | None, style: Any = None
    ) -> None:
        if text:
            marked = self._marked if text.startswith(_FORMULA) else style
            sheet.write_string(line, column, text, marked)
