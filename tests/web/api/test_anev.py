from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.collection.posts import Comment, Engagement, UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from tests.web.conftest import Api, Serve, add_roles

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
PATHS = ["/api/dashboard/anev", "/api/dashboard/anev/export"]
JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the server's own clock says what today is
TODAY = NOW.astimezone(JAKARTA).date()


def user(user_id: str, client_id: str = "POLRES_A", **words: Any) -> User:
    return User(user_id=user_id, client_id=client_id, nama=f"User {user_id}", **words)


USERS = [
    user("1", insta="satu", tiktok="satu_t", divisi="SAT LANTAS", title="AKP", jabatan="KASAT"),
    user("2", insta="dua", divisi="SAT LANTAS"),
    user("3", exception=True, divisi="BAG OPS"),
    user("4", insta="empat", status=False),
    user("5", "POLRES_B", insta="satu"),
]


def engage(
    store: Store, client_id: str, platform: Platform, key: str, ago: int, *people: str
) -> None:
    """A post of some days ago, and who engaged with it."""
    published_at = NOW - timedelta(days=ago)
    posts = store.posts(platform)
    posts.store(client_id, [UpstreamPost(post_key=key, published_at=published_at)], now=NOW)
    (stored,) = [
        each
        for each in posts.list(client_id, first_day=date.min, last_day=date.max)
        if each.post_key == key
    ]
    comments = [
        Comment(comment_id=f"{key}{n}", username=name, text="", created_at=published_at)
        for n, name in enumerate(people)
    ]
    store.engagement(platform).store(
        stored.post_id,
        Engagement(total=len(people), likes=people, comments=tuple(comments)),
        now=NOW,
    )


@pytest.fixture
def api(serve: Serve, clients: Store) -> Api:
    """POLRES_A: three Instagram posts (one of ten days ago), a TikTok post. POLRES_B: one post."""
    clients.connection.execute('DELETE FROM "user"')
    clients.connection.execute("TRUNCATE user_history, user_handle")
    for each in USERS:
        clients.users.add(each)
    engage(clients, "POLRES_A", INSTA, "D1", 0, "satu", "dua", "stranger")
    engage(clients, "POLRES_A", INSTA, "D2", 1, "satu", "empat")
    engage(clients, "POLRES_A", INSTA, "D3", 10, "dua")
    engage(clients, "POLRES_A", TIKTOK, "71", 0, "satu_t", "satu_t")
    engage(clients, "POLRES_B", INSTA, "D9", 0, "satu")
    api = serve()
    add_roles(api)
    return api


def totals(api: Api, words: str = "", token: str = "viewer") -> dict[str, Any]:
    answer = api.get(f"/api/dashboard/anev?{words}", token)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]["aggregates"]["totals"]
    return found


def sums(api: Api, words: str = "", token: str = "viewer") -> tuple[int, ...]:
    """Posts, users, and what was to be done and was."""
    found = totals(api, words, token)
    posts = found["posts"]
    return (
        posts["instagram"],
        posts["tiktok"],
        found["total_users"],
        found["expected_actions"],
        found["completed_actions"],
    )


RAW = {
    "platform_tasks": {
        "instagram": [
            {"task_id": "D2", "task_link": "https://www.instagram.com/p/D2/"},
            {"task_id": "D1", "task_link": "https://www.instagram.com/p/D1/"},
        ],
        "tiktok": [{"task_id": "71", "task_link": "https://www.tiktok.com/@/video/71"}],
    }
}


