from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import requests
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute

from cicero_cli.core.setting_values import Secret
from cicero_cli.core.settings import load_settings
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.web.app import ROUTERS, create_app
from cicero_cli.web.http.answers import answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, PUBLIC_ROUTES, VIEWER_WRITES, Client
from cicero_cli.web.http.routing import GuardedRouter, check_routes
from cicero_cli.web.pages.csrf import csrf_token, session_name
from tests.web.conftest import SECRET, Api
from tests.web.example import router as example
from tests.web.people import enter

SETTINGS = load_settings({"JWT_SECRET": SECRET, "CICERO_DATA_DIR": "/nowhere"})
ROUTES = check_routes(create_app(SETTINGS, routers=(*ROUTERS, example)))
TABLE = [(method, route) for route in ROUTES for method in sorted(route.methods or ())]


def path_of(route: APIRoute, client: str = "POLRES_A", user: str = "8501000A") -> str:
    known = {"client_id": client, "user_id": user, "gateway": "waha", "name": "start.js"}
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: known.get(found[1], "1"), route.path)


def send(
    api: Api, method: str, route: APIRoute, who: str | None, path: str = "", **words: Any
) -> requests.Response:
    """Ask as the route wants to be asked: an API's with a bearer, a page with a cookie and a form's signature."""
    path = path or path_of(route)
    if route.access.pages is None:
        return api.ask(method, path, who, **words)
    form = {"csrf": csrf_token(Secret(SECRET), session_name(f"session of {who}"))}
    form |= words.pop("json", {})
    cookies = {"cicero": api.tokens[who]} if who in api.tokens else {}
    return api.ask(method, path, cookies=cookies, data=form, allow_redirects=False, **words)


def test_nothing_answers_without_a_token_but_what_is_listed(api: Api) -> None:
    for method, route in TABLE:
        name = f"{method} {route.path}"
        if route.access.role is PUBLIC:
            assert name in PUBLIC_ROUTES
            continue
        for token in (None, "not.a.token"):
            refused = send(api, method, route, token)
            if route.access.pages is None:
                assert (refused.status_code, refused.json()["success"]) == (401, False), name
            else:
                assert refused.status_code in {303, 401, 403}, name


def test_another_clients_data_is_refused(api: Api) -> None:
    for method, route in TABLE:
        access, name = route.access, f"{method} {route.path}"
        if access.role is PUBLIC:
            continue
        asked = [
            send(api, method, route, "operator", params={"client_id": named})
            for named in ("POLRES_B", "polres_b", " Polres_b ", "POLRES_NOWHERE")
        ]
        if method != "GET":
            asked.append(send(api, method, route, "operator", json={"client_id": "polres_B"}))
        if "{client_id}" in route.path:
            asked.append(send(api, method, route, "operator", path_of(route, client="polres_b")))
        if access.client is Client.USER:
            unseen = [
                send(api, method, route, "operator", path_of(route, user=user))
                for user in ("8501000B", "0")
            ]
            if access.role <= Role.OPERATOR:
                assert [refused.status_code for refused in unseen] == [404, 404], name
                assert unseen[0].content == unseen[1].content, name
            unknown = send(api, method, route, "admin", path_of(route, user="0"))
            assert unknown.status_code == 404, name
        assert {refused.status_code for refused in asked} == {403}, name


def test_an_operator_of_a_directorate_has_no_right_to_its_units(api: Api) -> None:
    """What it sees of their people are rows of its own posts (tests/web/api/test_directorates.py)."""
    store = api.store
    store.clients.add(ClientRow(client_id="DITBINMAS", nama="Ditbinmas", audience="below"))
    unit = store.clients.get("POLRES_A")
    assert unit is not None
    store.clients.update(replace(unit, under="DITBINMAS"))
    enter(api, "dit", Role.OPERATOR, "DITBINMAS")
    for method, route in TABLE:
        access, name = route.access, f"{method} {route.path}"
        if access.role is PUBLIC:
            continue
        asked = [send(api, method, route, "dit", params={"client_id": "polres_a"})]
        if method != "GET":
            asked.append(send(api, method, route, "dit", json={"client_id": "POLRES_A"}))
        if "{client_id}" in route.path:
            asked.append(send(api, method, route, "dit", path_of(route)))
        assert {refused.status_code for refused in asked} == {403}, name
        if access.client is Client.USER and access.role <= Role.OPERATOR:
            assert send(api, method, route, "dit", path_of(route)).status_code == 404, name


