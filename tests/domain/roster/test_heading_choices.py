from __future__ import annotations

import pytest

from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_headings import find_headings
from cicero_cli.errors import InputError


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Kolom Sheet=divisi", {"kolom sheet": "divisi"}),
        ("KOLOM_Sheet = Satfung", {"kolom sheet": "divisi"}),
        ("a=b=insta", {"a b": "insta"}),
        ("Kolom Sheet=", {"kolom sheet": None}),
    ],
)
def test_a_choice_is_a_heading_and_a_field(text: str, choices: dict[str, str | None]) -> None:
    assert read_choices([text]) == choices


@pytest.mark.parametrize("text", ["divisi", "=divisi", "Kolom=golongan darah", ""])
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_choices([text])


def test_new_choices_hold_over_old_ones() -> None:
    assert settle({"a": "insta", "b": "nama"}, {"a": "tiktok", "b": None}) == {"a": "tiktok"}


def headings(text: str, **settled: str) -> dict[str, str]:
    table = find_headings(read_csv(text.encode(), "a.csv"), (), settled)
    return {field: table.header[index] for field, index in table.positions.items()}


def test_a_settled_heading_is_known() -> None:
    assert headings("NRP,Nama,Akun\n1,a,b\n", akun="insta")["insta"] == "Akun"


def test_the_ids_may_stand_under_a_settled_heading() -> None:
    found = headings("DAFTAR\nNo Induk,Nama\n85010001,Budi\n", **{"no induk": "user_id"})
    assert found == {"user_id": "No Induk", "nama": "Nama"}


def test_of_two_columns_the_settled_one_counts() -> None:
    sheet = "NRP,Nama,Instagram,IG\n1,a,b,c\n"
    assert headings(sheet, ig="insta")["insta"] == "IG"
    assert headings(sheet, instagram="insta")["insta"] == "Instagram"


def test_two_settled_columns_of_one_field_are_refused() -> None:
    with pytest.raises(InputError, match="both mean insta"):
        headings("NRP,Nama,A,B\n1,a,b,c\n", a="insta", b="insta")
