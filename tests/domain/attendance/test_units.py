"""The units of a directorate: their places, and one unit's people alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    PostSummary,
    Standing,
    Summary,
    take_attendance,
)
from cicero_cli.domain.attendance.units import UnitSummary, only_unit, rank_units, sum_up_units
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
POST = PostSummary(key="p", url="u", published_at=AT, listed=1, total=1, fetched_at=AT)
NAMES = {"A": "Polres A", "B": "Polres B", "C": "Polres C", "D": "Polres D"}


def take(*people: tuple[str, int]) -> Attendance:
    """Of each unit somebody who has done this many of one post."""
    standings = [
        Standing(str(number), "Ani", None, None, "ani", exception=False, done=done, client_id=unit)
        for number, (unit, done) in enumerate(people)
    ]
    client = Client(client_id="DIT", nama="Dit", audience="below")
    return take_attendance(
        client, date(2026, 11, 21), Platform.INSTA, [POST], standings, units=NAMES
    )


def test_equal_shares_have_one_place_and_who_has_nobody_comes_last() -> None:
    whole = take(("A", 1), ("A", 0), ("C", 1), ("D", 1), ("D", 0), ("D", 1), ("D", 0))

    ranked = rank_units(sum_up_units(whole))

    assert [(place, unit.client_id, unit.share) for place, unit in ranked] == [
        (1, "C", 1.0),
        (2, "A", 0.5),
        (2, "D", 0.5),
        (4, "B", None),
    ]


def test_one_unit_alone_has_the_directorates_posts_and_its_own_people() -> None:
    part = only_unit(take(("A", 1), ("A", 0), ("C", 1)), "A")

    assert (part.client_id, part.posts, part.units) == ("DIT", (POST,), None)
    assert part.summary == Summary(
        users=2, posts=1, sudah=1, lengkap=1, kurang=0, belum=1, tanpa_username=0, dikecualikan=0
    )
    assert {user.client_id for user in part.users} == {"A"}


@given(
    people=st.lists(
        st.tuples(
            st.sampled_from("ABCX"),
            st.integers(0, 1),
            st.sampled_from((None, "ani")),
            st.booleans(),
        ),
        max_size=12,
    )
)
@settings(max_examples=40)
def test_the_units_add_up_to_the_whole_and_each_ones_part_is_its_line(people: list) -> None:
    """X is the unit of somebody assigned, and not of the tree."""
    standings = [
        Standing(f"{n}", "Ani", None, None, handle, exception=exempt, done=done, client_id=unit)
        for n, (unit, done, handle, exempt) in enumerate(people)
    ]
    client = Client(client_id="DIT", nama="Dit", audience="below")
    whole = take_attendance(
        client, date(2026, 11, 21), Platform.INSTA, [POST], standings, units=NAMES
    )

    ranked = [unit for _, unit in rank_units(sum_up_units(whole))]

    assert {unit.client_id for unit in ranked} == {*NAMES, *(unit for unit, *_ in people)}
    for field in ("users", "sudah", "tanpa_username", "dikecualikan"):
        assert sum(getattr(unit, field) for unit in ranked) == getattr(whole.summary, field)
    for unit in ranked:
        part = only_unit(whole, unit.client_id).summary
        assert _counts(unit) == (
            part.users, part.sudah, part.belum_melaksanakan, part.tanpa_username
        )  # fmt: skip
        if unit.users:
            assert unit.share == unit.sudah / unit.users


def _counts(unit: UnitSummary) -> tuple[int, int, int, int]:
    return unit.users, unit.sudah, unit.belum, unit.tanpa_username
