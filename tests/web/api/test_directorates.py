"""A directorate's page: its own posts against the people of the units below it, and no more of them than that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.roster.clients import Client
from tests.web.conftest import Api, Serve
from tests.web.people import data, direct, enter, enter_all

RECAPS = {
    "/api/insta/rekap-likes": "jumlah_like",
    "/api/tiktok/rekap-komentar": "jumlah_komentar",
}
ASKED = {
    "scope": "DIREKTORAT",
    "role": "ditbinmas",
    "regional_id": "jatim",
    "tanggal": "2026-01-15",
}


@pytest.fixture
def world(serve: Serve) -> Api:
    """`dit` is an operator of DITBINMAS alone; below it are POLRES_WIB and POLRES_WITA."""
    world = enter_all(serve())
    direct(world.store)
    enter(world, "dit", Role.OPERATOR, "DITBINMAS")
    return world


def test_a_recap_is_of_the_directorates_posts_and_its_units_people(world: Api) -> None:
    for path, counted in RECAPS.items():
        answer = world.get(path, "dit", params=ASKED).json()
        assert {
            (row["user_id"], row["client_id"], row["nama_client"], row[counted])
            for row in answer["data"]
        } == {
            (f"{zone}-{number}", f"POLRES_{zone}", f"Polres {zone}", posts)
            for zone in ("WIB", "WITA")
            for number, posts in (("001", 1), ("002", 1), ("003", 0), ("004", 0), ("005", 1))
        }
        assert answer["client_name"] == "Ditbinmas"
        counts = {
            "totalPosts": 1,
            "usersCount": 10,
            "sudahUsersCount": 6,
            "kurangUsersCount": 0,
            "belumUsersCount": 2,
            "noUsernameUsersCount": 2,
        }
        assert {name: answer[name] for name in counts} == counts
        assert answer["summary"]["laphar"] == {
            "threshold": 0.5, "required": 1, "sudah": 6, "belum": 2, "tanpaUsername": 2,
        }  # fmt: skip
        named = {**ASKED, "client_id": "ditbinmas", "role": "operator", "regional_id": "JATENG"}
        assert world.get(path, "dit", params=named).json() == answer


def test_the_first_page_counts_the_same_people(world: Api) -> None:
    stats = data(world, "/api/dashboard/stats", "dit", params=ASKED)
    assert (stats["client_id"], stats["igPosts"], stats["ttPosts"], stats["users"]) == (
        "DITBINMAS", 1, 1, 10,
    )  # fmt: skip
    posts = data(world, "/api/insta/posts", "dit", params={"scope": "DIREKTORAT"})
    assert [post["id"] for post in posts] == ["dit"]


def test_anev_is_of_the_directorates_posts_and_its_units_people(world: Api) -> None:
    days = {**ASKED, "start_date": "2026-01-15", "end_date": "2026-01-15"}
    found = data(world, "/api/dashboard/anev", "dit", params=days)
    assert (found["filters"]["client_id"], len(found["user_directory"])) == ("DITBINMAS", 10)
    assert {(row["client_id"], row["nama_client"]) for row in found["user_directory"]} == {
        ("POLRES_WIB", "Polres WIB"),
        ("POLRES_WITA", "Polres WITA"),
    }
    totals = found["aggregates"]["totals"]
    assert (totals["likes"], totals["comments"], totals["expected_actions"]) == (4, 4, 20)
    done = {row["user_id"]: row["completed"] for row in totals["compliance_per_pelaksana"]}
    assert (done["WIB-001"], done["WITA-003"], done["WITA-005"]) == (2, 0, 2)
    assert found["raw"]["platform_tasks"]["instagram"][0]["task_id"] == "dit"
    workbook = world.get("/api/dashboard/anev/export", "dit", params=days)
    assert workbook.status_code == 200


def test_the_list_has_the_units_people_without_their_numbers(world: Api) -> None:
    ani = world.store.users.get("WIB-001")
    assert ani is not None
    world.store.users.update(replace(ani, whatsapp="6281200000001", email="ani@polri.example"))
    asked = {"scope": "DIREKTORAT", "role": "ditbinmas"}
    rows = data(world, "/api/users/list", "dit", params=asked)
    assert [row["user_id"] for row in rows] == [  # who is not active is not expected
        f"{zone}-00{number}" for zone in ("WIB", "WITA") for number in range(1, 6)
    ]
    assert (rows[0]["nama_client"], rows[0]["insta"]) == ("Polres WIB", "ani.s")
    assert {(row["whatsapp"], row["email"]) for row in rows} == {(None, None)}
    whole = data(world, "/api/users/list", params=asked)
    assert (whole[0]["whatsapp"], whole[0]["email"]) == ("6281200000001", "ani@polri.example")
    assert data(world, "/api/users/list?client_id=DITBINMAS&scope=ORG", "dit") == []


def test_an_operator_of_a_directorate_changes_nobody_of_its_units(world: Api) -> None:
    before = world.store.users.list()
    for method in ("GET", "PUT", "DELETE"):
        refused = world.ask(method, "/api/users/WIB-001", "dit", json={"nama": "X"})
        assert refused.status_code == 404, method
    moved = {"old_user_id": "WIB-001", "new_user_id": "9"}
    assert world.ask("PUT", "/api/user_roles/update", "dit", json=moved).status_code == 404
    new = {"client_id": "POLRES_WIB", "user_id": "9", "nama": "X"}
    assert world.post("/api/users/create", "dit", json=new).status_code == 403
    assert world.store.users.list() == before


def test_what_changes_in_a_unit_is_seen_at_once_above(world: Api) -> None:
    path, today = "/api/insta/rekap-likes", {"scope": "DIREKTORAT"}

    def names() -> dict[str, str]:
        rows = data(world, path, "dit", params=today)
        return {row["user_id"]: row["display_nama"] for row in rows}

    assert names()["WIB-002"] == "Budi"
    world.store.audiences.assign("WIT-002", "DITBINMAS", None, None)
    assert names()["WIT-002"] == "Budi"
    listed = {row["user_id"] for row in data(world, "/api/users/list", "dit", params=today)}
    assert "WIT-002" in listed
    for user_id in ("WIB-002", "WIT-002"):
        user = world.store.users.get(user_id)
        assert user is not None
        world.store.users.update(replace(user, nama="Bayu"))
        assert names()[user_id] == "Bayu"
    world.store.connection.execute("UPDATE clients SET nama = 'Baru' WHERE client_id ~ 'WIB'")
    assert "Baru" in {row["nama_client"] for row in data(world, path, "dit", params=today)}
    world.store.connection.execute("UPDATE \"user\" SET email = 'x@y.example'")
    mails = {row["email"] for row in data(world, "/api/users/list", params=today)}
    assert mails == {"x@y.example"}


def test_of_several_directorates_the_role_names_one(world: Api) -> None:
    store = world.store
    store.clients.add(
        Client(client_id="DITLANTAS_X", nama="Ditlantas", audience="own+below", regional_id="NTB")
    )
    enter(world, "both", Role.VIEWER, "DITBINMAS", "DITLANTAS_X", "POLRES_WIT", home="POLRES_WIT")

    def client(**words: str) -> object:
        asked = {"scope": "direktorat", **words}
        answer = world.get("/api/dashboard/stats", "both", params=asked)
        return answer.json().get("message") or answer.json()["data"]["client_id"]

    assert client(role="DitBinmas") == "DITBINMAS"
    assert client(role="ditlantas") == "DITLANTAS_X"
    assert client(regional_id="ntb") == "DITLANTAS_X"
    assert client(client_id="polres_wit") == "POLRES_WIT"
    assert client() == ("Sebut salah satu direktorat sebagai client_id: DITBINMAS, DITLANTAS_X.")
    enter(world, "home", Role.ADMIN, home="DITLANTAS_X")
    stats = data(world, "/api/dashboard/stats?scope=DIREKTORAT", "home")
    assert stats["client_id"] == "DITLANTAS_X"
