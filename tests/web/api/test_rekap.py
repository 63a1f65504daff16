from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import redis

from cicero_cli.domain.attendance.absensi import Group, group_of
from cicero_cli.domain.roster.users import User
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from tests.web.conftest import Api, Redis, Serve
from tests.web.people import INSTA, TIKTOK, data, enter_all, like

LIKES, COMMENTS = "/api/insta/rekap-likes", "/api/tiktok/rekap-komentar"
NAMES = {LIKES: "jumlah_like", COMMENTS: "jumlah_komentar"}


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


def counted(api: Api, path: str, token: str = "admin", **params: str) -> dict[str, int]:
    """Everybody's number of posts by the last digits of the id."""
    rows = data(api, path, token, params=params)
    return {row["user_id"]: row[NAMES[path]] for row in rows}


def row_of(number: str, nama: str, jumlah: int, **more: Any) -> dict[str, Any]:
    return {
        "user_id": f"WIB-{number}",
        "title": None,
        "nama": nama,
        "username": nama.lower(),
        "divisi": None,
        "jumlah": jumlah,
        "exception": False,
        "display_nama": nama,
        "client_id": "POLRES_WIB",
        "nama_client": "Polres WIB",
        **more,
    }


@pytest.mark.parametrize("path", [LIKES, COMMENTS])
def test_a_days_recap_is_whole(path: str, world: Api) -> None:
    answer = world.get(f"{path}?client_id=polres_wib&periode=harian&tanggal=2026-01-15", "wib")

    assert answer.status_code == 200
    rows = [
        row_of("001", "Ani", 2, title="AKP", divisi="SAT LANTAS", username="ani.s", display_nama="AKP Ani"),
        row_of("005", "Eka", 2, username=None, exception=True),
        row_of("002", "Budi", 1),
        row_of("003", "Citra", 0, divisi="BAG OPS"),
        row_of("004", "Dedi", 0, username=None, title="IPDA", display_nama="IPDA Dedi"),
    ]  # fmt: skip
    counts = {
        "totalPosts": 2,
        "usersCount": 5,
        "sudahUsersCount": 2,
        "kurangUsersCount": 1,
        "belumUsersCount": 1,
        "noUsernameUsersCount": 1,
    }
    classes = {"sudah": 2, "kurang": 1, "belum": 1, "noUsername": 1, "noPosts": 0}
    laphar = {"threshold": 0.5, "required": 1, "sudah": 3, "belum": 1, "tanpaUsername": 1}
    assert answer.json() == {
        "success": True,
        **counts,
        "client_name": "Polres WIB",
        "summary": {**counts, "distribution": classes, "laphar": laphar},
        "data": [
            {(NAMES[path] if k == "jumlah" else k): v for k, v in row.items()} for row in rows
        ],
    }


def laphar_classes(api: Api, path: str, **words: str) -> dict[str, Any]:
    answer = api.get(path, "admin", params={"client_id": "POLRES_WIB", **words})
    return dict(answer.json()["summary"]["laphar"])


@pytest.mark.parametrize("path", [LIKES, COMMENTS])
def test_a_laphars_classes_are_those_of_absensi(path: str, world: Api) -> None:
    platform = INSTA if path == LIKES else TIKTOK
    for threshold in (0.01, 0.5, 0.51, 1.0):
        world.store.connection.execute("UPDATE clients SET threshold = %s", (threshold,))
        world.store.connection.execute("UPDATE client_history SET threshold = %s", (threshold,))
        for day in ("2026-01-13", "2026-01-14", "2026-01-15"):
            client = world.store.clients.get("POLRES_WIB")
            assert client is not None
            moment = Moment(date.fromisoformat(day), None)
            attendance = read_attendance(world.store, client, platform, moment)
            groups = Counter(group_of(user) for user in attendance.users)
            assert laphar_classes(world, path, tanggal=day) == {
                "threshold": threshold,
                "required": attendance.required,
                "sudah": groups[Group.SUDAH] + groups[Group.DIKECUALIKAN],
                "belum": groups[Group.KURANG] + groups[Group.NOL],
                "tanpaUsername": groups[Group.TANPA_USERNAME],
            }, (threshold, day)


