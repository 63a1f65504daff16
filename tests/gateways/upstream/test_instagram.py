from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cicero_cli.domain.collection.posts import Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import QuotaError, RejectedError, UpstreamError
from cicero_cli.gateways.upstream.instagram import InstagramSource
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost, plan_account
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.gateways.upstream.conftest import NOW, PAYLOADS, TODAY, OpenApi, Serve

_LAST_PAGE = b'{"status_code": 0, "data": {"statusCode": 0, "items": [], "itemList": []}}'


class Recorded:
    """An API whose answer is one recorded body, and a last page without anything after it."""

    host = "recorded"

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, _path: str, params: dict[str, str], decoder: Any, *, meter: Meter) -> Any:
        is_first = not params.get("pagination_token") and params.get("cursor", "0") == "0"
        return decoder.decode(self.body if is_first else _LAST_PAGE)


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def recorded() -> dict[str, UpstreamPost]:
    source = InstagramSource(Recorded((PAYLOADS / "instagram" / "posts.json").read_bytes()))
    client = Client(client_id="A", nama="A", client_insta="polres.a")
    listing = source.list_posts(client, since=TODAY, meter=Meter())
    assert listing.is_complete
    return {post.post_key: post for post in listing.posts}


def many(count: int, *pinned: StandInPost) -> StandInAccount:
    """An account with a post for each of the last `count` hours."""
    posts = [
        StandInPost(key=f"D{hour:03d}", published_at=NOW - timedelta(hours=hour))
        for hour in range(1, count + 1)
    ]
    return StandInAccount(platform=Platform.INSTA, username="polres.a", posts=(*pinned, *posts))


def list_posts(standin: StandIn, open_api: OpenApi, client: Client, *, hours: int = 24) -> Listing:
    source = InstagramSource(open_api(standin.url))
    return source.list_posts(client, since=NOW - timedelta(hours=hours), meter=Meter())


def test_posts_are_listed_newest_first_without_older_ones(
    recorded: dict[str, UpstreamPost],
) -> None:
    assert list(recorded) == [
        "Dvideo00001",
        "Dpinnednow1",
        "Dhidden0001",
        "Dhidden0002",
        "Dcollab0001",
        "Dmetrics001",
    ]


def test_a_post_is_read_whole(recorded: dict[str, UpstreamPost]) -> None:
    assert recorded["Dvideo00001"] == UpstreamPost(
        post_key="Dvideo00001",
        published_at=datetime(2026, 3, 14, 8, 0, tzinfo=UTC),
        caption="",
        like_count=21,
        comment_count=4,
        share_count=2,
        view_count=90,
        kind="video",
        thumbnail_url="https://cdn.example.invalid/thumb",
        author="polres.a",
    )


def test_a_pinned_post_of_today_is_one_of_todays(recorded: dict[str, UpstreamPost]) -> None:
    pinned = recorded["Dpinnednow1"]

    assert (pinned.is_pinned, pinned.caption, pinned.kind) == (True, "Hari ini", "image")
    assert pinned.thumbnail_url == "https://cdn.example.invalid/Dpinnednow1"


@pytest.mark.parametrize("key", ["Dhidden0001", "Dhidden0002"])
def test_a_hidden_count_is_no_number(recorded: dict[str, UpstreamPost], key: str) -> None:
    assert (recorded[key].like_count, recorded[key].view_count) == (None, None)
    assert recorded[key].comment_count == 4


def test_an_album_is_known_as_one(recorded: dict[str, UpstreamPost]) -> None:
    assert recorded["Dhidden0001"].kind == "album"


def test_a_collaboration_counts_and_names_the_other_authors(
    recorded: dict[str, UpstreamPost],
) -> None:
    assert recorded["Dcollab0001"].collaborators == ("mitra.kota", "dinas.kota")
    assert recorded["Dvideo00001"].collaborators == ()


def test_counts_may_stand_in_metrics(recorded: dict[str, UpstreamPost]) -> None:
    post = recorded["Dmetrics001"]

    assert (post.like_count, post.comment_count, post.thumbnail_url) == (31, 5, None)


def test_likers_are_lower_case_and_each_once(meter: Meter) -> None:
    source = InstagramSource(Recorded((PAYLOADS / "instagram" / "likes.json").read_bytes()))

    assert source.read_engagement("Dx", meter=meter) == Engagement(
        total=9, likes=("budi.satu", "siti_dua", "tiga")
    )


def test_nobody_has_liked_yet(meter: Meter) -> None:
    source = InstagramSource(Recorded(b'{"data": {"count": 0, "total": 0, "items": null}}'))

    assert source.read_engagement("Dx", meter=meter) == Engagement(total=0)


def test_a_reply_without_a_list_of_likes_is_an_error(
    serve: Serve, open_api: OpenApi, meter: Meter
) -> None:
    standin = serve(Fault(kind=FaultKind.WRONG_TYPE))

    with pytest.raises(UpstreamError, match="another shape"):
        InstagramSource(open_api(standin.url)).read_engagement("Dx", meter=meter)


