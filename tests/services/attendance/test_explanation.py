from __future__ import annotations

from dataclasses import replace

import pytest

from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import find_moment
from cicero_cli.services.attendance.explanation import (
    explain_user,
    explanation_document,
)
from cicero_cli.services.attendance.explanation_text import explanation_text
from tests.services.fakes import at, comments, likes, set_clock, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOON = at("2026-11-21 05:00")  # 12:00 in Jakarta
BUDI = User(
    user_id="75020201", client_id="POLRES_A", nama="Budi", insta="budi.santoso", tiktok="budi_s"
)


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    store.clients.add(
        Client(
            client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres_a"
        )
    )
    store.users.add(BUDI)


def add_posts(store: Store, platform: Platform, *posts: UpstreamPost) -> dict[str, int]:
    store.posts(platform).store("POLRES_A", posts, now=NOON)
    rows = store.connection.execute(f"SELECT post_key, post_id FROM {platform}_post").fetchall()
    return dict(rows)


def explain(
    store: Store, *platforms: Platform, as_of: str | None = None, day: str | None = None
) -> str:
    found = explain_user(
        store, "75020201", platforms, day=day, as_of=as_of, now=at("2026-11-21 12:00")
    )
    return explanation_text(found)


def test_each_post_says_whether_and_when_the_user_was_seen(store: Store) -> None:
    ids = add_posts(
        store,
        INSTA,
        shown("seen", "2026-11-21 01:05", 2),
        shown("missed", "2026-11-21 02:05", 5),
        shown("hidden", "2026-11-21 03:05", None),
        shown("unread", "2026-11-21 04:05", 9),
    )
    engagement = store.engagement(INSTA)
    engagement.store(ids["seen"], likes("ani", "budi.santoso"), now=NOON)
    engagement.store(ids["missed"], likes("ani", "budisantoso", "budi.santosa", total=5), now=NOON)
    engagement.store(ids["hidden"], likes("ani", total=None), now=NOON)
    engagement.store(ids["seen"], likes("ani", "budi.santoso"), now=at("2026-11-21 06:00"))

    assert explain(store, INSTA) == (
        "Budi (75020201), POLRES_A, 2026-11-21; times in WIB\n"
        "\n"
        "Instagram: @budi.santoso; liked 1 of 4 posts\n"
        "  https://www.instagram.com/p/seen/\n"
        "    published 08:05; 2 of 2 likers listed at 21 Nov 13:00\n"
        "    SEEN, first at 21 Nov 12:00\n"
        "  https://www.instagram.com/p/missed/\n"
        "    published 09:05; 3 of 5 likers listed at 21 Nov 12:00\n"
        "    NOT SEEN, but 2 are not listed, so absence is no proof\n"
        "    looks like: @budisantoso (the same but for dots and underscores)\n"
        "    looks like: @budi.santosa (one letter differs (a for o))\n"
        "  https://www.instagram.com/p/hidden/\n"
        "    published 10:05; 1 of a hidden total likers listed at 21 Nov 12:00\n"
        "    NOT SEEN\n"
        "  https://www.instagram.com/p/unread/\n"
        "    published 11:05; likers not fetched yet\n"
        "    NOT SEEN: run cicero fetch first"
    )


def test_a_like_by_a_former_handle_counts_and_is_pointed_out(store: Store) -> None:
    store.users.update(replace(BUDI, insta="bsantoso.polri"))
    ids = add_posts(store, INSTA, shown("p1", "2026-11-21 01:05", 1))
    store.engagement(INSTA).store(ids["p1"], likes("budi.santoso"), now=NOON)

    assert explain(store, INSTA) == (
        "Budi (75020201), POLRES_A, 2026-11-21; times in WIB\n"
        "\n"
        "Instagram: @bsantoso.polri; before: @budi.santoso; liked 1 of 1 posts\n"
        "  https://www.instagram.com/p/p1/\n"
        "    published 08:05; 1 of 1 likers listed at 21 Nov 12:00\n"
        "    SEEN as @budi.santoso, first at 21 Nov 12:00"
    )


def test_comments_are_explained_as_likes_are(store: Store) -> None:
    ids = add_posts(store, TIKTOK, shown("7501", "2026-11-21 01:05", 3))
    store.engagement(TIKTOK).store(ids["7501"], comments("budi_s", "budi_s", "ani"), now=NOON)

    assert explain(store, TIKTOK) == (
        "Budi (75020201), POLRES_A, 2026-11-21; times in WIB\n"
        "\n"
        "TikTok: @budi_s; commented 1 of 1 posts\n"
        "  https://www.tiktok.com/@polres_a/video/7501\n"
        "    published 08:05; 3 of 3 comments listed at 21 Nov 12:00\n"
        "    SEEN, first at 21 Nov 12:00"
    )


