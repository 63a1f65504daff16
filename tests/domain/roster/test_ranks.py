"""The order of people in reports."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.ranks import division_key, rank_place, report_order

RANKS_IN_ORDER = [
    "KBP",
    "AKBP",
    "KOMPOL",
    "AKP",
    "IPTU",
    "IPDA",
    "AIPTU",
    "AIPDA",
    "BRIPKA",
    "BRIGADIR",
    "BRIPTU",
    "BRIPDA",
    "PEMBINA UTAMA",
    "PEMBINA UTAMA MADYA",
    "PEMBINA UTAMA MUDA",
    "PEMBINA TK I",
    "PEMBINA",
    "PENATA TK I",
    "PENATA",
    "PENATA MUDA TK I",
    "PENATA MUDA",
    "PENGATUR TK I",
    "PENGATUR",
    "PENGATUR MUDA TK I",
    "PENGATUR MUDA",
    "JURU TK I",
    "JURU",
    "JURU MUDA TK I",
    "JURU MUDA",
    "PPPK",
    "PHL",
    "DUKUN",
]

text_or_none = st.one_of(st.none(), st.text(max_size=12))


def test_ranks_stand_in_the_order_of_the_design() -> None:
    assert sorted(random.Random(1).sample(RANKS_IN_ORDER, len(RANKS_IN_ORDER)), key=rank_place) == (
        RANKS_IN_ORDER
    )


@pytest.mark.parametrize(
    ("spelling", "rank"),
    [
        ("Akp.", "AKP"),
        ("A.K.P.", "AKP"),
        ("AIPTU ", "AIPTU"),
        ("  bripka", "BRIPKA"),
        ("BRIGPOL", "BRIGADIR"),
        ("Brig. Pol.", "BRIGADIR"),
        ("Brigadir Polisi Satu", "BRIPTU"),
        ("KOMBES POL", "KBP"),
        ("Kombes. Pol.", "KBP"),
        ("Ajun Komisaris Besar Polisi", "AKBP"),
        ("Ajun Komisaris Polisi", "AKP"),
        ("AKP, S.H.", "AKP"),
        ("AKP SH MH", "AKP"),
        ("Penata Tk. I", "PENATA TK I"),
        ("PENATA TK.1", "PENATA TK I"),
        ("PENATA TK1", "PENATA TK I"),
        ("Penata Tingkat I", "PENATA TK I"),
        ("PENATA I", "PENATA TK I"),
        ("PENATA (III/c)", "PENATA"),
        ("PENATA TK I / III d", "PENATA TK I"),
        ("Penda Tk I", "PENATA MUDA TK I"),
        ("PENDA", "PENATA MUDA"),
        ("Pengda I", "PENGATUR MUDA TK I"),
        ("P3K", "PPPK"),
        ("pppk", "PPPK"),
    ],
)
def test_rank_is_known_in_its_spellings(spelling: str, rank: str) -> None:
    assert rank_place(spelling) == rank_place(rank)


@pytest.mark.parametrize("title", [None, "", " ", "-", "KAPTEN", "AKPX"])
def test_unknown_rank_comes_after_all_others(title: str | None) -> None:
    assert rank_place(title) > rank_place("PHL")


def test_divisions_stand_in_the_order_of_the_design() -> None:
    expected = [
        "BAG OPS",
        "Bag Sumda",
        "SAT LANTAS",
        "SATRESKRIM",
        "SI HUMAS",
        "SIUM",
        "POLSEK KOTA",
        "POLSEK UTARA",
        "DITLANTAS",
        "SPKT",
        "UNIT K9",
        None,
    ]
    shuffled = random.Random(2).sample(expected, len(expected))
    assert sorted(shuffled, key=lambda divisi: report_order(divisi, "AKP", "A")) == expected


@pytest.mark.parametrize("divisi", ["", "  ", "-", "."])
def test_blank_division_is_no_division(divisi: str) -> None:
    assert report_order(divisi, "AKP", "A") == report_order(None, "AKP", "A")


@pytest.mark.parametrize("spelling", ["sat lantas", " SATLANTAS", "Sat. Lantas", "SAT  LANTAS"])
def test_one_division_in_its_spellings_stays_together(spelling: str) -> None:
    assert division_key(spelling) == division_key("SAT LANTAS")
    people = [("SAT LANTAS", "AKP"), (spelling, "IPTU"), ("SAT LANTAS", "BRIPDA")]
    order = [report_order(divisi, title, "A") for divisi, title in people]
    assert order == sorted(order)


def test_division_then_rank_then_name_then_id() -> None:
    people = [
        ("BAG OPS", "AKP", "Zulkifli", "1"),
        ("BAG OPS", "IPTU", "adi", "9"),
        ("BAG OPS", "IPTU", "ADI PUTRA", "1"),
        ("BAG OPS", "IPTU", "Budi", "1"),
        ("BAG OPS", "IPTU", "budi", "2"),
        ("BAG OPS", None, "Adi", "1"),
        ("BAG OPS 2", "KBP", "Adi", "1"),
        ("SI KEU", "KBP", "Adi", "1"),
        (None, "KBP", "Adi", "1"),
    ]
    shuffled = random.Random(3).sample(people, len(people))
    assert sorted(shuffled, key=lambda person: report_order(*person)) == people


@given(text_or_none, text_or_none, st.text(max_size=12))
def test_any_text_has_a_place(divisi: str | None, title: str | None, nama: str) -> None:
    with_division = report_order("BAG OPS", "KBP", "A") <= report_order(divisi, title, nama)
    assert with_division or division_key(divisi).startswith("BAG")
    assert 0 <= rank_place(title) <= 99


@given(text_or_none)
def test_case_and_blanks_do_not_change_a_rank(title: str | None) -> None:
    if title is not None and title.isascii():
        assert rank_place(f" {title.lower()} ") == rank_place(title.upper())
