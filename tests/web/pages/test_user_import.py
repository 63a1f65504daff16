from __future__ import annotations

import io

import requests
import xlsxwriter

from cicero_cli.repositories.database.store import Store
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.pages import user_import
from tests.web.pages.conftest import People, Visitor, hidden, text_of

UPLOAD = "/klien/POLRES_A/impor"
APPLY = "/klien/POLRES_A/impor/terapkan"
GOOD = "NRP,Nama,Satfung,Instagram\n85010002,Budi,SAT LANTAS,budi.baru\n900,Fajar,SI HUMAS,fajar\n"
BAD = f"{GOOD}901,Gita,SI HUMAS,g i t a\n902,Hadi,SI HUMAS,ani\n901,Gita,,\n"


def upload(
    visitor: Visitor, content: str | bytes, name: str = "personel.csv", **fields: str
) -> requests.Response:
    body = content.encode() if isinstance(content, str) else content
    return visitor.post(UPLOAD, fields, files={"berkas": (name, body)})


def agreed(page: requests.Response, **more: str) -> dict[str, str]:
    """What the form below the difference sends."""
    return {name: hidden(page, name) for name in ("nama_berkas", "digest", "isi")} | more


def test_a_sheet_is_shown_first_and_written_when_agreed(people: People, unit: Store) -> None:
    before = unit.users.list()
    page = upload(people.operator, GOOD)
    text = text_of(page)
    assert page.status_code == 200
    assert "Baru 1 Berubah 1 Tetap 0 Tidak ada di berkas 4 Baris salah 0" in text
    assert "Budi 85010002 Satfung dari BAG OPS menjadi SAT LANTAS" in text
    assert unit.users.list() == before
    done = people.operator.post(APPLY, agreed(page))
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/klien/POLRES_A/impor?baru=1&berubah=1",
    )
    after = text_of(people.operator.get(done.headers["location"]))
    assert "Impor selesai: 1 personel baru, 1 berubah." in after
    changed = unit.users.get("85010002")
    assert changed is not None
    assert (changed.divisi, changed.insta) == ("SAT LANTAS", "budi.baru")
    [entry] = unit.audit.list(limit=1)
    assert (entry.action, entry.actor, entry.client_id) == (
        "users.imported",
        "operator",
        "POLRES_A",
    )
    assert entry.details == {
        "import": 1,
        "new": 1,
        "changed": 1,
        "deactivated": 0,
        "transferred": 0,
        "leave": 0,
        "bad_rows": 0,
        "written": 2,
    }


def test_every_bad_row_is_named_and_holds_all_back(people: People, unit: Store) -> None:
    before = unit.users.list()
    page = upload(people.operator, BAD)
    text = text_of(page)
    assert "3 baris salah. Belum ada yang disimpan." in text
    assert "5 Instagram ani Hadi (902) dan Ani (85010001, sudah terdaftar) tidak dapat" in text
    assert "4 NRP 901 NRP/NIP ini juga ada di baris 6." in text
    refused = people.operator.post(APPLY, agreed(page))
    assert (refused.status_code, unit.users.list()) == (400, before)
    done = people.operator.post(APPLY, agreed(page, lewati="ya"))
    assert done.status_code == 303
    assert unit.users.get("900") is not None
    assert unit.users.get("902") is None


def test_a_cell_that_cannot_be_read_is_named_and_holds_nothing_back(
    people: People, unit: Store
) -> None:
    page = upload(people.operator, "NRP,Nama,Instagram,No HP\n900,Fajar,f a,0812\n")
    text = text_of(page)
    assert "Baru 1 Berubah 0" in text
    assert "2 isian tidak terbaca dan dilewati" in text
    assert "2 Instagram f a" in text
    assert "2 No HP 0812 Nomor ini" in text
    assert people.operator.post(APPLY, agreed(page)).status_code == 303
    fajar = unit.users.get("900")
    assert fajar is not None
    assert (fajar.nama, fajar.insta, fajar.whatsapp) == ("Fajar", None, None)


