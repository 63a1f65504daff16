from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import argon2
import jwt
import pytest
import requests

from cicero_cli.core import clock
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access import log_in
from cicero_cli.services.access.accounts import AccountChanges, change_account
from tests.waiting import wait_until
from tests.web.conftest import BY, Api, Serve

PASSWORD_LOGIN = "/api/auth/dashboard-login"
CODE_LOGIN = "/api/auth/login"
REFUSED = {"success": False, "message": "Client ID atau Operator (kode akses) salah."}


def try_password(api: Api, username: Any, password: Any, **words: Any) -> requests.Response:
    return api.post(PASSWORD_LOGIN, json={"username": username, "password": password}, **words)


def try_code(api: Api, client_id: Any, code: Any) -> requests.Response:
    return api.post(CODE_LOGIN, json={"client_id": client_id, "client_operator": code})


def from_elsewhere(address: str) -> dict[str, Any]:
    """As a proxy on this machine passes on a request from there."""
    return {"headers": {"X-Forwarded-For": address}}


@pytest.fixture
def still(serve: Serve, clients: Store) -> Api:
    """A server whose clock stands still, so that no wait is over before the next request comes."""
    now = clock.now()
    return serve(parts=lambda _: {"clock": lambda: now})


def test_a_password_gives_a_token_and_says_whose(api: Api) -> None:
    api.add("budi.humas", "operator", "POLRES_A", "POLRES_B")
    answer = try_password(api, " Budi.Humas ", api.secrets["budi.humas"].password).json()
    user = answer.pop("user")
    token = answer.pop("token")
    assert answer == {"success": True, "message": "Berhasil masuk."}
    assert isinstance(user.pop("user_id"), str)
    assert user == {"client_id": "POLRES_A", "username": "budi.humas", "role": "operator"}
    named = api.get("/api/example/named", token).json()
    assert named["data"] == {"client_id": "POLRES_A"}


def test_a_dashboards_role_is_told_in_place_of_the_role_and_grants_nothing(api: Api) -> None:
    secrets = api.add("dit", "viewer", "POLRES_A")
    change_account(api.store, "dit", AccountChanges(dashboard_role="DitBinmas"), by=BY)
    answer = try_password(api, "dit", secrets.password).json()
    assert answer["user"]["role"] == "ditbinmas"
    payload = jwt.decode(answer["token"], options={"verify_signature": False})
    assert (payload["role"], payload["rights"]) == ("ditbinmas", "viewer")
    body = {"user_id": "9", "nama": "X"}
    assert api.post("/api/users", answer["token"], json=body).status_code == 403


def test_an_admin_without_clients_starts_with_the_first(api: Api) -> None:
    api.add("bos", "admin")
    user = try_password(api, "bos", api.secrets["bos"].password).json()["user"]
    assert (user["client_id"], user["role"]) == ("POLRES_A", "admin")


def test_an_access_code_logs_in_to_a_client_as_people_type_both(api: Api) -> None:
    code = api.add("budi", "viewer", "POLRES_A").access_code
    assert code is not None
    for client_id, typed in (
        ("POLRES_A", code),
        (" polres_a", code.lower()),
        ("Polres_A", code.replace("-", " ")),
        ("POLRES_A", code.replace("-", "")),
    ):
        answer = try_code(api, client_id, typed)
        assert answer.status_code == 200, (client_id, typed)
        assert answer.json()["user"]["client_id"] == "POLRES_A"


def test_an_access_code_is_good_for_the_accounts_clients_alone(api: Api) -> None:
    code = api.add("budi", "viewer", "POLRES_A").access_code
    for client_id in ("POLRES_B", "POLRES_C"):
        refused = try_code(api, client_id, code)
        assert (refused.status_code, refused.json()) == (401, REFUSED)
    bos = api.add("bos", "admin").access_code
    assert try_code(api, "POLRES_B", bos).status_code == 200
    assert try_code(api, "POLRES_C", bos).status_code == 401


