from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from cicero_cli.domain.collection.profiles import InstagramProfile
from cicero_cli.domain.platforms import Platform
from tests.web.conftest import Api, Serve
from tests.web.people import INSTA, SEEN, data, enter_all

LISTS = {
    "/api/insta/posts": INSTA,
    "/api/instagram/posts": INSTA,
    "/api/clients/polres_wib/posts/instagram": INSTA,
    "/api/tiktok/posts": Platform.TIKTOK,
    "/api/clients/polres_wib/posts/tiktok": Platform.TIKTOK,
}


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


def post(world: Api, platform: Platform, key: str, **more: Any) -> dict[str, Any]:
    url = {
        INSTA: f"https://www.instagram.com/p/{key}/",
        Platform.TIKTOK: f"https://www.tiktok.com/@polres_wib/video/{key}",
    }[platform]
    return {
        "id": key,
        "client_id": "POLRES_WIB",
        "url": url,
        "caption": 'Malam "hari"\n🙏',
        "type": "image",
        "thumbnail": f"{world.url}/api/image/placeholder",
        "created_at": "2026-01-14T23:30:00+07:00",
        "like_count": 2,
        "comment_count": 2,
        "share_count": 1,
        "view_count": 9,
        "listed": 3 if platform is INSTA else 6,
        "total": 3,
        "fetched_at": "2026-01-20T07:00:00+07:00",
        **more,
    }


@pytest.mark.parametrize(("path", "platform"), LISTS.items())
def test_posts_are_listed_newest_first_with_nulls_for_what_is_hidden(
    path: str, platform: Platform, world: Api
) -> None:
    people = 1 if platform is INSTA else 2  # each wrote two comments
    noon = {"caption": "Siang", "created_at": "2026-01-15T11:00:00+07:00", "listed": 2 * people}
    hidden = {"caption": "", "created_at": "2026-01-15T12:00:00+07:00", "listed": people}
    # its likes are hidden, its comments are not
    total = None if platform is INSTA else 2
    rows = [
        post(world, platform, "hidden", like_count=None, total=total, **hidden),
        post(world, platform, "noon", **noon),
        post(world, platform, "night"),
    ]
    shown = data(world, path, "wib")
    thumbnail = shown[0]["thumbnail"]
    assert thumbnail.startswith(world.url)
    assert world.get(thumbnail.removeprefix(world.url)).status_code == 200
    for row in rows:
        row["thumbnail"] = thumbnail

    assert shown == rows
    assert data(world, f"{path}?tanggal=2026-01-15", "wib") == rows[:2]
    assert data(world, f"{path}?start_date=2026-01-14&end_date=2026-01-14", "wib") == rows[2:]
    assert data(world, f"{path}?periode=bulanan&tanggal=2026-01&limit=1", "wib") == rows[:1]
    assert data(world, f"{path}?periode=harian", "wib") == []
    assert data(world, f"{path}?limit=&tanggal=&periode=", "wib") == rows  # blanks say nothing
    for bad in ("limit=0", "limit=x", "tanggal=x", "limit=99999999999999999999"):
        assert world.get(f"{path}?{bad}", "wib").status_code == 400


def test_a_directorate_lists_the_posts_of_all_its_clients(world: Api) -> None:
    rows = data(world, "/api/insta/posts?scope=DIREKTORAT", "region")
    assert sorted({row["client_id"] for row in rows}) == ["POLRES_WIB", "POLRES_WITA"]
    assert len(rows) == 6


def test_likes_and_comments_are_listed_per_post(world: Api) -> None:
    day = "tanggal=2026-01-14"
    night = {
        "id": "night",
        "client_id": "POLRES_WIB",
        "created_at": "2026-01-14T23:30:00+07:00",
        "total": 3,
    }
    likes = data(world, f"/api/clients/polres_wib/posts/instagram/likes?{day}", "wib")
    assert likes == [{**night, "listed": 3, "likes": ["ani.s", "fajar", "stranger"]}]

    comments = data(world, f"/api/tiktok/comments?{day}", "wib")
    assert comments == [
        {
            **night,
            "listed": 6,
            "comments": [
                {
                    "comment_id": f"{handle}-{number}",
                    "username": handle,
                    "text": f"Siap {number}",
                    "created_at": "2026-01-20T07:00:00+07:00",
                }
                for handle in ("ani.s", "fajar", "stranger")
                for number in (1, 2)
            ],
        }
    ]
    assert data(world, f"/api/clients/polres_wib/posts/tiktok/comments?{day}", "wib") == comments
    assert data(world, "/api/tiktok/comments", "wib") == []


def test_another_clients_posts_are_refused(world: Api) -> None:
    for path in (*LISTS, "/api/tiktok/comments"):
        assert world.get(f"{path}?client_id=polres_wita", "wib").status_code == 403


@pytest.mark.parametrize("path", ["/api/insta/profile", "/api/insta/instagram-user"])
def test_a_profile_is_shown_when_it_is_stored(path: str, world: Api) -> None:
    missing = world.get(f"{path}?username=polres.wib", "wib")
    assert (missing.status_code, missing.json()["success"]) == (404, False)
    profile = InstagramProfile(
        account_id="1",
        username="polres.wib",
        full_name="Polres",
        biography="Humas",
        followers=10,
        following=2,
        posts=3,
        is_private=False,
        is_verified=True,
    )
    world.store.profiles.store(profile, day=SEEN.date(), now=SEEN)

    for asked in (
        "",
        "?username=@Polres.WIB",
        f"?username={quote('https://instagram.com/polres.wib/')}",
    ):
        answer = world.get(path + asked, "wib").json()
        assert (answer["data"]["username"], answer["data"]["id"]) == ("polres.wib", "1")
        assert answer["fetched_at"] == "2026-01-20T07:00:00+07:00"
    assert world.get(f"{path}?username=no handle!", "wib").status_code == 400
    assert world.get(f"{path}?username=%00xy", "wib").status_code == 400
