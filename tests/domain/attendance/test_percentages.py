from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.attendance.percentages import (
    percent_english,
    percent_indonesian,
    percent_tenths,
)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 3, "0%"),
        (1, 3, "33,3%"),
        (2, 3, "66,7%"),
        (3, 3, "100%"),
        (27, 30, "90%"),
        (585, 591, "99%"),
        (1, 16, "6,3%"),  # 6,25: halves go up
        (9999, 10000, "99,9%"),
        (1, 10000, "0,1%"),
        (0, 0, "100%"),
    ],
)
def test_a_share_reads_as_in_a_workbook(part: int, whole: int, expected: str) -> None:
    assert percent_indonesian(part, whole) == expected


def test_the_command_line_always_has_a_tenth() -> None:
    assert [percent_english(part, 8) for part in (0, 1, 4, 8)] == [
        "0.0%",
        "12.5%",
        "50.0%",
        "100.0%",
    ]


@given(st.data())
def test_all_and_none_are_said_of_nothing_else(data: st.DataObject) -> None:
    whole = data.draw(st.integers(1, 10**12))
    part = data.draw(st.integers(0, whole))

    tenths = percent_tenths(part, whole)

    assert (tenths == 1000) == (part == whole)
    assert (tenths == 0) == (part == 0)
    if tenths not in {0, 1, 999, 1000}:
        exact = Decimal(part) * 1000 / Decimal(whole)
        assert tenths == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
