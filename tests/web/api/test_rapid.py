from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis

from cicero_cli.core import clock
from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.web.conftest import Api, Redis, Serve, add_roles

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime.now(UTC)  # noqa: TID251 - sessions end by the real clock; the server takes this for now
PATHS = [
    "/api/insta/rapid-profile",
    "/api/insta/rapid-info",
    "/api/insta/rapid-posts",
    "/api/insta/rapid-posts-month",
    "/api/tiktok/rapid-profile",
    "/api/tiktok/rapid-info",
    "/api/tiktok/rapid-posts",
]


def post(number: int, *, hours: float = 0, **words: Any) -> StandInPost:
    published_at = (NOW - timedelta(hours=hours)).replace(microsecond=0)
    return StandInPost(key=f"{number}", published_at=published_at, **words)


INSTA_ACCOUNT = StandInAccount(
    platform=INSTA,
    username="polres.a",
    followers=30443,
    following=177,
    posts=(
        post(1, people=("a", "b"), caption="Apel pagi", authors=("polres.a",)),
        post(2, hours=30, hides_likes=True, people=("a",)),
        post(3, hours=60),
        replace(post(4, hours=9000), is_pinned=True),
    ),
)
TIKTOK_ACCOUNT = StandInAccount(
    platform=TIKTOK,
    username="polres_a",
    followers=427682,
    following=0,
    posts=(post(11, people=("a",), caption="Apel"), post(12, hours=30)),
)


@pytest.fixture(autouse=True)
def no_long_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits between two tries waits for a moment only."""
    nap = clock.sleep
    monkeypatch.setattr(clock, "sleep", lambda seconds: nap(min(seconds, 0.01)))


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Both platforms, with an account of POLRES_A on each, and one more."""
    other = StandInAccount(platform=INSTA, username="somebody", is_private=True)
    with StandIn([INSTA_ACCOUNT, TIKTOK_ACCOUNT, other]) as running:
        yield running


Start = Callable[..., Api]


@pytest.fixture
def start(serve: Serve, clients: Store, standin: StandIn) -> Start:
    """Start a server that asks the stand-in: `start(CICERO_RAPID_BUDGET="2")`."""
    client = clients.clients.get("POLRES_A")
    assert client is not None
    clients.clients.update(replace(client, client_insta="polres.a", client_tiktok="polres_a"))

    tokens: dict[str, str] = {}

    def begin(**environ: str) -> Api:
        words = {
            "RAPIDAPI_KEY": "0123456789abcdef",
            "CICERO_INSTAGRAM_URL": standin.url,
            "CICERO_TIKTOK_URL": standin.url,
            "CICERO_RATE": "1000",
            "CICERO_PUBLIC_URL": "https://api.example",
        }
        api = serve(parts=lambda _: {"clock": lambda: NOW}, **(words | environ))
        if tokens:
            api.tokens = tokens  # of the server before, which the database knows
            return api
        add_roles(api)
        tokens.update(api.tokens)
        return api

    return begin


@pytest.fixture
def api(start: Start) -> Api:
    return start()


def data(api: Api, path: str, **words: Any) -> Any:
    answer = api.get(path, "viewer", **words)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def age(api: Api, store: Store, hours: float) -> None:
    """Let what is stored be older."""
    for table in ("instagram_user", "instagram_user_metrics", "tiktok_user", "account_listing"):
        store.connection.execute(
            f"UPDATE {table} SET fetched_at = fetched_at - make_interval(secs => %s)",
            [hours * 3600],
        )


PICTURE = "https://api.example/api/images/placeholder"  # the stand-in's host is on no list


def test_an_instagram_profile(api: Api) -> None:
    found = data(api, "/api/insta/rapid-profile?username=polres.a")
    account_id = found.pop("id")
    assert account_id.isdecimal()
    assert found == {
        "username": "polres.a",
        "full_name": "Polres A",
        "bio": "Melayani warga sepenuh hati",
        "biography": "Melayani warga sepenuh hati",
        "category": "Organisasi pemerintah",
        "followers": 30443,
        "following": 177,
        "follower_count": 30443,
        "following_count": 177,
        "media_count": 4,
        "profile_pic_url": PICTURE,
        "avatar": PICTURE,
        "external_url": None,
        "is_private": False,
        "is_verified": False,
    }


def test_a_tiktok_profile_never_makes_a_page_divide_by_zero(api: Api) -> None:
    found = data(api, "/api/tiktok/rapid-profile?username=polres_a")
    assert (found["followers"], found["following"]) == (427682, 1)
    assert (found["follower_count"], found["following_count"]) == (427682, 0)
    assert found["avatar"] == found["profile_pic_url"] == PICTURE


