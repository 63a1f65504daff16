from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cicero_cli.domain.collection.posts import Comment, Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import QuotaError, RejectedError, UpstreamError
from cicero_cli.gateways.upstream.tiktok import TiktokSource
from cicero_cli.standins.upstream.accounts import (
    StandInAccount,
    StandInPost,
    pick_strangers,
    plan_account,
)
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.gateways.upstream.conftest import NOW, PAYLOADS, TODAY, OpenApi, Serve
from tests.gateways.upstream.test_instagram import Recorded

INFO, POSTS, COMMENTS = "/api/user/info", "/api/user/posts", "/api/post/comments"
VIDEO = "7512345678901234567"


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def recorded(client: Client) -> dict[str, UpstreamPost]:
    source = TiktokSource(Recorded((PAYLOADS / "tiktok" / "posts.json").read_bytes()))
    stored = replace(client, tiktok_secuid="MS4wA")
    listing = source.list_posts(stored, since=TODAY, meter=Meter())
    assert (listing.is_complete, listing.secuid) == (True, "MS4wA")
    return {post.post_key[-1]: post for post in listing.posts}


def many(count: int) -> StandInAccount:
    """An account with a video for each of the last `count` hours."""
    return StandInAccount(
        platform=Platform.TIKTOK,
        username="polres_a",
        secuid="MS4wNow",
        posts=tuple(
            StandInPost(key=f"75{hour:017d}", published_at=NOW - timedelta(hours=hour))
            for hour in range(1, count + 1)
        ),
    )


def discussed(people: int, *, unlisted: int = 0) -> StandInAccount:
    """An account whose one video `people` commented on."""
    post = StandInPost(
        key=VIDEO,
        published_at=NOW,
        people=pick_strangers(people, start=0),
        unlisted=unlisted,
    )
    return replace(many(0), posts=(post,))


def list_posts(standin: StandIn, open_api: OpenApi, client: Client, *, hours: int = 24) -> Listing:
    source = TiktokSource(open_api(standin.url))
    return source.list_posts(client, since=NOW - timedelta(hours=hours), meter=Meter())


def read_engagement(standin: StandIn, open_api: OpenApi) -> Engagement:
    return TiktokSource(open_api(standin.url)).read_engagement(VIDEO, meter=Meter())


def paths(standin: StandIn) -> list[str]:
    return [served.path for served in standin.requests]


def test_videos_are_listed_newest_first_without_older_ones(
    recorded: dict[str, UpstreamPost],
) -> None:
    assert list(recorded) == ["3", "4", "2"]


def test_a_video_is_read_whole_and_its_exact_counts_win(recorded: dict[str, UpstreamPost]) -> None:
    assert recorded["3"] == UpstreamPost(
        post_key="7500000000000000003",
        published_at=datetime(2026, 3, 14, 8, 0, tzinfo=UTC),
        caption="Patroli",
        like_count=1234,
        comment_count=33,
        share_count=4,
        view_count=52001,
        kind="album",
        thumbnail_url="https://cdn.example.invalid/c",
        author="polres_a",
    )


def test_a_count_that_is_not_exact_is_the_rounded_one(recorded: dict[str, UpstreamPost]) -> None:
    assert (recorded["4"].like_count, recorded["4"].view_count) == (1200, 52000)
    assert (recorded["2"].like_count, recorded["2"].share_count) == (68300, 4)


def test_a_video_of_another_author_names_the_author(recorded: dict[str, UpstreamPost]) -> None:
    assert recorded["4"].collaborators == ("mitra_kota",)


def test_the_secuid_is_looked_up_once_and_given_back(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(3))

    listing = list_posts(standin, open_api, client)
    again = list_posts(standin, open_api, replace(client, tiktok_secuid=listing.secuid))

    assert listing == again
    assert (len(listing.posts), listing.is_complete, listing.secuid) == (3, True, "MS4wNow")
    assert paths(standin) == [INFO, POSTS, POSTS]


def test_pages_are_read_until_a_video_is_too_old(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(80))

    listing = list_posts(standin, open_api, client, hours=30)

    assert (len(listing.posts), listing.is_complete) == (30, True)
    assert paths(standin) == [INFO, POSTS, POSTS]
    assert standin.requests[1].query["cursor"] == "0"


