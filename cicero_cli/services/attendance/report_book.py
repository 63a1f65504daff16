"""What the workbooks (xlsx) of reports have in common: sheets that print with the unit's name, headings, filters, colours, charts; texts that stay texts.

Their words are Indonesian, as all that a unit is handed; figures are numbers and days are dates, to be sorted and counted with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, NamedTuple

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.sheet_names import free_name

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
_LONGEST_TITLE = 80  # of 255, with what stands on the right
_TABLE_AT = 3  # below the title, the days and an empty line
_MOST_BARS = 40
_BAR = "#2F5D8C"
_LINES = (("#2F5D8C", "solid"), ("#D55E00", "dash"))
_LOW, _MIDDLE, _HIGH = "#F4B6B6", "#FBE7A1", "#B7DFC0"  # told apart by their lightness too
VERDICTS = {"Sudah": _HIGH, "Dikecualikan": _HIGH, "Tanpa username": _MIDDLE, "Belum": _LOW}


class Style(Enum):
    """How a column's cells are written."""

    TEXT = ""
    NUMBER = "#,##0"
    PERCENT = "0.0%"
    SHARE = "0%"  # of one day, in a narrow column
    POINTS = "+0.0%;-0.0%;0.0%"
    VERDICT = "@"  # a word that has a colour
    DAY = "dd-mm-yyyy"
    MOMENT = "dd-mm-yyyy hh:mm"


class Column(NamedTuple):
    """A heading, a day for one of many alike, with how wide the column is."""

    heading: str | date
    width: float
    style: Style = Style.TEXT


_SHARES = frozenset({Style.PERCENT, Style.SHARE})
Cell = str | float | date | datetime | None


GROUP_COLUMNS = (
    Column("Kelompok", 30),
    Column("Personel", 10, Style.NUMBER),
    Column("Terlaksana", 11, Style.NUMBER),
    Column("Wajib", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column("Perubahan", 11, Style.POINTS),
)


def write_book(
    fill: Callable[[ReportBook], None], *, title: str, unit: str, days: str, made_at: datetime
) -> bytes:
    """The bytes of a workbook that `fill` has filled: `title` and `days` on every sheet, `unit` and `days` on each page.

    Memory holds a line at a time, so every sheet is written from top to bottom; the same figures and `made_at` give the same bytes.
    """
    from xlsxwriter import Workbook

    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(file, options) as book:
            created = made_at.astimezone(UTC).replace(tzinfo=None)
            book.set_properties({"title": title[:_LONGEST_TITLE], "created": created})
            fill(ReportBook(book, title=title, unit=unit, days=days))
        file.seek(0)
        return file.read()


class ReportBook:
    """A workbook under way."""

    def __init__(self, book: Any, *, title: str, unit: str, days: str) -> None:
        self._book = book
        self._title, self._unit, self._days = title, unit, days
        self._names: set[str] = set()
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format(
            {"bold": True, "bg_color": "#E4E9F0", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.day_heading = book.add_format(
            {
                "bold": True,
                "bg_color": "#E4E9F0",
                "bottom": 1,
                "num_format": "dd/mm",
                "valign": "top",
            }
        )
        self.marked = book.add_format({"quote_prefix": True})
        self.formats = {
            style: book.add_format({"num_format": style.value}) for style in Style if style.value
        }
        self.verdicts = {
            word: book.add_format({"bg_color": colour}) for word, colour in VERDICTS.items()
        }

    def add_sheet(self, name: str, columns: Sequence[Column]) -> ReportSheet:
        """A sheet with its title, of a name that Excel takes and no other sheet has; the columns' widths hold for all of it."""
        free = free_name(name, self._names)
        self._names.add(free.casefold())
        sheet = self._book.add_worksheet(free)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        unit = clean_text(self._unit)[:_LONGEST_TITLE].replace("&", "&&")
        sheet.set_header(f"&L{unit}&R{self._days}")
        sheet.set_footer("&LCicero&RHalaman &P dari &N")
        added = ReportSheet(self, sheet)
        added.write_text(self._title, self.title)
        added.write_text(self._days)
        added.line = _TABLE_AT
        return added

    def add_bars(
        self, name: str, sheet: ReportSheet, *, first: int, rows: int, share_at: int
    ) -> Any:
        """A chart of the shares in a table's lines, the first on top; None without any."""
        shown = min(rows, _MOST_BARS)
        if not shown:
            return None
        last = first + shown - 1
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": name,
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, share_at, last, share_at],
                "data_labels": {"value": True, "num_format": "0%"},
                "fill": {"color": _BAR},
                "gap": 60,
            }
        )
        chart.set_title({"name": name, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 560, "height": max(320, 60 + 22 * shown)})
        return chart

    def add_lines(
        self,
        name: str,
        sheet: ReportSheet,
        lines: Sequence[tuple[str, int, int]],
        *,
        names_at: int,
        share_at: int,
    ) -> Any:
        """A chart of shares over days: each line by its name, its first and its last line in the table."""
        chart = self._book.add_chart({"type": "line"})
        for (label, first, last), (colour, dashes) in zip(lines, _LINES, strict=False):
            chart.add_series(
                {
                    "name": label,
                    "categories": [sheet.name, first, names_at, last, names_at],
                    "values": [sheet.name, first, share_at, last, share_at],
                    "line": {"color": colour, "width": 2.25, "dash_type": dashes},
                    "marker": {"type": "automatic", "size": 5},
                }
            )
        chart.set_title({"name": name, "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"})
        chart.set_x_axis({"date_axis": True, "num_format": "dd/mm"})
        chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 720, "height": 360})
        return chart


