from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cicero_cli.repositories.database.store import Store, connect
from tests.waiting import wait_until, waits_for_lock
from tests.web.conftest import Api, Serve
from tests.web.people import data, enter_all

ANI = {
    "user_id": "WIB-001",
    "client_id": "POLRES_WIB",
    "nama_client": "Polres WIB",
    "nama": "Ani",
    "title": "AKP",
    "divisi": "SAT LANTAS",
    "jabatan": None,
    "insta": "ani.s",
    "tiktok": "ani.s",
    "whatsapp": None,
    "email": None,
    "status": True,
    "exception": False,
    "wa_opt_in": True,
}
NEW: dict[str, Any] = {
    "client_id": "polres_wib",
    "nama": "Gita",
    "title": "IPTU",
    "user_id": "00123",
    "divisi": "SI HUMAS",
}


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


def actions(api: Api) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (entry.action, entry.actor, entry.subject, entry.client_id)
        for entry in reversed(api.store.audit.list(limit=20))
    ]


def test_the_list_holds_everybody_of_the_client(world: Api) -> None:
    rows = data(world, "/api/users/list?client_id=polres_wib&role=x&scope=org&regional_id=", "wib")

    assert rows[0] == ANI
    assert [(row["user_id"], row["status"], row["exception"]) for row in rows] == [
        ("WIB-001", True, False),
        ("WIB-002", True, False),
        ("WIB-003", True, False),
        ("WIB-004", True, False),
        ("WIB-005", True, True),
        ("WIB-006", False, False),
    ]
    for path in (
        "/api/users",
        "/api/users/by-client/Polres_Wib",
        "/api/clients/polres_wib/users",
        "/api/users/list",
    ):
        assert data(world, path, "wib") == rows
    assert data(world, "/api/users/WIB-001", "wib") == ANI


def test_a_directorate_lists_all_its_clients(world: Api) -> None:
    wide = "/api/users/list?scope=DIREKTORAT"
    assert {row["client_id"] for row in data(world, wide, "region")} == {
        "POLRES_WIB",
        "POLRES_WITA",
    }
    assert len(data(world, wide, "admin")) == 18
    assert len(data(world, f"{wide}&regional_id=jatim", "admin")) == 12
    assert len(data(world, f"{wide}&client_id=polres_wit", "admin")) == 6


def test_another_clients_users_are_refused(world: Api) -> None:
    for path in (
        "/api/users/list?client_id=POLRES_WITA",
        "/api/users?client_id=polres_wita&scope=DIREKTORAT",
        "/api/users/by-client/POLRES_WITA",
        "/api/clients/POLRES_WITA/users",
    ):
        assert world.get(path, "wib").status_code == 403, path
    for method in ("PUT", "DELETE"):
        refused = world.ask(method, "/api/users/WITA-001", "operator", json={"nama": "X"})
        assert refused.status_code == 404
    assert world.get("/api/users/WITA-001", "wib").text == world.get("/api/users/0", "wib").text
    moved = world.ask("PUT", "/api/users/WIB-001", "operator", json={"client_id": "polres_wita"})
    assert moved.status_code == 403
    added = world.post("/api/users/create", "operator", json={**NEW, "client_id": "POLRES_WITA"})
    assert added.status_code == 403
    assert world.get("/api/users/nobody", "admin").status_code == 404


@pytest.mark.parametrize("path", ["/api/users", "/api/users/create"])
def test_a_user_is_added(path: str, world: Api) -> None:
    added = world.post(path, "operator", json=NEW)

    assert added.status_code == 200, added.text
    assert added.json()["data"] == {
        **ANI,
        **NEW,
        "client_id": "POLRES_WIB",
        "insta": None,
        "tiktok": None,
    }
    again = world.post(path, "operator", json={**NEW, "nama": "Other"})
    assert (again.status_code, again.json()["success"]) == (400, False)
    assert "00123" in again.json()["message"]
    assert actions(world) == [("user.added", "operator", "00123", "POLRES_WIB")]
    at_home = world.post(path, "operator", json={"user_id": "00124", "nama": "Hadi"})
    assert at_home.json()["data"]["client_id"] == "POLRES_WIB"


def test_fields_are_changed_and_null_clears(world: Api) -> None:
    changed = world.ask(
        "PUT",
        "/api/users/WIB-001",
        "operator",
        json={
            "title": None,
            "insta": "https://instagram.com/Ani.Baru/",
            "whatsapp": "0812-3456-7890",
            "exception": True,
        },
    )

    assert changed.status_code == 200, changed.text
    assert changed.json()["data"] == {
        **ANI,
        "title": None,
        "insta": "ani.baru",
        "whatsapp": "6281234567890",
        "exception": True,
    }
    (entry,) = world.store.audit.list(limit=5)
    assert (entry.action, entry.subject, entry.details) == (
        "user.changed",
        "WIB-001",
        {"fields": ["exception", "insta", "title", "whatsapp"]},
    )


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "Tidak ada isian yang diubah."),
        ({"insta": "BUDI"}, "Budi"),
        ({"insta": "no handle!"}, "insta: Isi dengan username"),
        ({"whatsapp": "12"}, "whatsapp: "),
        ({"nama": " "}, "nama: Nama wajib diisi."),
        ({"nama": None}, "nama"),
        ({"exception": None}, "exception"),
        ({"client_id": "POLRES_NOWHERE"}, "POLRES_NOWHERE"),
    ],
)
def test_what_the_command_line_refuses_is_refused(
    body: dict[str, Any], word: str, world: Api
) -> None:
    refused = world.ask("PUT", "/api/users/WIB-001", "admin", json=body)

    assert refused.status_code in {400, 404}
    assert word in refused.json()["message"]
    assert data(world, "/api/users/WIB-001") == ANI
    assert actions(world) == []


