from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from cicero_cli.domain.collection.profiles import (
    About,
    AnyProfile,
    BioLink,
    InstagramProfile,
    KnownProfile,
    Location,
    Picture,
    TiktokProfile,
)
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import (
    BusyError,
    InputError,
    QuotaError,
    RejectedError,
    SettingError,
    UpstreamError,
)
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.collection.profiles import (
    Account,
    ProfileRead,
    ProfilesRead,
    choose_accounts,
    collect_profiles,
)
from tests.services.fakes import at

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOON = at("2026-11-21 05:00")
POLRES_A = InstagramProfile(
    account_id="7",
    username="polres.a",
    full_name="Polres A",
    biography="Melayani",
    followers=100,
    following=0,
    posts=12,
    is_private=False,
    is_verified=True,
    category="Organisasi",
    picture_url="https://cdn.example.invalid/a-640",
    is_business=True,
    account_type=2,
    fbid="98624888775491300",
    total_igtv_videos=3,
    latest_reel_at=at("2026-11-20 01:00"),
    bio_links=(
        BioLink(url="https://b.example", title="B", link_id="80228924615523305"),
        BioLink(url="https://a.example", is_pinned=True),
    ),
    pictures=(
        Picture(picture_id="p1", width=320, height=320, url="https://cdn.example.invalid/a-320"),
        Picture(picture_id="p1", width=640, height=640, url="https://cdn.example.invalid/a-640"),
    ),
    about=About(country="Indonesia", date_joined="May 2021", joined_at=at("2021-05-17 00:00")),
    location=Location(city_name="Jakarta", latitude=-6.2, longitude=106.8),
)
POLRES_T = TiktokProfile(
    account_id="8",
    username="polres_a",
    full_name="Polres A",
    biography="",
    followers=200,
    following=1,
    posts=5,
    is_private=True,
    is_verified=False,
    secuid="MS4wA",
    hearts=9000,
    friends=2,
)