def test_the_info_of_both(api: Api) -> None:
    found = data(api, "/api/insta/rapid-info?username=polres.a")
    assert found.pop("id").isdecimal()
    assert found == {
        "username": "polres.a",
        "full_name": "Polres A",
        "biography": "Melayani warga sepenuh hati",
        "external_url": None,
        "follower_count": 30443,
        "following_count": 177,
        "is_private": False,
        "is_verified": False,
        "category": "Organisasi pemerintah",
        "profile_pic_url": PICTURE,
        "bio_links": [{"url": "https://polres.a.example.invalid/", "title": "Situs resmi"}],
        "media_count": 4,
        "total_igtv_videos": 0,
        "is_business": True,
        "address": "Jalan Contoh 1, Jakarta",
        "public_email": None,
        "public_phone_number": None,
        "country": "Indonesia",
        "date_joined": "May 2021",
    }
    found = data(api, "/api/tiktok/rapid-info?username=polres_a")
    assert (found["video_count"], found["heart_count"]) == (2, 427682 * 9)
    assert (found["biography"], found["is_private"]) == ("Melayani warga sepenuh hati", False)


def test_the_posts_of_both(api: Api) -> None:
    found = data(api, "/api/insta/rapid-posts?username=polres.a&limit=2")
    assert found == [
        {
            "id": "1",
            "url": "https://www.instagram.com/p/1/",
            "thumbnail": PICTURE,
            "caption": "Apel pagi",
            "created_at": INSTA_ACCOUNT.posts[0].published_at.astimezone(JAKARTA).isoformat(),
            "like_count": 2,
            "comment_count": 0,
            "share_count": found[0]["share_count"],
            "view_count": found[0]["view_count"],
            "likes_hidden": False,
            "type": found[0]["type"],
        },
        {**found[1], "id": "2", "like_count": 0, "likes_hidden": True, "caption": ""},
    ]
    whole = data(api, "/api/insta/rapid-posts?username=polres.a&limit=100")
    assert [each["id"] for each in whole] == ["1", "2", "3", "4"]
    found = data(api, "/api/tiktok/rapid-posts?client_id=polres_a&limit=1")
    assert [(each["id"], each["url"], each["comment_count"]) for each in found] == [
        ("11", "https://www.tiktok.com/@polres_a/video/11", 1)
    ]


def test_posts_of_some_days(api: Api) -> None:
    day = INSTA_ACCOUNT.posts[1].published_at.astimezone(JAKARTA).date()
    path = "/api/insta/rapid-posts?username=polres.a"
    assert [each["id"] for each in data(api, f"{path}&start_date={day}&end_date={day}")] == ["2"]
    assert [each["id"] for each in data(api, f"{path}&start_date={day}&end_date=")] == ["2"]
    for bad in (
        "start_date=x",
        "start_date=2026-02-30",
        "start_date=2026-02-02&end_date=2026-02-01",
    ):
        assert api.get(f"{path}&{bad}", "viewer").status_code == 400


def test_posts_of_a_month(api: Api) -> None:
    month = INSTA_ACCOUNT.posts[2].published_at.astimezone(JAKARTA)
    path = "/api/insta/rapid-posts-month?username=polres.a"
    found = data(api, f"{path}&month={month.month}&year={month.year}")
    assert "3" in [each["id"] for each in found]
    assert all(each["created_at"][:7] == f"{month:%Y-%m}" for each in found)
    assert data(api, f"{path}&month=1&year=2015") == []
    for bad in ("month=13", "month=0", "year=1999", "month=x", "year=99999999999"):
        assert api.get(f"{path}&{bad}", "viewer").status_code == 400