def test_everything_of_seven_days(api: Api) -> None:
    answer = api.get(
        "/api/dashboard/anev?time_range=7d&client_id=polres_a&role=operator&scope=org&regional_id=",
        "viewer",
    )
    shared = {"client_id": "POLRES_A"}
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "success": True,
            "data": {
                "filters": {
                    "time_range": "7d",
                    "start_date": str(TODAY - timedelta(days=6)),
                    "end_date": str(TODAY),
                    "client_id": "POLRES_A",
                    "role": "operator",
                    "scope": "org",
                    "regional_id": None,
                    "permitted_time_ranges": ["today", "7d", "30d", "90d", "all", "custom"],
                },
                "user_directory": [
                    {
                        "user_id": "1",
                        "nama": "User 1",
                        "title": "AKP",
                        "divisi": "SAT LANTAS",
                        "jabatan": "KASAT",
                        "insta": "satu",
                        "tiktok": "satu_t",
                        "exception": False,
                        "client_id": "POLRES_A",
                        "nama_client": "Polres A",
                    },
                    {
                        "user_id": "2",
                        "nama": "User 2",
                        "title": None,
                        "divisi": "SAT LANTAS",
                        "jabatan": None,
                        "insta": "dua",
                        "tiktok": None,
                        "exception": False,
                        "client_id": "POLRES_A",
                        "nama_client": "Polres A",
                    },
                    {
                        "user_id": "3",
                        "nama": "User 3",
                        "title": None,
                        "divisi": "BAG OPS",
                        "jabatan": None,
                        "insta": None,
                        "tiktok": None,
                        "exception": True,
                        "client_id": "POLRES_A",
                        "nama_client": "Polres A",
                    },
                ],
                "instagram_engagement": {
                    "total_posts": 2,
                    "total_likes": 3,
                    "per_user": [
                        {
                            "user_id": "1",
                            "nama": "User 1",
                            "divisi": "SAT LANTAS",
                            **shared,
                            "username": "satu",
                            "total_likes": 2,
                        },
                        {
                            "user_id": "2",
                            "nama": "User 2",
                            "divisi": "SAT LANTAS",
                            **shared,
                            "username": "dua",
                            "total_likes": 1,
                        },
                        {
                            "user_id": "3",
                            "nama": "User 3",
                            "divisi": "BAG OPS",
                            **shared,
                            "username": None,
                            "total_likes": 0,
                        },
                    ],
                },
                "tiktok_engagement": {
                    "total_posts": 1,
                    "total_comments": 1,
                    "per_user": [
                        {
                            "user_id": "1",
                            "nama": "User 1",
                            "divisi": "SAT LANTAS",
                            **shared,
                            "username": "satu_t",
                            "total_comments": 1,
                        },
                        {
                            "user_id": "2",
                            "nama": "User 2",
                            "divisi": "SAT LANTAS",
                            **shared,
                            "username": None,
                            "total_comments": 0,
                        },
                        {
                            "user_id": "3",
                            "nama": "User 3",
                            "divisi": "BAG OPS",
                            **shared,
                            "username": None,
                            "total_comments": 0,
                        },
                    ],
                },
                "aggregates": {
                    "totals": {
                        "posts": {"instagram": 2, "tiktok": 1},
                        "likes": 3,
                        "comments": 1,
                        "total_users": 3,
                        "expected_actions": 9,
                        "completed_actions": 7,
                        "overall_completion_rate": 0.7778,
                        "compliance_per_pelaksana": [
                            {
                                "user_id": "1",
                                "nama": "User 1",
                                "assigned": 3,
                                "completed": 3,
                                "likes": 2,
                                "comments": 1,
                                "completion_rate": 1.0,
                            },
                            {
                                "user_id": "2",
                                "nama": "User 2",
                                "assigned": 3,
                                "completed": 1,
                                "likes": 1,
                                "comments": 0,
                                "completion_rate": 0.3333,
                            },
                            {
                                "user_id": "3",
                                "nama": "User 3",
                                "assigned": 3,
                                "completed": 3,
                                "likes": 0,
                                "comments": 0,
                                "completion_rate": 1.0,
                            },
                        ],
                        "user_per_satfung": [
                            {"satfung": "BAG OPS", "count": 1},
                            {"satfung": "SAT LANTAS", "count": 2},
                        ],
                        "likes_per_satfung": [
                            {
                                "satfung": "SAT LANTAS",
                                "likes": 3,
                                "total_personnel": 2,
                                "task_count": 2,
                                "active_personnel": 2,
                            },
                            {
                                "satfung": "BAG OPS",
                                "likes": 0,
                                "total_personnel": 1,
                                "task_count": 2,
                                "active_personnel": 0,
                            },
                        ],
                        "tiktok_per_satfung": [
                            {
                                "satfung": "SAT LANTAS",
                                "comments": 1,
                                "total_personnel": 2,
                                "task_count": 1,
                                "active_personnel": 1,
                            },
                            {
                                "satfung": "BAG OPS",
                                "comments": 0,
                                "total_personnel": 1,
                                "task_count": 1,
                                "active_personnel": 0,
                            },
                        ],
                    },
                    "platforms": [
                        {"platform": "instagram", "posts": 2, "likes": 3, "comments": 0},
                        {"platform": "tiktok", "posts": 1, "likes": 0, "comments": 1},
                    ],
                    "raw": RAW,
                },
                "raw": RAW,
            },
        },
    )