def test_pages_are_read_until_a_post_is_too_old(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    old = StandInPost(key="Dold", published_at=TODAY - timedelta(days=1500), is_pinned=True)
    standin = serve(many(60, old))

    listing = list_posts(standin, open_api, client, hours=20)

    assert [post.post_key for post in listing.posts] == [f"D{hour:03d}" for hour in range(1, 21)]
    assert listing.is_complete
    assert len(standin.requests) == 2


@pytest.mark.parametrize("count", [4, 5, 6])  # the last page's token is missing, null or ""
def test_a_short_account_is_complete(
    serve: Serve, open_api: OpenApi, client: Client, count: int
) -> None:
    listing = list_posts(serve(many(count)), open_api, client, hours=1000)

    assert (len(listing.posts), listing.is_complete) == (count, True)


def test_a_day_without_posts_is_complete(serve: Serve, open_api: OpenApi, client: Client) -> None:
    account = StandInAccount(
        platform=Platform.INSTA,
        username="polres.a",
        posts=(StandInPost(key="Dold", published_at=NOW - timedelta(days=3)),),
    )

    assert list_posts(serve(account), open_api, client) == Listing(posts=(), is_complete=True)


def told(listing: Listing) -> list[tuple[str, str]]:
    """What somebody should know of a listing: code and words of each problem."""
    return [(problem.code, str(problem.message)) for problem in listing.problems]


def test_an_empty_listing_is_not_complete(serve: Serve, open_api: OpenApi, client: Client) -> None:
    listing = list_posts(serve(many(0)), open_api, client)

    assert (listing.posts, listing.is_complete) == ((), False)
    assert told(listing) == [
        (
            "listing_empty",
            "the listing is empty: the account is private, banned or renamed, or has never posted",
        )
    ]


def test_a_listing_whose_token_comes_back_is_cut(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(60), Fault(kind=FaultKind.REPEATED_TOKEN, first=2))

    listing = list_posts(standin, open_api, client, hours=50)

    assert (len(listing.posts), listing.is_complete) == (24, False)
    assert told(listing) == [
        ("listing_cut", "the listing was cut before its end, so older posts may be missing")
    ]
    assert len(standin.requests) == 2


def test_a_blank_page_that_offers_more_is_passed_over_once(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    once = serve(many(60), Fault(kind=FaultKind.EMPTY_PAGE, first=2, times=1))
    always = serve(many(60), Fault(kind=FaultKind.EMPTY_PAGE, first=2))

    listing, cut = (list_posts(standin, open_api, client, hours=50) for standin in (once, always))

    assert (listing.is_complete, told(listing)) == (True, [])
    assert (len(cut.posts), cut.is_complete, [code for code, _ in told(cut)]) == (
        12,
        False,
        ["listing_cut"],
    )
    assert len(always.requests) == 3


def test_what_came_before_a_quota_ended_is_kept_and_the_error_with_it(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(60), Fault(kind=FaultKind.MONTHLY_QUOTA, first=2))

    listing = list_posts(standin, open_api, client, hours=50)

    assert (len(listing.posts), listing.is_complete) == (12, False)
    [problem] = listing.problems
    assert isinstance(problem, QuotaError)


def test_a_private_account_is_refused_in_clear_words(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(replace(many(3), is_private=True))

    with pytest.raises(RejectedError, match=r"Instagram account polres\.a is private"):
        list_posts(standin, open_api, client)


def test_a_renamed_account_is_refused(serve: Serve, open_api: OpenApi, client: Client) -> None:
    standin = serve(replace(many(3), username="polres.a.resmi"))

    with pytest.raises(RejectedError, match="404 Not found"):
        list_posts(standin, open_api, client)


def test_one_unreadable_post_does_not_lose_the_others(
    client: Client, meter: Meter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="cicero_cli")
    body = json.loads((PAYLOADS / "instagram" / "posts.json").read_bytes())
    spoilt = next(item for item in body["data"]["items"] if item["code"] == "Dhidden0001")
    spoilt["taken_at"] = None

    listing = InstagramSource(Recorded(json.dumps(body).encode())).list_posts(
        client, since=TODAY, meter=meter
    )

    assert (len(listing.posts), listing.is_complete, listing.unreadable) == (5, False, 1)
    assert told(listing) == [
        ("posts_unreadable", "1 post of the listing cannot be read (Dhidden0001)")
    ]
    assert "unreadable post account=polres.a reason='expected a time in seconds" in caplog.text


def test_posts_of_a_new_shape_are_told_and_never_no_posts(client: Client, meter: Meter) -> None:
    body = (PAYLOADS / "instagram" / "posts.json").read_bytes()
    spoilt = body.replace(b'"taken_at"', b'"published"')

    listing = InstagramSource(Recorded(spoilt)).list_posts(client, since=TODAY, meter=meter)

    assert (listing.posts, listing.is_complete, listing.unreadable) == ((), False, 8)
    [(code, words)] = told(listing)
    assert code == "posts_unreadable"
    assert words.startswith("8 posts of the listing cannot be read (D")


def test_what_the_stand_in_plans_is_what_is_read(
    serve: Serve, open_api: OpenApi, client: Client, meter: Meter
) -> None:
    account = plan_account(
        Platform.INSTA, "polres.a", now=NOW, posts_a_day=5, chosen=[["budi", "siti"], ["siti"]]
    )
    source = InstagramSource(open_api(serve(account).url))

    listing = source.list_posts(client, since=TODAY, meter=meter)
    engagements = [source.read_engagement(post.post_key, meter=meter) for post in listing.posts]

    assert len(listing.posts) == 5
    assert [post.like_count for post in listing.posts] == [42, 41, 40, None, 40]
    assert listing.posts[4].collaborators == ("mitra.kegiatan",)
    assert [len(engagement.likes) for engagement in engagements] == [42, 41, 40, 40, 40]
    assert engagements[0].likes[:2] == ("budi", "siti")
    assert meter.requests == 6
