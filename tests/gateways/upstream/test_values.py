from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.values import (
    moment,
    part,
    read_code,
    read_count,
    read_handle,
    read_key,
    read_text,
)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (1018, 1018),
        (1018.0, 1018),
        ("1018", 1018),
        (" 1018 ", 1018),
        ("1e3", 1000),
        (1e3, 1000),
        (0, 0),
        ("0", 0),
        (-1, None),
        ("-1", None),
        (None, None),
        ("", None),
        ("banyak", None),
        ("nan", None),
        ("inf", None),
        (float("inf"), None),
        (float("nan"), None),
        (2.5, None),
        (True, None),
        ([3], None),
        ({"count": 3}, None),
        (2**63, None),
        ("9" * 400, None),
    ],
)
def test_a_count_is_read_in_every_form_or_not_at_all(value: Any, count: int | None) -> None:
    assert read_count(value) == count


@pytest.mark.parametrize(
    ("values", "count"),
    [
        (("0", 12), 12),  # the listing's exact count is late
        ((None, 12), 12),
        ((-1, -1), None),
        (("68311", 68300), 68311),
        (("12345", 12400), 12345),  # rounded up, no better for being larger
        (("500", 68300), 68300),
    ],
)
def test_the_larger_of_two_counts_is_the_total_unless_it_is_the_other_one_rounded(
    values: tuple[Any, ...], count: int | None
) -> None:
    assert read_count(*values) == count


@pytest.mark.parametrize("seconds", [1773475200, "1773475200", 1773475200.0])
def test_a_time_is_read_in_every_form(seconds: Any) -> None:
    assert moment(seconds) == datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, "0", None, -5, "yesterday", 1773475200000, True, 2**70])
def test_what_is_no_time_is_refused(seconds: Any) -> None:
    with pytest.raises(UpstreamError, match="expected a time in seconds"):
        moment(seconds)


def test_texts_ids_handles_and_codes_are_read_from_what_holds_them() -> None:
    assert [read_text(value) for value in ("a", {"text": "b"}, None, 7)] == ["a", "b", "", ""]
    assert [read_key(value) for value in (" 7 ", 7, None, True, [])] == ["7", "7", "", "", ""]
    people = ("@Budi", {"username": "Siti "}, {"username": None}, None)
    assert [read_handle(value, "username") for value in people] == ["budi", "siti", "", ""]
    assert [read_code(value) for value in (0, "-7", "10222", True, "x")] == [
        0,
        -7,
        10222,
        None,
        None,
    ]
    assert part({"a": {"b": 1}}, "a", "b") == 1
    assert part({"a": "text"}, "a", "b") is None