def test_who_has_no_handle_is_inactive_or_exempt_is_told_so(store: Store) -> None:
    set_clock(store, "2026-11-21 03:00")
    store.users.update(replace(BUDI, insta=None, tiktok=None, exception=True))
    add_posts(store, INSTA, shown("p1", "2026-11-21 01:05", 1))

    assert explain(store, INSTA, TIKTOK) == (
        "Budi (75020201), POLRES_A, 2026-11-21; times in WIB\n"
        "Excepted on this day: counted as having done every post.\n"
        "\n"
        "Instagram: no handle on file, so nothing can be matched; before: @budi.santoso; liked 0 of 1 posts\n"
        "  https://www.instagram.com/p/p1/\n"
        "    published 08:05; likers not fetched yet\n"
        "    NOT SEEN: run cicero fetch first\n"
        "\n"
        "TikTok: no handle on file, so nothing can be matched; before: @budi_s; commented 0 of 0 posts\n"
        "  this day was never fetched (cicero fetch tiktok)"
    )
    store.users.update(replace(BUDI, status=False))
    not_expected = "Not expected on this day, so its report does not count this user."
    assert explain(store, INSTA).splitlines()[1] == not_expected
    assert not_expected not in explain(store, INSTA, day="2026-11-20")


def test_a_past_day_is_explained_by_the_posts_of_the_client_of_then(store: Store) -> None:
    add_posts(store, INSTA, shown("p1", "2026-11-21 01:05", 1))
    store.clients.add(Client(client_id="POLRES_B", nama="Polres B"))
    set_clock(store, "2026-11-22 03:00")
    store.users.update(replace(BUDI, client_id="POLRES_B"))

    def where(day: str) -> str:
        now = at("2026-11-22 12:00")
        return explain_user(
            store, "75020201", [INSTA], day=day, as_of=None, now=now
        ).client.client_id

    assert [where("2026-11-21"), where("2026-11-22")] == ["POLRES_A", "POLRES_B"]


def test_a_past_moment_is_explained_as_it_was_known_then(store: Store) -> None:
    ids = add_posts(store, INSTA, shown("p1", "2026-11-21 01:05", 3))
    store.engagement(INSTA).store(ids["p1"], likes("ani", total=3), now=NOON)
    asked_then = explain(store, INSTA, as_of="12:30")

    store.engagement(INSTA).store(
        ids["p1"], likes("ani", "budi.santoso"), now=at("2026-11-21 06:00")
    )

    assert explain(store, INSTA, as_of="12:30") == asked_then
    assert "SEEN, first at 21 Nov 13:00" in explain(store, INSTA, as_of="13:00")


def test_a_like_by_a_handle_that_was_anothers_then_is_not_the_users(store: Store) -> None:
    set_clock(store, "2026-11-21 02:00")
    ani = replace(BUDI, user_id="2", nama="Ani", insta="humas", tiktok=None)
    store.users.add(ani)
    ids = add_posts(
        store, INSTA, shown("p1", "2026-11-21 01:05", 1), shown("p2", "2026-11-21 01:10", 1)
    )
    store.engagement(INSTA).store(ids["p1"], likes("humas"), now=at("2026-11-21 03:00"))
    set_clock(store, "2026-11-21 04:00")
    store.users.update(replace(ani, insta=None))
    store.users.update(replace(BUDI, insta="humas"))
    store.engagement(INSTA).store(ids["p2"], likes("humas"), now=at("2026-11-21 05:00"))

    told = explain(store, INSTA)
    assert "@humas; before: @budi.santoso; liked 1 of 2 posts" in told
    assert "SEEN, first at 21 Nov 12:00" in told


def test_a_moment_is_of_the_zone_that_the_client_had_then(store: Store) -> None:
    client = store.clients.list()[0]
    for day, zone in ((19, "Asia/Jayapura"), (21, "Asia/Jakarta")):
        set_clock(store, f"2026-11-{day} 03:00")
        store.clients.update(replace(client, timezone=zone))
    client = replace(client, timezone="Asia/Jakarta")
    now = at("2026-11-22 12:00")
    for typed, then in (
        ("2026-11-20 18:00", "2026-11-20 09:00"),
        ("2026-11-20 18:00+07:00", "2026-11-20 11:00"),
        ("2026-11-22 18:00", "2026-11-22 11:00"),
    ):
        assert find_moment(store, client, None, typed, now=now).as_of == at(then)


def test_the_document_says_the_same_with_times_of_the_client(store: Store) -> None:
    ids = add_posts(store, INSTA, shown("p1", "2026-11-21 01:05", 3))
    store.engagement(INSTA).store(ids["p1"], likes("budisantoso", total=3), now=NOON)

    found = explain_user(store, "75020201", [INSTA], day="2026-11-21", as_of=None, now=NOON)

    assert explanation_document(found) == {
        "user_id": "75020201",
        "nama": "Budi",
        "client_id": "POLRES_A",
        "date": "2026-11-21",
        "timezone": "Asia/Jakarta",
        "insta": {
            "username": "budi.santoso",
            "status": "belum",
            "is_listed": True,
            "former": [],
            "posts": [
                {
                    "id": "p1",
                    "url": "https://www.instagram.com/p/p1/",
                    "published_at": "2026-11-21T08:05:00+07:00",
                    "fetched_at": "2026-11-21T12:00:00+07:00",
                    "listed": 1,
                    "total": 3,
                    "seen_at": None,
                    "seen_as": None,
                    "near_misses": [
                        {
                            "handle": "budisantoso",
                            "reason": "the same but for dots and underscores",
                        }
                    ],
                    "accepted": None,
                }
            ],
            "late_posts": [],
        },
    }


def test_a_user_that_there_is_not_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"^there is no user '1'$"):
        explain_user(store, "1", [INSTA], day=None, as_of=None, now=NOON)
