from __future__ import annotations

import re

from cicero_cli.core import clock
from cicero_cli.repositories.database.store import Store
from tests.web.conftest import Api, Serve
from tests.web.pages.conftest import People, Visitor, hidden


def visit(api: Api, path: str = "/masuk", **headers: str) -> tuple[Visitor, str]:
    """Open the log-in form; the browser and the form's token."""
    form = api.get(path, headers=headers)
    assert form.status_code == 200
    return Visitor(api, cookies=dict(form.cookies)), hidden(form, "csrf")


def try_to_log_in(api: Api, password: str, username: str = "budi", lanjut: str = ""):
    visitor, csrf = visit(api)
    fields = {"csrf": csrf, "username": username, "password": password, "lanjut": lanjut}
    return visitor.post("/masuk", fields)


def audited(store: Store) -> list[tuple[str, str]]:
    return [(entry.action, entry.actor) for entry in store.audit.list(limit=5)]


def test_log_in_and_out(api: Api) -> None:
    secret = api.add("budi", "viewer", "POLRES_A")
    logged_in = try_to_log_in(api, secret.password or "", " BUDI ", lanjut="/status")
    assert (logged_in.status_code, logged_in.headers["location"]) == (303, "/status")
    cookie = logged_in.headers["set-cookie"]
    session = r"cicero=[\w.-]+; HttpOnly; Max-Age=43200; Path=/; SameSite=lax"
    device = r"cicero_device=[\w.-]+; HttpOnly; Max-Age=15552000; Path=/; SameSite=lax"
    assert re.fullmatch(f"{session}, {device}", cookie)
    visitor = Visitor(api, cookies={"cicero": logged_in.cookies["cicero"]})
    page = visitor.get("/")
    assert page.status_code == 200
    left = visitor.post("/keluar", {"csrf": hidden(page, "csrf")})
    assert (left.status_code, left.headers["location"]) == (303, "/masuk?keluar=1")
    assert 'cicero=""' in left.headers["set-cookie"]
    assert visitor.get("/").status_code == 303  # the token itself is worthless
    assert audited(api.store)[:2] == [("logout", "budi"), ("login", "budi")]


