"""What the workbooks (xlsx) of reports have in common: sheets that print with the unit's name, headings, shares, colours, charts.

Their words are Indonesian, as all that a unit is handed; shares are numbers, so that they can be sorted and counted with. Texts stay
texts: what begins like a formula is marked, so that it is none after editing or as CSV either.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import IO, Any

Columns = Sequence[tuple[str, int]]  # headings with the widths of their columns

GROUP_COLUMNS: Columns = (
    ("Kelompok", 30),
    ("Personel", 10),
    ("Terlaksana", 11),
    ("Wajib", 9),
    ("Persen", 9),
    ("Perubahan", 11),
)
HEADINGS_AT = 3  # below the title, the days and an empty line
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHARE_COLUMN, _CHANGE_COLUMN = 4, 5
_MOST_BARS = 40
_LONGEST_NAME = 31
_LONGEST_HEADER = 80  # of 255, with the days
_LOW, _MIDDLE, _HIGH = "#F4B6B6", "#FBE7A1", "#B7DFC0"  # told apart by their lightness too


def write_book(fill: Callable[[ReportBook], None], *, title: str, unit: str, days: str) -> bytes:
    """The bytes of a workbook that `fill` has filled."""
    with tempfile.TemporaryFile() as file:
        report_book = ReportBook(file, title=title, unit=unit, days=days)
        with report_book.book:
            fill(report_book)
        file.seek(0)
        return file.read()


class ReportBook:
    """A workbook of one unit and its days, as it is written."""

    def __init__(self, file: IO[bytes], *, title: str, unit: str, days: str) -> None:
        from xlsxwriter import Workbook

        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = Workbook(file, options)
        self._title, self._unit, self._days = title, unit, days
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.percent = self.book.add_format({"num_format": "0.0%"})
        self.points = self.book.add_format({"num_format": "+0.0%;-0.0%;0.0%"})
        self._heading = self.book.add_format({"bold": True, "bg_color": "#E4E9F0", "bottom": 1})
        self._marked = self.book.add_format({"quote_prefix": True})

    def add_sheet(self, name: str, *, columns: Columns) -> Any:
        """With the title and the days on top, and set up for printing."""
        sheet = self.book.add_worksheet(self._free_name(name))
        self.write_text(sheet, 0, 0, self._title, self.title)
        sheet.write_string(1, 0, self._days)
        for column, (_, width) in enumerate(columns):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{self._unit[:_LONGEST_HEADER].replace('&', '&&')}&R{self._days}")
        sheet.set_footer("&LCicero&RHalaman &P dari &N")
        return sheet

    def add_table(self, name: str, *, columns: Columns, rows: int, frozen: int) -> Any:
        """A sheet of so many rows below its headings, which stay in sight and on each printed page, as do `frozen` columns."""
        sheet = self.add_sheet(name, columns=columns)
        self.write_headings(sheet, HEADINGS_AT, columns)
        sheet.freeze_panes(HEADINGS_AT + 1, frozen)
        sheet.repeat_rows(HEADINGS_AT)
        if rows:
            sheet.autofilter(HEADINGS_AT, 0, HEADINGS_AT + rows, len(columns) - 1)
        return sheet

    def write_headings(self, sheet: Any, line: int, columns: Columns) -> None:
        for column, (heading, _) in enumerate(columns):
            sheet.write_string(line, column, heading, self._heading)

    def write_text(
        self, sheet: Any, line: int, column: int, text: str | None, style: Any = None
    ) -> None:
        """Nothing where there is no text."""
        if text:
            marked = self._marked if text.startswith(_FORMULA) else style
            sheet.write_string(line, column, text, marked)

    def write_share(self, sheet: Any, line: int, column: int, share: float | None) -> None:
        """Nothing where nothing was expected."""
        if share is not None:
            sheet.write_number(line, column, share, self.percent)

    def write_change(self, sheet: Any, line: int, column: int, change: float | None) -> None:
        """Nothing where there is nothing to compare with."""
        if change is not None:
            sheet.write_number(line, column, change, self.points)

    def write_group(
        self, sheet: Any, line: int, name: str, figures: tuple[int, int, int, Any, Any]
    ) -> None:
        """A line of GROUP_COLUMNS: people, done, total, share, change."""
        self.write_text(sheet, line, 0, name)
        for column, value in enumerate(figures[:3], start=1):
            sheet.write_number(line, column, value)
        self.write_share(sheet, line, _SHARE_COLUMN, figures[3])
        self.write_change(sheet, line, _CHANGE_COLUMN, figures[4])

    def colour_shares(self, sheet: Any, first: int, last: int, column: int) -> None:
        """From none (red) over half to all (green)."""
        sheet.conditional_format(
            first, column, last, column,
            {
                "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
                "min_value": 0, "mid_value": 0.5, "max_value": 1,
                "min_color": _LOW, "mid_color": _MIDDLE, "max_color": _HIGH,
            },
        )  # fmt: skip

    def add_bars(
        self,
        sheet: Any,
        name: str,
        *,
        at: tuple[int, int],
        first: int,
        rows: int,
        names: int,
        shares: int,
    ) -> None:
        """Bars of the column `shares` from line `first` on, called as the column `names` says, the first on top."""
        shown = min(rows, _MOST_BARS)
        if not shown:
            return
        of_sheet, last = sheet.get_name(), first + shown - 1
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": name,
                "categories": [of_sheet, first, names, last, names],
                "values": [of_sheet, first, shares, last, shares],
                "data_labels": {"value": True, "num_format": "0%"},
                "fill": {"color": "#2F5D8C"},
                "gap": 60,
            }
        )
        chart.set_title({"name": f"{name}: terlaksana", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 560, "height": max(320, 60 + 22 * shown)})
        sheet.insert_chart(*at, chart)

    def _free_name(self, name: str) -> str:
        """The name as Excel takes it: short, and no other sheet's, whatever its letters' case."""
        taken = {sheet.get_name().lower() for sheet in self.book.worksheets()}
        short = name[:_LONGEST_NAME]
        number = 1
        while short.lower() in taken:
            number += 1
            short = f"{name[: _LONGEST_NAME - 4]} {number}"
        return short