@pytest.mark.parametrize(
    ("kind", "listed"), [(FaultKind.REPEATED_TOKEN, 32), (FaultKind.EMPTY_PAGE, 16)]
)
def test_a_listing_that_is_cut_is_not_complete(
    serve: Serve, open_api: OpenApi, client: Client, kind: FaultKind, listed: int
) -> None:
    standin = serve(many(80), Fault(kind=kind, path=POSTS, first=2))

    listing = list_posts(standin, open_api, client, hours=70)

    assert (len(listing.posts), listing.is_complete) == (listed, False)


def test_a_stale_secuid_is_replaced(serve: Serve, open_api: OpenApi, client: Client) -> None:
    standin = serve(many(3))

    listing = list_posts(standin, open_api, replace(client, tiktok_secuid="MS4wOld"))

    assert (len(listing.posts), listing.secuid) == (3, "MS4wNow")
    assert paths(standin) == [POSTS, INFO, POSTS]


def test_a_secuid_that_is_refused_is_checked_as_well(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(3), Fault(kind=FaultKind.STATUS_CODE, about="MS4wOld"))

    listing = list_posts(standin, open_api, replace(client, tiktok_secuid="MS4wOld"))

    assert (len(listing.posts), listing.secuid) == (3, "MS4wNow")


def test_an_account_that_is_refused_stays_refused(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(many(3), Fault(kind=FaultKind.STATUS_CODE, path=POSTS))

    with pytest.raises(RejectedError, match="200 with status code 3002060: The list is hidden"):
        list_posts(standin, open_api, replace(client, tiktok_secuid="MS4wNow"))


@pytest.mark.parametrize("secuid", [None, "MS4wNow", "MS4wOld"])
def test_a_private_account_is_refused_in_clear_words(
    serve: Serve, open_api: OpenApi, client: Client, secuid: str | None
) -> None:
    standin = serve(replace(many(3), is_private=True))

    with pytest.raises(RejectedError, match="TikTok account polres_a is private"):
        list_posts(standin, open_api, replace(client, tiktok_secuid=secuid))


@pytest.mark.parametrize("secuid", [None, "MS4wNow", "MS4wOld"])
def test_an_account_without_videos_is_not_complete(
    serve: Serve, open_api: OpenApi, client: Client, secuid: str | None
) -> None:
    listing = list_posts(serve(many(0)), open_api, replace(client, tiktok_secuid=secuid))

    assert (listing.posts, listing.is_complete, listing.secuid) == ((), False, "MS4wNow")
    assert [problem.code for problem in listing.problems] == ["listing_empty"]


def test_an_unknown_account_is_refused(serve: Serve, open_api: OpenApi, client: Client) -> None:
    with pytest.raises(RejectedError, match="200 with status code 10202: user doesn't exist"):
        list_posts(serve(), open_api, client)


def test_an_account_without_a_secuid_is_refused(client: Client, meter: Meter) -> None:
    source = TiktokSource(Recorded(b'{"statusCode": 0, "userInfo": {"user": {}}}'))

    with pytest.raises(RejectedError, match="TikTok knows no account polres_a"):
        source.list_posts(client, since=TODAY, meter=meter)


def test_a_renamed_account_is_still_found_by_its_secuid(
    serve: Serve, open_api: OpenApi, client: Client
) -> None:
    standin = serve(replace(many(3), username="polres_a_resmi"))

    listing = list_posts(standin, open_api, replace(client, tiktok_secuid="MS4wNow"))

    assert len(listing.posts) == 3


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        (FaultKind.MISSING_PARAMS, RejectedError, "missing required params"),
        (FaultKind.NO_STATUS_CODE, UpstreamError, "a body without a status code"),
        (FaultKind.NO_CONTENT, UpstreamError, "204"),
        (FaultKind.DAILY_QUOTA, QuotaError, "DAILY quota"),
    ],
)
def test_a_200_must_say_that_all_is_well(
    serve: Serve,
    open_api: OpenApi,
    kind: FaultKind,
    error: type[Exception],
    words: str,
) -> None:
    standin = serve(discussed(3), Fault(kind=kind))

    with pytest.raises(error, match=words):
        read_engagement(standin, open_api)


