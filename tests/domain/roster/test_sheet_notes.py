"""Rows that list nobody, as the sheets of units have them: nothing of them is stored, nobody else is left out."""

from __future__ import annotations

import pytest

from cicero_cli.domain.roster.client_headings import CLIENTS
from cicero_cli.domain.roster.sheet import Roster, read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_headings import find_headings

HEADINGS = "NO;NAMA;PANGKAT;NRP;JABATAN;IG\n"
BUDI = "1;Budi;AKP;85010101;KANIT;budi\n"
ANI = "2;Ani;IPDA;85010102;BANUM;ani\n"


def read(text: str) -> Roster:
    return read_roster(read_csv(text.encode(), "a.csv"))


def divisions(roster: Roster) -> dict[str, str | None]:
    return {user_id: row.cells.get("divisi") for user_id, row in roster.rows.items()}


@pytest.mark.parametrize(
    "row",
    ["JUMLAH;;;2;;", ";Jumlah;;2 orang;;", ";SUB TOTAL SAT LANTAS;;2;;", "Total;;;;2;", ";;;;Jumlah personel : ;2"],
)  # fmt: skip
def test_a_sum_is_nobody(row: str) -> None:
    roster = read(HEADINGS + BUDI + f"{row}\n" + ANI)
    assert ([*roster.rows], roster.bad) == (["85010101", "85010102"], [])
    assert roster.table.passed_over == [3]


def test_headings_once_more_on_each_page_are_nobody() -> None:
    numbers = "1;2;3;4;5;6\n"
    roster = read(HEADINGS + numbers + BUDI + HEADINGS + numbers + ANI)
    assert ([*roster.rows], roster.bad) == (["85010101", "85010102"], [])


@pytest.mark.parametrize(
    "block",
    [
        ";;;;Mengetahui;\n;;;;KAPOLRES ALFA;\n;;;;JOKO WIDODO, S.I.K.;\n;;;;AKBP NRP 75010101;\n",
        ";;;;Alfa, 27 November 2026;\n;a.n. KAPOLRES;;;;KASI HUMAS\n;JOKO;;;;SITI\n;AKBP;;NRP 75010101;;\n",
        ";;;;Alfa,      Nopember 2026;\n;;;KASI HUMAS;;\n",
        ";;;Catatan:;;\n;;;* akun baru;;\n",
        "Sumber: Bag SDM;;;;;\n",
        ";Ket :;;;;\n;belum = tidak punya akun;;;;\n",
    ],
)
def test_what_stands_below_the_people_is_nobody(block: str) -> None:
    roster = read(HEADINGS + BUDI + ANI + block)
    assert ([*roster.rows], roster.bad) == (["85010101", "85010102"], [])
    assert roster.table.passed_over == [*range(4, 4 + block.count("\n"))]


@pytest.mark.parametrize(
    "row",
    ["3;Cici;AKP;;KASAT;cici\n", ";SITI AMINAH;;;;\n", "3;JOKO;AKBP;;KAPOLRES;\n", ";BAGUS;;;;\n", "3;Sati;;;;sati\n"],
)  # fmt: skip
def test_somebody_whose_id_is_missing_is_named(row: str) -> None:
    roster = read(HEADINGS + BUDI + row + ANI)
    assert [(bad.line, bad.column) for bad in roster.bad] == [(3, "NRP")]
    assert roster.table.passed_over == []


def test_somebody_below_a_signature_is_read_or_named() -> None:
    roster = read(HEADINGS + BUDI + ";;;;Mengetahui;\n" + ANI + "3;Cici;AKP;;KASAT;cici\n")
    assert [*roster.rows] == ["85010101", "85010102"]
    assert [bad.line for bad in roster.bad] == [5]


def test_divisions_stand_between_their_people() -> None:
    roster = read(
        HEADINGS + "A;SAT LANTAS;;;;\n" + BUDI + "SATRESKRIM;;;;;\n" + ANI
        + "C.;PNS;;;;\n" + "3;Cici;PENATA;198501012010012001;BAMIN;cici\n"
    )  # fmt: skip
    assert roster.bad == []
    assert divisions(roster) == {
        "85010101": "SAT LANTAS",
        "85010102": "SATRESKRIM",
        "198501012010012001": None,
    }
    assert roster.table.passed_over == [6]


def test_a_row_that_names_its_own_division_keeps_it() -> None:
    roster = read("SATFUNG;NRP;NAMA\nI. BAG OPS;;\nBAG SDM;85010101;Budi\n;85010102;Ani\n")
    assert divisions(roster) == {"85010101": "BAG SDM", "85010102": "BAG OPS"}


def test_a_title_once_more_on_each_page_is_nobody() -> None:
    title = "DAFTAR PERSONEL POLRES ALFA;;;;;\n"
    roster = read(title + HEADINGS + BUDI + title + HEADINGS + ANI)
    assert ([*roster.rows], roster.bad) == (["85010101", "85010102"], [])


def test_a_short_id_and_words_of_other_columns_are_somebody() -> None:
    roster = read("NRP;NAMA;SATFUNG\n1;Budi;Sumber Daya Manusia\nP2;Ani;Keterangan\n3;Polsek;B\n")
    assert ([*roster.rows], roster.table.passed_over) == (["1", "P2", "3"], [])


def test_clients_may_be_called_as_divisions_are() -> None:
    sheet = read_csv(b"KODE;NAMA\nA;Polsek Alfa\nB;Polsek Beta\nJUMLAH;2\n", "a.csv")
    assert [row.cells[0] for row in find_headings(sheet, words=CLIENTS).rows] == ["A", "B"]