def test_without_a_name_the_tokens_client_is_meant(api: Api) -> None:
    assert data(api, "/api/insta/rapid-profile")["username"] == "polres.a"
    assert (
        data(api, "/api/tiktok/rapid-profile?client_id=Polres_A&username=")["username"]
        == "polres_a"
    )
    assert data(api, "/api/insta/rapid-profile?username=@SOMEBODY")["is_private"] is True
    link = "https://www.instagram.com/Polres.A/"
    assert data(api, f"/api/insta/rapid-profile?username={link}")["username"] == "polres.a"
    refused = api.get("/api/insta/rapid-profile?client_id=POLRES_B", "admin")
    assert (refused.status_code, refused.json()["message"]) == (
        404,
        "POLRES_B belum punya akun Instagram.",
    )
    assert api.get("/api/insta/rapid-profile?client_id=NOWHERE", "admin").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_whom_one_may_not_see_one_may_not_ask_about(path: str, api: Api) -> None:
    assert api.get(f"{path}?username=x").status_code == 401
    assert api.get(f"{path}?username=x&client_id=POLRES_B", "viewer").status_code == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "words",
    [
        "username=a b",
        "username=%00",
        "username=..",
        "username=[1]",
        "username=null'--",
        "username=" + "x" * 31,
        "username=" + "x" * 301,
        "username=https://evil.test/x",
        "username=%F0%9F%98%80",
    ],
)
def test_no_handle_is_no_question(path: str, words: str, api: Api, standin: StandIn) -> None:
    answer = api.get(f"{path}?{words}", "viewer")
    assert answer.status_code == 400, answer.text
    assert standin.requests == []


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "[]", "null", "9" * 30])
def test_no_number_is_no_limit(limit: str, api: Api) -> None:
    for path in PATHS:
        if "posts" in path:
            assert api.get(f"{path}?limit={limit}", "viewer").status_code == 400


def test_what_was_asked_just_now_is_not_asked_again(
    api: Api, standin: StandIn, store: Store
) -> None:
    for _ in range(3):
        data(api, "/api/insta/rapid-profile?username=polres.a")
        data(api, "/api/insta/rapid-info?client_id=POLRES_A")
        data(api, "/api/insta/rapid-posts?username=polres.a&limit=3")
    assert [served.path for served in standin.requests] == ["/v1/info", "/v1/posts"]
    data(api, "/api/insta/rapid-posts?username=polres.a&limit=50")
    assert len(standin.requests) == 2  # the listing reached back to the first post
    age(api, store, 0.5)
    data(api, "/api/insta/rapid-profile?username=polres.a")
    data(api, "/api/insta/rapid-posts?username=polres.a&limit=3")
    assert [served.path for served in standin.requests[2:]] == ["/v1/posts"]
    age(api, store, 1)
    answer = api.get("/api/insta/rapid-profile?username=polres.a", "viewer").json()
    assert (answer["stale"], len(standin.requests)) == (False, 4)
    assert answer["fetched_at"] == NOW.astimezone(HOME_ZONE).isoformat()


def test_redis_keeps_profiles_for_an_hour(
    start: Start, redis_server: Redis, standin: StandIn, store: Store
) -> None:
    api = start(REDIS_URL=redis_server.url)
    first = data(api, "/api/insta/rapid-info?username=polres.a")
    assert data(api, "/api/tiktok/rapid-info?username=polres_a")["video_count"] == 2
    store.connection.execute("DELETE FROM instagram_user")
    store.connection.execute("DELETE FROM tiktok_user")
    assert data(api, "/api/insta/rapid-info?username=polres.a") == first
    assert data(api, "/api/tiktok/rapid-info?username=polres_a")["video_count"] == 2
    assert len(standin.requests) == 2
    redis_server.stop()
    assert data(api, "/api/insta/rapid-info?username=polres.a") == first
    assert len(standin.requests) == 3


@pytest.mark.parametrize(
    "kept", [b"", b"\xff\xfe", b'["\xff"]', b"[" * 100_000, b"[]", b'{"found": 1}', b"[{}, null]"]
)
def test_what_redis_holds_and_nobody_can_read_is_not_there(
    kept: bytes, start: Start, redis_server: Redis, standin: StandIn
) -> None:
    api = start(REDIS_URL=redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("cicero:profile:insta:polres.a", kept)
    assert data(api, "/api/insta/rapid-profile?username=polres.a")["followers"] == 30443
    assert len(standin.requests) == 1


def test_many_who_ask_at_once_cost_one_request(api: Api, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SLOW, seconds=0.3))
    answers: list[int] = []

    def ask() -> None:
        answers.append(api.get("/api/insta/rapid-profile?username=polres.a", "viewer").status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers, len(standin.requests)) == ([200] * 8, 1)


def test_what_it_brought_is_kept_and_its_cost_recorded(
    api: Api, standin: StandIn, store: Store
) -> None:
    data(api, "/api/insta/rapid-profile?username=somebody")
    data(api, "/api/tiktok/rapid-posts?username=polres_a")
    rows = store.connection.execute(
        "SELECT username FROM insta_profile UNION ALL SELECT username FROM tiktok_user ORDER BY 1"
    ).fetchall()
    assert rows == [("polres_a",), ("somebody",)]
    client = store.clients.get("POLRES_A")
    assert client is not None
    assert client.tiktok_secuid == TIKTOK_ACCOUNT.secuid
    (usage,) = store.status.list_usage(now=NOW)
    assert (usage.requests_today, len(standin.requests)) == (3, 3)
    assert usage.bytes_today == sum(served.size for served in standin.requests)


