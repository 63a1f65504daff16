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
    ],
)
def test_a_sheet_reads_the_same_however_it_was_saved(content: bytes) -> None:
    table = read_csv(content, "a.csv")
    assert table.header == ["nrp", "nama"]
    assert [row.cells for row in table.rows] == [["1", "Budi"]]


def test_a_row_has_the_line_that_it_begins_on() -> None:
    table = read_csv(b'nrp,nama\n1,"Siti\nAminah"\n\n2,Budi\n', "a.csv")
    assert [(row.line, row.cells[1]) for row in table.rows] == [(2, "Siti\nAminah"), (5, "Budi")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a.csv is empty"),
        (b"\xef\xbb\xbf\n ;\n", "a.csv is empty"),
        (
            b"nrp,nama\r\n1,Budi\r\n2,Ren\xe9\r\n",
            "a.csv line 3 is not UTF-8: byte 0xE9 after '2,Ren'",
        ),
        (b"\xef\xbb\xbfnrp\n\xe9\n", "a.csv line 2 is not UTF-8: byte 0xE9 after ''"),
        ("nrp,nama\n".encode("utf-16"), "a.csv line 1 is UTF-16"),
        ("nrp,nama\n".encode("utf-16-le"), "a.csv line 1 is UTF-16"),
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
