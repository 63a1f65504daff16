"""The token of a reminder's link."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.messaging.self_check import Claim, is_signed, make_token, read_token

DAY = date(2026, 11, 21)
NUMBER = "6281211110001"


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20))
def test_a_token_gives_back_whose_day_it_is_and_is_letters_and_digits(user_id: str) -> None:
    token = make_token("key", user_id, NUMBER, DAY)
    assert re.fullmatch(r"[a-z0-9.]+", token)
    claim = read_token(token)
    assert claim is not None
    assert (claim.user_id, claim.day) == (user_id, DAY)
    assert is_signed("key", claim, NUMBER)


def test_another_key_number_day_or_person_is_not_signed() -> None:
    signature = read_token(make_token("key", "1", NUMBER, DAY)).signature  # type: ignore[union-attr]
    good = Claim("1", DAY, signature)
    assert is_signed("key", good, NUMBER)
    assert not is_signed("another", good, NUMBER)
    assert not is_signed("key", good, "6281211110002")
    assert not is_signed("key", Claim("2", DAY, signature), NUMBER)
    assert not is_signed("key", Claim("1", date(2026, 11, 22), signature), NUMBER)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "261121",
        "261121.ge.",
        "991399.ge." + "a" * 24,
        "261121.a." + "a" * 24,
        "261121.ge." + "A" * 24,
        "261121.ge." + "a" * 23,
        "261121.74." + "a" * 24,
        "٢٦١١٢١.ge." + "a" * 24,
        "261121.ge." + "a" * 24 + "\n",
    ],
)
def test_what_is_no_token_is_read_as_none(token: str) -> None:
    assert read_token(token) is None