def test_only_posts_of_days_that_fetches_read_are_kept_for_reports(api: Api, store: Store) -> None:
    yesterday = INSTA_ACCOUNT.posts[1].published_at.astimezone(JAKARTA).date()

    def kept() -> list[str]:
        rows = store.connection.execute("SELECT post_key FROM insta_post ORDER BY 1").fetchall()
        return [key for (key,) in rows]

    data(api, "/api/insta/rapid-posts?username=polres.a")
    assert kept() == ["1"]  # nobody will ask who liked the others, so they would count against all
    store.posts(INSTA).remember_listing("POLRES_A", yesterday, yesterday, now=NOW)
    age(api, store, 1)
    data(api, "/api/insta/rapid-posts?username=polres.a")
    assert kept() == ["1", "2"]


def test_an_account_has_a_budget(start: Start, standin: StandIn, store: Store) -> None:
    api = start(CICERO_RAPID_BUDGET="2")
    data(api, "/api/insta/rapid-profile?username=polres.a")
    data(api, "/api/insta/rapid-posts?username=polres.a")
    refused = api.get("/api/tiktok/rapid-profile", "viewer")
    assert (refused.status_code, refused.json()) == (
        429,
        {
            "success": False,
            "message": "Akun ini sudah terlalu sering meminta data baru; coba lagi nanti.",
        },
    )
    assert int(refused.headers["Retry-After"]) > 0
    assert len(standin.requests) == 2
    data(api, "/api/insta/rapid-profile?username=polres.a")  # known: costs nothing
    assert api.get("/api/tiktok/rapid-profile", "operator").status_code == 200


def test_retries_count_against_the_budget_too(start: Start, standin: StandIn) -> None:
    api = start(CICERO_RAPID_BUDGET="2")
    standin.faults.add(Fault(kind=FaultKind.UNREACHABLE))
    assert api.get("/api/insta/rapid-profile", "viewer").status_code == 502
    assert api.get("/api/insta/rapid-profile", "viewer").status_code == 429
    assert len(standin.requests) == 2


def test_without_a_key_what_is_stored_serves(start: Start, store: Store, standin: StandIn) -> None:
    first = start()
    found = data(first, "/api/insta/rapid-profile")
    posts = data(first, "/api/insta/rapid-posts")
    age(first, store, 100)
    api = start(RAPIDAPI_KEY="")
    answer = api.get("/api/insta/rapid-profile", "viewer").json()
    assert (answer["data"], answer["stale"]) == (found, True)
    answer = api.get("/api/insta/rapid-posts", "viewer").json()
    assert (answer["data"], answer["stale"]) == (posts, True)
    refused = api.get("/api/insta/rapid-profile?username=somebody", "viewer")
    assert (refused.status_code, refused.json()) == (
        503,
        {
            "success": False,
            "message": "RAPIDAPI_KEY belum dipasang di server dan belum ada data tersimpan.",
        },
    )
    assert api.get("/api/insta/rapid-posts?username=somebody", "viewer").status_code == 503


def test_posts_that_a_fetch_has_stored_serve_as_well(start: Start, store: Store) -> None:
    first = start()
    data(first, "/api/insta/rapid-posts")
    store.connection.execute("DELETE FROM account_listing")
    api = start(RAPIDAPI_KEY="")
    answer = api.get("/api/insta/rapid-posts", "viewer").json()
    assert ([each["id"] for each in answer["data"]], answer["stale"]) == (["1"], True)


