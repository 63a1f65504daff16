from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cicero_cli.domain.collection.profiles import (
    About,
    BioLink,
    InstagramProfile,
    Location,
    Picture,
    TiktokProfile,
)
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import QuotaError, RejectedError, SettingError, UpstreamError
from cicero_cli.gateways.upstream.instagram import InstagramSource
from cicero_cli.gateways.upstream.tiktok import TiktokSource
from cicero_cli.standins.upstream.accounts import StandInAccount, plan_account
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from tests.gateways.upstream.conftest import NOW, PAYLOADS, OpenApi, Serve
from tests.gateways.upstream.test_instagram import Recorded


def recorded_info(platform: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / platform / "info.json").read_text())
    return body


def read_insta(body: dict[str, Any]) -> InstagramProfile:
    return InstagramSource(Recorded(json.dumps(body).encode())).read_profile("x", meter=Meter())


def read_tiktok(body: dict[str, Any]) -> TiktokProfile:
    return TiktokSource(Recorded(json.dumps(body).encode())).read_profile("x", meter=Meter())


def test_an_instagram_account_is_read_whole() -> None:
    assert read_insta(recorded_info("instagram")) == InstagramProfile(
        account_id="67446267932",
        username="u_f65dd09220",
        full_name="Sosial Warga Lomba",
        biography="Lintas Sore\n📍Desa. AMAN",
        followers=30443,
        following=177,
        posts=11041,
        is_private=False,
        is_verified=False,
        category="Sosial Aman Sosial",
        picture_url="https://cdn.example.invalid/715bd060ba5f",
        is_business=True,
        account_type=2,
        category_id="226899825266823",
        business_contact_method="UNKNOWN",
        fbid="98624888775491300",
        total_igtv_videos=298,
        bio_links=(
            BioLink(
                url="https://cdn.example.invalid/9a17564cf05f",
                title="Bhabinkamtibmas",
                lynx_url="https://cdn.example.invalid/54ec8dd59b87",
                link_id="80228924615523305",
                link_type="external",
            ),
        ),
        pictures=(
            Picture(
                picture_id="3ca7af4e9634ff38db3",
                width=320,
                height=320,
                url="https://cdn.example.invalid/a096023ea183",
            ),
            Picture(
                picture_id="3ca7af4e9634ff38db3",
                width=640,
                height=640,
                url="https://cdn.example.invalid/715bd060ba5f",
            ),
        ),
        about=None,
        location=Location(instagram_location_id="846965810261594"),
    )


def test_a_tiktok_account_has_its_exact_numbers() -> None:
    assert read_tiktok(recorded_info("tiktok")) == TiktokProfile(
        account_id="7900991623140748374",
        username="u_e9b8fef678",
        full_name="jumat",
        biography="pelayanan LOMBA:kunjungan",
        followers=427682,
        following=176,
        posts=1605,
        is_private=False,
        is_verified=False,
        category="Apel & Personel",
        picture_url="https://cdn.example.invalid/b79559dbfdd1",
        secuid="0971b71dc6b68bb897682eba23e7c545",
        hearts=3909092,
        friends=53,
    )


def test_what_an_account_says_of_itself_is_asked_for(open_api: OpenApi, serve: Serve) -> None:
    account = StandInAccount(platform=Platform.INSTA, username="polres.a", is_private=True)
    standin = serve(account)
    meter = Meter()
    profile = InstagramSource(open_api(standin.url)).read_profile("polres.a", meter=meter)
    assert profile.about == About(
        country="Indonesia",
        date_joined="May 2021",
        joined_at=datetime(2021, 5, 17, tzinfo=UTC),
        former_usernames=profile.about and profile.about.former_usernames,
    )
    assert profile.location == Location(address_street="Jalan Contoh 1", city_name="Jakarta")
    assert (profile.is_private, meter.requests) == (True, 1)


def test_a_private_tiktok_account_still_has_a_profile(open_api: OpenApi, serve: Serve) -> None:
    account = StandInAccount(platform=Platform.TIKTOK, username="polres_a", is_private=True)
    source = TiktokSource(open_api(serve(account).url))
    profile = source.read_profile("polres_a", meter=Meter())
    assert (profile.is_private, profile.followers, profile.secuid) == (
        True,
        12345,
        account.secuid,
    )


