from __future__ import annotations

import re
from typing import Any

from fastapi.routing import APIRoute

from cicero_cli.core.settings import load_settings
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.complaints import Via
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.complaints import open_complaint
from cicero_cli.services.roster.users import get_user
from cicero_cli.web.app import create_app
from cicero_cli.web.http.permissions import PUBLIC
from cicero_cli.web.http.routing import check_routes
from cicero_cli.web.pages import ROUTERS
from cicero_cli.web.pages.html import POLICY
from tests.services.fakes import BY
from tests.web.conftest import SECRET, Api
from tests.web.pages.conftest import People, Visitor, hidden, queued, text_of

SETTINGS = load_settings({"JWT_SECRET": SECRET, "CICERO_DATA_DIR": "/nowhere"})
ROUTES = check_routes(create_app(SETTINGS, routers=ROUTERS))


def path_of(route: APIRoute, client: str = "POLRES_A") -> str:
    known = {
        "client_id": client,
        "name": "cicero.css",
        "message_id": "1",
        "number": "1",
        "word": "kirim-ulang",
        "username": "viewer",
        "token": "x",
    }
    return re.sub(r"{(\w+)}", lambda found: known[found[1]], route.path)


def routes(method: str) -> list[APIRoute]:
    return [route for route in ROUTES if method in (route.methods or ())]


def test_who_has_no_session_is_sent_to_the_log_in_form_and_back(people: People) -> None:
    for route in routes("GET"):
        if route.access.role is PUBLIC:
            continue
        sent = people.nobody.get(path_of(route))
        assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/masuk")
    sent = people.nobody.get("/klien/polres_a?hari=2026-01-14")
    assert sent.headers["location"] == "/masuk?lanjut=%2Fklien%2Fpolres_a%3Fhari%3D2026-01-14"


def test_a_write_without_a_session_is_a_page_that_says_so(people: People) -> None:
    for route in routes("POST"):
        if route.access.role is PUBLIC:
            continue
        refused = people.nobody.post(path_of(route))
        assert (refused.status_code, "Sesi berakhir" in refused.text) == (401, True), route.path


def test_after_a_session_ended_the_log_in_leads_back_to_the_form(people: People) -> None:
    for path, then in (
        ("/klien-baru", "?lanjut=%2Fklien-baru"),
        (
            "/klien/POLRES_A/personel/ubah?personel=85/1",
            "?lanjut=%2Fklien%2FPOLRES_A%2Fpersonel%2Fubah%3Fpersonel%3D85%2F1",
        ),
        ("/klien/POLRES_A/impor/terapkan", "?lanjut=%2Fklien%2FPOLRES_A%2Fimpor%2Fterapkan"),
        ("/keluar", ""),  # nothing is shown there
    ):
        refused = people.nobody.post(path)
        assert refused.status_code == 401
        assert f'href="/masuk{then}">Masuk</a>' in refused.text
        assert "belum ada yang disimpan" in refused.text


def test_who_is_logged_in_keeps_the_head_of_the_page_when_refused(people: People) -> None:
    for visitor, path, status, way_on in (
        (people.viewer, "/klien-baru", 403, "/"),
        (people.viewer, "/nix", 404, "/"),
        (people.viewer, "/klien/POLRES_A?hari=2999-01-01", 400, "/klien/POLRES_A"),
        (
            people.viewer,
            "/klien/POLRES_A/penjelasan?personel=8501000A&hari=x",
            400,
            "/klien/POLRES_A/penjelasan?personel=8501000A",
        ),
    ):
        refused = visitor.get(path)
        assert (refused.status_code, f'class="button primary" href="{way_on}"' in refused.text) == (
            status, True,
        ), path  # fmt: skip
        assert "viewer Pemantau" in text_of(refused)
    large = people.operator.post("/klien/POLRES_A/impor", {"x": "y" * 1_100_000})
    assert large.status_code == 413
    assert 'href="/klien/POLRES_A/impor">Kembali ke formulir</a>' in large.text
    assert people.operator.post("/keluar", {"csrf": hidden(large, "csrf")}).status_code == 303


def test_a_refusal_shows_a_head_to_nobody_else(people: People) -> None:
    token = people.admin.cookies["cicero"]
    for cookies in ({}, {"cicero": token[:-4] + "AAAA"}):
        missing = Visitor(people.admin.api, cookies=cookies).get("/nix")
        assert (missing.status_code, "Keluar" in missing.text) == (404, False)


def test_a_bearer_token_is_no_session_of_a_page(api: Api) -> None:
    assert api.get("/status", "admin", allow_redirects=False).status_code == 303


def test_a_cookie_is_no_token_of_the_api(api: Api) -> None:
    cookies = {"cicero": api.tokens["admin"]}
    assert api.get("/api/users/list?client_id=POLRES_A", cookies=cookies).status_code == 401