def test_comments_are_read_with_their_writers_handles(meter: Meter) -> None:
    source = TiktokSource(Recorded((PAYLOADS / "tiktok" / "comments.json").read_bytes()))

    def comment(key: str, username: str, text: str) -> Comment:
        created_at = datetime(2026, 3, 14, 9, 0, int(key), tzinfo=UTC)
        return Comment(comment_id=key, username=username, text=text, created_at=created_at)

    assert source.read_engagement(VIDEO, meter=meter) == Engagement(
        total=9,
        comments=(
            comment("1", "budi_satu", "Siap"),
            comment("2", "siti.dua", ""),
            comment("3", "budi_satu", "Siap"),
        ),
    )


def test_comments_may_be_wrapped_in_data(meter: Meter) -> None:
    body = b'{"data": {"comments": null, "has_more": 0, "total": 0, "status_code": 0}}'

    assert TiktokSource(Recorded(body)).read_engagement(VIDEO, meter=meter) == Engagement(total=0)


def test_short_pages_are_followed_by_the_cursor_that_came_back(
    serve: Serve, open_api: OpenApi
) -> None:
    standin = serve(discussed(50, unlisted=9))

    engagement = read_engagement(standin, open_api)

    assert {comment.username for comment in engagement.comments} == set(pick_strangers(50, start=0))
    assert len({comment.comment_id for comment in engagement.comments}) == 57
    assert len(engagement.comments) == 57
    assert engagement.total == 69  # with what is filtered out, and replies
    assert [served.query["cursor"] for served in standin.requests] == ["0", "20", "40"]


def test_replies_are_not_missed(serve: Serve, open_api: OpenApi) -> None:
    standin = serve(discussed(5, unlisted=400))

    assert len(read_engagement(standin, open_api).comments) == 5
    assert len(standin.requests) == 1


def test_comments_that_end_far_too_early_are_asked_for_once_more(
    serve: Serve, open_api: OpenApi
) -> None:
    standin = serve(discussed(50), Fault(kind=FaultKind.EARLY_END, times=1))

    engagement = read_engagement(standin, open_api)

    assert len(engagement.comments) == 57
    assert [served.query["cursor"] for served in standin.requests] == ["0", "20", "40"]


def test_comments_that_keep_ending_early_are_taken_as_they_are(
    serve: Serve, open_api: OpenApi
) -> None:
    standin = serve(discussed(80), Fault(kind=FaultKind.EARLY_END))

    engagement = read_engagement(standin, open_api)

    assert len(engagement.comments) == 38
    assert engagement.total == 95
    assert len(standin.requests) == 2


def test_comments_are_kept_when_asking_once_more_fails(serve: Serve, open_api: OpenApi) -> None:
    standin = serve(
        discussed(50),
        Fault(kind=FaultKind.EARLY_END, times=1),
        Fault(kind=FaultKind.STATUS_CODE, about="20"),
    )

    assert len(read_engagement(standin, open_api).comments) == 19


def test_a_time_that_is_none_spoils_its_video_alone(client: Client, meter: Meter) -> None:
    body = (PAYLOADS / "tiktok" / "posts.json").read_bytes()
    spoilt = body.replace(b'"1773475200"', b'"yesterday"')
    stored = replace(client, tiktok_secuid="MS4wA")

    listing = TiktokSource(Recorded(spoilt)).list_posts(stored, since=TODAY, meter=meter)

    assert (len(listing.posts), listing.is_complete) == (2, False)


def test_what_the_stand_in_plans_is_what_is_read(
    serve: Serve, open_api: OpenApi, client: Client, meter: Meter
) -> None:
    account = plan_account(Platform.TIKTOK, "polres_a", now=NOW, posts_a_day=4, chosen=[["budi"]])
    source = TiktokSource(open_api(serve(account).url))

    listing = source.list_posts(client, since=TODAY, meter=meter)
    engagement = source.read_engagement(listing.posts[0].post_key, meter=meter)

    assert len(listing.posts) == 4
    assert engagement.comments[0].username == "budi"
    assert len({comment.username for comment in engagement.comments}) == 41
    assert len(engagement.comments) / engagement.total >= 0.9
