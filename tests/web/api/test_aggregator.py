from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.collection.profiles import InstagramProfile
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.web.conftest import Api, Serve, add_roles

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the server's own clock says what today is
PATHS = ["/api/social/aggregator", "/api/aggregator"]


@pytest.fixture
def api(serve: Serve, clients: Store) -> Api:
    """POLRES_A has a post of today and one of the day before on each platform, and one profile."""
    client = clients.clients.get("POLRES_A")
    assert client is not None
    clients.clients.update(replace(client, client_insta="polres.a", client_tiktok="polres_a"))
    for platform, prefix in ((Platform.INSTA, "D"), (Platform.TIKTOK, "7")):
        posts = [
            UpstreamPost(post_key=f"{prefix}1", published_at=NOW, caption="Apel", like_count=5),
            UpstreamPost(
                post_key=f"{prefix}2", published_at=NOW - timedelta(days=1), comment_count=2
            ),
        ]
        clients.posts(platform).store("POLRES_A", posts, now=NOW)
        clients.posts(platform).store(
            "POLRES_B", [replace(posts[0], post_key=f"{prefix}9")], now=NOW
        )
    profile = InstagramProfile(
        account_id="7",
        username="polres.a",
        full_name="Polres A",
        biography="Melayani",
        followers=100,
        following=10,
        posts=2,
        is_private=False,
        is_verified=True,
    )
    clients.profiles.store(profile, day=NOW.date(), now=NOW - timedelta(days=300))
    api = serve(CICERO_PUBLIC_URL="https://api.example")
    add_roles(api)
    return api


def shown(key: str, url: str, published_at: datetime, **counts: Any) -> dict[str, Any]:
    return {
        "id": key,
        "url": url,
        "thumbnail": "https://api.example/api/images/placeholder",
        "caption": "",
        "created_at": published_at.astimezone(JAKARTA).isoformat(),
        "like_count": 0,
        "comment_count": 0,
        "share_count": 0,
        "view_count": None,
        "likes_hidden": True,
        "type": "image",
        **counts,
    }


@pytest.mark.parametrize("path", PATHS)
def test_everything_that_is_stored_of_today(path: str, api: Api) -> None:
    answer = api.get(f"{path}?periode=harian&client_id=polres_a", "viewer")
    today = {"caption": "Apel", "like_count": 5, "likes_hidden": False}
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "success": True,
            "data": {
                "igProfile": {
                    "username": "polres.a",
                    "full_name": "Polres A",
                    "bio": "Melayani",
                    "biography": "Melayani",
                    "category": None,
                    "followers": 100,
                    "following": 10,
                    "follower_count": 100,
                    "following_count": 10,
                    "media_count": 2,
                    "profile_pic_url": "https://api.example/api/images/placeholder",
                    "avatar": "https://api.example/api/images/placeholder",
                    "external_url": None,
                    "is_private": False,
                    "is_verified": True,
                    "id": "7",
                },
                "igPosts": [shown("D1", "https://www.instagram.com/p/D1/", NOW, **today)],
                "tiktokProfile": None,
                "tiktokPosts": [
                    shown("71", "https://www.tiktok.com/@polres_a/video/71", NOW, **today)
                ],
                "taskLinksToday": {
                    "instagram": ["https://www.instagram.com/p/D1/"],
                    "tiktok": ["https://www.tiktok.com/@polres_a/video/71"],
                },
            },
        },
    )


def test_another_day_has_its_own_posts_and_todays_links(api: Api) -> None:
    day = (NOW - timedelta(days=1)).astimezone(JAKARTA).date()
    found = api.get(f"/api/aggregator?tanggal={day}", "viewer").json()["data"]
    assert [post["id"] for post in found["igPosts"]] == ["D2"]
    assert found["igPosts"][0]["comment_count"] == 2
    assert found["taskLinksToday"]["instagram"] == ["https://www.instagram.com/p/D1/"]


def test_a_post_of_yesterdays_evening_is_linked_on_the_day_on_which_it_counts(api: Api) -> None:
    yesterday = NOW.astimezone(JAKARTA).date() - timedelta(days=1)
    api.store.history.patch_client("POLRES_A", yesterday, {"posts_until": "20:00"})
    late = datetime.combine(yesterday, time(20, 55), JAKARTA)
    post = UpstreamPost(post_key="LATE", published_at=late)
    api.store.posts(Platform.INSTA).store("POLRES_A", [post], now=NOW)
    found = api.get("/api/aggregator", "viewer").json()["data"]
    assert [post["id"] for post in found["igPosts"]] == ["D1"]
    assert "https://www.instagram.com/p/LATE/" in found["taskLinksToday"]["instagram"]


def test_a_client_without_anything_has_empty_lists(api: Api) -> None:
    api.store.connection.execute("DELETE FROM insta_post; DELETE FROM tiktok_post")
    assert api.get("/api/aggregator?client_id=POLRES_B", "admin").json()["data"] == {
        "igProfile": None,
        "igPosts": [],
        "tiktokProfile": None,
        "tiktokPosts": [],
        "taskLinksToday": {"instagram": [], "tiktok": []},
    }


@pytest.mark.parametrize("path", PATHS)
def test_what_is_refused(path: str, api: Api) -> None:
    assert api.get(path).status_code == 401
    assert api.get(f"{path}?client_id=POLRES_B", "viewer").status_code == 403
    assert api.get(f"{path}?client_id=NOWHERE", "admin").status_code == 404
    for words in ("periode=x", "periode=[]", "tanggal=x", "tanggal=2026-13-01", "tanggal=%00"):
        assert api.get(f"{path}?{words}", "viewer").status_code == 400, words