@pytest.mark.parametrize("missing", ["id", "username", "follower_count", "following_count"])
def test_a_profile_without_what_matters_is_an_error(missing: str) -> None:
    body = recorded_info("instagram")
    del body["data"][missing]
    with pytest.raises(UpstreamError, match="without its id"):
        read_insta(body)


def test_every_other_key_may_be_missing_or_null() -> None:
    needed = {"id": 1, "username": "A", "follower_count": 0, "following_count": 0}
    profile = read_insta({"data": needed | {"about": None, "bio_links": None, "category": None}})
    assert (profile.username, profile.account_id, profile.followers) == ("a", "1", 0)
    assert (profile.bio_links, profile.pictures, profile.location) == ((), (), None)


@pytest.mark.parametrize("missing", [("user", "id"), ("user", "uniqueId")])
def test_a_tiktok_account_without_what_matters_is_an_error(missing: tuple[str, str]) -> None:
    body = recorded_info("tiktok")
    del body["userInfo"][missing[0]][missing[1]]
    with pytest.raises(UpstreamError, match="without its id"):
        read_tiktok(body)


def test_rounded_numbers_serve_where_there_are_no_exact_ones() -> None:
    body = recorded_info("tiktok")
    del body["userInfo"]["statsV2"]
    assert read_tiktok(body).followers == 427700
    del body["userInfo"]["stats"]
    with pytest.raises(UpstreamError, match="numbers of followers"):
        read_tiktok(body)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.MONTHLY_QUOTA, QuotaError),
        (FaultKind.INVALID_KEY, SettingError),
        (FaultKind.UNREACHABLE, UpstreamError),
        (FaultKind.HTML, UpstreamError),
        (FaultKind.WRONG_TYPE, UpstreamError),
        (FaultKind.DETAIL, RejectedError),
    ],
)
@pytest.mark.parametrize("platform", list(Platform))
def test_what_the_upstream_does_instead_is_told_apart(
    kind: FaultKind, error: type[Exception], platform: Platform, open_api: OpenApi, serve: Serve
) -> None:
    standin = serve(StandInAccount(platform=platform, username="polres.a"), Fault(kind=kind))
    source = (InstagramSource if platform is Platform.INSTA else TiktokSource)(
        open_api(standin.url)
    )
    with pytest.raises(error):
        source.read_profile("polres.a", meter=Meter())


@pytest.mark.parametrize("platform", list(Platform))
def test_an_account_that_is_not_there_is_refused(
    platform: Platform, open_api: OpenApi, serve: Serve
) -> None:
    source = (InstagramSource if platform is Platform.INSTA else TiktokSource)(
        open_api(serve().url)
    )
    with pytest.raises(RejectedError):
        source.read_profile("nobody", meter=Meter())


def test_no_page_is_read_beyond_the_posts_that_are_wanted(
    open_api: OpenApi, serve: Serve, client: Client
) -> None:
    standin = serve(plan_account(Platform.INSTA, "polres.a", now=NOW, posts_a_day=10, days=4))
    source = InstagramSource(open_api(standin.url))
    since = datetime(2010, 1, 1, tzinfo=UTC)
    few = source.list_posts(client, since=since, meter=Meter(), limit=11)
    assert (len(few.posts), few.is_complete, len(standin.requests)) == (12, False, 1)
    more = source.list_posts(client, since=since, meter=Meter(), limit=12)
    assert (len(more.posts), len(standin.requests)) == (24, 3)
    whole = source.list_posts(client, since=since, meter=Meter(), limit=1000)
    assert (len(whole.posts), whole.is_complete) == (41, True)


def test_an_answer_is_asked_for_no_more_often_than_allowed(open_api: OpenApi, serve: Serve) -> None:
    standin = serve(Fault(kind=FaultKind.UNREACHABLE))
    meter = Meter()
    with pytest.raises(UpstreamError):
        InstagramSource(open_api(standin.url, tries=2)).read_profile("polres.a", meter=meter)
    assert meter.requests == 2