def test_a_revoked_access_code_is_none(api: Api) -> None:
    code = api.add("budi", "viewer", "POLRES_A").access_code
    changes = AccountChanges(revoke_access_code=True)
    change_account(api.store, "budi", changes, by=BY)
    assert try_code(api, "POLRES_A", code).status_code == 401


def test_a_phone_number_logs_nobody_in(api: Api) -> None:
    client = api.store.clients.get("POLRES_A")
    assert client is not None
    refused = try_code(api, "POLRES_A", client.client_operator)
    assert (refused.status_code, refused.json()) == (401, REFUSED)


def test_a_phone_number_logs_in_to_look_while_the_transition_lasts(
    clients: Store, serve: Serve
) -> None:
    api = serve(CICERO_LEGACY_PHONE_LOGIN="1")
    answer = try_code(api, "polres_a", "0811-0000-0065")
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    assert answer.json()["user"]["role"] == "viewer"
    assert api.get("/api/example/own", token).json()["data"] == {"client_ids": ["POLRES_A"]}
    assert api.get("/api/example/own?client_id=POLRES_B", token).status_code == 403
    assert api.post("/api/example/notes", token, json={"text": "x"}).status_code == 403
    assert try_code(api, "polres_b", "0811-0000-0065").status_code == 401

    after = serve()
    assert after.get("/api/example/own", token).status_code == 401


@pytest.mark.parametrize("path", [PASSWORD_LOGIN, CODE_LOGIN])
def test_an_unknown_name_and_a_wrong_secret_are_refused_alike(
    api: Api, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words, and one verification of the same cost: what is timed is what argon2 was given."""
    api.add("budi", "viewer", "POLRES_A")
    verified: list[str] = []
    verify = argon2.PasswordHasher.verify

    def watch(self: argon2.PasswordHasher, secret_hash: str, secret: str) -> bool:
        verified.append(secret_hash.rsplit("$", 2)[0])  # its kind and parameters
        return bool(verify(self, secret_hash, secret))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watch)
    code = api.secrets["budi"].access_code or ""
    bodies: tuple[dict[str, str], ...] = (
        {"username": "budi", "password": "wrong password"},
        {"username": "nobody", "password": "wrong password"},
    )
    if path == CODE_LOGIN:
        bodies = (
            {"client_id": "POLRES_A", "client_operator": code[:-1] + "_"},
            {"client_id": "POLRES_A", "client_operator": "ABCDEF-ABCDEF-ABCDEF-ABCDEF"},
            {"client_id": "POLRES_X", "client_operator": "ABCDEG-ABCDEF-ABCDEF-ABCDEF"},
        )
    answers = [api.post(path, json=body) for body in bodies]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(verified) == len(bodies)
    assert len(set(verified)) == 1


def test_guessing_gets_slower_and_a_known_address_is_not_locked_out(still: Api) -> None:
    still.add("budi", "viewer", "POLRES_A")
    still.log_in("budi")  # from 127.0.0.1
    guesses = [
        try_password(still, "budi", f"guess {number}", **from_elsewhere(f"192.0.2.{number}"))
        for number in range(12)
    ]
    assert [guess.status_code for guess in guesses] == [401] * 5 + [429] * 7
    assert int(guesses[-1].headers["Retry-After"]) >= 1
    right = still.secrets["budi"].password
    assert try_password(still, "budi", right, **from_elsewhere("192.0.2.99")).status_code == 429
    assert try_password(still, "budi", right).status_code == 200


@pytest.mark.parametrize("path", [PASSWORD_LOGIN, CODE_LOGIN])
def test_a_browser_that_has_logged_in_is_not_locked_out_by_others(still: Api, path: str) -> None:
    """Wherever it is now; a cookie of another name, or a made-up one, is a stranger's."""

    def try_as(name: str, address: str, *, wrong: bool = False, device: str = "") -> Any:
        secrets = still.secrets[name]
        body = {"username": name, "password": "x" if wrong else secrets.password}
        if path == CODE_LOGIN:
            code = secrets.access_code or ""
            body = {
                "client_id": "POLRES_A",
                "client_operator": code[:7] + "2" * 18 if wrong else code,
            }
        return still.post(
            path,
            json=body,
            cookies={"cicero_device": device} if device else {},
            **from_elsewhere(address),
        )

    still.add("budi", "viewer", "POLRES_A")
    still.add("sari", "viewer", "POLRES_A")
    device = try_as("budi", "203.0.113.1").cookies["cicero_device"]
    others = try_as("sari", "203.0.113.2").cookies["cicero_device"]
    guesses = [try_as("budi", f"192.0.2.{number}", wrong=True) for number in range(7)]
    assert [guess.status_code for guess in guesses] == [401] * 5 + [429] * 2

    for stranger in ("", others, device[:-1] + "x", "x.x", "."):
        assert try_as("budi", "192.0.2.200", device=stranger).status_code == 429, stranger
    assert try_as("budi", "192.0.2.200", device=device).status_code == 200


def test_a_log_in_does_not_wait_for_strangers_from_ever_new_addresses(still: Api) -> None:
    still.add("budi", "viewer", "POLRES_A")
    still.log_in("budi")

    def knock(number: int) -> int:
        where = from_elsewhere(f"198.51.{number // 200}.{number % 200}")
        return try_password(still, f"who{number}", "guess", **where).status_code

    with ThreadPoolExecutor(40) as threads:
        strangers = [threads.submit(knock, number) for number in range(40)]
        wait_until(lambda: any(stranger.done() for stranger in strangers))
        still.log_in("budi")
        assert not all(stranger.done() for stranger in strangers)
    assert {stranger.result() for stranger in strangers} <= {401, 503}


def test_a_hundred_guesses_at_once_are_not_free(still: Api) -> None:
    def guess(number: int) -> int:
        return try_password(still, "budi", f"guess {number}").status_code

    with ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(guess, range(60)))
    assert statuses.count(401) <= 6
    assert statuses.count(401) + statuses.count(429) + statuses.count(503) == 60


