"""A day as of a moment: what listings and clients said then, whatever they say since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from tests.services.fakes import at, set_clock, shown

DAY = date(2026, 11, 21)


def test_a_moment_is_shown_as_the_listings_had_it_then(store: Store) -> None:
    """Posts that could not be read, were taken for deleted and came back, and the account of a TikTok address."""
    polres_a = Client(client_id="POLRES_A", nama="Polres A", client_tiktok="polres_a")
    store.clients.add(polres_a)
    posts = store.posts(Platform.TIKTOK)
    start, end = at("2026-11-20 17:00"), at("2026-11-21 17:00")

    def list_posts(moment: str, *keys: str, unreadable: int = 0) -> None:
        set_clock(store, moment)
        now = at(moment)
        listed = [shown(key, f"2026-11-21 0{number}:00", 3) for number, key in enumerate(keys)]
        posts.store("POLRES_A", listed, now=now)
        posts.remember_unreadable("POLRES_A", DAY, unreadable, now=now)
        posts.mark_deleted("POLRES_A", start=start, end=end, keep=keys, now=now)

    def told(moment: str) -> tuple[list[str], int]:
        client = store.clients.get("POLRES_A")
        assert client is not None
        found = read_attendance(store, client, Platform.TIKTOK, Moment(DAY, at(moment)))
        return [post.url.removeprefix("https://www.tiktok.com/") for post in found.posts], (
            found.coverage.unreadable
        )

    expected = {}
    for hour, keys, unreadable in (
        (3, ("v1", "v2"), 0),
        (4, ("v1",), 1),
        (5, ("v1",), 2),
        (6, ("v1", "v2"), 2),
        (7, ("v1",), 0),
        (8, ("v1",), 1),
        (9, ("v1", "v2"), 0),
    ):
        list_posts(f"2026-11-21 0{hour}:00", *keys, unreadable=unreadable)
        expected[f"2026-11-21 0{hour}:30"] = told(f"2026-11-21 0{hour}:30")
    both, one = ["@polres_a/video/v1", "@polres_a/video/v2"], ["@polres_a/video/v1"]
    assert [*expected.values()] == [
        (both, 0), (both, 1), (one, 2), (both, 2), (both, 0), (one, 1), (both, 0),
    ]  # fmt: skip

    store.clients.update(replace(polres_a, client_tiktok="polres.baru"))
    assert {moment: told(moment) for moment in expected} == expected
    list_posts("2026-11-21 10:00", "v1", "v2", "v3")
    assert told("2026-11-21 10:30") == ([*both, "@polres.baru/video/v3"], 0)
