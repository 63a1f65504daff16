"""A forgotten password: asked for by name, answered alike whatever the name, sent to the account's own number."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from cicero_cli.core import clock
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.accounts import AccountChanges, change_account
from tests.web.conftest import BY, Api, Serve

REQUEST = "/api/auth/dashboard-password-reset/request"
CONFIRM = "/api/auth/dashboard-password-reset/confirm"
NEW = "kuda baterai 77"


@pytest.fixture
def api(api: Api) -> Api:
    """`budi` has a number, `sari` has none, `tono` may not log in."""
    for name in ("budi", "sari", "tono"):
        api.add(name, "operator", "POLRES_A")
    change_account(api.store, "budi", AccountChanges(whatsapp="0812 0000 0001"), by=BY)
    closed = AccountChanges(whatsapp="081200000002", active=False)
    change_account(api.store, "tono", closed, by=BY)
    return api


def ask(api: Api, username: str = "Budi") -> requests.Response:
    return api.post(REQUEST, json={"username": username, "contact": "0899"})


def messages(api: Api) -> list[tuple[str, str, timedelta]]:
    return api.store.connection.execute(
        "SELECT recipient, body, expires_at - queued_at FROM outbox WHERE kind = 'reset'"
    ).fetchall()


def code_of(api: Api) -> str:
    return messages(api)[-1][1].splitlines()[2]


def confirm(api: Api, code: str, password: str = NEW, **more: str) -> requests.Response:
    return api.post(CONFIRM, json={"token": code, "password": password, **more})


def test_a_code_goes_to_the_own_number_and_is_good_once(api: Api) -> None:
    token = api.log_in("budi")
    assert ask(api).status_code == 200
    ((recipient, body, wanted),) = messages(api)
    assert (recipient, wanted) == ("6281200000001", timedelta(minutes=15))
    assert body.startswith("Kode untuk mengganti kata sandi akun budi:\n\n")
    code = code_of(api)

    assert confirm(api, code, "pendek").status_code == 400
    different = confirm(api, code, confirmPassword="kuda baterai 78")
    assert different.json()["message"] == "Kata sandi baru dan ulangannya tidak sama."
    done = confirm(api, f" {code.lower()} ", confirmPassword=NEW, password_confirmation=NEW)
    assert (done.status_code, done.json()["success"]) == (200, True), done.text
    assert api.get("/api/dashboard/stats", token).status_code == 401
    login = {"username": "budi", "password": NEW}
    assert api.post("/api/auth/dashboard-login", json=login).status_code == 200
    used = confirm(api, code)
    assert (used.status_code, used.json()["message"]) == (
        400,
        "Kode ini salah, sudah dipakai, atau lebih dari 15 menit yang lalu.",
    )
    actions = [entry.action for entry in api.store.audit.list(name="budi", limit=9)]
    assert {"password.reset_asked", "password.reset"} <= set(actions)


def test_nobody_learns_whether_a_name_exists(api: Api) -> None:
    known = ask(api)
    for name in ("sari", "tono", "nobody", "no name!"):
        assert ask(api, name).content == known.content, name
    assert ask(api).content == known.content
    assert len(messages(api)) == 1  # a code that is still good is not sent again


def test_a_code_ends_with_its_time_and_with_any_change_of_the_account(api: Api) -> None:
    ask(api)
    old = code_of(api)
    api.store.connection.execute("UPDATE password_reset SET expires_at = now()")
    assert confirm(api, old).status_code == 400
    ask(api)
    changed = code_of(api)
    assert changed != old
    change_account(api.store, "budi", AccountChanges(log_out=True), by=BY)
    assert confirm(api, changed).status_code == 400
    ask(api)
    assert confirm(api, code_of(api)).status_code == 200


def test_codes_are_not_guessed(serve: Serve, clients: Store) -> None:
    now = clock.now()
    still = serve(parts=lambda _: {"clock": lambda: now})  # no wait is over before the next comes
    statuses = [confirm(still, f"{number}").status_code for number in range(12)]
    assert statuses == [400] * 10 + [429] * 2