def test_a_viewer_writes_nothing(api: Api) -> None:
    for method, route in TABLE:
        access, name = route.access, f"{method} {route.path}"
        if access.role is None or method == "GET" or name in VIEWER_WRITES:
            continue
        assert access.role >= Role.OPERATOR, name
        refused = send(api, method, route, "viewer", json={"text": "x"})
        assert refused.status_code == 403, name


def test_a_route_that_nobody_guards_keeps_the_server_from_starting() -> None:
    app = create_app(SETTINGS)

    @app.get("/forgotten")
    def forgotten() -> str:
        return "all that we know"

    with pytest.raises(RuntimeError, match=r"/forgotten.* is not guarded"):
        check_routes(app)


def test_a_mounted_app_keeps_the_server_from_starting() -> None:
    app = create_app(SETTINGS)
    app.mount("/other", FastAPI())
    with pytest.raises(RuntimeError, match="is not guarded"):
        check_routes(app)


def _nothing(call: Call) -> Response:
    """Do nothing."""
    return answer()


def test_what_lets_in_more_than_it_may_keeps_the_server_from_starting() -> None:
    public, viewer, nobody = (GuardedRouter(prefix="/x", tag="x") for _ in range(3))
    public.read("/y", role=PUBLIC, client=Client.NONE)(_nothing)
    viewer.write("POST", "/y", role=Role.VIEWER, client=Client.OWN)(_nothing)
    nobody.read("/y", role=Role.VIEWER, client=Client.USER)(_nothing)
    for router, reason in (
        (public, "GET /x/y is public and not in PUBLIC_ROUTES"),
        (viewer, "POST /x/y lets viewers write"),
        (nobody, "GET /x/y names no user_id"),
    ):
        with pytest.raises(RuntimeError, match=reason):
            create_app(SETTINGS, routers=(router,))


def test_access_cannot_be_left_out() -> None:
    router: Any = GuardedRouter(tag="x")
    with pytest.raises(TypeError, match="role"):
        router.read("/y", client=Client.NONE)
    with pytest.raises(TypeError, match="client"):
        router.read("/y", role=Role.VIEWER)


def test_the_token_names_the_client_when_the_request_does_not(api: Api) -> None:
    assert api.get("/api/example/named", "viewer").json()["data"] == {"client_id": "POLRES_A"}
    assert api.get("/api/example/named?client_id=polres_b", "admin").json()["data"] == {
        "client_id": "POLRES_B"
    }
    assert api.get("/api/example/own", "viewer").json()["data"] == {"client_ids": ["POLRES_A"]}
    assert api.get("/api/example/own", "admin").json()["data"] == {"client_ids": None}
    assert api.get("/api/example/own?client_id=Polres_B", "admin").json()["data"] == {
        "client_ids": ["POLRES_B"]
    }
    assert api.get("/api/example/users/8501000B", "admin").json()["data"] == {
        "client_id": "POLRES_B",
        "user_id": "8501000B",
    }


def test_who_may_not_ask_hears_so_before_what_is_wrong_with_the_request(api: Api) -> None:
    wrong = {"json": {"text": ["a list"]}}
    assert api.post("/api/example/notes", **wrong).status_code == 401
    assert api.post("/api/example/notes", "viewer", **wrong).status_code == 403
    assert api.post("/api/example/notes?client_id=POLRES_B", "operator", **wrong).status_code == 403
    refused = api.post("/api/example/notes", "operator", **wrong)
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "text: harus teks",
    )


def test_who_is_refused_is_in_the_log_without_what_was_sent(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    api.get("/api/users/8501000B", headers=forwarded)  # without a token: nobody has tried anything
    api.get("/api/users/8501000B", "no.such.token", headers=forwarded)
    api.post("/api/users", "viewer", json={"nama": "Rahasia"}, headers=forwarded)
    api.post("/api/auth/login", data=b"x" * 4097, headers=forwarded)
    told = [record.getMessage() for record in caplog.records if record.name.endswith("guard")]
    assert told == [
        "refused GET /api/users/{user_id} with 401 from=192.0.2.7",
        "refused POST /api/users with 403 from=192.0.2.7",
        "refused POST /api/auth/login with 413 from=192.0.2.7",
    ]
