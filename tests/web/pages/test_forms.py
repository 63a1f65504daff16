from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import requests

from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store, connect
from tests.waiting import wait_until, waits_for_lock
from tests.web.pages.conftest import People, Visitor, hidden, text_of

NEW_USER = "/klien/POLRES_A/personel/baru"
CHANGE_USER = "/klien/POLRES_A/personel/ubah?personel="
CHANGE_BUDI = f"{CHANGE_USER}85010002"
CHANGE_CLIENT = "/klien/POLRES_A/ubah"


def version(visitor: Visitor, path: str) -> str:
    return hidden(visitor.get(path), "versi")


def focused(page: requests.Response) -> list[str]:
    """The fields that the cursor is put into: at most one."""
    return re.findall(r'name="(\w+)"[^>]* autofocus', page.text)


def last_audit(store: Store) -> tuple[str, str, str | None, object]:
    entry = store.audit.list(limit=1)[0]
    return entry.action, entry.actor, entry.subject, entry.details


def test_a_user_is_added(people: People, unit: Store) -> None:
    fields = {
        "user_id": "0012345", "nama": "  Fajar   Halim ", "insta": "https://instagram.com/Fajar.H/",
        "whatsapp": "0812-3456-7890", "title": "BRIPDA", "exception": "ya",
    }  # fmt: skip
    added = people.operator.post(NEW_USER, fields)
    assert added.status_code == 303
    assert added.headers["location"] == "/klien/POLRES_A/penjelasan?personel=0012345&ok=tambah"
    assert "Personel sudah ditambahkan." in people.operator.get(added.headers["location"]).text
    user = unit.users.get("0012345")
    assert user is not None
    assert (user.client_id, user.nama, user.insta, user.whatsapp, user.exception) == (
        "POLRES_A", "Fajar Halim", "fajar.h", "6281234567890", True,
    )  # fmt: skip
    assert last_audit(unit) == ("user.added", "operator", "0012345", {})
    again = people.operator.post(NEW_USER, fields)
    assert again.status_code == 400
    assert "NRP/NIP 0012345 sudah terdaftar: Fajar Halim, klien POLRES_A." in text_of(again)


def test_everything_that_is_wrong_is_said_at_once_in_indonesian(
    people: People, unit: Store
) -> None:
    fields = {"user_id": "1 x", "insta": "a b", "tiktok": "instagram.com/x", "whatsapp": "123"}
    refused = people.operator.post(NEW_USER, fields)
    text = text_of(refused)
    assert refused.status_code == 400
    assert "5 isian perlu diperbaiki; belum ada yang disimpan." in text
    assert "Nama wajib diisi." in text
    assert "Isi dengan username TikTok; alamat ini milik Instagram." in text
    assert "Nomor ini tidak mungkin ada." in text
    assert 'value="a b"' in refused.text  # nothing has to be typed again
    assert 'aria-invalid="true" aria-describedby="f-insta-error f-insta-hint"' in refused.text
    assert "<title>Kesalahan: Personel baru · Cicero</title>" in refused.text
    assert focused(refused) == ["user_id"]
    assert "expected" not in refused.text


def test_two_active_users_share_no_handle(people: People, unit: Store) -> None:
    fields = {"user_id": "77", "nama": "Gita", "insta": "ani"}
    refused = people.operator.post(NEW_USER, fields)
    text = text_of(refused)
    assert "Instagram Username ini sudah dipakai Ani (85010001)" in text
    assert "1 isian perlu diperbaiki; belum ada yang disimpan." in text
    assert focused(refused) == ["insta"]
    assert unit.users.get("77") is None


def test_a_user_is_changed(people: People, unit: Store) -> None:
    form = people.operator.get(CHANGE_BUDI)
    assert 'value="budi"' in form.text
    fields = {
        "versi": hidden(form, "versi"), "nama": "Budi", "title": "AIPDA", "divisi": "BAG OPS",
        "insta": "@budi.baru", "status": "ya",
    }  # fmt: skip
    assert people.operator.post(CHANGE_BUDI, fields).status_code == 303
    user = unit.users.get("85010002")
    assert user is not None
    assert (user.insta, user.title, user.status, user.wa_opt_in) == (
        "budi.baru",
        "AIPDA",
        True,
        False,
    )
    assert last_audit(unit) == (
        "user.changed", "operator", "85010002", {"fields": ["insta", "title", "wa_opt_in"]},
    )  # fmt: skip