def test_each_range_means_its_days(api: Api) -> None:
    ten_ago, yesterday = TODAY - timedelta(days=10), TODAY - timedelta(days=1)
    assert sums(api) == (2, 1, 3, 9, 7)
    assert sums(api, "time_range=today") == (1, 1, 3, 6, 5)
    for wide in ("30d", "90D", "all"):
        assert sums(api, f"time_range={wide}") == (3, 1, 3, 12, 9)
    assert sums(api, f"time_range=custom&start_date={ten_ago}&end_date={yesterday}") == (
        2,
        0,
        3,
        6,
        4,
    )
    assert sums(api, f"start_date={ten_ago}&end_date={ten_ago}") == (1, 0, 3, 3, 2)
    assert sums(api, "time_range=custom&start_date=2015-01-01&end_date=2015-01-31") == (
        0,
        0,
        3,
        0,
        0,
    )
    assert totals(api, "time_range=custom&start_date=2015-01-01")["overall_completion_rate"] == 0


def test_a_directorate_sees_all_its_clients(api: Api) -> None:
    assert sums(api, "scope=DIREKTORAT", "admin") == (3, 1, 4, 10, 8)
    assert sums(api, "scope=direktorat", "viewer") == (2, 1, 3, 9, 7)
    assert sums(api, "client_id=POLRES_B", "admin") == (1, 0, 1, 1, 1)
    client = api.store.clients.get("POLRES_B")
    assert client is not None
    api.store.clients.update(replace(client, regional_id="JATIM"))
    assert sums(api, "scope=DIREKTORAT&regional_id=jatim", "admin") == (1, 0, 1, 1, 1)
    assert sums(api, "scope=DIREKTORAT&regional_id=nowhere", "admin") == (0, 0, 0, 0, 0)


def test_what_changes_is_counted_anew(api: Api) -> None:
    assert sums(api) == (2, 1, 3, 9, 7)
    engage(api.store, "POLRES_A", INSTA, "D4", 2, "dua")
    assert sums(api) == (3, 1, 3, 12, 9)
    changed = api.store.users.get("2")
    assert changed is not None
    api.store.users.update(replace(changed, insta="dua.baru"))
    assert sums(api) == (3, 1, 3, 12, 9)  # a renamed account loses nothing
    engage(api.store, "POLRES_A", INSTA, "D5", 2, "dua.baru")
    assert sums(api) == (4, 1, 3, 15, 11)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_refused(path: str, api: Api) -> None:
    assert api.get(path).status_code == 401
    assert api.get(f"{path}?client_id=POLRES_B", "viewer").status_code == 403
    assert api.get(f"{path}?client_id=NOWHERE", "admin").status_code == 404
    for words in (
        "time_range=x",
        "time_range=8d",
        "time_range=[]",
        "time_range=%00",
        "time_range=custom",
        "time_range=custom&start_date=x",
        "time_range=custom&start_date=2026-02-30&end_date=2026-03-01",
        "time_range=custom&start_date=2026-02-02&end_date=2026-02-01",
        "time_range=custom&start_date=2010-01-01&end_date=2026-02-01",
        "time_range=custom&start_date=1771200000",
    ):
        assert api.get(f"{path}?{words}", "viewer").status_code == 400, words
    for words in ("role=%00", "scope=%00", "regional_id=%00&scope=DIREKTORAT", "role=[1]", "x=1"):
        assert api.get(f"{path}?{words}", "viewer").status_code == 200, words


