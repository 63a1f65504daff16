from __future__ import annotations

from typing import Any

import pytest
import requests

from cicero_cli.domain.roster.clients import Client
from tests.web.conftest import Api, Serve
from tests.web.people import data, enter_all

WIB: dict[str, Any] = {
    "client_id": "POLRES_WIB",
    "nama": "Polres WIB",
    "client_type": "ORG",
    "client_status": True,
    "client_insta": "polres.wib",
    "client_insta_status": True,
    "client_tiktok": "polres_wib",
    "client_tiktok_status": True,
    "client_operator": "6281100000001",
    "client_super": None,
    "client_group": None,
    "regional_id": "JATIM",
    "client_amplify_status": False,
    "premium_tier": None,
    "premium_status": False,
    "premium_expires_at": None,
    "timezone": "Asia/Jakarta",
    "threshold": 0.5,
}


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


def test_the_profile_is_under_the_key_client(world: Api) -> None:
    for asked in ("", "?client_id=POLRES_WIB", "?client_id=%20polres_wib&role=OPERATOR&x=1"):
        answer = world.get(f"/api/clients/profile{asked}", "wib")
        assert (answer.status_code, answer.json()) == (200, {"success": True, "client": WIB})
    assert data(world, "/api/clients/Polres_Wib", "wib") == WIB


def test_a_type_that_says_neither_is_an_organisation(world: Api) -> None:
    for stored, shown in (("DIREKTORAT BINMAS", "DIREKTORAT BINMAS"), ("POLRES", "ORG")):
        world.store.connection.execute("UPDATE clients SET client_type = %s", [stored])
        assert world.get("/api/clients/profile", "wib").json()["client"]["client_type"] == shown


def test_everybody_lists_their_own_clients(world: Api) -> None:
    world.store.connection.execute(
        "UPDATE clients SET client_status = false WHERE client_id = 'POLRES_WITA'"
    )

    def listed(path: str, token: str) -> list[str]:
        return [row["client_id"] for row in data(world, path, token)]

    assert data(world, "/api/clients", "wib") == [WIB]
    assert listed("/api/clients", "region") == ["POLRES_WIB", "POLRES_WITA"]
    assert listed("/api/clients/active", "region") == ["POLRES_WIB"]
    assert listed("/api/clients", "admin") == ["POLRES_WIB", "POLRES_WIT", "POLRES_WITA"]
    assert listed("/api/clients/active", "admin") == ["POLRES_WIB", "POLRES_WIT"]


@pytest.mark.parametrize(
    "path",
    ["", "/users", "/summary", "/posts/instagram", "/posts/tiktok", "/posts/instagram/likes", "/posts/tiktok/comments"],
)  # fmt: skip
def test_another_client_is_refused_and_an_unknown_one_is_not_there(path: str, world: Api) -> None:
    assert world.get(f"/api/clients/polres_wita{path}", "wib").status_code == 403
    missing = world.get(f"/api/clients/nowhere{path}", "admin")
    assert (missing.status_code, missing.json()["success"]) == (404, False)
    assert world.get("/api/clients/profile?client_id=nowhere", "admin").status_code == 404


def test_a_summary_is_whole(world: Api) -> None:
    totals = {
        "totalPosts": 2,
        "usersCount": 5,
        "sudahUsersCount": 2,
        "kurangUsersCount": 1,
        "belumUsersCount": 1,
        "noUsernameUsersCount": 1,
        "distribution": {"sudah": 2, "kurang": 1, "belum": 1, "noUsername": 1, "noPosts": 0},
        "laphar": {"threshold": 0.5, "required": 1, "sudah": 3, "belum": 1, "tanpaUsername": 1},
    }
    assert data(world, "/api/clients/polres_wib/summary?tanggal=2026-01-15", "wib") == {
        "client_id": "POLRES_WIB",
        "nama": "Polres WIB",
        "timezone": "Asia/Jakarta",
        "first_day": "2026-01-15",
        "last_day": "2026-01-15",
        "users": 5,
        "instagram": totals,
        "tiktok": totals,
    }