def test_what_somebody_else_saved_meanwhile_is_shown_beside_what_was_typed(
    people: People, unit: Store
) -> None:
    same = {"nama": "Budi", "title": "BRIPKA", "divisi": "BAG OPS", "status": "ya"}
    same["versi"] = version(people.operator, CHANGE_BUDI)
    first = {**same, "title": "AIPDA", "insta": "budi.baru", "wa_opt_in": "ya"}
    assert people.admin.post(CHANGE_BUDI, first).status_code == 303
    second = {**same, "nama": "Budi Santoso", "title": " AIPDA", "insta": "budi"}
    late = people.operator.post(CHANGE_BUDI, second)
    text = text_of(late)
    assert (late.status_code, "Data ini berubah setelah formulir ini dibuka" in text) == (409, True)
    for typed in ('value="Budi Santoso"', 'value="budi"'):
        assert typed in late.text
    assert text.count("Tersimpan sekarang") == 3
    assert 'aria-describedby="f-insta-present f-insta-hint"' in late.text
    assert "Nama wajib Tersimpan sekarang: Budi " in text
    assert "Instagram Tersimpan sekarang: budi.baru " in text
    assert "pengingat WhatsApp Tersimpan sekarang: ya" in text
    assert focused(late) == ["nama"]
    budi = unit.users.get("85010002")
    assert budi is not None
    assert (budi.nama, budi.insta) == ("Budi", "budi.baru")
    again = {**second, "versi": hidden(late, "versi")}
    assert people.operator.post(CHANGE_BUDI, again).status_code == 303
    budi = unit.users.get("85010002")
    assert budi is not None
    assert (budi.nama, budi.insta, budi.wa_opt_in) == ("Budi Santoso", "budi", False)


def test_a_form_of_an_earlier_log_in_comes_back_with_what_was_typed(
    people: People, unit: Store
) -> None:
    old = {"csrf": "0" * 64}
    typed = {"user_id": "77", "nama": "Gita <b>", "insta": "gita", "exception": "ya"}
    for path, fields in (
        (NEW_USER, typed),
        (CHANGE_BUDI, {**typed, "versi": version(people.operator, CHANGE_BUDI)}),
    ):
        before = unit.users.list()
        back = people.operator.post(path, fields | old)
        assert (back.status_code, unit.users.list()) == (403, before)
        assert "kirim sekali lagi" in text_of(back)
        assert 'value="Gita &lt;b&gt;"' in back.text
        assert 'name="exception" value="ya" checked' in back.text
        fresh = {**fields, "csrf": hidden(back, "csrf")}
        if path == CHANGE_BUDI:
            fresh |= {"versi": hidden(back, "versi"), "insta": "gita.baru", "nama": "Gita"}
        assert people.operator.post(path, fresh).status_code == 303
    budi = unit.users.get("85010002")
    assert budi is not None
    assert budi.nama == "Gita"
    client = people.admin.post(CHANGE_CLIENT, {"nama": "Polres Baru"} | old)
    assert (client.status_code, 'value="Polres Baru"' in client.text) == (403, True)
    assert people.admin.post("/klien-baru", {"client_id": "POLRES_X"} | old).status_code == 403
    assert unit.clients.get("POLRES_X") is None


def test_a_form_of_an_earlier_log_in_still_saves_over_nobodys_change(
    people: People, unit: Store
) -> None:
    fields = {"versi": version(people.operator, CHANGE_BUDI), "nama": "Budi B", "status": "ya"}
    unit.connection.execute("UPDATE \"user\" SET divisi = 'SPKT' WHERE user_id = '85010002'")
    back = people.operator.post(CHANGE_BUDI, {**fields, "csrf": "old"})
    fresh = {name: hidden(back, name) for name in ("csrf", "versi")}
    assert people.operator.post(CHANGE_BUDI, fields | fresh).status_code == 409


