from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cicero_cli.domain.collection.posts import Post, UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from tests.services.fakes import at, comments, likes, shown

NOW, LATER = at("2026-11-21 05:00"), at("2026-11-21 06:00")
BOUNDS = {"start": at("2026-11-20 17:00"), "end": at("2026-11-21 17:00")}  # of Jakarta
DAY = {"first_day": date(2026, 11, 21), "last_day": date(2026, 11, 21)}

pytestmark = pytest.mark.parametrize("platform", Platform)


@pytest.fixture(autouse=True)
def clients(store: Store) -> None:
    for client_id in ("POLRES_A", "POLRES_B"):
        store.clients.add(Client(client_id=client_id, nama=client_id))


def keys(store: Store, platform: Platform, client_id: str = "POLRES_A") -> list[str]:
    return [post.post_key for post in store.posts(platform).list(client_id, **DAY)]


def test_a_post_is_read_as_it_was_shown(store: Store, platform: Platform) -> None:
    post = UpstreamPost(
        post_key="abc",
        published_at=at("2026-11-21 02:00"),
        caption="Apel \x00pagi 👮 'kutip' \\ %s",
        like_count=12_000_000_000,
        comment_count=12_000_000_000,
        share_count=None,
        view_count=7,
        kind="album",
        thumbnail_url="https://cdn.test/a.jpg?x=1&y=2",
        collaborators=("mitra.kegiatan", "humas"),
    )

    store.posts(platform).store("POLRES_A", [post], now=NOW)

    [stored] = store.posts(platform).list("POLRES_A", **DAY)
    assert stored == Post(
        post_id=stored.post_id,
        post_key="abc",
        client_id="POLRES_A",
        published_at=at("2026-11-21 02:00"),
        day=date(2026, 11, 21),
        caption="Apel pagi 👮 'kutip' \\ %s",
        listed=0,
        total=12_000_000_000,
        shown_count=12_000_000_000,
        fetched_at=None,
        fetched_count=None,
    )
    kept = store.connection.execute(
        f"SELECT kind, thumbnail_url, collaborators, share_count, view_count FROM {platform}_post"
    ).fetchall()
    assert kept == [
        ("album", "https://cdn.test/a.jpg?x=1&y=2", ["mitra.kegiatan", "humas"], None, 7)
    ]


def test_a_day_begins_at_its_first_moment_and_ends_before_the_next(
    store: Store, platform: Platform
) -> None:
    posts = [
        shown("before", "2026-11-20 16:59:59"),
        shown("first", "2026-11-20 17:00:00"),
        shown("last", "2026-11-21 16:59:59"),
        shown("after", "2026-11-21 17:00:00"),
    ]

    store.posts(platform).store("POLRES_A", posts, now=NOW)

    assert keys(store, platform) == ["first", "last"]


def test_a_post_that_is_shown_again_keeps_its_id_and_takes_the_new_count(
    store: Store, platform: Platform
) -> None:
    posts = store.posts(platform)
    posts.store("POLRES_A", [shown("a", "2026-11-21 02:00", 5)], now=NOW)
    [before] = posts.list("POLRES_A", **DAY)

    posts.store("POLRES_A", [shown("a", "2026-11-21 02:00", 9)], now=LATER)

    [after] = posts.list("POLRES_A", **DAY)
    assert (after.post_id, after.shown_count) == (before.post_id, 9)


def test_a_hidden_count_is_null_and_stays_so(store: Store, platform: Platform) -> None:
    posts = store.posts(platform)
    posts.store("POLRES_A", [shown("a", "2026-11-21 02:00", None)], now=NOW)

    [post] = posts.list("POLRES_A", **DAY)

    assert (post.total, post.shown_count) == (None, None)


