from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.sheet_cells import guarded_cell, plain_cell
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.errors import InputError


@pytest.mark.parametrize(
    "content",
    [
        b"nrp,nama\n1,Budi\n",
        b"\xef\xbb\xbfnrp,nama\r\n1,Budi\r\n",
        b"nrp;nama\n1;Budi",
        b"nrp\tnama\n1\tBudi\n\n\n",
        b'"nrp";"nama"\n"1";"Budi"\n;\n',
        b"sep=;\r\nnrp;nama\r\n1;Budi\r\n",
        b"nrp,nama\r1,Budi\r",
        b"nrp|nama\r\n1|Budi\r\n",
        b"\xef\xbb\xbf\xef\xbb\xbfnrp,nama\n1,Budi\n",
        b"\xef\xbb\xbfsep=,\r\nnrp,nama\r\n1,Budi\r\n",
        b'"sep=;"\nnrp;nama\n1;Budi\n',
        "nrp\tnama\r\n1\tBudi\r\n".encode("utf-16"),
        "nrp\tnama\r\n1\tBudi\r\n".encode("utf-16-le"),
        "nrp\tnama\r\n1\tBudi\r\n".encode("utf-16-be"),
    ],
)
def test_a_sheet_reads_the_same_however_it_was_saved(content: bytes) -> None:
    sheet = read_csv(content, "a.csv")
    assert [row.cells for row in sheet.rows] == [["nrp", "nama"], ["1", "Budi"]]


def test_titles_above_do_not_hide_what_stands_between_the_cells() -> None:
    sheet = read_csv(b"DATA, PERSONEL, 2026\nPOLRES A\n\nNRP;NAMA;IG\n1;Budi;b\n", "a.csv")
    assert [(row.line, row.cells) for row in sheet.rows[2:]] == [
        (4, ["NRP", "NAMA", "IG"]),
        (5, ["1", "Budi", "b"]),
    ]


def test_a_row_has_the_line_that_it_begins_on() -> None:
    sheet = read_csv(b'nrp,nama\n1,"Siti\nAminah"\n\n2,Budi\n', "a.csv")
    assert [(row.line, row.cells[1]) for row in sheet.rows[1:]] == [
        (2, "Siti\nAminah"),
        (5, "Budi"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"nrp,nama\r\n1,Budi\r\n2,Ren\xe9\r\n",
            "a.csv line 3 is not UTF-8: byte 0xE9 after '2,Ren'",
        ),
        (b"\xef\xbb\xbfnrp\n\xe9\n", "a.csv line 2 is not UTF-8: byte 0xE9 after ''"),
        (b"\xff\xfen", "a.csv line 1 is UTF-16 or no text"),
        (b"\0\0\0\0n", "a.csv line 1 is UTF-16 or no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "a.csv is an old workbook (XLS)"),
        (b"\x1f\x8b\x08\x00", "a.csv is a compressed file"),
        (b"%PDF-1.7", "a.csv is a PDF"),
        (b'\n<!DOCTYPE html><html lang="en">', "a.csv is a web page, not a sheet"),
        (b'nrp,nama\n1,Mu"min\n2,"Mu"min"\n', "a.csv line 3 cannot be read as CSV"),
        (b"PK\x03\x04...", "a.csv is a workbook"),
        (b'nrp,nama\n1,"Budi\n2,Siti\n', "a.csv line 2 cannot be read as CSV"),
        (b'nrp,nama\n1,"Budi" S\n', "a.csv line 2 cannot be read as CSV"),
    ],
)
def test_what_is_no_csv_is_refused_whole(content: bytes, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_csv(content, "a.csv")
    assert caught.value.message.startswith(expected)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("'=1+1", "=1+1"),
        ("'Aisyah", "'Aisyah"),
        ("\u00a0Budi\u200b ", "Budi"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_adds_is_taken_off(cell: str, text: str) -> None:
    assert plain_cell(cell) == text


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@budi", "00123", "198503012010011002"])
def test_what_a_spreadsheet_would_change_stands_behind_an_apostrophe(text: str) -> None:
    assert guarded_cell(text) == f"'{text}"


@given(st.text(st.characters(codec="utf-8")) | st.from_regex(r"['=+@0-9\-]{0,4}[a-z]?"))
def test_a_guarded_cell_says_the_same(text: str) -> None:
    assert plain_cell(guarded_cell(plain_cell(text))) == plain_cell(text)
    assert guarded_cell(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