def test_a_form_that_another_site_fills_in_is_not_shown(people: People, unit: Store) -> None:
    fields = {"csrf": "old", "user_id": "77", "nama": "Gita"}
    refused = people.operator.post(NEW_USER, fields, **{"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, "Gita" in refused.text) == (403, False)


def test_saving_without_a_change_says_so(people: People, unit: Store) -> None:
    form = people.operator.get(CHANGE_BUDI)
    fields = {
        "versi": hidden(form, "versi"), "nama": "Budi", "title": "BRIPKA", "divisi": "BAG OPS",
        "insta": " @Budi ", "status": "ya", "wa_opt_in": "ya",
    }  # fmt: skip
    saved = people.operator.post(CHANGE_BUDI, fields)
    assert saved.status_code == 303
    assert "Tidak ada yang berubah." in text_of(people.operator.get(saved.headers["location"]))
    assert unit.audit.list(limit=1) == []


def test_ranks_and_divisions_that_exist_are_suggested(people: People, unit: Store) -> None:
    for path in (NEW_USER, CHANGE_BUDI):
        form = people.operator.get(path).text
        assert 'name="divisi" value="' in form
        assert 'list="f-divisi-list"' in form
        assert 'list="f-title-list"' in form
        found = re.findall(r'<option value="([^"]*)"></option>', form)
        assert found == ["AIPDA", "AKP", "BRIPKA", "IPTU", "BAG OPS", "PIMPINAN", "SAT LANTAS"]


def test_who_is_not_active_has_a_form_that_says_so(people: People, unit: Store) -> None:
    unit.connection.execute("UPDATE \"user\" SET status = false WHERE user_id = '85010002'")
    unit.connection.execute("UPDATE clients SET client_status = false")
    user = people.operator.get(CHANGE_BUDI)
    assert (user.status_code, "Personel ini tidak aktif" in user.text) == (200, True)
    client = people.admin.get(CHANGE_CLIENT)
    assert (client.status_code, "Klien ini tidak aktif" in client.text) == (200, True)
    back = {"versi": hidden(user, "versi"), "nama": "Budi", "insta": "budi", "status": "ya"}
    saved = people.operator.post(CHANGE_BUDI, back)
    assert saved.status_code == 303
    assert people.operator.get(saved.headers["location"]).status_code == 200


def test_a_user_of_another_client_is_not_changed_through_ones_own(
    people: People, unit: Store
) -> None:
    assert people.operator.get(f"{CHANGE_USER}8501000B").status_code == 404
    fields = {"nama": "X", "versi": "x"}
    assert people.operator.post(f"{CHANGE_USER}8501000B", fields).status_code == 404
    other = unit.users.get("8501000B")
    assert other is not None
    assert other.nama == "User B"


def test_an_id_that_another_client_has_tells_nothing_of_who_it_is(
    people: People, unit: Store
) -> None:
    taken = {"user_id": "8501000B", "nama": "Gita"}
    text = text_of(people.operator.post(NEW_USER, taken))
    assert "NRP/NIP 8501000B sudah terdaftar di klien lain." in text
    assert "POLRES_B" not in text
    assert "User B" not in text
    text = text_of(people.admin.post(NEW_USER, taken))
    assert "NRP/NIP 8501000B sudah terdaftar: User B, klien POLRES_B." in text


def test_a_user_who_is_moved_meanwhile_is_no_longer_changed(
    people: People, unit: Store, database: str
) -> None:
    fields = {"nama": "X", "versi": version(people.operator, CHANGE_BUDI)}
    with (
        ThreadPoolExecutor(1) as threads,
        connect(database, hint="") as connection,
        Store(connection).transaction(),
    ):
        connection.execute("UPDATE \"user\" SET client_id = 'POLRES_B' WHERE user_id = '85010002'")
        asked = threads.submit(people.operator.post, CHANGE_BUDI, fields)
        wait_until(lambda: waits_for_lock(connection))
    assert asked.result().status_code == 404
    user = unit.users.get("85010002")
    assert user is not None
    assert (user.client_id, user.nama) == ("POLRES_B", "Budi")


def test_a_foreign_number_stays_what_it_is(people: People, unit: Store) -> None:
    unit.connection.execute(
        "UPDATE \"user\" SET whatsapp = '819012345678' WHERE user_id = '85010001'"
    )
    form = people.operator.get(f"{CHANGE_USER}85010001")
    assert 'value="+819012345678"' in form.text
    fields = {
        "versi": hidden(form, "versi"), "nama": "Ani Baru", "title": "IPTU", "divisi": "BAG OPS",
        "insta": "ani", "tiktok": "ani", "whatsapp": "+819012345678", "status": "ya",
        "wa_opt_in": "ya",
    }  # fmt: skip
    assert people.operator.post(f"{CHANGE_USER}85010001", fields).status_code == 303
    user = unit.users.get("85010001")
    assert user is not None
    assert (user.nama, user.whatsapp) == ("Ani Baru", "819012345678")
    assert last_audit(unit)[3] == {"fields": ["nama"]}


def test_a_client_is_added_by_an_admin_only(people: People, unit: Store) -> None:
    fields = {
        "client_id": "polres_c", "nama": "Polres C", "client_type": "ORG", "timezone": "Asia/Jayapura",
        "threshold": "66,7", "client_insta": "@Polres.C", "client_operator": "081234567890",
        "posts_until": "20.00", "days_off": "Libur, minggu",
    }  # fmt: skip
    assert people.operator.post("/klien-baru", fields).status_code == 403
    added = people.admin.post("/klien-baru", fields)
    assert (added.status_code, added.headers["location"]) == (303, "/klien/POLRES_C?ok=klien")
    assert unit.clients.get("POLRES_C") == Client(
        client_id="POLRES_C", nama="Polres C", timezone="Asia/Jayapura", threshold=0.667,
        client_insta="polres.c", client_operator="6281234567890", posts_until="20:00",
        days_off="sun,holidays",
    )  # fmt: skip
    assert last_audit(unit) == ("client.added", "admin", "POLRES_C", {})
    assert "Klien POLRES_C sudah ada." in text_of(people.admin.post("/klien-baru", fields))
    wrong = text_of(
        people.admin.post(
            "/klien-baru", {**fields, "client_id": "a b", "threshold": "101", "timezone": "UTC"}
        )
    )
    assert "3 isian perlu diperbaiki" in wrong
    assert "Ambang sudah lebih dari 0% dan paling tinggi 100%." in wrong


def test_a_client_is_changed_by_an_admin_only(people: People, unit: Store) -> None:
    fields = {
        "versi": version(people.admin, CHANGE_CLIENT), "nama": "Polres A", "client_type": "ORG",
        "timezone": "Asia/Jakarta", "threshold": "75", "client_insta": "polres.a", "client_status": "ya",
        "client_insta_status": "ya",
    }  # fmt: skip
    assert people.admin.post(CHANGE_CLIENT, fields).status_code == 303
    client = unit.clients.get("POLRES_A")
    assert client is not None
    assert (client.threshold, client.client_tiktok, client.client_tiktok_status) == (
        0.75,
        None,
        False,
    )
    assert last_audit(unit)[3] == {"fields": ["client_tiktok", "client_tiktok_status", "threshold"]}
    assert people.admin.post(CHANGE_CLIENT, fields).status_code == 409
    for other in (people.operator, people.viewer):
        assert other.get(CHANGE_CLIENT).status_code == 403
        assert other.post(CHANGE_CLIENT, fields).status_code == 403
        assert "Pengaturan" not in other.get("/klien/POLRES_A").text
    assert "Pengaturan" in people.admin.get("/klien/POLRES_A").text


def test_an_account_that_two_clients_have_is_pointed_out(people: People, unit: Store) -> None:
    fields = {
        "client_id": "POLRES_C", "nama": "Polres C", "client_type": "ORG", "timezone": "Asia/Jakarta",
        "threshold": "50", "client_insta": "Polres.A", "client_tiktok": "polres.c",
    }  # fmt: skip
    added = people.admin.post("/klien-baru", fields)
    assert added.headers["location"] == "/klien/POLRES_C/ubah?ok=klien"
    text = text_of(people.admin.get(added.headers["location"]))
    assert "Data klien sudah disimpan." in text
    assert "Akun Instagram Akun ini juga tercatat pada Polres A." in text
    assert text.count("juga tercatat") == 1
