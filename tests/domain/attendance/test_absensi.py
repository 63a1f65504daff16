"""Who is lengkap, kurang, belum, tanpa_username or dikecualikan; and what the JSON says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import (
    Attendance,
    PostSummary,
    Standing,
    Status,
    required_posts,
    summarise_post,
    take_attendance,
)
from cicero_cli.domain.attendance.documents import attendance_document
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

DAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
FETCHED = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)


def post(
    number: int = 1, *, listed: int = 10, total: int | None = 10, read: bool = True
) -> PostSummary:
    return PostSummary(
        key=f"P{number}",
        url=f"https://www.instagram.com/p/P{number}/",
        published_at=MORNING + timedelta(hours=number),
        listed=listed,
        total=total,
        fetched_at=FETCHED if read else None,
    )


def user(
    user_id: str = "1",
    *,
    done: int = 0,
    username: str | None = "budi",
    exception: bool = False,
    divisi: str | None = "BAG OPS",
    title: str | None = "AKP",
) -> Standing:
    return Standing(user_id, f"Nama {user_id}", title, divisi, username, exception, done)


def take(posts: list[PostSummary], *standings: Standing, threshold: float = 0.5) -> Attendance:
    client = Client(client_id="POLRES_A", nama="Polres A", threshold=threshold)
    return take_attendance(client, DAY, Platform.INSTA, posts, standings)


THREE = [post(1), post(2), post(3)]
thresholds = st.integers(1, 100).map(lambda percent: percent / 100)
standings = st.builds(
    user,
    st.text("0123456789", min_size=1, max_size=8),
    done=st.integers(0, 4),
    username=st.sampled_from([None, "", "budi"]),
    exception=st.booleans(),
    divisi=st.sampled_from([None, "BAG OPS", "SPKT"]),
    title=st.sampled_from([None, "AKP", "BRIPDA"]),
)
teams = st.lists(standings, max_size=12, unique_by=lambda one: one.user_id)


@pytest.mark.parametrize(
    ("standing", "status", "done", "sudah"),
    [
        (user(done=3), Status.LENGKAP, 3, True),
        (user(done=2), Status.KURANG, 2, True),
        (user(done=1), Status.KURANG, 1, False),
        (user(done=0), Status.BELUM, 0, False),
        (user(username=None), Status.TANPA_USERNAME, 0, False),
        (user(username=""), Status.TANPA_USERNAME, 0, False),
        (user(exception=True), Status.DIKECUALIKAN, 3, True),
        (user(exception=True, done=1), Status.DIKECUALIKAN, 3, True),
        (user(exception=True, username=None), Status.DIKECUALIKAN, 3, True),
    ],
)
def test_status_of_a_user_on_a_day_with_three_posts(
    standing: Standing,
    status: Status,
    done: int,
    sudah: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    (found,) = take(THREE, standing).users
    assert (found.status, found.done, found.total, found.sudah) == (status, done, 3, sudah)


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (user(), Status.LENGKAP),
        (user(username=None), Status.TANPA_USERNAME),
        (user(exception=True), Status.DIKECUALIKAN),
    ],
)
def test_nobody_is_absent_on_a_day_without_posts(standing: Standing, status: Status) -> None:
    (found,) = take([], standing).users
    assert (found.status, found.done, found.total, found.sudah) == (status, 0, 0, True)


@pytest.mark.parametrize(
    ("threshold", "posts", "required"),
    [
        (0.5, 0, 0),
        (0.5, 1, 1),
        (0.5, 2, 1),
        (0.5, 3, 2),
        (0.1, 10, 1),
        (0.7, 10, 7),
        (0.07, 100, 7),
        (0.29, 100, 29),
        (0.8, 3, 3),
        (1 / 3, 3, 1),
        (2 / 3, 3, 2),
        (1, 7, 7),
        (1e-12, 5, 1),
    ],
)
def test_required_posts(threshold: float, posts: int, required: int) -> None:
    assert required_posts(threshold, posts) == required


@given(st.integers(1, 10_000), st.integers(1, 1_000))
def test_required_posts_are_not_off_by_a_float(share: int, posts: int) -> None:
    assert required_posts(share / 10_000, posts) == ceil(Fraction(share, 10_000) * posts)


@given(teams, st.integers(0, 4), thresholds)
def test_every_user_is_counted_in_exactly_one_status(
    team: list[Standing], posts: int, threshold: float
) -> None:
    attendance = take([post(number) for number in range(posts)], *team, threshold=threshold)
    summary = attendance.summary
    assert summary.users == len(team) == len(attendance.users)
    assert summary.users == (
        summary.lengkap
        + summary.kurang
        + summary.belum
        + summary.tanpa_username
        + summary.dikecualikan
    )
    assert summary.sudah == sum(one.sudah for one in attendance.users)
    assert summary.posts == posts
    assert {one.user_id for one in attendance.users} == {one.user_id for one in team}


@given(standings, st.integers(1, 4), thresholds)
def test_who_does_more_is_never_sudah_less(
    standing: Standing, posts: int, threshold: float
) -> None:
    day_posts = [post(number) for number in range(posts)]
    judged = [
        take(day_posts, standing._replace(done=done), threshold=threshold).users[0].sudah
        for done in range(posts + 1)
    ]
    assert judged == sorted(judged)


@given(teams, st.integers(1, 4))
def test_threshold_of_everything_makes_sudah_the_same_as_lengkap(
    team: list[Standing], posts: int
) -> None:
    attendance = take([post(number) for number in range(posts)], *team, threshold=1)
    for one in attendance.users:
        assert one.sudah == (one.status in {Status.LENGKAP, Status.DIKECUALIKAN})


@given(teams, thresholds)
def test_who_has_done_nothing_is_never_sudah(team: list[Standing], threshold: float) -> None:
    for one in take(THREE, *team, threshold=threshold).users:
        assert not (one.sudah and one.status in {Status.BELUM, Status.TANPA_USERNAME})


@given(teams, st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(team: list[Standing], random: object) -> None:
    shuffled = list(team)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert take(THREE, *team) == take(list(reversed(THREE)), *shuffled)


def test_users_stand_in_report_order_and_posts_oldest_first() -> None:
    attendance = take(
        [post(2), post(1)],
        user("1", divisi=None),
        user("2", divisi="SPKT"),
        user("3", divisi="BAG OPS", title="BRIPDA"),
        user("4", divisi="BAG OPS", title="AKBP"),
    )
    assert [one.user_id for one in attendance.users] == ["4", "3", "2", "1"]
    assert [one.key for one in attendance.posts] == ["P1", "P2"]


@pytest.mark.parametrize(
    ("posts", "listed", "total", "share", "is_full"),
    [
        ([], 0, 0, None, True),
        ([post(listed=10, total=10)], 10, 10, 1.0, True),
        ([post(listed=0, total=0)], 0, 0, 1.0, True),
        ([post(1, listed=90, total=100), post(2, listed=100, total=100)], 190, 200, 0.95, False),
        ([post(1, listed=120, total=100), post(2, listed=80, total=100)], 180, 200, 0.9, False),
        ([post(listed=12, total=10)], 10, 10, 1.0, True),
        ([post(listed=12, total=None)], 0, 0, None, True),
        ([post(1, listed=12, total=None), post(2, listed=5, total=10)], 5, 10, 0.5, False),
        ([post(listed=0, total=40, read=False)], 0, 40, 0.0, False),
        ([post(listed=0, total=None, read=False)], 0, 0, None, False),
    ],
)
def test_coverage(
    posts: list[PostSummary],
    listed: int,
    total: int,
    share: float | None,
    is_full: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    coverage = take(posts).coverage
    assert (coverage.listed, coverage.total, coverage.share) == (listed, total, share)
    assert coverage.is_full is is_full


def test_coverage_counts_hidden_totals_and_unread_posts_apart() -> None:
    coverage = take(
        [post(1, total=None), post(2, total=None, read=False), post(3, read=False), post(4)]
    ).coverage
    assert (coverage.hidden, coverage.unread) == (1, 2)


@given(st.lists(st.tuples(st.integers(0, 50), st.one_of(st.none(), st.integers(0, 50)))))
def test_coverage_is_a_share_or_unknown(counts: list[tuple[int, int | None]]) -> None:
    posts = [post(n, listed=listed, total=total) for n, (listed, total) in enumerate(counts)]
    share = take(posts).coverage.share
    if all(total is None for _, total in counts):
        assert share is None
    else:
        assert share is not None
        assert 0 <= share <= 1
        short = any(total is not None and listed < total for listed, total in counts)
        assert (share < 1) == short


KEPT = Post(
    post_id=7,
    post_key="7301",
    client_id="POLRES_A",
    published_at=MORNING,
    day=date(2026, 11, 21),
    caption="",
    listed=4,
    total=5,
    shown_count=6,
    fetched_at=FETCHED,
    fetched_count=5,
)


def test_post_is_summarised_with_its_address() -> None:
    assert summarise_post(KEPT, Platform.TIKTOK, "polres_a") == PostSummary(
        key="7301",
        url="https://www.tiktok.com/@polres_a/video/7301",
        published_at=MORNING,
        listed=4,
        total=5,
        fetched_at=FETCHED,
    )


@pytest.mark.parametrize(("shown_count", "unread"), [(12, 1), (None, 1), (0, 0)])
def test_post_that_was_never_read_counts_as_unread_unless_nobody_is_there_to_read(
    shown_count: int | None, unread: int
) -> None:
    never = replace(
        KEPT, fetched_at=None, fetched_count=None, listed=0, total=None, shown_count=shown_count
    )
    coverage = take([summarise_post(never, Platform.INSTA, "polres.a")]).coverage
    assert (coverage.unread, coverage.hidden, coverage.total) == (unread, 0, shown_count or 0)
    assert coverage.is_full is (unread == 0)


def test_json_of_absensi_show() -> None:
    client = Client(client_id="POLRES_A", nama="Polres A", timezone="Asia/Makassar")
    attendance = take_attendance(
        client,
        DAY,
        Platform.INSTA,
        [post(1, listed=9, total=10), post(2, total=None)],
        [
            user("0081", done=1),
            user("0082", username=None, divisi=None, title=None),
            user("0083", exception=True, title="PHL"),
        ],
    )
    assert json.loads(json.dumps(attendance_document(attendance))) == {
        "client_id": "POLRES_A",
        "date": "2026-11-21",
        "timezone": "Asia/Makassar",
        "platform": "insta",
        "threshold": 0.5,
        "required": 1,
        "posts": [
            {
                "id": "P1",
                "url": "https://www.instagram.com/p/P1/",
                "published_at": "2026-11-21T10:05:00+08:00",
                "listed": 9,
                "total": 10,
            },
            {
                "id": "P2",
                "url": "https://www.instagram.com/p/P2/",
                "published_at": "2026-11-21T11:05:00+08:00",
                "listed": 10,
                "total": None,
            },
        ],
        "users": [
            {
                "user_id": "0081",
                "nama": "Nama 0081",
                "title": "AKP",
                "divisi": "BAG OPS",
                "username": "budi",
                "done": 1,
                "total": 2,
                "status": "kurang",
                "sudah": True,
            },
            {
                "user_id": "0083",
                "nama": "Nama 0083",
                "title": "PHL",
                "divisi": "BAG OPS",
                "username": "budi",
                "done": 2,
                "total": 2,
                "status": "dikecualikan",
                "sudah": True,
            },
            {
                "user_id": "0082",
                "nama": "Nama 0082",
                "title": None,
                "divisi": None,
                "username": None,
                "done": 0,
                "total": 2,
                "status": "tanpa_username",
                "sudah": False,
            },
        ],
        "summary": {
            "users": 3,
            "posts": 2,
            "sudah": 2,
            "lengkap": 0,
            "kurang": 1,
            "belum": 0,
            "tanpa_username": 1,
            "dikecualikan": 1,
        },
        "is_listed": True,
        "day_off": None,
        "posts_until": None,
        "late_posts": [],
        "coverage": {
            "listed": 9,
            "total": 10,
            "hidden": 1,
            "unread": 0,
            "unreadable": 0,
            "share": 0.9,
        },
    }
