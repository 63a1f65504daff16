from __future__ import annotations

import re
from pathlib import Path

import pytest

import cicero_cli
from cicero_cli.domain.access.accounts import Role
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.accounts import get_account
from cicero_cli.web.pages.labels import ACTION_WORDS
from tests.web.conftest import Api
from tests.web.pages.conftest import People, Visitor, text_of

REGISTRATION = {
    "username": "citra",
    "password": "sandi yang panjang",
    "role": "operator",
    "client_ids": ["POLRES_A"],
}


def logs_in(api: Api, username: str, password: str) -> int:
    body = {"username": username, "password": password}
    return api.post("/api/auth/dashboard-login", json=body).status_code


def secret_on(page: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found
    return found[1]


def with_session(api: Api, username: str) -> Visitor:
    return Visitor(api, username, {"cicero": api.log_in(username)})


def test_a_registration_is_approved_with_a_role_and_clients(people: People, api: Api) -> None:
    assert api.post("/api/auth/dashboard-register", json=REGISTRATION).status_code < 300
    assert "citra" in text_of(people.admin.get("/akun"))
    assert "POLRES_A" in text_of(people.admin.get("/akun/citra"))  # as it was wished for
    fields = {"role": "operator", "active": "ya", "klien": "polres_a, POLRES_B"}
    done = people.admin.post("/akun/citra", fields)
    assert (done.status_code, done.headers["location"]) == (303, "/akun/citra?ok=ubah")
    account = get_account(api.store, "citra")
    assert (account.role, account.active) == (Role.OPERATOR, True)
    assert set(account.client_ids) == {"POLRES_A", "POLRES_B"}
    assert logs_in(api, "citra", REGISTRATION["password"]) == 200
    assert "Akun diubah: citra peran: Operator, aktif: ya" in text_of(people.admin.get("/akun"))
    entry = next(e for e in api.store.audit.list(limit=5) if e.action == "account.changed")
    assert (entry.actor, entry.subject, entry.address) == ("admin", "citra", "127.0.0.1")


@pytest.mark.parametrize(
    ("username", "fields", "words"),
    [
        ("viewer", {"role": "viewer", "active": "ya", "klien": "POLRES_X"}, "Tidak ada klien POLRES_X"),
        ("viewer", {"role": "viewer", "active": "ya", "klien": " "}, "paling sedikit satu kode klien"),
        ("viewer", {"role": "raja", "active": "ya", "klien": "POLRES_A"}, "Pilih salah satu peran"),
        ("admin", {"role": "admin", "klien": ""}, "Akun sendiri tidak dapat"),
        ("admin", {"role": "viewer", "active": "ya", "klien": "POLRES_A"}, "Akun sendiri tidak dapat"),
    ],
)  # fmt: skip
def test_what_would_lock_somebody_out_is_refused(
    people: People, api: Api, username: str, fields: dict[str, str], words: str
) -> None:
    before = get_account(api.store, username)
    refused = people.admin.post(f"/akun/{username}", fields)
    assert (refused.status_code, words in text_of(refused)) == (400, True)
    assert get_account(api.store, username) == before
    assert people.viewer.get("/").status_code == 200  # nobody was logged out


def test_a_new_password_is_shown_once(people: People, api: Api) -> None:
    old = api.add("budi", "viewer", "POLRES_A").password
    assert old is not None
    visitor = with_session(api, "budi")
    page = people.admin.post("/akun/budi", {"langkah": "sandi"})
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    new = secret_on(page.text)
    assert new not in people.admin.get("/akun/budi").text
    assert new not in str(api.store.audit.list(limit=50))
    assert visitor.get("/").status_code == 303  # logged out
    assert (logs_in(api, "budi", old), logs_in(api, "budi", new)) == (401, 200)


def test_an_access_code_is_given_and_taken_away(people: People, api: Api) -> None:
    code = secret_on(people.admin.post("/akun/viewer", {"langkah": "kode"}).text)
    login = {"client_id": "POLRES_A", "client_operator": code}
    assert api.post("/api/auth/login", json=login).status_code == 200
    assert people.admin.post("/akun/viewer", {"langkah": "cabut-kode"}).status_code == 303
    assert api.post("/api/auth/login", json=login).status_code == 401


def test_sessions_are_ended(people: People) -> None:
    assert people.admin.post("/akun/viewer", {"langkah": "akhiri-sesi"}).status_code == 303
    assert people.viewer.get("/").status_code == 303
    assert people.operator.get("/").status_code == 200


def test_accounts_are_the_admins_business(people: People) -> None:
    for path in ("/akun", "/akun/admin"):
        assert people.operator.get(path).status_code == 403
    assert people.operator.post("/akun/operator", {"langkah": "sandi"}).status_code == 403
    assert people.admin.get("/akun/nobody").status_code == 404


def test_ones_own_password_is_replaced_by_who_knows_the_old_one(api: Api) -> None:
    old = api.add("budi", "viewer", "POLRES_A").password
    assert old is not None
    visitor = with_session(api, "budi")
    for lama, baru, ulang, words in (
        (old, "pagi cerah 2026", "pagi cerah 2027", "tidak sama"),
        (old, "Malam7cerah", "Malam7cerah", "paling sedikit 12"),
        (old, "P@ssw0rd!2026", "P@ssw0rd!2026", "mudah ditebak"),
        ("salah", "pagi cerah 2026", "pagi cerah 2026", "Kata sandi lama salah"),
    ):
        refused = post_password(visitor, lama, baru, ulang)
        assert (refused.status_code, words in text_of(refused)) == (400, True)
        assert baru not in refused.text
    done = post_password(visitor, old, "pagi cerah 2026", "pagi cerah 2026")
    assert (done.status_code, done.headers["location"]) == (303, "/masuk?sandi=baru")
    assert visitor.get("/").status_code == 303
    assert (logs_in(api, "budi", old), logs_in(api, "budi", "pagi cerah 2026")) == (401, 200)


@pytest.mark.parametrize("step", ["sandi", "kode"])
def test_an_admin_gets_no_new_secret_of_ones_own_without_the_old_one(
    people: People, api: Api, step: str
) -> None:
    refused = people.admin.post("/akun/admin", {"langkah": step})
    assert (refused.status_code, "sendiri" in text_of(refused)) == (400, True)
    assert 'class="secret"' not in refused.text
    assert people.admin.get("/akun").status_code == 200  # nobody was logged out


def test_guessing_the_old_password_gets_slow(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    visitor = with_session(api, "budi")
    statuses = [
        post_password(visitor, "salah", "pagi cerah 2026", "pagi cerah 2026").status_code
        for _ in range(12)
    ]
    assert statuses[0] == 400
    assert 429 in statuses


def post_password(visitor: Visitor, lama: str, baru: str, ulang: str):
    page = visitor.get("/kata-sandi")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf
    return visitor.post(
        "/kata-sandi", {"csrf": csrf[1], "lama": lama, "baru": baru, "ulang": ulang}
    )


def test_every_line_of_the_audit_log_has_its_words(store: Store) -> None:
    package = Path(cicero_cli.__file__).parent
    source = "".join(path.read_text() for path in package.rglob("*.py") if path.name != "labels.py")
    actions = set(
        re.findall(
            r'"((?:login|account|client|complaint|holiday|user|users|message|password|sender|whatsapp)\.[a-z_]+)"',
            source,
        )
    )
    assert {"account.registered_again", "message.retried", "password.changed"} <= actions
    actions -= {"message.ack"}  # what WAHA calls a report of its own
    assert actions | {"login", "logout"} == set(ACTION_WORDS)
