from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.phones import normalise_phone, normalise_recipient


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("081234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("+62 812-3456-7890", "6281234567890"),
        ("(0812) 3456.7890", "6281234567890"),
        ("'081234567890", "6281234567890"),
        ("\u202a+62 812-3456-7890\u202c", "6281234567890"),
        ("81234567890.0", "6281234567890"),
        ("+65 9123 4567", "6591234567"),
        ("+62\u00a0812\u20119000\u20110108", "6281290000108"),
        ("0812\u20139000\u20130110", "6281290000110"),
        ("08\u200b1290000111", "6281290000111"),
        ("+62 (0)812-9000-0107", "6281290000107"),
        ("006281290000120;", "6281290000120"),
        ("6281290000102@c.us", "6281290000102"),
        ("6281290000103@s.whatsapp.net", "6281290000103"),
        ("https://wa.me/6281290000112?text=hi", "6281290000112"),
        ("https://api.whatsapp.com/send?phone=6281290000113&text=x", "6281290000113"),
        ("tel:+62-812-9000-0114", "6281290000114"),
        ("\uff10\uff18\uff11290000115", "6281290000115"),
        ("0361/234567", "62361234567"),
        ("belum punya HP", None),
        ("", None),
        (None, None),
        ("-", None),
        ("Tidak ada", None),
        ("0", None),
    ],
)
def test_a_number_is_stored_as_digits_with_its_country(typed: str | None, number: str) -> None:
    assert normalise_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8,12E+10", "a spreadsheet shortened this number"),
        ("6.28123E+12", "a spreadsheet shortened this number"),
        ("0812", "cannot exist"),
        ("081234567890 / 081234567891", "two numbers in this cell"),
        ("081234567890\n081234567891", "two numbers in this cell"),
        ("081234567890/91", "two numbers in this cell"),
        ("081234567890 081234567891", "two numbers in this cell"),
        ("+6281234567890  81234567891", "two numbers in this cell"),
        ("0812900001/23", "two numbers in this cell"),
        ("081234567890 atau 081234567891", "two numbers in this cell"),
        ("081234567890 (istri)", "expected a phone number"),
        ("nomor lama", "expected a phone number"),
        ("+", "expected a phone number"),
    ],
)
def test_what_is_no_number_is_refused_with_a_reason(typed: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_phone(typed)


@given(st.integers(min_value=10_000_000, max_value=99_999_999))
def test_an_indonesian_number_that_was_normalised_stays_as_it_is(digits: int) -> None:
    number = normalise_phone(f"0812{digits}")
    assert number == f"62812{digits}"
    assert normalise_phone(number) == number


@given(st.text() | st.from_regex(r"[+0]?[0-9 ().\-\u2011\u200b]{6,18}(?:@c\\.us)?", fullmatch=True))
def test_cleaning_a_number_twice_changes_nothing(typed: str) -> None:
    try:
        number = normalise_phone(typed)
    except ValueError:
        return
    assert normalise_phone(f"+{number}" if number else None) == number


def test_a_group_is_a_recipient_and_half_a_group_is_none() -> None:
    assert normalise_recipient(" 120363012345678901@g.us ") == "120363012345678901@g.us"
    assert normalise_recipient("081234567890") == "6281234567890"
    with pytest.raises(ValueError, match="expected a group id"):
        normalise_recipient("humas@g.us")
