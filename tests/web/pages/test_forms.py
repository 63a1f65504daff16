from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from cicero_cli.domain.clients import Client
from cicero_cli.repositories.store import Store, connect
from tests.web.conftest import wait_until, waits_for_lock
from tests.web.pages.conftest import People, Visitor, hidden, text_of

NEW_USER = "/klien/POLRES_A/personel/baru"
CHANGE_USER = "/klien/POLRES_A/personel/ubah"
CHANGE_CLIENT = "/klien/POLRES_A/ubah"


def version(visitor: Visitor, path: str) -> str:
    return hidden(visitor.get(path), "versi")


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
    assert "expected" not in refused.text


def test_two_active_users_share_no_handle(people: People, unit: Store) -> None:
    fields = {"user_id": "77", "nama": "Gita", "insta": "ani"}
    refused = people.operator.post(NEW_USER, fields)
    assert "sudah dipakai Ani (85010001)" in text_of(refused)
    assert unit.users.get("77") is None


def test_a_user_is_changed(people: People, unit: Store) -> None:
    path = f"{CHANGE_USER}?personel=85010002"
    form = people.operator.get(path)
    assert 'value="budi"' in form.text
    fields = {
        "personel": "85010002", "versi": hidden(form, "versi"), "nama": "Budi", "title": "AIPDA",
        "divisi": "BAG OPS", "insta": "@budi.baru", "status": "ya",
    }  # fmt: skip
    assert people.operator.post(CHANGE_USER, fields).status_code == 303
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
    # the form that somebody else still has open writes over nothing
    stale = people.operator.post(CHANGE_USER, {**fields, "nama": "Bukan Budi"})
    assert (stale.status_code, "baru saja diubah orang lain" in stale.text) == (409, True)
    assert 'value="budi.baru"' in stale.text
    assert unit.users.get("85010002") == user


def test_a_user_of_another_client_is_not_changed_through_ones_own(
    people: People, unit: Store
) -> None:
    assert people.operator.get(f"{CHANGE_USER}?personel=8501000B").status_code == 404
    fields = {"personel": "8501000B", "nama": "X", "versi": "x"}
    assert people.operator.post(CHANGE_USER, fields).status_code == 404
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
    fields = {
        "personel": "85010002", "nama": "X", "versi": version(people.operator, f"{CHANGE_USER}?personel=85010002"),
    }  # fmt: skip
    with (
        ThreadPoolExecutor(1) as threads,
        connect(database, hint="") as connection,
        Store(connection).transaction(),
    ):
        connection.execute("UPDATE \"user\" SET client_id = 'POLRES_B' WHERE user_id = '85010002'")
        asked = threads.submit(people.operator.post, CHANGE_USER, fields)
        wait_until(lambda: waits_for_lock(connection))
    assert asked.result().status_code == 404
    user = unit.users.get("85010002")
    assert user is not None
    assert (user.client_id, user.nama) == ("POLRES_B", "Budi")


def test_a_foreign_number_stays_what_it_is(people: People, unit: Store) -> None:
    unit.connection.execute(
        "UPDATE \"user\" SET whatsapp = '819012345678' WHERE user_id = '85010001'"
    )
    form = people.operator.get(f"{CHANGE_USER}?personel=85010001")
    assert 'value="+819012345678"' in form.text
    fields = {
        "personel": "85010001", "versi": hidden(form, "versi"), "nama": "Ani Baru", "title": "IPTU",
        "divisi": "BAG OPS", "insta": "ani", "tiktok": "ani", "whatsapp": "+819012345678",
        "status": "ya", "wa_opt_in": "ya",
    }  # fmt: skip
    assert people.operator.post(CHANGE_USER, fields).status_code == 303
    user = unit.users.get("85010001")
    assert user is not None
    assert (user.nama, user.whatsapp) == ("Ani Baru", "819012345678")
    assert last_audit(unit)[3] == {"fields": ["nama"]}


def test_a_client_is_added_by_an_admin_only(people: People, unit: Store) -> None:
    fields = {
        "client_id": "polres_c", "nama": "Polres C", "client_type": "ORG", "timezone": "Asia/Jayapura",
        "threshold": "66,7", "client_insta": "@Polres.C", "client_operator": "081234567890",
    }  # fmt: skip
    assert people.operator.post("/klien-baru", fields).status_code == 403
    added = people.admin.post("/klien-baru", fields)
    assert (added.status_code, added.headers["location"]) == (303, "/klien/POLRES_C?ok=klien")
    assert unit.clients.get("POLRES_C") == Client(
        client_id="POLRES_C", nama="Polres C", timezone="Asia/Jayapura", threshold=0.667,
        client_insta="polres.c", client_operator="6281234567890",
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


def test_a_client_is_changed_by_its_operator(people: People, unit: Store) -> None:
    fields = {
        "versi": version(people.operator, CHANGE_CLIENT), "nama": "Polres A", "client_type": "ORG",
        "timezone": "Asia/Jakarta", "threshold": "75", "client_insta": "polres.a", "client_status": "ya",
        "client_insta_status": "ya",
    }  # fmt: skip
    assert people.operator.post(CHANGE_CLIENT, fields).status_code == 303
    client = unit.clients.get("POLRES_A")
    assert client is not None
    assert (client.threshold, client.client_tiktok, client.client_tiktok_status) == (
        0.75,
        None,
        False,
    )
    assert last_audit(unit)[3] == {"fields": ["client_tiktok", "client_tiktok_status", "threshold"]}
    assert people.operator.post(CHANGE_CLIENT, fields).status_code == 409
    assert people.viewer.post(CHANGE_CLIENT, fields).status_code == 403