def test_an_admin_adds_changes_and_removes_a_client(world: Api) -> None:
    new = {"client_id": "ditbinmas", "nama": "Ditbinmas", "client_type": "direktorat", "client_insta": "@Dit.Binmas",
           "timezone": "WITA", "regional_id": "jatim", "premium_tier": "tier1", "premium_status": True,
           "premium_expires_at": "2027-01-01T00:00:00+07:00", "client_amplify_status": True}  # fmt: skip
    added = world.post("/api/clients", "admin", json=new)
    assert added.status_code == 200, added.text
    shown = {
        **WIB,
        **new,
        "client_id": "DITBINMAS",
        "client_type": "DIREKTORAT",
        "client_insta": "dit.binmas",
        "client_tiktok": None,
        "client_operator": None,
        "timezone": "Asia/Makassar",
        "regional_id": "JATIM",
        "premium_expires_at": "2026-12-31T17:00:00+00:00",
    }
    assert added.json()["data"] == shown
    taken = world.post("/api/clients", "admin", json={**new, "nama": "Other"})
    assert taken.status_code == 400
    assert taken.json()["message"] == "Klien DITBINMAS sudah ada."

    changed = world.ask(
        "PUT", "/api/clients/Ditbinmas", "admin", json={"client_insta": None, "threshold": 1}
    )
    assert changed.json()["data"] == {**shown, "client_insta": None, "threshold": 1.0}
    for bad in ({}, {"timezone": "Mars"}, {"threshold": 2}, {"nama": ""}, {"client_operator": "1"}):
        assert world.ask("PUT", "/api/clients/ditbinmas", "admin", json=bad).status_code == 400

    assert world.ask("DELETE", "/api/clients/ditbinmas", "admin").status_code == 200
    assert world.get("/api/clients/ditbinmas", "admin").status_code == 404
    assert world.ask("DELETE", "/api/clients/ditbinmas2", "admin").status_code == 404
    assert [
        (entry.action, entry.subject, entry.details)
        for entry in reversed(world.store.audit.list(limit=10))
    ] == [
        ("client.added", "DITBINMAS", {}),
        ("client.changed", "DITBINMAS", {"fields": ["client_insta", "threshold"]}),
        ("client.removed", "DITBINMAS", {}),
    ]


def test_only_an_admin_writes_clients(world: Api) -> None:
    for token in ("operator", "wib"):
        new = {"client_id": "POLRES_WIB", "nama": "X"}
        assert world.post("/api/clients", token, json=new).status_code == 403
        assert world.ask("PUT", "/api/clients/POLRES_WIB", token, json=new).status_code == 403
        assert world.ask("DELETE", "/api/clients/POLRES_WIB", token).status_code == 403
    assert world.store.clients.get("POLRES_WIB") is not None


def test_the_columns_of_the_dashboards_survive_a_change_by_the_command_line(world: Api) -> None:
    client = world.store.clients.get("POLRES_WIB")
    assert isinstance(client, Client)
    world.store.clients.update(client)
    assert data(world, "/api/clients/POLRES_WIB") == WIB


@pytest.mark.parametrize("wrong", [1, 0, 1.5, True, "no", "1", "FOO", [], {}])
def test_no_type_is_taken_for_another(wrong: Any, world: Api) -> None:
    texts = {"nama", "client_insta", "client_operator", "regional_id", "premium_tier", "timezone"}
    fields = {"client_type", "premium_expires_at"}
    if not isinstance(wrong, str):
        fields |= texts
    if not isinstance(wrong, bool):
        fields |= {"client_status", "premium_status"}
    if isinstance(wrong, bool | str | list | dict) or wrong != 1:
        fields.add("threshold")
    for field in fields:
        refused = world.ask("PUT", "/api/clients/POLRES_WIB", "admin", json={field: wrong})
        assert refused.status_code == 400, (field, refused.text)
    assert data(world, "/api/clients/POLRES_WIB") == WIB


def test_null_ends_the_premium_and_a_time_needs_its_offset(world: Api) -> None:
    def change(until: str | None) -> requests.Response:
        body = {"premium_expires_at": until}
        return world.ask("PUT", "/api/clients/POLRES_WIB", "admin", json=body)

    given = change("2027-01-01T00:00:00+07:00").json()["data"]["premium_expires_at"]
    assert given == "2026-12-31T17:00:00+00:00"
    for bad in ("2027-01-01", "2027-01-01T00:00:00", "2100-01-01T00:00:00Z", "1798736400"):
        assert change(bad).status_code == 400, bad
    assert change(None).json()["data"]["premium_expires_at"] is None
