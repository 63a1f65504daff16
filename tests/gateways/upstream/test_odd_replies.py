"""What upstreams have really answered beside what they should (contract RAPIDAPI)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cicero_cli.domain.collection.posts import Listing
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.complaints import PassingError, check_answer, read_wait
from cicero_cli.gateways.upstream.instagram import InstagramSource
from cicero_cli.gateways.upstream.letters import mend_letters
from cicero_cli.gateways.upstream.tiktok import TiktokSource
from cicero_cli.words import Text
from tests.gateways.upstream.conftest import NOW, TODAY


class Answers:
    """An API that gives these bodies, one after the other; an exception is raised."""

    host = "answers"

    def __init__(self, *bodies: Any) -> None:
        self.bodies = list(bodies)

    def get(self, _path: str, _params: object, decoder: Any, *, meter: Meter) -> Any:
        body = self.bodies.pop(0)
        if isinstance(body, Exception):
            raise body
        return decoder.decode(json.dumps(body).encode())


def seconds(hours_ago: float) -> int:
    return int((NOW - timedelta(hours=hours_ago)).timestamp())


def gram(key: Any, hours_ago: float = 1, **fields: Any) -> dict[str, Any]:
    return {"code": key, "taken_at": seconds(hours_ago), "like_count": 3} | fields


def tok(key: Any, hours_ago: float = 1, **fields: Any) -> dict[str, Any]:
    return {"id": key, "createTime": seconds(hours_ago)} | fields


def list_insta(client: Client, *pages: Any) -> Listing:
    bodies = [
        {"data": page if isinstance(page, dict) else {"items": page}, "pagination_token": token}
        for token, page in zip([*range(1, len(pages)), None], pages, strict=True)
    ]
    return InstagramSource(Answers(*bodies)).list_posts(client, since=TODAY, meter=Meter())


def list_tiktok(client: Client, *pages: Any) -> Listing:
    bodies = [
        {"statusCode": 0, "itemList": page, "hasMore": cursor > 0, "cursor": str(cursor)}
        for cursor, page in zip([*range(1, len(pages)), 0], pages, strict=True)
    ]
    known = replace(client, tiktok_secuid="MS4wA")
    return TiktokSource(Answers(*bodies)).list_posts(known, since=TODAY, meter=Meter())


def keys(listing: Listing) -> list[str]:
    return [post.post_key for post in listing.posts]


def codes(listing: Listing) -> list[str]:
    return [problem.code for problem in listing.problems]


@pytest.mark.parametrize(
    "fields",
    [
        {"caption": "bare"},
        {"caption": None, "user": None, "coauthor_producers": [None]},
        {"user": "polres.a", "coauthor_producers": None},
        {"metrics": None, "image_versions": {"items": [None]}},
        {"like_count": -1},
        {"like_count": "3", "media_type": "2", "is_pinned": "no"},
    ],
)
def test_a_post_needs_no_more_than_its_code_and_time(
    client: Client, fields: dict[str, Any]
) -> None:
    listing = list_insta(client, [gram("a", **fields)])

    assert (keys(listing), listing.is_complete) == (["a"], True)


@pytest.mark.parametrize(
    "fields",
    [{"author": None, "stats": None, "statsV2": None, "video": None}, {"author": "polres_a"}, {}],
)
def test_a_video_needs_no_more_than_its_id_and_time(client: Client, fields: dict[str, Any]) -> None:
    listing = list_tiktok(client, [tok(7, **fields)])

    assert (keys(listing), listing.is_complete) == (["7"], True)


@pytest.mark.parametrize("bad", [None, "text", [], {"code": "x", "taken_at": 0}, {"taken_at": 5}])
def test_one_bad_post_costs_that_post(client: Client, bad: Any) -> None:
    listing = list_insta(client, [gram("a"), bad, gram("b", 2)])

    assert keys(listing) == ["a", "b"]
    assert (listing.is_complete, listing.unreadable) == (False, 1)
    assert codes(listing) == ["posts_unreadable"]


def test_an_old_post_at_a_pages_end_does_not_end_the_listing(client: Client) -> None:
    listing = list_insta(client, [gram("a"), gram("old", 90)], [gram("b", 2)])

    assert keys(listing) == ["a", "b"]


def test_a_blank_page_with_more_behind_it_is_passed_over(client: Client) -> None:
    assert keys(list_tiktok(client, [], [tok("1")])) == ["1"]
    assert keys(list_tiktok(client, [tok("1")], None, [tok("2", 2)])) == ["1", "2"]


def test_a_renamed_account_is_told_with_its_new_name(client: Client) -> None:
    listing = list_insta(client, {"items": [gram("a")], "user": {"username": "Polres.Baru"}})

    assert keys(listing) == ["a"]
    assert str(listing.problems[0]) == "Instagram account polres.a is called polres.baru now"


def test_a_renamed_tiktok_account_is_known_by_its_secuid(client: Client) -> None:
    author = {"secUid": "MS4wA", "uniqueId": "polres_baru"}

    listing = list_tiktok(client, [tok("1", author=author)])

    assert (keys(listing), codes(listing)) == (["1"], ["account_renamed"])


def test_another_accounts_videos_are_not_the_clients(client: Client) -> None:
    author = {"secUid": "MS4wOther", "uniqueId": "orang_lain"}

    listed = {"statusCode": 0, "itemList": [tok("1", author=author)], "hasMore": False}
    info = {"statusCode": 0, "userInfo": {"user": {"secUid": "MS4wA"}}}

    listing = TiktokSource(Answers(info, listed)).list_posts(client, since=TODAY, meter=Meter())

    assert (listing.posts, listing.is_complete, codes(listing)) == ((), False, ["other_account"])


def test_a_joint_post_of_another_account_is_the_clients(client: Client) -> None:
    joint = gram("a", user={"username": "mitra"}, coauthor_producers=[{"username": "polres.a"}])

    assert keys(list_insta(client, [joint])) == ["a"]


def test_what_a_private_account_shows_is_read(client: Client) -> None:
    shown = {"items": [gram("a")], "user": {"username": "polres.a", "is_private": True}}

    assert keys(list_insta(client, shown)) == ["a"]
    with pytest.raises(RejectedError, match="is private"):
        list_insta(client, shown | {"items": []})


def test_the_platforms_words_are_told(client: Client) -> None:
    with pytest.raises(RejectedError, match=r"says of polres\.a: This account is restricted"):
        list_insta(client, {"items": None, "message": "This account is restricted"})


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"statusCode": 10221}, "TikTok knows no account polres_a"),
        ({"statusCode": "10222"}, "TikTok account polres_a is private"),
        ({"statusCode": 10201}, "TikTok does not show this"),
        ({"statusCode": 5, "message": "slow down"}, "status code 5: slow down"),
        ({"code": 10000, "type": "verify"}, "no data came, but: verify"),
    ],
)
def test_a_refusal_is_told_in_words(client: Client, status: dict[str, Any], words: str) -> None:
    with pytest.raises(UpstreamError, match=words):
        TiktokSource(Answers(status)).list_posts(client, since=TODAY, meter=Meter())


def test_a_private_account_that_comes_with_10222_has_a_profile() -> None:
    user = {"id": "1", "uniqueId": "a", "secUid": "MS4wA", "privateAccount": True}
    stats = {"followerCount": "12", "followingCount": -1} | {"followingCount": 3.0}
    answer = {"statusCode": 10222, "userInfo": {"user": user, "stats": stats}}

    profile = TiktokSource(Answers(answer)).read_profile("a", meter=Meter())

    assert (profile.is_private, profile.followers, profile.following) == (True, 12, 3)


def test_likers_are_read_one_by_one() -> None:
    items = [{"username": "Budi"}, None, "siti", {"username": None}, 7]
    answer = {"data": {"items": items, "total": "1018.0"}}

    engagement = InstagramSource(Answers(answer)).read_engagement("a", meter=Meter())

    assert (engagement.total, engagement.likes) == (1018, ("budi", "siti"))
    assert [str(problem) for problem in engagement.problems] == [
        "2 entries of the list of people cannot be read"
    ]


def page(*comments: Any, cursor: int = 0, total: Any = None) -> dict[str, Any]:
    more = int(cursor > 0)
    return {
        "status_code": 0,
        "comments": list(comments),
        "cursor": cursor,
        "has_more": more,
        "total": total,
    }


def said(key: Any, who: str, **fields: Any) -> dict[str, Any]:
    return {"cid": key, "create_time": 1773475200, "user": {"unique_id": who}} | fields


def test_comments_are_read_one_by_one_and_replies_count() -> None:
    answer = page(
        said(1, "budi", create_time=None),
        None,
        said("2", "siti", reply_comment=[said("3", "andi"), said("4", "rina")]),
        said("5", "", user=None),
        total=4.0,
    )

    engagement = TiktokSource(Answers(answer)).read_engagement("7", meter=Meter())

    assert [(one.comment_id, one.username) for one in engagement.comments] == [
        ("1", "budi"),
        ("2", "siti"),
        ("3", "andi"),
        ("4", "rina"),
    ]
    assert engagement.comments[0].created_at is None
    assert (engagement.total, len(engagement.problems)) == (4, 1)


def test_pages_before_one_that_fails_are_kept() -> None:
    failure = UpstreamError("502")
    source = TiktokSource(
        Answers(page(said("1", "a"), cursor=1), page(said("2", "b"), cursor=2), failure)
    )

    engagement = source.read_engagement("7", meter=Meter())

    assert [one.username for one in engagement.comments] == ["a", "b"]
    assert engagement.problems == (failure,)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("12", 12.0),
        (" 3 ", 3.0),
        ("Sat, 14 Mar 2026 09:00:30 GMT", 30.0),
        ("Sat, 14 Mar 2026 08:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
        (None, 0.0),
        ("9" * 40, 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, wait: float) -> None:
    now = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)

    assert read_wait(value, now=now) == wait


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb'"Siap \ud83d"', "Siap \ufffd"),
        (rb'"\ude00 x"', "\ufffd x"),
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"\\ud83d"', r"\ud83d"),
        (b'"\xff"', "\ufffd"),
    ],
)
def test_halves_of_letters_are_replaced(body: bytes, text: str) -> None:
    assert json.loads(mend_letters(body)) == text


@pytest.mark.parametrize(("wait", "tries"), [(0.0, 4), (0.5, 6), (12.0, 6), (60.0, 3), (121.0, 1)])
def test_who_says_when_to_come_again_is_asked_as_often_as_there_is_time(
    wait: float, tries: int
) -> None:
    with pytest.raises(PassingError) as failure:
        check_answer(
            Text("GET /"),
            host="h",
            key="",
            status=429,
            body=b'{"message": "Too many requests"}',
            quota=Quota(),
            wait_seconds=wait,
        )

    assert (failure.value.wait_seconds, failure.value.tries) == (wait, tries)


def test_a_captcha_is_told_as_no_data() -> None:
    body = b'{"code": 10000, "type": "verify", "detail": "q1w2e3"}'

    with pytest.raises(RejectedError, match=r"GET /: 200 q1w2e3 \(no data came\)"):
        check_answer(Text("GET /"), host="h", key="", status=200, body=body, quota=Quota())