def test_a_row_of_another_client_does_not_tell_which(people: People, unit: Store) -> None:
    sheet = "NRP,Nama\n8501000B,Gita\n"
    text = text_of(upload(people.operator, sheet))
    assert "2 NRP 8501000B Personel ini terdaftar di klien lain." in text
    assert "POLRES_B" not in text
    assert "Personel ini terdaftar di klien POLRES_B." in text_of(upload(people.admin, sheet))


def test_people_of_another_client_come_from_a_named_tab_on_request(
    people: People, unit: Store
) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, nrp in (("Lama", "900"), ("Mutasi", "8501000B")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["NRP", "Nama"])
            sheet.write_row(1, 0, [nrp, "Gita"])
    wanted = {"tab": "mutasi", "pindah": "ya"}
    unseen = upload(people.operator, file.getvalue(), "personel.xlsx", **wanted)
    assert "Personel ini terdaftar di klien lain." in text_of(unseen)
    refused = upload(people.admin, file.getvalue(), "personel.xlsx", tab="mutasi")
    assert "1 personel terdaftar di klien lain; untuk memindahkannya" in text_of(refused)
    page = upload(people.admin, file.getvalue(), "personel.xlsx", **wanted)
    text = text_of(page)
    assert "1 personel pindah ke sini dari klien lain mulai hari ini." in text
    assert "Kode klien dari POLRES_B menjadi POLRES_A" in text
    again = {name: hidden(page, name) for name in wanted}
    assert again == wanted
    assert people.admin.post(APPLY, agreed(page, **again)).status_code == 303
    moved = unit.users.get("8501000B")
    assert (moved and moved.client_id, unit.users.get("900")) == ("POLRES_A", None)
    missing = upload(people.operator, file.getvalue(), "personel.xlsx", tab="Arsip")
    assert (missing.status_code, "tidak punya tab 'Arsip'" in text_of(missing)) == (400, True)


def test_what_changed_meanwhile_is_shown_again(people: People, unit: Store) -> None:
    page = upload(people.operator, GOOD)
    unit.connection.execute("UPDATE \"user\" SET divisi = 'SPKT' WHERE user_id = '85010002'")
    stale = people.operator.post(APPLY, agreed(page))
    assert stale.status_code == 409
    assert "Data personel berubah sejak pratinjau" in stale.text
    assert "Satfung dari SPKT menjadi SAT LANTAS" in text_of(stale)
    assert unit.users.get("900") is None
    assert people.operator.post(APPLY, agreed(stale)).status_code == 303


def test_files_that_are_no_sheet_are_explained(people: People, unit: Store) -> None:
    for content, reason in (
        (b"", "personel.csv kosong."),
        (b"PK\x03\x04xxxx", "adalah buku kerja (XLSX) atau zip, bukan CSV"),
        (b"\xff\xfeN\x00\x00", "bukan teks UTF-8"),
        (b"<html><head>", "adalah halaman web, bukan lembar data"),
        (b"NRP,Nama,Instragam\n1,X,y", "'Instragam' (apakah ini insta?)"),
        (b"NRP,Nama\n1,\xe9", "baris 2 bukan UTF-8"),
        (b'NRP,Nama\n1,"x', "baris 2 tidak terbaca sebagai CSV"),
        (b"Nama,Satfung\nX,Y", "tidak punya kolom NRP atau NIP"),
        (b"NRP,NIP,Nama\n1,2,X", "sama-sama berarti user_id"),
        (b"NRP,Nama", "berisi judul kolom saja"),
    ):
        page = upload(people.operator, content)
        assert (page.status_code, reason in text_of(page)) == (400, True), text_of(page)
    assert "Pilih dahulu berkasnya." in text_of(upload(people.operator, b"", name=""))
    assert "Pilih dahulu berkasnya." in text_of(people.operator.post(UPLOAD))


def test_a_file_that_is_too_large_is_refused(people: People, unit: Store) -> None:
    page = upload(people.operator, b"x" * 1_100_000)
    assert (page.status_code, "paling besar 1 MB" in page.text) == (413, True)
    assert people.operator.post(APPLY, {"isi": "A" * 1_600_000}).status_code == 413