def test_stored_posts_say_when_they_were_read(start: Start, store: Store) -> None:
    three_days_ago = (NOW - timedelta(days=3)).replace(microsecond=0)
    an_hour_later = three_days_ago + timedelta(hours=1)
    seen = [UpstreamPost(post_key=key, published_at=three_days_ago) for key in ("7", "8")]
    store.posts(INSTA).store("POLRES_A", seen, now=three_days_ago)
    api = start(RAPIDAPI_KEY="")
    answer = api.get("/api/insta/rapid-posts", "viewer").json()
    assert datetime.fromisoformat(answer["fetched_at"]) == three_days_ago
    store.connection.execute(
        "UPDATE insta_post SET fetched_at = %s WHERE post_key = '7'", [an_hour_later]
    )
    answer = api.get("/api/insta/rapid-posts", "viewer").json()
    assert (answer["stale"], len(answer["data"])) == (True, 2)
    assert datetime.fromisoformat(answer["fetched_at"]) == an_hour_later


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.MONTHLY_QUOTA, 503),
        (FaultKind.DAILY_QUOTA, 503),
        (FaultKind.INVALID_KEY, 503),
        (FaultKind.NOT_SUBSCRIBED, 503),
        (FaultKind.UNAUTHORISED, 503),
        (FaultKind.FORBIDDEN, 404),
        (FaultKind.UNREACHABLE, 502),
        (FaultKind.GATEWAY_TIMEOUT, 502),
        (FaultKind.HTML, 502),
        (FaultKind.TRUNCATED, 502),
        (FaultKind.CUT, 502),
        (FaultKind.WRONG_TYPE, 502),
        (FaultKind.NO_CONTENT, 502),
        (FaultKind.REDIRECT, 502),
        (FaultKind.DETAIL, 404),
    ],
)
def test_whatever_the_upstream_does_the_caller_stays_logged_in(
    kind: FaultKind, status: int, api: Api, standin: StandIn, store: Store
) -> None:
    data(api, "/api/tiktok/rapid-profile?username=polres_a")
    data(api, "/api/tiktok/rapid-posts?username=polres_a")
    age(api, store, 2)
    standin.faults.add(Fault(kind=kind))
    for path in ("insta/rapid-profile", "insta/rapid-posts"):
        refused = api.get(f"/api/{path}?username=polres.a", "viewer")
        assert (refused.status_code, refused.json()["success"]) == (status, False)
        assert "0123456789abcdef" not in refused.text
    for path in ("tiktok/rapid-profile", "tiktok/rapid-posts"):
        answer = api.get(f"/api/{path}?username=polres_a", "viewer")
        if status == 404:  # the upstream itself says that there is no such account
            assert answer.status_code == 404
        else:
            assert (answer.status_code, answer.json()["stale"]) == (200, True)


def test_a_used_up_quota_is_not_asked_again(api: Api, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.MONTHLY_QUOTA, times=1))
    refused = api.get("/api/insta/rapid-profile", "viewer")
    assert (refused.status_code, refused.json()["message"]) == (
        503,
        "Kuota sumber data habis; coba lagi nanti.",
    )
    assert api.get("/api/insta/rapid-profile", "admin").status_code == 503
    assert len(standin.requests) == 1


def test_a_private_account_shows_its_profile_and_no_posts(api: Api, standin: StandIn) -> None:
    standin.content.put(replace(TIKTOK_ACCOUNT, username="hidden", is_private=True))
    assert data(api, "/api/tiktok/rapid-profile?username=hidden")["is_private"] is True
    for path in ("insta/rapid-posts?username=somebody", "tiktok/rapid-posts?username=hidden"):
        refused = api.get(f"/api/{path}", "viewer")
        assert (refused.status_code, refused.json()["message"]) == (
            404,
            "Sumber data tidak punya itu.",
        )


def test_a_new_account_without_posts_is_not_asked_about_again_and_again(
    api: Api, standin: StandIn
) -> None:
    standin.content.put(StandInAccount(platform=INSTA, username="empty"))
    for _ in range(3):
        assert data(api, "/api/insta/rapid-posts?username=empty") == []
    assert len(standin.requests) == 1


def test_a_quiet_day_is_not_taken_for_an_empty_account(api: Api, standin: StandIn) -> None:
    quiet = replace(INSTA_ACCOUNT, username="quiet", posts=INSTA_ACCOUNT.posts[1:])
    standin.content.put(quiet)
    today = NOW.astimezone(JAKARTA).date()
    path = "/api/insta/rapid-posts?username=quiet"
    assert data(api, f"{path}&start_date={today}&end_date={today}") == []
    assert [each["id"] for each in data(api, path)] == ["2", "3", "4"]


def test_a_slow_upstream_keeps_nobody_else_waiting(api: Api, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SLOW, seconds=2.0))
    waiting = [
        threading.Thread(target=api.get, args=(f"/api/insta/rapid-profile?username=a{n}", "viewer"))
        for n in range(12)
    ]
    for thread in waiting:
        thread.start()
    assert api.get("/api/dashboard/stats", "viewer", timeout=1.5).status_code == 200
    for thread in waiting:
        thread.join()
