"""Anev as a workbook (xlsx): a sheet of sums, and one with a line for each user."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from cicero_cli.repositories.attendance.anev import AnevRow

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: tuple[tuple[str, int], ...] = (
    ("Client", 14),
    ("Nama client", 24),
    ("NRP/NIP", 14),
    ("Nama", 32),
    ("Pangkat", 12),
    ("Divisi", 20),
    ("Jabatan", 24),
    ("Instagram", 20),
    ("TikTok", 20),
    ("Dikecualikan", 12),
    ("Post Instagram", 14),
    ("Likes", 8),
    ("Post TikTok", 12),
    ("Komentar", 10),
    ("Tugas", 8),
    ("Selesai", 8),
    ("Persen", 8),
)


def write_workbook(rows: Iterable[AnevRow], filters: Mapping[str, Any]) -> bytes:
    """The workbook's bytes. Memory holds a line at a time."""
    from xlsxwriter import Workbook

    with tempfile.TemporaryFile() as file:
        workbook = Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheets = _Sheets(workbook)
        sums = sheets.write_people(rows)
        sheets.write_summary(filters, sums)
        workbook.close()
        file.seek(0)
        return file.read()


class _Sheets:
    """Texts stay texts: what begins like a formula is marked, so that it is none after editing or as CSV either."""

    def __init__(self, workbook: Any) -> None:
        self._bold = workbook.add_format({"bold": True})
        self._marked = workbook.add_format({"quote_prefix": True})
        self._percent = workbook.add_format({"num_format": "0.0%"})
        self._summary = workbook.add_worksheet("Ringkasan")
        self._people = workbook.add_worksheet("Personel")

    def write_people(self, rows: Iterable[AnevRow]) -> dict[str, int]:
        """A line for each user; gives the sums."""
        sheet = self._people
        sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, self._bold)
        sums = {"users": 0, "likes": 0, "comments": 0, "assigned": 0, "completed": 0}
        line = 0
        for line, row in enumerate(rows, 1):
            self._write_person(line, row)
            sums["users"] += 1
            for name in ("likes", "comments", "assigned", "completed"):
                sums[name] += getattr(row, name)
        if line:
            sheet.autofilter(0, 0, line, len(_COLUMNS) - 1)
        return sums

    def write_summary(self, filters: Mapping[str, Any], sums: Mapping[str, int]) -> None:
        """What was asked for, and the sums."""
        sheet = self._summary
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 40)
        rate = sums["completed"] / sums["assigned"] if sums["assigned"] else 0.0
        lines: list[tuple[str, Any]] = [
            *filters.items(),
            ("Personel", sums["users"]),
            ("Likes", sums["likes"]),
            ("Komentar", sums["comments"]),
            ("Tugas", sums["assigned"]),
            ("Selesai", sums["completed"]),
        ]
        for number, (name, value) in enumerate(lines):
            sheet.write_string(number, 0, name, self._bold)
            self._write(sheet, number, 1, value)
        sheet.write_string(len(lines), 0, "Tingkat penyelesaian", self._bold)
        sheet.write_number(len(lines), 1, rate, self._percent)

    def _write_person(self, line: int, row: AnevRow) -> None:
        values = (
            row.client_id,
            row.nama_client,
            row.user_id,
            row.nama,
            row.title,
            row.divisi,
            row.jabatan,
            row.insta,
            row.tiktok,
            "ya" if row.exception else None,
            row.insta_posts,
            row.likes,
            row.tiktok_posts,
            row.comments,
            row.assigned,
            row.completed,
        )
        for column, value in enumerate(values):
            self._write(self._people, line, column, value)
        rate = row.completed / row.assigned if row.assigned else 0.0
        self._people.write_number(line, len(values), rate, self._percent)

    def _write(self, sheet: Any, line: int, column: int, value: Any) -> None:
        if isinstance(value, int):
            sheet.write_number(line, column, value)
        elif value is not None:
            text = str(value)
            sheet.write_string(
                line, column, text, self._marked if text.startswith(_FORMULA) else None
            )
