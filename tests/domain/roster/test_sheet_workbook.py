"""Workbooks as units have them: titles above the headings, numbers in every format, several tabs; and those that are refused."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import xlsxwriter
import xlwt

from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_workbook import is_workbook, read_tabs, read_workbook
from cicero_cli.errors import InputError

ROWS: list[list[Any]] = [
    ["DAFTAR PERSONEL POLRES A"],
    [],
    ["NO", "NRP", "NAMA LENGKAP", "NO. HP / WA", "Nama Akun Instagram"],
    [1, 85010001, "Budi", 6281234567890, "budi"],
    [2, "198501012010011001", "Ani", "081234567891", "ani"],
]
TEXT = [
    ["DAFTAR PERSONEL POLRES A"],
    ["NO", "NRP", "NAMA LENGKAP", "NO. HP / WA", "Nama Akun Instagram"],
    ["1", "85010001", "Budi", "6281234567890", "budi"],
    ["2", "198501012010011001", "Ani", "081234567891", "ani"],
]


def xlsx(tabs: Mapping[str, Sequence[Sequence[Any]]], number_format: str = "General") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        shape = book.add_format({"num_format": number_format})
        for name, rows in tabs.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    sheet.write(row, column, value, shape)
    return out.getvalue()


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Personel")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Sequence[Sequence[Any]], *, extra: str = "", manifest: str = "") -> bytes:
    def cell(value: Any) -> str:
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = {
        "office": "office:1.0",
        "table": "table:1.0",
        "text": "text:1.0",
    }
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}"' for name, uri in names.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Personel">{body}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest or "<manifest/>",
        }
    )


def packed(parts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def with_part(content: bytes, name: str) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(name, b"x")
    return out.getvalue()


def cells(content: bytes, tab: str | None = None) -> list[list[str]]:
    assert is_workbook(content)
    return [[*row.cells] for row in read_workbook(content, "people", tab=tab).rows]


@pytest.mark.parametrize("make", [lambda rows: xlsx({"Personel": rows}), xls, ods])
def test_every_kind_of_workbook_gives_the_same_rows(
    make: Callable[[list[list[Any]]], bytes],
) -> None:
    assert cells(make(ROWS)) == TEXT


@pytest.mark.parametrize("number_format", ["0.00", "dd/mm/yyyy", "#,##0", "0.00E+00", "@"])
def test_a_number_is_what_the_workbook_holds_whatever_its_format(number_format: str) -> None:
    rows = [row[1:] for row in ROWS[2:]]  # a running number of 1 in a date's format is a day

    assert cells(xlsx({"Personel": rows}, number_format)) == [row[1:] for row in TEXT[1:]]


def test_the_line_is_the_row_that_the_workbook_shows() -> None:
    sheet = read_workbook(xlsx({"Personel": ROWS}), "people")

    assert [row.line for row in sheet.rows] == [1, 3, 4, 5]
    assert sorted(read_roster(sheet).rows) == ["198501012010011001", "85010001"]


def test_a_number_that_the_workbook_has_rounded_is_refused_by_name() -> None:
    rounded = [*ROWS[:3], [1, 198501012010011001, "Budi", "", "budi"]]

    [bad] = read_roster(read_workbook(xlsx({"Personel": rounded}), "people")).bad

    assert (bad.line, bad.value) == (4, "1.98501012010011E+17")
    assert "a spreadsheet shortened this id" in bad.reason


def test_the_first_tab_that_holds_anything_is_read_unless_another_is_named() -> None:
    book = xlsx({"Kosong": [], "Personel": ROWS, "Lain": [["NRP", "Nama"], ["1", "Citra"]]})

    assert cells(book) == TEXT
    assert cells(book, "lain ") == [["NRP", "Nama"], ["1", "Citra"]]
    with pytest.raises(InputError, match="people has no tab 'Mutasi'") as refused:
        read_workbook(book, "people", tab="Mutasi")
    assert refused.value.hint == "there are: 'Kosong', 'Personel', 'Lain'"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (xlsx({"Personel": []}), "people is empty"),
        (with_part(xlsx({"A": ROWS}), "xl/vbaProject.bin"), "holds macros or links to other files"),
        (with_part(xlsx({"A": ROWS}), "xl/VBAPROJECT.BIN"), "holds macros or links to other files"),
        (with_part(ods(ROWS), "Basic/Standard/Module1.xml"), "holds macros or links to other files"),
        (xls(ROWS) + "_VBA_PROJECT".encode("utf-16-le"), "holds macros or links to other files"),
        (with_part(xlsx({"A": ROWS}), "xl/workbook.bin"), "is a binary workbook"),
        (
            with_part(xlsx({"A": ROWS}), "xl/externalLinks/externalLink1.xml"),
            "holds macros or links to other files",
        ),
        (
            b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
            "people is locked with a password",
        ),
        (
            ods(ROWS, manifest="<manifest><encryption-data/></manifest>"),
            "people is locked with a password",
        ),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "cannot be read as a workbook"),
        (xlsx({"A": ROWS})[:-300], "no workbook"),
        (
            ods(ROWS, extra='<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'),
            "more than 200,000 rows",
        ),
    ],
)  # fmt: skip
def test_what_cannot_or_may_not_be_read_is_refused_in_one_line(content: bytes, reason: str) -> None:
    if reason == "no workbook":
        assert not is_workbook(content)
        return
    assert is_workbook(content)
    with pytest.raises(InputError) as refused:
        read_workbook(content, "people")
    assert reason in str(refused.value)


def test_a_single_cell_far_away_is_no_billion_cells() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")

    with pytest.raises(InputError, match="people has more than 200,000 rows or 5,000,000 cells"):
        read_workbook(out.getvalue(), "people")


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    out = io.BytesIO(xlsx({"Personel": ROWS}))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("xl/media/zeros.bin", "w") as part,
    ):
        for _ in range(301):
            part.write(bytes(1_000_000))

    with pytest.raises(InputError, match="people unpacks to more than 300 MB"):
        read_workbook(out.getvalue(), "people")


def test_a_zip_that_is_no_workbook_is_left_to_others() -> None:
    assert not is_workbook(packed({"readme.txt": "x"}))
    assert not is_workbook(b"PK\x03\x04broken")
    assert not is_workbook(b"NRP,Nama\n")


def test_a_part_that_is_larger_than_its_head_says_is_not_unpacked() -> None:
    part, spaces = "xl/worksheets/sheet1.xml", 30_000_000
    with zipfile.ZipFile(io.BytesIO(xlsx({"Personel": ROWS}))) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    parts[part] = parts[part].replace(b"</worksheet>", b" " * spaces + b"</worksheet>")
    content = packed({name: text.decode() for name, text in parts.items()})
    said, true = struct.pack("<I", 2000), struct.pack("<I", len(parts[part]))
    assert true in content
    forged = content.replace(true, said)
    tracemalloc.start()
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_workbook(forged, "a.xlsx")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < spaces


PEOPLE = [["NRP", "NAMA", "IG"], ["85010001", "Budi", "budi"]]


def test_the_tab_that_lists_people_is_read_and_others_that_do_are_named() -> None:
    tabs = {
        "Petunjuk": [["Isi dengan lengkap"]],
        "POLRI": PEOPLE,
        "PNS": PEOPLE,
        "Pilihan": [["AKP"]],
    }
    sheet = read_workbook(xlsx(tabs), "a.xlsx")
    assert [[*row.cells] for row in sheet.rows] == PEOPLE
    assert sheet.other_tabs == ["PNS"]


def test_a_hidden_tab_is_read_only_when_it_is_named() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        old, new = book.add_worksheet("Lama"), book.add_worksheet("Baru")
        old.write_row(0, 0, ["NRP", "NAMA", "IG"])
        old.write_row(1, 0, ["85010009", "Lama", "lama"])
        for index, row in enumerate(PEOPLE):
            new.write_row(index, 0, row)
        new.activate()
        old.hide()
    read = read_workbook(out.getvalue(), "a.xlsx")
    assert (read.rows[1].cells[0], read.other_tabs) == ("85010001", [])
    assert [*read_tabs(out.getvalue(), "a.xlsx")] == ["Baru"]
    assert read_workbook(out.getvalue(), "a.xlsx", tab="lama").rows[1].cells[0] == "85010009"


def test_a_cell_over_several_rows_holds_for_each_of_them() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["SATFUNG", "NRP", "NAMA"])
        for row in (1, 2, 3):
            sheet.write_row(row, 1, [f"8501000{row}", "Budi"])
        sheet.merge_range(1, 0, 2, 0, "SAT LANTAS")
    rows = read_workbook(out.getvalue(), "a.xlsx").rows
    assert [row.cells[0] for row in rows] == ["SATFUNG", "SAT LANTAS", "SAT LANTAS", ""]


def test_a_formula_without_a_result_is_no_empty_cell() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["NRP", "NAMA", "IG", "WA"])
        sheet.write_row(1, 0, ["85010001", "Budi"])
        sheet.write_formula(1, 2, "=VLOOKUP(1,A1:B2,9)", None, "#REF!")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    assert read_workbook(out.getvalue(), "a.xlsx").rows[1].cells[2:] == ["#REF!", "#DIV/0!"]