def test_one_address_does_not_try_many_names(still: Api) -> None:
    before = clock.now() - timedelta(minutes=1)
    for _ in range(28):
        still.store.logins.begin("address:127.0.0.1", free=100, now=before)
    statuses = [try_password(still, f"name{number}", "guess").status_code for number in range(4)]
    assert statuses == [401, 401, 429, 429]
    elsewhere = try_password(still, "name99", "guess", **from_elsewhere("192.0.2.1"))
    assert elsewhere.status_code == 401


def test_one_access_code_is_not_guessed_under_many_client_names(still: Api) -> None:
    """From an address each: what slows the guesses is the part of the code that finds the account."""
    codes = [f"ABCDEF-GHJKLM-NPQRST-UVWXY{last}" for last in "ABCDEFGH"]
    statuses = [
        still.post(
            CODE_LOGIN,
            json={"client_id": f"POLRES_{number}", "client_operator": code},
            **from_elsewhere(f"192.0.2.{number}"),
        ).status_code
        for number, code in enumerate(codes)
    ]
    assert statuses == [401] * 5 + [429] * 3


def test_the_wait_doubles_and_after_an_hour_is_forgotten(store: Store) -> None:
    now = clock.now()
    waits = []
    for _ in range(14):
        assert store.logins.begin("name:budi", free=5, now=now) is None
        wait = store.logins.begin("name:budi", free=5, now=now)
        if wait is None:  # judged as well
            continue
        waits.append(wait)
        now += timedelta(seconds=wait)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    now += timedelta(hours=2)
    assert [store.logins.begin("name:budi", free=5, now=now) for _ in range(2)] == [None, None]


