"""Complaints that the dashboards' form sends."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from cicero_cli.domain.access.accounts import Role
from tests.web.conftest import Api, Serve
from tests.web.people import direct, enter, enter_all

INSTA, TIKTOK = "/api/dashboard/komplain/insta", "/api/dashboard/komplain/tiktok"


@pytest.fixture
def world(serve: Serve) -> Api:
    world = enter_all(serve())
    direct(world.store)
    enter(world, "dit", Role.OPERATOR, "DITBINMAS")
    return world


def kept(world: Api) -> list[tuple[Any, ...]]:
    return world.store.connection.execute(
        "SELECT client_id, user_id, platform, username, issue, filed_by FROM complaint ORDER BY complaint_id"
    ).fetchall()


def complain(
    world: Api, who: str = "operator", path: str = INSTA, **body: object
) -> requests.Response:
    return world.post(path, who, json=body)


def test_a_complaint_is_kept(world: Api) -> None:
    answer = complain(
        world, nrp="WIB-003", nama="Citra", username_ig="@Citra.Baru", issue="sudah like\nkemarin"
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"] == "Komplain sudah dicatat dan akan diperiksa operator."
    data = answer.json()["data"]
    created_at = data.pop("created_at")
    assert created_at.endswith("+07:00")
    assert data == {
        "id": "1",
        "client_id": "POLRES_WIB",
        "user_id": "WIB-003",
        "platform": "insta",
        "username": "citra.baru",
        "issue": "sudah like kemarin",
    }
    told = {"user_id": "WIB-003", "client_id": "polres_wib", "tiktok": "citra baru!"}
    assert complain(world, path=TIKTOK, **told).status_code == 200
    again = {"nrp": "WIB-003", "instagram": "citra2", "issue": "sudah like kemarin"}
    assert complain(world, **again).json()["data"]["id"] == "1"
    assert kept(world) == [
        ("POLRES_WIB", "WIB-003", "insta", "citra2", "sudah like kemarin", "operator"),
        ("POLRES_WIB", "WIB-003", "tiktok", "citra baru!", "", "operator"),
    ]
    (entry,) = [one for one in world.store.audit.list(limit=1) if one.action == "complaint.filed"]
    assert (entry.subject, entry.client_id) == ("WIB-003", "POLRES_WIB")


def test_a_directorate_takes_complaints_about_its_own_posts(world: Api) -> None:
    assert complain(world, "dit", nrp="WITA-001").json()["data"]["client_id"] == "DITBINMAS"
    assert complain(world, "dit", nrp="WIB-001", client_id="ditbinmas").status_code == 200
    assert complain(world, "dit", nrp="WIB-001", client_id="polres_wib").status_code == 403
    assert complain(world, "dit", nrp="WIT-001").status_code == 404
    assert {row[0] for row in kept(world)} == {"DITBINMAS"}
    world.store.users.rename("WITA-001", "9")
    assert [row[1] for row in kept(world)] == ["9", "WIB-001"]


def test_who_is_not_ones_own_is_not_found(world: Api) -> None:
    unknown = complain(world, nrp="0")
    assert unknown.status_code == 404
    others = complain(world, nrp="WIT-001")
    named = complain(world, nrp="WIT-001", client_id="POLRES_WIB")
    for refused in (others, named):
        assert refused.status_code == 404
        assert refused.json()["message"] == unknown.json()["message"].replace("0", "WIT-001")
    assert complain(world, "wib", nrp="WIB-001").status_code == 403
    assert complain(world, issue="tanpa NRP").status_code == 400
    assert kept(world) == []
