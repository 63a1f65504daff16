"""The page in Debian's Chromium, and what the dashboards need of the API from another origin."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cicero_cli.domain.attendance.complaints import Via
from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.complaints import open_complaint
from cicero_cli.services.roster.users import get_user
from cicero_cli.standins.whatsapp import StandIn
from cicero_cli.web.pages import whatsapp
from tests.services.fakes import BY, at
from tests.web.conftest import Api, Serve, add_roles
from tests.web.pages.conftest import DAY, Visit, unit
from tests.web.pages.test_self_check import link, linked

__all__ = ["linked", "unit"]  # fixtures of the pages' tests

CHROMIUM = shutil.which("chromium")
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}

if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("chromium is not installed: apt-get install chromium", allow_module_level=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM is not None, "CI needs Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


@dataclass
class Window:
    """A page of the browser, and everything its console and its policy complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def log_in(self, username: str, password: str) -> Page:
        page = self.open("/masuk")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi").fill(password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(f"{self.url}/")
        return page


@pytest.fixture
def window(chromium: Browser, api: Api, unit: Store) -> Iterator[Window]:
    context = chromium.new_context(viewport=DESKTOP)
    context.set_default_timeout(10_000)
    opened = Window(context.new_page(), api.url)
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


def secret_of(api: Api, username: str, role: str, *clients: str) -> str:
    password = api.add(username, role, *clients).password
    assert password is not None
    return password


def test_somebody_logs_in_looks_around_and_logs_out(window: Window, api: Api) -> None:
    page = window.log_in("budi.humas", secret_of(api, "budi.humas", "viewer", "POLRES_A"))
    page.get_by_role("link", name="Polres A").click()
    page.get_by_label("Tanggal").fill(DAY)
    page.get_by_role("button", name="Tampilkan").click()
    instagram = page.get_by_role("region", name="Instagram")
    assert "2 dari 5 personel sudah" in " ".join(instagram.inner_text().split())
    instagram.get_by_role("link", name="Lihat 2 yang belum melaksanakan").click()
    assert page.get_by_role("row").count() == 1 + 2
    page.get_by_role("link", name="Citra").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Citra"
    assert "@citra.x: lebih satu huruf (x)" in page.inner_text("main")
    page.get_by_role("button", name="Keluar").click()
    assert "Anda sudah keluar." in page.inner_text("main")
    page.goto(f"{window.url}/klien/POLRES_A")
    assert page.get_by_role("heading", name="Masuk").is_visible()
    assert window.complaints == []