def test_every_login_is_in_the_audit_log(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    try_password(api, "budi", "wrong")
    token = api.log_in("budi")
    api.post("/api/auth/logout", token)
    told = [
        (entry.actor, entry.action, entry.address)
        for entry in api.store.audit.list(name="budi", limit=10)
    ]
    assert told == [
        ("budi", "logout", "127.0.0.1"),
        ("budi", "login", "127.0.0.1"),
        ("budi", "login.failed", "127.0.0.1"),
        ("cli:test", "account.added", None),
    ]


def test_the_log_holds_no_name_and_no_address_that_is_none(api: Api) -> None:
    """What is typed or sent there may be a password, or be meant for the admin's terminal."""
    for name in ("my secret password", "\x1b[2J\rroot", "n" * 90, "nobody"):
        refused = try_password(api, name, "x", **from_elsewhere("1" * 3000))
        assert refused.status_code == 401, name
    assert try_code(api, "my secret\ncode", "x").status_code == 401
    assert {(entry.actor, entry.subject) for entry in api.store.audit.list(limit=10)} == {
        ("(unknown name)", "(unknown name)")
    }
    assert {entry.address for entry in api.store.audit.list(limit=10)} == {"unknown", "127.0.0.1"}
    assert try_code(api, "polres_a", "x").status_code == 401
    assert api.store.audit.list(limit=1)[0].actor == "POLRES_A"


def test_a_registration_waits_for_an_admin_and_cannot_choose_its_rights(api: Api) -> None:
    body = {
        "username": "Sari",
        "password": "a password of hers",
        "role": "admin",
        "client_id": "POLRES_A",
        "whatsapp": "0811",
    }
    answer = api.post("/api/auth/dashboard-register", json=body)
    assert (answer.status_code, answer.json()["success"], answer.json()["status"]) == (
        200,
        True,
        False,
    )
    refused = try_password(api, "sari", body["password"])
    assert (refused.status_code, refused.json()["message"]) == (
        401,
        "Akun belum disetujui admin atau belum diberi client.",
    )
    account = api.store.accounts.get("sari")
    assert account is not None
    assert (account.role.word, account.client_ids, account.active) == ("viewer", (), False)
    (entry,) = [e for e in api.store.audit.list(name="sari", limit=9) if "registered" in e.action]
    assert entry.details == {"role": "admin", "client_id": "POLRES_A"}

    changes = AccountChanges(active=True, client_ids=["POLRES_A"])
    change_account(api.store, "sari", changes, by=BY)
    assert try_password(api, "sari", body["password"]).status_code == 200


def test_registering_a_taken_name_changes_nothing_and_tells_nothing(api: Api) -> None:
    api.add("budi", "admin")
    fresh = api.post(
        "/api/auth/dashboard-register", json={"username": "x-y", "password": "kuda baterai 7"}
    )
    taken = api.post(
        "/api/auth/dashboard-register", json={"username": "budi", "password": "kuda baterai 7"}
    )
    assert (taken.status_code, taken.text) == (fresh.status_code, fresh.text)
    assert try_password(api, "budi", "kuda baterai 7").status_code == 401
    assert try_password(api, "budi", api.secrets["budi"].password).status_code == 200


def test_registrations_from_one_address_are_few(still: Api) -> None:
    statuses = [
        still.post(
            "/api/auth/dashboard-register",
            json={"username": f"name{number}", "password": "kuda baterai 7"},
        ).status_code
        for number in range(8)
    ]
    assert statuses == [200] * 5 + [429] * 3


@pytest.mark.parametrize("wrong", [None, 5, True, [], {}, ["budi"], "", "x" * 300, "\x00"])
def test_any_type_in_a_field_of_a_login_is_refused(api: Api, wrong: Any) -> None:
    answers = [
        try_password(api, wrong, "secret"),
        try_password(api, "budi", wrong),
        try_code(api, wrong, "secret"),
        try_code(api, "POLRES_A", wrong),
        api.post(PASSWORD_LOGIN, json=wrong),
    ]
    assert {answer.status_code for answer in answers} <= {400, 401}
    assert not any(answer.json()["success"] for answer in answers)


def test_logins_do_not_take_more_threads_than_their_lane_has(api: Api) -> None:
    names = {thread.name for thread in threading.enumerate()}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: try_password(api, f"who{n}", "guess"), range(8)))
    grown = {thread.name for thread in threading.enumerate()} - names
    assert len([name for name in grown if name.startswith("sign_in")]) <= 2
    assert timedelta(hours=12) == log_in.SESSION_LIFETIME
