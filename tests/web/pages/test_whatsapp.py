"""The WhatsApp account at the page: its state, the QR code that links it, and a gateway that does not answer."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
import requests

from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from cicero_cli.standins.whatsapp.pictures import draw_png
from cicero_cli.web.pages import whatsapp
from cicero_cli.web.pages.qr_pictures import qr_svg
from tests.web.pages.conftest import Visit, text_of

CODE = "2@stand-in,which-nobody-can-link,0"
STEPS = "Perangkat tertaut dan Tautkan perangkat"
SECRETS = ("waha-key", "gowa-password", "signing-key", CODE, "gowa.internal", "127.0.0.1")


def refresh_of(page: requests.Response) -> str:
    """Where the page looks again by itself; empty when it does not."""
    found = re.search(r'<meta http-equiv="refresh" content="5;url=([^"]+)">', page.text)
    return found[1].replace("&amp;", "&") if found else ""


def looked(page: requests.Response) -> str:
    """What a good page says; it keeps every secret."""
    assert page.status_code == 200
    assert [secret for secret in SECRETS if secret in page.text] == []
    return text_of(page)


def test_waha_is_linked_at_the_page(visit: Visit, standin: StandIn, store: Store) -> None:
    admin = visit("waha")
    fresh = admin.get("/whatsapp")
    assert "Belum ada sesi" in looked(fresh)
    assert "Mulai penautan" in looked(fresh)
    assert refresh_of(fresh) == ""
    assert {method for method, _ in standin.requests} == {"GET"}

    begun = admin.post("/whatsapp")
    assert begun.status_code == 303
    page = admin.get(begun.headers["location"])
    assert STEPS in looked(page)
    assert str(qr_svg(CODE)) in page.text
    assert refresh_of(page) == begun.headers["location"]
    (hook,) = standin.waha.sessions.webhooks
    assert hook["url"] == "https://cicero.example.org/webhooks/whatsapp/waha"
    (entry,) = store.audit.list(limit=9)
    assert (entry.actor, entry.action, entry.subject) == ("admin", "whatsapp.link_begun", "WAHA")

    by_menu = admin.get("/whatsapp")  # the code is there at once, without a click
    assert by_menu.status_code == 303
    assert str(qr_svg(CODE)) in admin.get(by_menu.headers["location"]).text
    standin.requests.clear()
    for end in ("0", "99"):
        stopped = admin.get(f"/whatsapp?sampai={end}")
        assert "Kode QR tidak ditampilkan lagi." in looked(stopped)
        assert refresh_of(stopped) == ""
    assert {path for _, path in standin.requests} == {"/api/sessions/default"}

    standin.phones.is_linked, standin.phones.session = True, "STARTING"
    assert refresh_of(admin.get(begun.headers["location"])) == begun.headers["location"]
    standin.phones.session = "WORKING"
    linked = admin.get(begun.headers["location"])
    assert "Tersambung sebagai +62811000000." in looked(linked)
    assert "2 klien belum punya grup WhatsApp. Pilih grup klien" in looked(linked)
    assert refresh_of(linked) == ""
    standin.requests.clear()
    assert admin.post("/whatsapp").status_code == 303
    assert {method for method, _ in standin.requests} == {"GET"}


def test_a_session_that_nobody_linked_in_time_is_begun_again(
    visit: Visit, standin: StandIn
) -> None:
    admin = visit("waha")
    for state, word in (("FAILED", "Sesi gagal"), ("STOPPED", "Sesi berhenti")):
        standin.phones.session = state
        page = admin.get("/whatsapp")
        assert word in looked(page)
        assert refresh_of(page) == ""
        assert admin.post("/whatsapp").status_code == 303
        assert standin.phones.session == "SCAN_QR_CODE"
    standin.faults.add(Fault(kind=FaultKind.ENDLESS, path="/auth/qr"))
    without = admin.get("/whatsapp", params={"sampai": "99999999999"})
    assert "Menunggu ponsel Kode QR belum ada; tunggu sebentar." in looked(without)
    assert refresh_of(without) != ""
    standin.faults.add(Fault(kind=FaultKind.ANSWER, path="/restart", status=500, body={}))
    standin.phones.session = "FAILED"
    refused = admin.post("/whatsapp")
    assert refused.status_code == 502
    assert "Penautan belum dapat dimulai. WAHA tidak dapat ditanya (http_500)." in text_of(refused)


def test_gowa_is_linked_at_the_page(visit: Visit, standin: StandIn) -> None:
    admin = visit("gowa")
    assert "Belum ada sesi" in looked(admin.get("/whatsapp"))
    begun = admin.post("/whatsapp")
    assert begun.status_code == 303
    standin.requests.clear()
    for _ in range(2):
        page = admin.get(begun.headers["location"])
        assert STEPS in looked(page)
        assert base64.b64encode(draw_png(CODE)).decode() in page.text
        assert refresh_of(page) == begun.headers["location"]
    assert [path for _, path in standin.requests if path == "/app/login"] == []  # it would cut us

    standin.gowa.picture = ""  # after half a minute
    late = admin.get(begun.headers["location"])
    assert "sudah lewat masanya" in looked(late)
    assert refresh_of(late) == begun.headers["location"]  # a phone may be at it
    assert "Belum ada ponsel yang menautkan" in looked(admin.get("/whatsapp"))
    standin.requests.clear()
    for name in ("../devices", "qrcode/x.png", "http://127.0.0.1/scan-qr.png", "a" * 3000):
        assert "Belum tertaut" in looked(admin.get("/whatsapp", params={"kode": name}))
    assert {path for _, path in standin.requests} == {"/app/status"}

    standin.phones.session = "WORKING"
    assert "Tersambung sebagai +62811000000." in looked(admin.get(begun.headers["location"]))


def test_a_gateway_that_cannot_be_asked_is_named_and_asked_once(
    visit: Visit, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = visit("waha", CICERO_WAHA_KEY="another")
    assert "Kunci ditolak WAHA menolak kuncinya. Samakan CICERO_WAHA_KEY" in looked(
        wrong.get("/whatsapp")
    )
    assert wrong.post("/whatsapp").status_code == 502
    odd = visit("waha", CICERO_WAHA_KEY="waha…")
    assert "CICERO_WAHA_KEY" in looked(odd.get("/whatsapp"))
    assert odd.post("/whatsapp").status_code == 502

    admin = visit("waha")
    monkeypatch.setattr(whatsapp, "_PATIENCE", (0.2, 0.1))
    standin.requests.clear()
    for kind in (FaultKind.SLOW, FaultKind.DRIP):
        standin.faults.clear()
        standin.faults.add(Fault(kind=kind, path="/sessions/default"))
        page = admin.get("/whatsapp")
        assert "Tidak terjangkau" in looked(page)
        assert refresh_of(page) == ""
    assert len(standin.requests) == 2
    standin.go_down()
    away = admin.get("/whatsapp", params={"sampai": "99999999999"})
    assert "Pastikan gerbang itu menyala" in text_of(away)
    assert refresh_of(away) != ""  # it may come back


def test_a_test_message_is_queued_at_the_page(visit: Visit, standin: StandIn, store: Store) -> None:
    standin.phones.session = "WORKING"
    admin = visit("waha")
    wrong = admin.post("/whatsapp/uji", {"tujuan": "08<b>12"})
    assert wrong.status_code == 400
    assert "Pesan uji tidak dikirim." in text_of(wrong)
    assert 'value="08&lt;b&gt;12"' in wrong.text
    sent = admin.post("/whatsapp/uji", {"tujuan": "0812-3456-7890"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/pesan/1")
    assert "Uji no. 1" in text_of(admin.get("/pesan/1"))
    (entry,) = store.audit.list(limit=9)
    assert (entry.actor, entry.action, entry.subject) == ("admin", "message.test_queued", "1")
    assert standin.inbox == []  # cron's next run sends it


@pytest.mark.parametrize(
    ("gateway", "words"),
    [
        ("", "Belum ada gerbang WhatsApp"),
        ("file", "ditulis ke berkas"),
        ("cloud", "tidak ditautkan dengan kode QR"),
    ],
)
def test_where_nothing_is_linked_the_page_says_what_to_do(
    visit: Visit, standin: StandIn, gateway: str, words: str
) -> None:
    admin = visit(
        gateway,
        CICERO_WA_FILE="/nowhere/messages",
        CICERO_CLOUD_PHONE_ID="100200300",
        CICERO_CLOUD_TOKEN="waha-key",
    )
    page = admin.get("/whatsapp")
    assert words in looked(page)
    assert "Mulai penautan" not in page.text
    assert admin.post("/whatsapp").headers.get("location", "/whatsapp") == "/whatsapp"
    assert standin.requests == []


def test_several_accounts_are_linked_paused_and_resumed_at_the_page(
    visit: Visit, standin: StandIn, store: Store, tmp_path: Path
) -> None:
    admin = visit("waha")
    standin.phones.is_linked, standin.phones.session = True, "WORKING"
    with StandIn(waha_key="other-key") as second:
        key = tmp_path / "key"
        key.write_text("other-key")
        key.chmod(0o600)
        second.phones.session, second.phones.is_linked = "ABSENT", False
        store.senders.save(
            Sender(name="humas-2", gateway="waha", url=second.url, key_file=str(key), in_pool=True)
        )
        own = looked(admin.get("/whatsapp"))
        assert (
            "default Mengirim waha. Antre 0; terkirim hari ini 0 dari 500. Jeda default humas-2"
            in own
        )
        other = admin.get("/whatsapp?pengirim=humas-2")
        assert "lewat WAHA: humas-2" in text_of(other)
        assert "Belum ada sesi" in text_of(other)
        begun = admin.post("/whatsapp", {"pengirim": "humas-2"})
        assert begun.headers["location"].endswith("&pengirim=humas-2")
        page = admin.get(begun.headers["location"])
        assert STEPS in text_of(page)
        assert refresh_of(page) == begun.headers["location"]
        assert standin.phones.session == "WORKING"

        admin.post("/whatsapp/pengirim", {"tindakan": "jeda", "alasan": "<b>Rapat</b>"})
        paused = looked(admin.get("/whatsapp"))
        assert paused.count("0 dari 500. Oleh admin: <b>Rapat</b> Lanjutkan") == 2
        admin.post("/whatsapp/pengirim", {"tindakan": "lanjut", "nama": "humas-2"})
        assert [one.paused_by for one in store.senders.list()] == ["admin", None]
        admin.post("/whatsapp/pengirim", {"tindakan": "jeda", "nama": "gone"})
        sent = admin.post("/whatsapp/uji", {"tujuan": "081234567890", "pengirim": "humas-2"})
        assert sent.status_code == 303
        (test,) = store.outbox.list_newest()
        assert test["sender"] == "humas-2"
    key.unlink()
    assert "belum benar" in text_of(admin.get("/whatsapp?pengirim=humas-2"))
    assert admin.get("/whatsapp?pengirim=gone").status_code == 200