def test_a_file_of_too_many_lines_is_refused(people: People, unit: Store) -> None:
    lines = "NRP,Nama" + "\n7,x" * 20_001
    page = upload(people.operator, lines)
    text = text_of(page)
    assert (page.status_code, "berisi 20.002 baris; paling banyak 20.000." in text) == (400, True)


def test_a_long_difference_is_cut_where_nobody_reads_on(people: People, unit: Store) -> None:
    rows = "".join(f"1{n:05},Orang {n},orang.{n}\n" for n in range(1234))
    rows += "".join(f"2/{n:05},Orang {n},\n" for n in range(201))
    page = upload(people.operator, f"NRP,Nama,Instagram\n{rows}")
    text = text_of(page)
    assert "Baru 1.234" in text
    assert "201 baris salah." in text
    assert "dan 1 lainnya." in text
    assert "dan 1.034 lainnya." in text
    assert page.text.count("<tr>") == 200 + 200 + 2


def test_what_is_known_of_new_people_is_shown(people: People, unit: Store) -> None:
    sheet = "NRP,Nama,Satfung,Jabatan,WhatsApp\n900,Fajar,SI HUMAS,KASI HUMAS,081234567890\n"
    text = text_of(upload(people.operator, sheet))
    assert "Fajar 900 SI HUMAS KASI HUMAS - - 6281234567890" in text


def test_a_sheet_of_an_earlier_log_in_is_shown_again(people: People, unit: Store) -> None:
    page = upload(people.operator, GOOD)
    back = people.operator.post(APPLY, agreed(page) | {"csrf": "0" * 64})
    assert (back.status_code, "kirim sekali lagi" in back.text) == (403, True)
    assert unit.users.get("900") is None
    fresh = agreed(back) | {"csrf": hidden(back, "csrf")}
    assert people.operator.post(APPLY, fresh).status_code == 303
    assert unit.users.get("900") is not None


def test_large_sheets_do_not_stand_in_the_way_of_quick_questions() -> None:
    lanes = {
        route.path: route.access.lane
        for route in user_import.router.routes
        if "POST" in route.methods
    }
    assert lanes == {
        "/klien/{client_id}/impor": Lane.HEAVY,
        "/klien/{client_id}/impor/terapkan": Lane.HEAVY,
    }


def test_a_confirmation_that_was_tampered_with_writes_nothing(people: People, unit: Store) -> None:
    fields = agreed(upload(people.operator, GOOD))
    assert people.operator.post(APPLY, {**fields, "isi": "é"}).status_code == 400
    assert people.operator.post(APPLY, {**fields, "digest": "0"}).status_code == 409
    assert unit.users.get("900") is None


def test_a_file_name_is_text_and_no_path(people: People, unit: Store) -> None:
    page = upload(people.operator, GOOD, name="../../etc/<b>x</b>.csv")
    assert "<b>" not in page.text
    assert hidden(page, "nama_berkas") in {"b>.csv", "x&lt;/b&gt;.csv"}


def test_a_thousand_users_pass(people: People, unit: Store) -> None:
    rows = "".join(f"1{n:05},Orang {n},SAT LANTAS,orang.{n}\n" for n in range(2000))
    page = upload(people.operator, f"NRP,Nama,Satfung,Instagram\n{rows}")
    assert "Baru 2.000" in text_of(page)
    assert people.operator.post(APPLY, agreed(page)).status_code == 303
    first = people.operator.get("/klien/POLRES_A/personel").text
    assert first.count('scope="row"') == 1000
    third = people.operator.get("/klien/POLRES_A/personel?halaman=3").text
    assert third.count('scope="row"') == 5


def test_a_workbook_is_uploaded_as_it_is(people: People) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Personel")
        sheet.write_row(0, 0, ["DAFTAR PERSONEL"])
        sheet.write_row(1, 0, ["NRP", "Nama", "Instagram"])
        sheet.write_row(2, 0, [85019999, "Hadi", "hadi.s"])

    page = upload(people.operator, out.getvalue(), name="personel.xlsx")
    text = text_of(page)

    assert page.status_code == 200
    assert "85019999" in text
    assert "hadi.s" in text