def test_a_viewer_changes_nobody(world: Api) -> None:
    assert world.post("/api/users", "wib", json=NEW).status_code == 403
    assert world.ask("PUT", "/api/users/WIB-001", "wib", json={"nama": "X"}).status_code == 403
    assert world.ask("DELETE", "/api/users/WIB-001", "wib").status_code == 403


def test_a_user_is_removed(world: Api) -> None:
    removed = world.ask("DELETE", "/api/users/WIB-001", "operator")

    assert (removed.status_code, removed.json()["success"]) == (200, True)
    assert world.get("/api/users/WIB-001", "admin").status_code == 404
    assert actions(world) == [("user.removed", "operator", "WIB-001", "POLRES_WIB")]


def test_an_id_that_another_client_has_tells_nothing_of_who_it_is(world: Api) -> None:
    taken = {"user_id": "WITA-001", "nama": "Gita"}

    def refused(token: str) -> tuple[int, str]:
        answer = world.post("/api/users/create", token, json={**taken, "client_id": "POLRES_WIB"})
        return answer.status_code, answer.json()["message"]

    assert refused("operator") == (400, "NRP/NIP WITA-001 sudah terdaftar di klien lain.")
    assert refused("admin") == (400, "NRP/NIP WITA-001 sudah terdaftar: Ani, klien POLRES_WITA.")


@pytest.mark.parametrize(("method", "body"), [("PUT", {"nama": "X"}), ("DELETE", None)])
def test_a_user_who_is_moved_meanwhile_is_no_longer_the_operators(
    method: str, body: dict[str, str] | None, world: Api, database: str
) -> None:
    """The move is not committed when the operator's right is looked at, and is when the row is taken."""
    with (
        ThreadPoolExecutor(1) as threads,
        connect(database, hint="") as connection,
        Store(connection).transaction(),
    ):
        connection.execute(
            "UPDATE \"user\" SET client_id = 'POLRES_WITA' WHERE user_id = 'WIB-006'"
        )
        asked = threads.submit(world.ask, method, "/api/users/WIB-006", "operator", json=body)
        wait_until(lambda: waits_for_lock(connection))
    assert asked.result().status_code == 404
    moved = data(world, "/api/users/WIB-006")
    assert (moved["client_id"], moved["nama"]) == ("POLRES_WITA", "Fajar")
    assert actions(world) == []


@pytest.mark.parametrize("wrong", [1, 0, 1.5, True, [], {}, ["x"]])
def test_no_type_is_taken_for_another(wrong: Any, world: Api) -> None:
    for field in ("nama", "title", "insta", "whatsapp", "email", "client_id", "exception"):
        if field == "exception" and wrong is True:
            continue
        refused = world.ask("PUT", "/api/users/WIB-001", "operator", json={field: wrong})
        assert refused.status_code == 400, (field, refused.text)
        assert refused.json()["message"].startswith(field)
    for word in ("no", "true", 0, None):
        refused = world.ask("PUT", "/api/users/WIB-001", "operator", json={"status": word})
        assert refused.status_code == 400, word
    assert data(world, "/api/users/WIB-001") == ANI


@pytest.mark.parametrize("user_id", ["12/34", "list", "CREATE", "by-client"])
def test_an_id_that_no_address_can_name_is_refused(user_id: str, world: Api) -> None:
    refused = world.post("/api/users", "operator", json={**NEW, "user_id": user_id})
    assert refused.status_code == 400
    assert refused.json()["message"].startswith("USER_ID: ")


def test_another_id_is_given_as_the_newest_dashboard_does_it(world: Api) -> None:
    changed = world.ask(
        "PUT", "/api/users/WIB-001", "operator", json={"user_id": "WIB-900", "nama": "Ani"}
    )
    told = {"old_user_id": "WIB-001", "new_user_id": "WIB-900"}
    again = world.ask("PUT", "/api/user_roles/update", "operator", json=told)
    by_roles_alone = world.ask(
        "PUT",
        "/api/user_roles/update",
        "operator",
        json={"old_user_id": "WIB-900", "new_user_id": "WIB-901"},
    )
    theirs = {"old_user_id": "WITA-001", "new_user_id": "WITA-900"}
    foreign = world.ask("PUT", "/api/user_roles/update", "operator", json=theirs)

    assert (changed.status_code, changed.json()["data"]["user_id"]) == (200, "WIB-900")
    assert (again.status_code, again.json()["data"]["user_id"]) == (200, "WIB-900")
    assert (by_roles_alone.status_code, by_roles_alone.json()["data"]["user_id"]) == (
        200,
        "WIB-901",
    )
    assert foreign.status_code == 404