def test_the_keyboard_is_enough(window: Window, api: Api) -> None:
    page = window.open("/masuk")
    page.wait_for_function("document.activeElement.name === 'username'")  # by itself
    page.keyboard.type("budi.humas")
    page.keyboard.press("Tab")
    page.keyboard.type(secret_of(api, "budi.humas", "viewer", "POLRES_A"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{window.url}/")
    page.keyboard.press("Tab")
    assert focused(page) == "Langsung ke isi"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Lihat status"  # nothing was ever fetched
    page.keyboard.press("Tab")
    assert focused(page) == "Polres A"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/klien/POLRES_A")
    names = []
    for _ in range(20):
        page.keyboard.press("Tab")
        names.append(focused(page))
    assert names[:6] == ["Langsung ke isi", "Cicero", "Ringkasan", "Status", "Keluar", "Absensi"]
    assert "Tampilkan" in names


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText.trim()"))


def complain(store: Store) -> None:
    citra = get_user(store, "85010003")
    words = "sudah like semua konten dari pagi sampai siang " * 3
    open_complaint(store, citra, issue=words, via=Via.PAGE, by=BY, now=at(f"{DAY} 06:00"), day=DAY)


PAGES = [
    "/", "/status", "/pesan", "/whatsapp", "/whatsapp/grup", "/klien-baru", "/klien/POLRES_A", f"/klien/POLRES_A?hari={DAY}",
    f"/klien/POLRES_A/bulan?bulan={DAY[:7]}", f"/klien/POLRES_A/personel?hari={DAY}",
    f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}", f"/klien/POLRES_A/konten?hari={DAY}",
    "/klien/POLRES_A/komplain", "/klien/POLRES_A/komplain/1", "/klien/POLRES_A/komplain/baru?personel=85010003",
    "/klien/POLRES_A/pesan", "/klien/POLRES_A/ubah", "/klien/POLRES_A/personel/baru", "/klien/POLRES_A/impor",
    "/klien/POLRES_A/usulan",
]  # fmt: skip


def test_on_a_phone_no_name_or_reason_is_squeezed_into_a_narrow_column(
    window: Window, api: Api, unit: Store
) -> None:
    now = at(f"{DAY} 05:00")
    run_id = unit.runs.start("POLRES_A", Platform.INSTA, now=now)
    error = "GET /v1/posts at instagram-scraper-api2.p.rapidapi.com: 502"
    failed = Run(
        client_id="POLRES_A",
        platform=Platform.INSTA,
        status=RunStatus.FAILED,
        error=error,
        error_code="upstream_status",
    )
    unit.runs.finish(run_id, failed, now=now)
    window.log_in("ani.admin", secret_of(api, "ani.admin", "admin"))
    window.page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a TypedDict
    complain(unit)
    for path in ("/status", f"/klien/POLRES_A/personel?hari={DAY}", "/klien/POLRES_A/komplain"):
        page = window.open(path)
        widths = page.evaluate(
            "[...document.querySelectorAll('main > table th[scope=row]')].map(e => e.clientWidth)"
        )
        assert widths
        assert min(widths) > 250, path
        rights = page.evaluate(
            "[...document.querySelectorAll('main > table')].map(e => e.getBoundingClientRect().right)"
        )
        assert max(rights) <= PHONE["width"], path


def test_no_page_scrolls_sideways_on_a_phone_or_breaks_its_policy(
    window: Window, api: Api, unit: Store
) -> None:
    unit.connection.execute(
        "UPDATE \"user\" SET nama = 'Raden Mas Suryaningratkusumohadiningratan', divisi = 'POLSEK KOTA SELATAN'"
        " WHERE user_id = '85010001'"
    )
    complain(unit)
    window.log_in("ani.admin", secret_of(api, "ani.admin", "admin"))
    for size in (PHONE, DESKTOP):
        window.page.set_viewport_size(size)  # type: ignore[arg-type] # a TypedDict
        for path in PAGES:
            page = window.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate("document.styleSheets[0].cssRules.length") > 100
            unnamed = page.evaluate(UNNAMED)
            assert unnamed == [], path
    assert window.complaints == []


UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, button, a')]
    .filter(one => !(one.innerText.trim() || one.textContent.trim() || (one.labels && one.labels.length)))
    .map(one => one.outerHTML)"""


def test_every_text_has_enough_contrast_in_light_and_dark(window: Window, api: Api) -> None:
    window.log_in("ani.admin", secret_of(api, "ani.admin", "admin"))
    for scheme in ("light", "dark"):
        window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of two words
        for path in PAGES:
            faint = window.open(path).evaluate(FAINT)
            assert faint == [], (scheme, path)


FAINT = """() => {
    const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const over = (top, below) => top.length < 4 ? top : [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
    const behind = one => {
        if (!one) return [255, 255, 255];
        const colour = parse(getComputedStyle(one).backgroundColor);
        return colour.length === 4 && colour[3] < 1 ? over(colour, behind(one.parentElement)) : colour;
    };
    const found = [];
    for (const one of document.querySelectorAll('body *')) {
        const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!own || one.closest('[aria-hidden=true], .hide, .skip, option') || !one.offsetParent) continue;
        const ground = behind(one), ink = over(parse(getComputedStyle(one).color), ground);
        const [a, b] = [light(ground), light(ink)].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${one.innerText.slice(0, 40)}: ${((a + .05) / (b + .05)).toFixed(2)}`);
    }
    return found;
}"""


def test_the_qr_code_is_seen_by_a_phone_and_goes_when_it_was_scanned(
    chromium: Browser, visit: Visit, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "LOOK_EVERY", 1)  # second
    standin.phones.session = "SCAN_QR_CODE"
    admin = visit("waha")
    context = chromium.new_context(color_scheme="dark")
    context.add_cookies(
        [{"name": "cicero", "value": admin.cookies["cicero"], "url": admin.api.url}]
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type] # a TypedDict
        page.goto(f"{admin.api.url}/whatsapp")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate(FAINT) == []
        box = page.get_by_role("img", name="Kode QR").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 250
        assert page.evaluate(QR_COLOURS) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    standin.phones.session = "WORKING"
    page.get_by_text("Tersambung sebagai +62811000000.").wait_for()  # by itself
    assert complaints == []
    assert page.evaluate("history.length") == 3  # an empty page, and one for each size
    context.close()


def test_the_page_of_a_reminders_link_is_legible_on_a_phone_and_disowned_there(
    chromium: Browser, linked: Api, unit: Store
) -> None:
    """Its fixture and its other tests are those of test_self_check.py."""
    context = chromium.new_context(viewport=PHONE)
    context.set_default_timeout(10_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of two words
        page.goto(linked.url + link())
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate(FAINT) == []
        assert page.evaluate(UNNAMED) == []
    page.get_by_text("Ini bukan saya", exact=True).click()
    page.get_by_role("button", name="Ya, ini bukan saya").click()
    page.get_by_text("Pengingat ke nomor ini dihentikan, dan operator diberi tahu.").wait_for()
    assert complaints == []
    context.close()


QR_COLOURS = """() => ['.qr-light', '.qr-dark']
    .map(part => getComputedStyle(document.querySelector(part)).fill)"""


def test_a_sheet_is_uploaded_looked_at_and_applied(
    window: Window, api: Api, unit: Store, tmp_path: Path
) -> None:
    sheet = tmp_path / "personel baru.csv"
    sheet.write_text("NRP;Nama;Instagram\n85010002;Budi;budi.baru\n9/0;Fajar;fa\n901;Gita;gita\n")
    page = window.log_in("ani.operator", secret_of(api, "ani.operator", "operator", "POLRES_A"))
    page.goto(f"{window.url}/klien/POLRES_A/impor")
    page.get_by_label("Berkas", exact=True).set_input_files(sheet)
    page.get_by_role("button", name="Periksa berkas").click()
    assert "personel baru.csv" in page.get_by_role("heading", level=1).inner_text()
    assert "1 baris salah" in page.get_by_role("alert").inner_text()
    assert "budi.baru" in page.get_by_role("region", name="Berubah").inner_text()
    page.get_by_role("button", name="Terapkan tanpa baris yang salah (2 personel)").click()
    assert "Impor selesai" in page.get_by_role("status").first.inner_text()
    page.get_by_role("link", name="Lihat personel").click()
    assert page.get_by_role("link", name="Gita").is_visible()
    changed = unit.users.get("85010002")
    assert changed is not None
    assert changed.insta == "budi.baru"
    assert unit.users.get("900") is None
    assert window.complaints == []


def test_what_was_typed_survives_a_new_log_in_in_another_tab(
    window: Window, api: Api, unit: Store
) -> None:
    secret = secret_of(api, "ani.operator", "operator", "POLRES_A")
    page = window.log_in("ani.operator", secret)
    page.goto(f"{window.url}/klien/POLRES_A/personel/ubah?personel=85010002")
    page.get_by_label("Nama").fill("Budi Santoso")
    other = Window(page.context.new_page(), window.url)
    other.open("/").get_by_role("button", name="Keluar").click()
    other.log_in("ani.operator", secret)
    page.get_by_role("button", name="Simpan").click()
    assert "belum ada yang disimpan" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Nama").input_value() == "Budi Santoso"
    page.get_by_label("WhatsApp", exact=True).fill("12")
    page.get_by_role("button", name="Simpan").click()
    assert page.title() == "Kesalahan: Budi · Cicero"
    assert page.evaluate("document.activeElement.name") == "whatsapp"
    page.get_by_label("WhatsApp", exact=True).fill("0812 3456 7890")
    page.get_by_role("button", name="Simpan").click()
    assert "Perubahan sudah disimpan." in page.inner_text("main")
    changed = unit.users.get("85010002")
    assert changed is not None
    assert (changed.nama, changed.whatsapp) == ("Budi Santoso", "6281234567890")


def test_a_form_that_another_site_posts_does_nothing(
    window: Window, api: Api, elsewhere: str
) -> None:
    window.log_in("ani.admin", secret_of(api, "ani.admin", "admin"))
    page = window.page
    page.goto(elsewhere)
    page.set_content(
        f'<form method="post" action="{window.url}/keluar"><button>Hadiah</button></form>'
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Hadiah").click()
    assert "Formulir kedaluwarsa" in page.inner_text("main")
    window.open("/status")
    assert page.get_by_role("heading", name="Status pengambilan data").is_visible()


def test_no_other_site_frames_the_page(window: Window, api: Api, elsewhere: str) -> None:
    page = window.page
    page.goto(elsewhere)
    page.set_content(f'<iframe src="{window.url}/masuk"></iframe>')
    page.wait_for_timeout(500)
    assert "Masuk" not in page.frames[-1].content()


# ------------------------------------------------------------------ dashboards, from another origin


class _Elsewhere(BaseHTTPRequestHandler):
    """An empty page: where a dashboard lives."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>dashboard</title><body></body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass
class Dashboard:
    """A dashboard's page, which calls the API as both generations do."""

    page: Page
    api: Api

    def fetch(self, path: str, **options: Any) -> dict[str, Any]:
        """What `fetch` gave: status, body and headers, or the browser's error."""
        found = self.page.evaluate(FETCH, [self.api.url + path, options])
        assert isinstance(found, dict)
        return found


FETCH = """async ([url, options]) => {
    try {
        const answer = await fetch(url, options);
        return {status: answer.status, body: await answer.json(), disposition: answer.headers.get('Content-Disposition')};
    } catch (error) { return {error: String(error)}; }
}"""


@pytest.fixture
def dashboard(chromium: Browser, serve: Serve, unit: Store, elsewhere: str) -> Iterator[Dashboard]:
    api = serve(CORS_ORIGIN=elsewhere)
    add_roles(api)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    yield Dashboard(page, api)
    context.close()


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **more}


def test_the_first_generation_logs_in_and_reads_errors(dashboard: Dashboard) -> None:
    code = dashboard.api.add("alfa", "operator", "POLRES_A").access_code
    words = {"method": "POST", "headers": {"Content-Type": "application/json"}}
    wrong = dashboard.fetch(
        "/api/auth/login", **words, body='{"client_id": "polres_a", "client_operator": "salah"}'
    )
    assert (wrong["status"], wrong["body"]["success"]) == (401, False)
    right = dashboard.fetch(
        "/api/auth/login", **words, body=f'{{"client_id": "polres_a", "client_operator": "{code}"}}'
    )
    assert (right["status"], right["body"]["success"]) == (200, True)
    headers = bearer(right["body"]["token"])
    stats = dashboard.fetch("/api/dashboard/stats", headers=headers)
    assert (stats["status"], stats["body"]["data"]["client_id"]) == (200, "POLRES_A")
    refused = dashboard.fetch("/api/users/list?client_id=POLRES_B", headers=headers)
    assert (refused["status"], refused["body"]["success"]) == (403, False)


def test_the_second_generation_sends_its_headers_and_logs_out_with_credentials(
    dashboard: Dashboard,
) -> None:
    password = dashboard.api.add("budi.humas", "operator", "POLRES_A").password
    own = {"X-Client-Id": "POLRES_A", "X-Cicero-Token": "x", "X-Cicero-Reposter-Token": "y"}
    logged_in = dashboard.fetch(
        "/api/auth/dashboard-login",
        method="POST",
        headers={"Content-Type": "application/json", **own},
        body=f'{{"username": "budi.humas", "password": "{password}"}}',
    )
    assert logged_in["body"]["user"]["role"] == "operator"
    headers = bearer(logged_in["body"]["token"], **own)
    left = dashboard.fetch(
        "/api/auth/logout", method="POST", headers=headers, credentials="include"
    )
    assert (left["status"], left["body"]["success"]) == (200, True)
    after = dashboard.fetch("/api/dashboard/stats", headers=headers, credentials="include")
    assert (after["status"], after["body"]["success"]) == (401, False)


def test_whatever_goes_wrong_can_be_read_from_the_other_origin(dashboard: Dashboard) -> None:
    headers = bearer(dashboard.api.tokens["operator"])
    for status, path, words in (
        (404, "/api/nix", {}),
        (405, "/api/dashboard/stats", {"method": "DELETE"}),
        (400, "/api/insta/rekap-likes?client_id=POLRES_A&tanggal=nonsense", {}),
        (400, "/api/auth/login", {"method": "POST", "body": "{"}),
        (413, "/api/auth/login", {"method": "POST", "body": '"' + "x" * 1_100_000 + '"'}),
        (500, "/api/example/bug", {}),
    ):
        found = dashboard.fetch(path, headers=headers, **words)
        assert found.get("status") == status, (path, found)
        assert found["body"]["success"] is False


def test_another_origin_than_the_dashboards_reads_nothing(
    chromium: Browser, dashboard: Dashboard
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        dashboard.page.goto(f"http://127.0.0.1:{other.server_port}")
        found = dashboard.fetch(
            "/api/dashboard/stats", headers=bearer(dashboard.api.tokens["operator"])
        )
        other.shutdown()
        thread.join()
    assert "Failed to fetch" in found["error"]