def test_a_post_that_both_clients_show_counts_for_both(store: Store, platform: Platform) -> None:
    for client_id in ("POLRES_A", "POLRES_B"):
        store.posts(platform).store(client_id, [shown("joint", "2026-11-21 02:00")], now=NOW)

    ids = {
        post.post_id
        for client_id in ("POLRES_A", "POLRES_B")
        for post in store.posts(platform).list(client_id, **DAY)
    }

    assert len(ids) == 2


def test_only_the_days_and_the_clients_own_missing_posts_are_marked_deleted(
    store: Store, platform: Platform
) -> None:
    posts = store.posts(platform)
    for client_id in ("POLRES_A", "POLRES_B"):
        posts.store(
            client_id,
            [
                shown("kept", "2026-11-21 02:00"),
                shown("gone", "2026-11-21 03:00"),
                shown("of-yesterday", "2026-11-20 03:00"),
            ],
            now=NOW,
        )

    first = posts.mark_deleted("POLRES_A", **BOUNDS, keep=["kept"], now=LATER)
    assert (first, keys(store, platform)) == (0, ["kept", "gone"])
    second = posts.mark_deleted("POLRES_A", **BOUNDS, keep=["kept"], now=LATER)

    assert second == 1
    assert keys(store, platform) == ["kept"]
    assert keys(store, platform, "POLRES_B") == ["kept", "gone"]
    yesterday = {"first_day": date(2026, 11, 20), "last_day": date(2026, 11, 20)}
    assert [post.post_key for post in posts.list("POLRES_A", **yesterday)] == ["of-yesterday"]


def test_a_deleted_post_was_there_before_and_is_there_again_when_shown(
    store: Store, platform: Platform
) -> None:
    posts = store.posts(platform)
    post = shown("a", "2026-11-21 02:00")
    posts.store("POLRES_A", [post], now=NOW)
    posts.mark_deleted("POLRES_A", **BOUNDS, keep=[], now=LATER)
    posts.mark_deleted("POLRES_A", **BOUNDS, keep=[], now=LATER)

    def as_of(moment: str) -> list[str]:
        found = posts.list("POLRES_A", **DAY, as_of=at(moment))
        return [post.post_key for post in found]

    assert keys(store, platform) == []
    assert as_of("2026-11-21 04:59") == []  # not known yet
    assert as_of("2026-11-21 05:00") == ["a"]
    assert as_of("2026-11-21 05:59") == ["a"]
    assert as_of("2026-11-21 06:00") == []

    posts.store("POLRES_A", [post], now=at("2026-11-21 07:00"))
    assert keys(store, platform) == ["a"]


def test_a_past_moment_shows_what_was_read_until_then(store: Store, platform: Platform) -> None:
    posts, engagement = store.posts(platform), store.engagement(platform)
    posts.store("POLRES_A", [shown("a", "2026-11-21 02:00", 3)], now=NOW)
    [post] = posts.list("POLRES_A", **DAY)
    people = likes if platform is Platform.INSTA else comments
    engagement.store(post.post_id, replace(people("x"), total=3), now=NOW)
    engagement.store(post.post_id, replace(people("x", "y"), total=4), now=LATER)

    def as_of(moment: str) -> list[tuple[int, int | None]]:
        found = posts.list("POLRES_A", **DAY, as_of=at(moment))
        return [(post.listed, post.total) for post in found]

    assert as_of("2026-11-21 05:30") == [(1, 3)]
    assert as_of("2026-11-21 06:30") == [(2, 4)]


def test_a_day_that_was_told_is_remembered_with_the_first_time(
    store: Store, platform: Platform
) -> None:
    posts = store.posts(platform)
    yesterday, today = at("2026-11-20").date(), at("2026-11-21").date()

    posts.remember_listing("POLRES_A", yesterday, today, now=NOW)
    posts.remember_listing("POLRES_A", today, today, now=LATER)

    assert posts.listed_at("POLRES_A", yesterday) == NOW
    assert posts.listed_at("POLRES_A", today) == NOW
    assert posts.listed_at("POLRES_A", at("2026-11-19").date()) is None
    assert posts.listed_at("POLRES_B", today) is None
