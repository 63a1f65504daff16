"""Complaints on the page: kept from a person's explanation, shown with the figures then and now, closed."""

from __future__ import annotations

from cicero_cli.domain.attendance.complaints import Via
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.complaints import open_complaint
from cicero_cli.services.messaging.complaint_answers import prove_complaints
from tests.services.fakes import BY, at
from tests.web.pages.conftest import DAY, NOON, People, fetched, text_of

LIST = "/klien/POLRES_A/komplain"
NEW = f"{LIST}/baru?personel=85010002"
EVIL = "<script>alert(1)</script> sudah like"


def test_a_complaint_is_kept_proved_and_closed(people: People, unit: Store) -> None:
    explained = people.operator.get(f"/klien/POLRES_A/penjelasan?personel=85010002&hari={DAY}")
    assert f'href="{LIST}/baru?personel=85010002&amp;hari={DAY}"' in explained.text
    assert "Konten hari" in text_of(people.operator.get(f"{NEW}&hari={DAY}"))
    nothing = people.operator.post(NEW, {"hari": DAY, "isi": "  ", "username": "budi.baru"})
    assert (nothing.status_code, "Tulis apa yang disampaikan" in nothing.text) == (400, True)
    assert 'value="budi.baru"' in nothing.text
    assert people.operator.post(NEW, {"hari": "2999-01-01", "isi": "x"}).status_code == 400
    kept = people.operator.post(
        NEW, {"hari": DAY, "isi": EVIL, "platform": "insta", "username": '@Budi"><b>'}
    )
    assert (kept.status_code, kept.headers["location"]) == (303, f"{LIST}/1?ok=komplain")

    listed = people.viewer.get(LIST)
    assert "<script>" not in listed.text
    assert "Budi 85010002 · no. 1" in text_of(listed)
    assert "di halaman ini Instagram 1/3 Terbuka" in text_of(listed)
    assert "Tidak ada komplain yang cocok" in text_of(people.viewer.get(f"{LIST}?status=closed"))
    fetched(unit, Platform.INSTA, {"p1": ["ani", "budi"], "p2": ["ani", "budi"]}, total=4)
    assert prove_complaints(unit, ["POLRES_A"], now=NOON)
    page = people.operator.get(f"{LIST}/1")
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    words = text_of(page)
    assert "1 konten yang belum tercatat waktu itu sekarang terlihat." in words
    assert "https://www.instagram.com/p/p2/ Tidak terlihat terbaca 1 dari 4, 14 Jan 12.00 WIB Terlihat sejak 14 Jan 12.00 WIB" in words  # fmt: skip

    assert "Tutup komplain" not in people.viewer.get(f"{LIST}/1").text
    assert people.viewer.post(f"{LIST}/1", {"jawaban": "x"}).status_code == 403
    assert people.operator.post(f"{LIST}/1", {"jawaban": ""}).status_code == 400
    closed = people.operator.post(f"{LIST}/1", {"jawaban": "Benar <b>sekali</b>"})
    assert closed.headers["location"] == f"{LIST}/1?ok=tutup"
    assert "oleh operator: Benar <b>sekali</b>" in text_of(people.viewer.get(f"{LIST}/1")).replace(
        "&lt;", "<"
    )
    twice = people.operator.post(f"{LIST}/1", {"jawaban": "lagi"})
    assert (twice.status_code, "sudah ditutup" in twice.text) == (400, True)


def test_another_units_complaints_and_people_are_not_found(people: People, unit: Store) -> None:
    unit.clients.add(Client(client_id="POLRES_C", nama="Polres C"))
    theirs = User(user_id="9", client_id="POLRES_C", nama="Fajar")
    unit.users.add(theirs)
    number = open_complaint(
        unit, theirs, issue="sudah", via=Via.COMMAND, by=BY, now=at(f"{DAY} 06:00")
    ).complaint_id
    assert people.admin.get(f"/klien/POLRES_C/komplain/{number}").status_code == 200
    assert people.operator.get(f"/klien/POLRES_C/komplain/{number}").status_code == 403
    for path in (f"{LIST}/{number}", f"{LIST}/x", f"{LIST}/77"):
        assert people.operator.get(path).status_code == 404, path
        assert people.operator.post(path, {"jawaban": "x"}).status_code == 404, path
    for path in (f"{LIST}/baru?personel=9", f"{LIST}/baru?personel=nobody"):
        assert people.operator.get(path).status_code == 404, path
        assert people.operator.post(path, {"isi": "x"}).status_code == 404, path
    assert people.viewer.get(NEW).status_code == 403
    assert "Belum ada komplain." in text_of(people.operator.get(LIST))