def test_a_laphars_classes_of_several_days_take_the_threshold_of_the_last(world: Api) -> None:
    words = {"tanggal_mulai": "2026-01-14", "tanggal_selesai": "2026-01-15"}
    both = {"belum": 1, "tanpaUsername": 1}
    found = laphar_classes(world, LIKES, **words)
    assert found == {"threshold": 0.5, "required": 2, "sudah": 2, **both, "belum": 2}
    change = "SELECT patch_client_history('POLRES_WIB', %s, 'infinity', '{\"threshold\": 0.3}')"
    world.store.connection.execute(change, ("2026-01-15",))
    found = laphar_classes(world, LIKES, **words)
    assert found == {"threshold": 0.3, "required": 1, "sudah": 3, **both}


def test_several_clients_have_no_one_threshold(world: Api) -> None:
    wide = world.get(f"{LIKES}?scope=DIREKTORAT&tanggal=2026-01-15", "region").json()
    assert wide["summary"]["laphar"] == {
        "threshold": None,
        "required": None,
        "sudah": 5,
        "belum": 3,
        "tanpaUsername": 2,
    }


def test_nobody_is_behind_on_a_day_without_posts(world: Api) -> None:
    answer = world.get(f"{LIKES}?tanggal=2026-01-13", "wib").json()

    assert answer["summary"]["distribution"] == {
        "sudah": 0,
        "kurang": 0,
        "belum": 0,
        "noUsername": 1,
        "noPosts": 4,
    }
    assert {row["jumlah_like"] for row in answer["data"]} == {0}


@pytest.mark.parametrize("path", [LIKES, COMMENTS])
def test_midnight_is_the_clients_own(path: str, world: Api) -> None:
    posts = {
        (zone, day): world.get(f"{path}?client_id=polres_{zone}&tanggal={day}", "admin").json()[
            "totalPosts"
        ]
        for zone in ("WIB", "wita", "Wit")
        for day in ("2026-01-14", "2026-01-15")
    }

    assert posts == {
        ("WIB", "2026-01-14"): 1,
        ("WIB", "2026-01-15"): 2,
        ("wita", "2026-01-14"): 0,
        ("wita", "2026-01-15"): 3,
        ("Wit", "2026-01-14"): 0,
        ("Wit", "2026-01-15"): 3,
    }
    assert counted(world, path, client_id="POLRES_WITA", tanggal="2026-01-15") == {
        "WITA-001": 3,
        "WITA-002": 1,
        "WITA-003": 0,
        "WITA-004": 0,
        "WITA-005": 3,
    }


@pytest.mark.parametrize("path", [LIKES, COMMENTS])
def test_a_month_is_the_sum_of_its_days(path: str, world: Api) -> None:
    for client_id in ("POLRES_WIB", "POLRES_WIT"):
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
        sums: dict[str, int] = {}
        for day in days:
            for user_id, number in counted(
                world, path, client_id=client_id, tanggal=str(day)
            ).items():
                sums[user_id] = sums.get(user_id, 0) + number

        for words in (
            {"periode": "bulanan", "tanggal": "2026-01"},
            {"periode": "BULANAN", "tanggal": "2026-01-31"},
            {"tanggal_mulai": "2026-01-01", "tanggal_selesai": "2026-01-31"},
            {"start_date": "2026-01-01", "end_date": "2026-01-31", "periode": "harian"},
        ):
            assert counted(world, path, client_id=client_id, **words) == sums


def test_a_week_goes_from_monday_to_sunday(world: Api) -> None:
    total = {
        day: world.get(f"{LIKES}?periode=mingguan&tanggal={day}", "wib").json()["totalPosts"]
        for day in ("2026-01-11", "2026-01-12", "2026-01-14", "2026-01-18", "2026-01-19")
    }

    assert total == {
        "2026-01-11": 0,
        "2026-01-12": 3,
        "2026-01-14": 3,
        "2026-01-18": 3,
        "2026-01-19": 0,
    }


def test_one_end_of_a_range_is_that_day(world: Api) -> None:
    for words in (
        "tanggal_mulai=2026-01-14",
        "end_date=2026-01-14",
        "start_date=2026-01-14&tanggal=",
    ):
        assert world.get(f"{LIKES}?{words}", "wib").json()["totalPosts"] == 1


@pytest.mark.parametrize(
    "words",
    [
        "periode=tahunan",
        "tanggal=2026-02-30",
        "tanggal=15-01-2026",
        "tanggal=2026-01",
        "periode=bulanan&tanggal=2026-13",
        "tanggal=0001-01-01",
        "tanggal=9999-12-31",
        "tanggal=' OR 1=1 --",
        "tanggal=%00",
        "start_date=2026-01-15&end_date=2026-01-14",
        "start_date=2025-01-01&end_date=2026-01-14",
    ],
)
def test_what_is_no_period_or_day_is_refused(words: str, world: Api) -> None:
    refused = world.get(f"{LIKES}?{words}", "wib")

    assert (refused.status_code, refused.json()["success"]) == (400, False)