class ReportSheet:
    """A sheet under way: `line` is the next one. What begins like a formula is marked, so that it is none after editing or as CSV either."""

    def __init__(self, book: ReportBook, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self.line = 0

    @property
    def name(self) -> str:
        return str(self._sheet.get_name())

    def write_text(self, text: str, style: Any = None) -> None:
        """A line of its own."""
        self._write_text(self.line, 0, text, style)
        self.line += 1

    def write_title(self, text: str) -> None:
        """A line above a table."""
        self.write_text(text, self._book.title)

    def write_headings(self, columns: Sequence[Column]) -> None:
        for place, column in enumerate(columns):
            if isinstance(column.heading, str):
                self._sheet.write_string(self.line, place, column.heading, self._book.heading)
            else:
                day = column.heading
                self._sheet.write_datetime(self.line, place, day, self._book.day_heading)
        self.line += 1

    def write_rows(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
        """A line for each, an absent cell being empty; gives how many."""
        writers = [self._writer(column.style) for column in columns]
        first = line = self.line
        for row in rows:
            for place, (write, cell) in enumerate(zip(writers, row, strict=True)):
                if cell is not None:
                    write(line, place, cell)
            line += 1
        self.line = line
        return line - first

    def write_list(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, frozen: int
    ) -> None:
        """The one table of a sheet: its headings stay in sight and on each page, with `frozen` columns, and can be filtered by."""
        at = self.line
        self.write_headings(columns)
        count = self.write_rows(columns, rows)
        self._sheet.freeze_panes(at + 1, frozen)
        self._sheet.repeat_rows(at)
        if not count:
            return
        self._sheet.autofilter(at, 0, at + count, len(columns) - 1)
        shares = [place for place, column in enumerate(columns) if column.style in _SHARES]
        for first, last in _runs(shares):
            self._sheet.conditional_format(at + 1, first, at + count, last, _COLOURS)
        for place, column in enumerate(columns):
            if column.style is Style.VERDICT:
                self._colour_words(place, at + 1, at + count)

    def insert_chart(self, line: int, column: int, chart: Any) -> None:
        self._sheet.insert_chart(line, column, chart)

    def _colour_words(self, place: int, first: int, last: int) -> None:
        for word, form in self._book.verdicts.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
            self._sheet.conditional_format(first, place, last, place, rule)

    def _writer(self, style: Style) -> Callable[[int, int, Any], Any]:
        sheet = self._sheet
        if style in {Style.TEXT, Style.VERDICT}:
            return self._write_text
        form = self._book.formats[style]
        if style in {Style.DAY, Style.MOMENT}:
            return lambda line, place, cell: sheet.write_datetime(line, place, cell, form)
        return lambda line, place, cell: sheet.write_number(line, place, cell, form)

    def _write_text(self, line: int, place: int, text: str, style: Any = None) -> None:
        if text:
            marked = self._book.marked if text.startswith(_FORMULA) else style
            self._sheet.write_string(line, place, text[:_LONGEST_CELL], marked)


_COLOURS = {
    "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
    "min_value": 0, "mid_value": 0.5, "max_value": 1,
    "min_color": _LOW, "mid_color": _MIDDLE, "max_color": _HIGH,
}  # fmt: skip


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Columns that lie side by side, as the first and the last of each group."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