class FakeProfiles:
    """An AccountSource that answers from a dictionary; what is an exception there is raised."""

    host = "fake.test"

    def __init__(self, platform: Platform = INSTA, **answers: AnyProfile | Exception) -> None:
        self.platform = platform
        self.answers = {name.replace("__", "."): answer for name, answer in answers.items()}
        self.asked: list[str] = []

    def read_profile(self, username: str, *, meter: Meter) -> AnyProfile:
        self.asked.append(username)
        meter.count(size=1000, quota=Quota(limit=500, remaining=400, reset_seconds=3600))
        answer = self.answers.get(username, RejectedError(f"{username} is not there"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def collect(store: Store, source: FakeProfiles, *names: str, **options: object) -> ProfilesRead:
    accounts = [Account(name, "A") for name in names]
    return collect_profiles(store, source, accounts, parallel=1, clock=lambda: NOON, **options)


def rows(store: Store, statement: str) -> list[tuple[object, ...]]:
    return store.connection.execute(statement).fetchall()


@pytest.mark.parametrize("profile", [POLRES_A, POLRES_T])
def test_what_was_read_is_kept_whole(profile: AnyProfile, store: Store) -> None:
    platform = INSTA if profile is POLRES_A else TIKTOK
    source = FakeProfiles(platform, **{profile.username.replace(".", "__"): profile})
    read = collect(store, source, profile.username)
    assert read == ProfilesRead(
        (
            ProfileRead(
                platform=platform,
                username=profile.username,
                client_id="A",
                followers=profile.followers,
                following=profile.following,
                posts=profile.posts,
                is_private=profile.is_private,
                requests=1,
                bytes=1000,
            ),
        )
    )
    assert store.profiles.find(platform, profile.username) == KnownProfile(profile, NOON)
    assert store.profiles.find(platform, "nobody") is None
    assert rows(store, "SELECT host, requests, bytes, quota_remaining FROM upstream_usage") == [
        ("fake.test", 1, 1000, 400)
    ]


def test_numbers_are_kept_by_day_and_pictures_for_good(store: Store) -> None:
    def keep(profile: AnyProfile, now: datetime, day: date) -> None:
        store.profiles.store(profile, day=day, now=now)

    keep(POLRES_A, NOON, date(2026, 11, 21))
    keep(replace(POLRES_A, followers=105), NOON + timedelta(hours=2), date(2026, 11, 21))
    other = Picture(picture_id="p2", width=320, height=320, url="https://cdn.example.invalid/b")
    changed = replace(
        POLRES_A,
        followers=110,
        bio_links=POLRES_A.bio_links[1:],
        pictures=(other,),
        about=None,
        location=None,
    )
    keep(changed, NOON + timedelta(days=1), date(2026, 11, 22))

    assert rows(
        store, "SELECT day::text, follower_count FROM instagram_user_metrics ORDER BY 1"
    ) == [
        ("2026-11-21", 105),
        ("2026-11-22", 110),
    ]
    assert rows(
        store,
        "SELECT picture_id, width, first_seen_at, last_seen_at FROM instagram_profile_pic_version ORDER BY 1, 2",
    ) == [
        ("p1", 320, NOON, NOON + timedelta(hours=2)),
        ("p1", 640, NOON, NOON + timedelta(hours=2)),
        ("p2", 320, NOON + timedelta(days=1), NOON + timedelta(days=1)),
    ]
    known = store.profiles.find(INSTA, "polres.a")
    # what Instagram said of the account is not forgotten because an answer came without it
    assert known is not None
    assert known.profile == replace(changed, about=POLRES_A.about)
    assert rows(store, "SELECT username, follower_count FROM insta_profile") == [("polres.a", 110)]


def test_a_renamed_account_is_found_under_its_new_name(store: Store) -> None:
    store.profiles.store(POLRES_A, day=date(2026, 11, 21), now=NOON)
    renamed = replace(POLRES_A, username="polres.baru")
    store.profiles.store(renamed, day=date(2026, 11, 22), now=NOON + timedelta(days=1))
    newcomer = replace(POLRES_A, account_id="9", followers=1)
    store.profiles.store(newcomer, day=date(2026, 11, 22), now=NOON + timedelta(days=1))

    found = store.profiles.find(INSTA, "polres.baru")
    assert found is not None
    assert found.profile.account_id == "7"
    found = store.profiles.find(INSTA, "polres.a")
    assert found is not None
    assert (found.profile.account_id, found.profile.followers) == ("9", 1)


def test_what_postgresql_cannot_keep_is_left_out(store: Store) -> None:
    odd = replace(
        POLRES_A, biography="a\x00b", bio_links=(BioLink(url="https://a.example", title="\x00"),)
    )
    store.profiles.store(odd, day=date(2026, 11, 21), now=NOON)
    found = store.profiles.find(INSTA, "polres.a")
    assert found is not None
    assert found.profile.biography == "ab"


def test_one_that_fails_is_named_and_the_others_go_on(store: Store) -> None:
    source = FakeProfiles(polres__a=POLRES_A, cut=UpstreamError("cut"))
    read = collect(store, source, "gone", "cut", "polres.a")
    assert [(each.username, each.error) for each in read.profiles] == [
        ("gone", "gone is not there"),
        ("cut", "cut"),
        ("polres.a", None),
    ]
    assert read.stopped_by is None


@pytest.mark.parametrize("error", [QuotaError("used up", reset_seconds=60), SettingError("key")])
def test_nothing_is_asked_after_a_refusal(error: Exception, store: Store) -> None:
    source = FakeProfiles(a=error, polres__a=POLRES_A)
    read = collect(store, source, "a", *(f"b{number}" for number in range(5)), "polres.a")
    assert read.stopped_by is error
    assert "polres.a" not in source.asked
    assert read.profiles[-1].error == f"not asked: {error}"
    if isinstance(error, QuotaError):
        again = FakeProfiles(polres__a=POLRES_A)
        refused = collect(store, again, "polres.a")
        assert (again.asked, type(refused.stopped_by)) == ([], QuotaError)
        collect(store, again, "polres.a", ignore_quota=True)
        assert again.asked == ["polres.a"]


def test_one_run_at_a_time(store: Store, database: str) -> None:
    with (
        connect(database, hint="") as other,
        Store(other).job_lock("fetch profile insta"),
        pytest.raises(BusyError),
    ):
        collect(store, FakeProfiles(polres__a=POLRES_A), "polres.a")


def test_accounts_are_those_of_clients_or_the_one_named() -> None:
    clients = [
        Client(client_id="A", nama="A", client_insta="polres.a"),
        Client(client_id="B", nama="B", client_insta="polres.b", client_insta_status=False),
        Client(client_id="C", nama="C", client_tiktok="polres_c"),
    ]
    assert choose_accounts(INSTA, clients, None) == [Account("polres.a", "A")]
    assert choose_accounts(TIKTOK, clients, "https://www.tiktok.com/@Polres_C") == [
        Account("polres_c")
    ]
    with pytest.raises(InputError, match="no Instagram account is followed for B, C"):
        choose_accounts(INSTA, clients[1:], None)
    for typed in ("two words", "-", ""):
        with pytest.raises(InputError, match="--username"):
            choose_accounts(INSTA, clients, typed)
