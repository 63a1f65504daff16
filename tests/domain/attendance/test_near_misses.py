"""Handles that may be the user's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.attendance.near_misses import NearMiss, find_near_misses

handles = st.text("abc1_.", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("handle", "seen", "reason"),
    [
        ("jonathan", "jonathan_", "the same but for dots and underscores"),
        ("budi.santoso", "budi_santoso", "the same but for dots and underscores"),
        ("budisantoso", "_budi.santoso_", "the same but for dots and underscores"),
        ("budi_santoso", "budisantoso88", "the same but for digits"),
        ("budi77", "budi78", "the same but for digits"),
        ("1budi", "budi", "the same but for digits"),
        ("jonathan", "jontahan", "two neighbouring letters swapped"),
        ("jonathan", "ojnathan", "two neighbouring letters swapped"),
        ("jonathan", "jonathna", "two neighbouring letters swapped"),
        ("jonathan", "jonatan", "one letter less (h)"),
        ("jonathan", "jonatthan", "one letter more (t)"),
        ("jonathan", "jonathanx", "one letter more (x)"),
        ("jonathan", "xjonathan", "one letter more (x)"),
        ("jonathan", "jonethan", "one letter differs (e for a)"),
        ("jonathan", "yonathan", "one letter differs (y for j)"),
        ("jonathan", "jonathan.polri", "contains the handle"),
        ("jonathan", "real_jonathan", "contains the handle"),
        ("jonathan.polri", "jonathan", "is a part of the handle"),
        ("dwi.prasetyo.nugroho", "dwi.prasetya.nugraha", "83% alike"),
    ],
)
def test_handle_that_looks_alike_is_found_with_the_reason(
    handle: str, seen: str, reason: str
) -> None:
    assert find_near_misses(handle, ["someone.else", seen]) == [NearMiss(seen, reason)]


@pytest.mark.parametrize(
    ("handle", "seen"),
    [
        ("jonathan", "jonathan"),
        ("jonathan", "joko.susilo"),
        ("jonathan", "bharatha"),
        ("budi", "budi_santoso_polres"),
        ("adi", "ad1"),
        ("adi", "adi1"),
        ("12345", "54321"),
        ("___", "..."),
        ("jonathan", ""),
    ],
)
def test_handle_that_is_nothing_like_it_is_not_found(handle: str, seen: str) -> None:
    assert find_near_misses(handle, [seen]) == []


def test_earlier_handle_is_found_however_different() -> None:
    assert find_near_misses("jonathan", ["si_ganteng", "joko"], former=["si_ganteng", "x"]) == [
        NearMiss("si_ganteng", "an earlier handle of this user")
    ]


def test_likeliest_come_first_and_no_more_than_five() -> None:
    seen = [
        "jonathan.polri",
        "jonethan",
        "jonatan",
        "jontahan",
        "jonathan99",
        "jonathan_",
        "jo_lama",
    ]
    found = find_near_misses("jonathan", [*seen, *seen], former=["jo_lama"])
    assert [one.handle for one in found] == [
        "jo_lama",
        "jonathan_",
        "jonathan99",
        "jontahan",
        "jonethan",
    ]


@given(handles, st.lists(handles, max_size=20), st.lists(handles, max_size=3))
def test_only_other_candidates_are_found_each_once(
    handle: str, candidates: list[str], former: list[str]
) -> None:
    found = [one.handle for one in find_near_misses(handle, candidates, former=former)]
    assert set(found) <= set(candidates) - {handle}
    assert len(found) == len(set(found)) <= 5


@given(handles, st.lists(handles, max_size=20))
def test_order_of_the_candidates_does_not_matter(handle: str, candidates: list[str]) -> None:
    assert find_near_misses(handle, candidates) == find_near_misses(handle, candidates[::-1])