def test_a_directorate_sees_all_its_clients(world: Api) -> None:
    wide = {"scope": "direktorat", "tanggal": "2026-01-15", "role": "DITBINMAS"}
    rows = data(world, LIKES, "region", params=wide)

    assert {(row["client_id"], row["nama_client"]) for row in rows} == {
        ("POLRES_WIB", "Polres WIB"),
        ("POLRES_WITA", "Polres WITA"),
    }
    ani = {row["user_id"]: row["jumlah_like"] for row in rows if row["nama"] == "Ani"}
    assert ani == {"WIB-001": 2, "WITA-001": 3}
    assert world.get(LIKES, "region", params=wide).json()["totalPosts"] == 5
    assert len(data(world, LIKES, "admin", params=wide)) == 15
    assert len(data(world, LIKES, "admin", params={**wide, "regional_id": "jatim"})) == 10
    assert data(world, LIKES, "admin", params={**wide, "regional_id": "x' OR '1'='1"}) == []
    assert len(data(world, LIKES, "region", params={**wide, "client_id": "polres_wita"})) == 5
    assert len(data(world, LIKES, "region", params={**wide, "scope": "org"})) == 5


def test_another_clients_recap_is_refused(world: Api) -> None:
    for path in NAMES:
        for client_id in ("POLRES_WITA", "polres_wita", " Polres_Wita"):
            for scope in ("ORG", "DIREKTORAT"):
                asked = {"client_id": client_id, "scope": scope}
                assert world.get(path, "wib", params=asked).status_code == 403
        assert world.get(f"{path}?client_id=POLRES_NOWHERE", "admin").status_code == 404


@pytest.mark.parametrize("where", ["with Redis", "without Redis"])
def test_what_changes_is_seen_at_once(
    where: str,
    serve: Serve,
    redis_server: Redis,
) -> None:
    world = enter_all(serve(REDIS_URL=redis_server.url if where == "with Redis" else ""))
    store, asked = world.store, {"client_id": "POLRES_WIB", "tanggal": "2026-01-15"}
    for platform, path in ((INSTA, LIKES), (TIKTOK, COMMENTS)):
        assert counted(world, path, **asked) == counted(world, path, **asked)
        assert counted(world, path, **asked)["WIB-003"] == 0

        like(store, platform, "POLRES_WIB", "noon", "citra")
        assert counted(world, path, **asked)["WIB-003"] == 1

        store.connection.execute(
            f"UPDATE {platform}_post SET deleted_at = now() WHERE post_key = 'noon'"
        )
        assert counted(world, path, **asked)["WIB-003"] == 0
        assert world.get(path, "admin", params=asked).json()["totalPosts"] == 1

    store.users.add(User(user_id="new", client_id="POLRES_WIB", nama="Gita", insta="citra2"))
    assert counted(world, LIKES, **asked)["new"] == 0
    assert "new" in {row["user_id"] for row in data(world, "/api/users/list?client_id=polres_wib")}
    store.users.remove("new")
    assert counted(world, LIKES, **asked)["new"] == 0  # expected on past days still
    assert "new" not in {
        row["user_id"] for row in data(world, "/api/users/list?client_id=polres_wib")
    }
    store.connection.execute("UPDATE clients SET timezone = 'Asia/Jayapura', nama = 'Baru'")
    assert world.get(LIKES, "admin", params=asked).json()["totalPosts"] == 1
    assert data(world, LIKES, params=asked)[0]["nama_client"] == "Baru"
    with redis.Redis(port=redis_server.port) as client:
        assert bool(client.keys("cicero:answer:*")) is (where == "with Redis")


def test_an_answer_is_kept_and_given_again(serve: Serve, redis_server: Redis) -> None:
    world = enter_all(serve(REDIS_URL=redis_server.url))
    asked = f"{LIKES}?tanggal=2026-01-15"
    first = world.get(asked, "wib").content
    # behind the triggers' back, so that only a new answer would show it
    world.store.connection.execute("UPDATE done_by_day SET posts = 2")

    assert world.get(asked, "wib").content == first
    assert world.get(asked, "region").content == first
    assert world.get(f"{LIKES}?tanggal=2026-01-14", "wib").content != first