def test_another_clients_pages_are_refused(people: People) -> None:
    for route in ROUTES:
        if "{client_id}" not in route.path:
            continue
        for client in ("POLRES_B", "polres_b", "POLRES_NOWHERE"):
            ask: Any = (
                people.operator.get if "GET" in (route.methods or ()) else people.operator.post
            )
            refused = ask(path_of(route, client))
            assert (refused.status_code, "Tidak berhak" in refused.text) == (403, True), route.path


def test_a_viewer_writes_nothing(people: People) -> None:
    for route in routes("POST"):
        access = route.access
        if access.role is PUBLIC or route.path in {"/keluar", "/kata-sandi"}:
            continue
        assert access.role is not None
        assert access.role >= Role.OPERATOR
        assert people.viewer.post(path_of(route)).status_code == 403, route.path
    for path in ("/klien/POLRES_A/ubah", "/klien/POLRES_A/impor", "/klien-baru", "/pesan"):
        assert people.viewer.get(path).status_code == 403
    for visitor in (people.viewer, people.operator):
        assert visitor.get("/whatsapp").status_code == 403
        assert 'href="/whatsapp"' not in visitor.get("/").text


def test_no_write_is_done_without_its_csrf_token(people: People, store: Store) -> None:
    before = store.clients.list(), store.users.list()
    for route in routes("POST"):
        for token in ("", "0" * 64, "é"):
            refused = people.admin.post(
                path_of(route), {"csrf": token, "nama": "X", "user_id": "1"}
            )
            assert refused.status_code == 403, route.path
            assert "Formulir ini sudah kedaluwarsa" in refused.text
    assert (store.clients.list(), store.users.list()) == before
    assert people.admin.get("/status").status_code == 200  # still logged in


def test_a_form_that_another_site_sends_is_refused(people: People) -> None:
    for site in ("cross-site", "same-site"):
        refused = people.admin.post("/keluar", **{"Sec-Fetch-Site": site})
        assert refused.status_code == 403
    assert people.admin.post("/keluar", **{"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_every_page_has_the_strict_policy_and_nothing_inline(people: People, unit: Store) -> None:
    assert queued(unit) == 1
    citra = get_user(unit, "85010003")
    open_complaint(unit, citra, issue="sudah", via=Via.COMMAND, by=BY, now=BY.at)
    for route in routes("GET"):
        if route.path.startswith("/cek/"):  # a page of a link's own: test_self_check.py
            continue
        visitor = people.nobody if route.access.role is PUBLIC else people.admin
        page = visitor.get(path_of(route), params={"personel": "85010001"})
        assert page.status_code == 200, route.path
        if not page.headers["content-type"].startswith("text/html"):
            continue
        assert page.headers["content-security-policy"] == POLICY
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=|javascript:", page.text), route.path
        assert page.text.startswith('<!doctype html>\n<html lang="id">')
        assert page.text.count("<h1") == 1, route.path


def test_what_is_not_there_is_a_friendly_page(people: People) -> None:
    for path in ("/nix", "/klien/POLRES_X", "/static/nix.css", "/masuk/lagi"):
        missing = people.admin.get(path)
        assert missing.headers["content-type"].startswith("text/html")
        assert missing.headers["content-security-policy"] == POLICY
        assert missing.status_code in {404, 400}
        assert "Ke halaman ringkasan" in missing.text
    assert people.admin.get("/api/nix").json()["success"] is False


def test_a_program_that_asks_for_what_is_not_there_gets_json(api: Api) -> None:
    assert api.get("/nix").json() == {"success": False, "message": "Tidak ditemukan."}


def test_odd_words_in_an_address_are_no_bug(people: People) -> None:
    for words in ("%00", "%ff", "'", "<b>", "99999-99-99", "2026-13-01", "a" * 3000):
        for path in ("/?cari=", "/klien/POLRES_A?hari=", "/klien/POLRES_A/bulan?bulan="):
            page = people.admin.get(path + words)
            assert page.status_code in {200, 400}, path + words
            assert "<b>" not in page.text
        for name in ("cari", "status", "divisi", "platform", "halaman", "hari"):
            page = people.admin.get(f"/klien/POLRES_A/personel?{name}={words}")
            assert page.status_code in {200, 400}
            assert "<b>" not in page.text
        page = people.admin.get(f"/klien/POLRES_A/penjelasan?personel={words}")
        assert page.status_code == 404
        assert people.admin.get(f"/klien/{words}").status_code in {400, 404}


def test_a_day_that_has_not_come_is_explained(people: People) -> None:
    page = people.viewer.get("/klien/POLRES_A?hari=2999-01-01")
    assert page.status_code == 400
    assert "Hari itu belum tiba; hari ini" in text_of(page)
