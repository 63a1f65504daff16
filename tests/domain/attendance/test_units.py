"""The units of a directorate: their places, and one unit's people alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    PostSummary,
    Standing,
    Summary,
    take_attendance,
)
from cicero_cli.domain.attendance.units import only_unit, rank_units, sum_up_units
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