def test_a_wrong_name_and_a_wrong_password_are_refused_alike(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    answers = []
    for username in ("budi", "nobody"):
        refused = try_to_log_in(api, "wrong", username)
        assert refused.status_code == 401
        assert "cicero=" not in refused.headers["set-cookie"]
        plain = refused.text.replace(username, "").replace(hidden(refused, "csrf"), "")
        answers.append(plain)
        assert "Nama atau kata sandi salah." in plain
    assert answers[0] == answers[1]
    assert ("login.failed", "budi") in audited(api.store)


def test_guessing_gets_slow(api: Api) -> None:
    secret = api.add("budi", "viewer", "POLRES_A")
    statuses, wait = [], 0
    while wait < 4 and len(statuses) < 100:  # a short wait may be over on a busy machine
        refused = try_to_log_in(api, f"guess {len(statuses)}")
        statuses.append(refused.status_code)
        wait = int(refused.headers.get("retry-after", 0))
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429
    slowed = try_to_log_in(api, secret.password or "")
    wait = int(slowed.headers["retry-after"])
    assert wait > 0
    assert (slowed.status_code, f"Tunggu {wait} detik." in slowed.text) == (429, True)


def test_a_browser_that_has_logged_in_here_is_not_locked_out_by_others(api: Api) -> None:
    password = api.add("budi", "viewer", "POLRES_A").password or ""
    known = try_to_log_in(api, password).cookies["cicero_device"]
    api.store.connection.execute("UPDATE sessions SET address = '203.0.113.1'")
    for _ in range(30):
        api.store.logins.begin("name:budi", free=5, now=clock.now())
    assert try_to_log_in(api, password).status_code == 429

    visitor, csrf = visit(api)
    visitor.cookies["cicero_device"] = known
    fields = {"csrf": csrf, "username": "budi", "password": password}
    assert visitor.post("/masuk", fields).status_code == 303


def test_an_account_that_nobody_approved_is_told_so(api: Api) -> None:
    wish = {"username": "calon", "password": "sepuluh huruf"}
    assert api.post("/api/auth/dashboard-register", json=wish).status_code == 200
    refused = try_to_log_in(api, "sepuluh huruf", "calon")
    assert (refused.status_code, "belum disetujui admin" in refused.text) == (401, True)


def test_the_form_sends_nobody_to_another_site(api: Api) -> None:
    secret = api.add("budi", "viewer", "POLRES_A")
    for lanjut in ("https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "evil"):
        sent = try_to_log_in(api, secret.password or "", lanjut=lanjut)
        assert sent.headers["location"] == "/"
        assert hidden(api.get("/masuk", params={"lanjut": lanjut}), "lanjut") == "/"


def test_who_is_logged_in_already_goes_on(people: People) -> None:
    for asked, then in (
        ("", "/"),
        ("?lanjut=/klien/POLRES_A/ubah", "/klien/POLRES_A/ubah"),
        ("?lanjut=//evil.test", "/"),
    ):
        sent = people.admin.get(f"/masuk{asked}")
        assert (sent.status_code, sent.headers["location"]) == (303, then)
    people.admin.post("/keluar")
    form = people.admin.get("/masuk")  # the cookie is still there, and says nothing any more
    assert (form.status_code, "Kata sandi" in form.text) == (200, True)
    assert Visitor(people.admin.api, cookies={"cicero": "x.y.z"}).get("/masuk").status_code == 200


def test_a_log_in_form_of_another_browser_is_refused(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    _, csrf = visit(api)
    other, _ = visit(api)
    for visitor in (other, Visitor(api)):
        fields = {"csrf": csrf, "username": "budi", "password": "x", "lanjut": "/status"}
        refused = visitor.post("/masuk", fields)
        assert (refused.status_code, "Masuk sekali lagi." in refused.text) == (403, True)
        assert ('value="budi"' in refused.text, hidden(refused, "lanjut")) == (True, "/status")
        again = Visitor(api, cookies=visitor.cookies | dict(refused.cookies))
        assert again.post("/masuk", fields | {"csrf": hidden(refused, "csrf")}).status_code == 401


def test_over_https_the_cookies_are_secure(serve: Serve, clients: Store) -> None:
    api = serve()
    secret = api.add("budi", "viewer", "POLRES_A")
    https = {"X-Forwarded-Proto": "https"}  # as a proxy on this machine says it
    form = api.get("/masuk", headers=https)
    first = form.headers["set-cookie"]
    assert first.startswith("__Host-cicero_visitor=")
    assert first.endswith("; HttpOnly; Path=/; SameSite=lax; Secure")
    visitor = first.partition(";")[0]
    fields = {"csrf": hidden(form, "csrf"), "username": "budi", "password": secret.password}
    logged_in = api.post(
        "/masuk", data=fields, headers={**https, "Cookie": visitor}, allow_redirects=False
    )
    assert logged_in.headers["set-cookie"].startswith("__Host-cicero=")
    assert logged_in.headers["set-cookie"].endswith("; Secure")
    assert "strict-transport" not in logged_in.headers  # the proxy's to say


def test_bodies_that_are_no_form_are_refused(people: People) -> None:
    api = people.admin.api
    cookies = people.admin.cookies
    for kind, body in (
        ("application/json", b"{}"),
        ("text/plain", b"csrf=1"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense"),
        ("application/x-www-form-urlencoded", b"csrf=%ff"),
        ("application/x-www-form-urlencoded", "csrf=é".encode()),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(500))),
    ):
        refused = api.post("/keluar", data=body, cookies=cookies, headers={"Content-Type": kind})
        assert refused.status_code in {400, 403}, (kind, body)
    long = api.post("/masuk", data={"username": "a" * 30_000})
    assert (long.status_code, "Terlalu besar" in long.text) == (413, True)
