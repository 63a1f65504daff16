"""What holds of every workbook that a unit is handed."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.services.attendance.report_book import (
    Column,
    ReportBook,
    Style,
    write_book,
)
from tests.services.fakes import at

DAY = date(2026, 11, 21)
COLUMNS = (
    Column("Nama", 20),
    Column("Wajib", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column(DAY, 9, Style.DAY),
    Column("Keterangan", 12, Style.VERDICT),
)
NASTY = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "{=1}",
    "http://evil.example/x",
    "_x0041_",
    "🚓 \u0627",
    "",
)


def write(*rows: tuple[object, ...], names: tuple[str, ...] = ("Personel",)) -> bytes:
    def fill(book: ReportBook) -> None:
        for name in names:
            book.add_sheet(name, COLUMNS).write_list(COLUMNS, rows, frozen=1)

    return write_book(
        fill, title="Laphar & Co", unit="A & B" * 40, days="Sabtu", made_at=at("2026-11-21 08:00")
    )


def test_figures_are_numbers_days_are_dates_and_absent_cells_are_empty() -> None:
    content = write(("Ani", 3, 1 / 3, DAY, "Sudah"), (None, None, None, None, None))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Personel")
    rows = sheet.to_python()
    assert rows[0][0] == "Laphar & Co"
    assert rows[3] == ["Nama", "Wajib", "Persen", DAY, "Keterangan"]
    assert rows[4] == ["Ani", 3, 1 / 3, DAY, "Sudah"]
    assert content == write(("Ani", 3, 1 / 3, DAY, "Sudah"), (None, None, None, None, None))


def test_a_list_has_filters_frozen_headings_colours_and_a_page_with_the_units_name() -> None:
    with zipfile.ZipFile(io.BytesIO(write(("Ani", 3, 1 / 3, DAY, "Belum")))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    assert '<autoFilter ref="A4:E5"/>' in sheet
    assert 'state="frozen"' in sheet
    assert "colorScale" in sheet
    assert '"Belum"' in sheet.replace("&quot;", '"')
    assert 'orientation="landscape"' in sheet
    assert "&amp;LA &amp;&amp; BA &amp;&amp; B" in sheet
    assert "_xlnm.Print_Titles" in names


@pytest.mark.parametrize("text", NASTY)
def test_no_text_runs_or_links(text: str) -> None:
    content = write((text, None, None, None, text))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in parts.namelist() if "rels/sheet" in name]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[4:]] == ([text] if text else [])


def test_names_that_excel_refuses_are_written_all_the_same() -> None:
    content = write(names=("Ringkasan", "ringkasan", "History", "A/B:C", "x" * 50, "x" * 60))
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [
        "Ringkasan",
        "ringkasan 2",
        "History 2",
        "A-B-C",
        "x" * 31,
        f"{'x' * 29} 2",
    ]