def read_sheets(content: bytes) -> dict[str, list[str]]:
    """The lines of each sheet by its name, with | between cells; empty cells are not there."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheets = {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        for number, name in enumerate(names, 1):
            tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(tree.iter(f"{space}f")), "a formula"
            assert not list(tree.iter(f"{space}hyperlink")), "a link"
            sheets[name] = [
                "|".join("".join(cell.itertext()) for cell in row)
                for row in tree.iter(f"{space}row")
            ]
    return sheets


def test_the_same_as_a_workbook(api: Api) -> None:
    answer = api.get("/api/dashboard/anev/export?time_range=7d", "viewer")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    first = TODAY - timedelta(days=6)
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="anev-POLRES_A-{first}-{TODAY}.xlsx"'
    )
    assert read_sheets(answer.content) == {
        "Ringkasan": [
            "time_range|7d",
            f"start_date|{first}",
            f"end_date|{TODAY}",
            "client_id|POLRES_A",
            "Personel|3",
            "Likes|3",
            "Komentar|1",
            "Tugas|9",
            "Selesai|7",
            "Tingkat penyelesaian|0.7777777777777778",
        ],
        "Personel": [
            "Client|Nama client|NRP/NIP|Nama|Pangkat|Divisi|Jabatan|Instagram|TikTok|Dikecualikan"
            "|Post Instagram|Likes|Post TikTok|Komentar|Tugas|Selesai|Persen",
            "POLRES_A|Polres A|3|User 3|BAG OPS|ya|2|0|1|0|3|3|1",
            "POLRES_A|Polres A|1|User 1|AKP|SAT LANTAS|KASAT|satu|satu_t|2|2|1|1|3|3|1",
            "POLRES_A|Polres A|2|User 2|SAT LANTAS|dua|2|1|1|0|3|1|0.3333333333333333",
        ],
    }


def test_a_name_is_never_a_formula(api: Api) -> None:
    odd = [
        '=HYPERLINK("http://evil.test")',
        "+62812",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "https://x.test",
        "007",
    ]
    for number, nama in enumerate(odd):
        api.store.users.add(replace(user(f"9{number}"), nama=nama, divisi="Z"))
    content = api.get("/api/dashboard/anev/export?role==1%2B1", "viewer").content
    sheets = read_sheets(content)
    assert {line.split("|")[3] for line in sheets["Personel"][-7:]} == set(odd)
    assert "role|=1+1" in sheets["Ringkasan"]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert 'quotePrefix="1"' in book.read("xl/styles.xml").decode()


def test_a_workbook_of_nobody(api: Api) -> None:
    words = "scope=DIREKTORAT&regional_id=nowhere"
    answer = api.get(f"/api/dashboard/anev/export?{words}", "admin")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="anev-semua.xlsx"'
    assert len(read_sheets(answer.content)["Personel"]) == 1
    assert (
        api.get(f"/api/dashboard/anev?{words}", "admin").json()["data"]["filters"]["start_date"]
        is None
    )


def test_a_client_elsewhere_has_its_own_days(api: Api) -> None:
    """Half past midnight in Jayapura is still the day before in Jakarta."""
    client = api.store.clients.get("POLRES_B")
    assert client is not None
    api.store.clients.update(replace(client, timezone="Asia/Jayapura"))
    midnight = datetime.combine(date(2026, 3, 2), datetime.min.time(), ZoneInfo("Asia/Jayapura"))
    for client_id in ("POLRES_A", "POLRES_B"):
        posts = [UpstreamPost(post_key="D7", published_at=midnight + timedelta(minutes=30))]
        api.store.posts(INSTA).store(client_id, posts, now=NOW)
    day = "time_range=custom&start_date=2026-03-02&end_date=2026-03-02"
    assert sums(api, f"{day}&client_id=POLRES_A", "admin")[0] == 0
    assert sums(api, f"{day}&client_id=POLRES_B", "admin")[0] == 1
