from __future__ import annotations

import pytest

from cicero_cli.domain.roster.heading_words import field_of, nearest_field
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_headings import Table, find_headings
from cicero_cli.errors import InputError


def table(text: str, *ignore: str) -> Table:
    return find_headings(read_csv(text.encode(), "a.csv"), ignore)


def names(found: Table) -> dict[str, str]:
    return {field: found.header[index] for field, index in found.positions.items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NRP / NIP", "user_id"),
        ("NRP/\nNIP", "user_id"),
        ("NRP (wajib)", "user_id"),
        ("Nama Personil", "nama"),
        ("NAMA LENGKAP DAN GELAR", "nama"),
        ("PANGKAT / GOL", "title"),
        ("Pangkat/Golongan Ruang", "title"),
        ("NO. HP / WA", "whatsapp"),
        ("No. HP/WA (aktif)", "whatsapp"),
        ("Nomor Handphone", "whatsapp"),
        ("Nama Akun Instagram", "insta"),
        ("AKUN MEDSOS INSTAGRAM", "insta"),
        ("Link Profil IG", "insta"),
        ("User Name Tik-Tok", "tiktok"),
        ("Alamat E-mail", "email"),
        ("Nama Satfung", "divisi"),
        ("SAT / FUNG", "divisi"),
        ("NRP/NIP/NIK", "user_id"),
        ("Username IG (contoh: polres.a, tanpa @)", "insta"),
        ("NIK", None),
        ("No.", None),
        ("Alamat", None),
        ("PANGKAT / NRP", None),
        ("Nama / NRP", None),
        ("Instagram 2", None),
        ("No HP Istri", None),
        ("x" * 100_000, None),
    ],
)
def test_a_heading_is_known_with_its_qualifiers(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Instragam", "insta"),
        ("Tiktot", "tiktok"),
        ("Pankat", "title"),
        ("No HP Istri", "whatsapp"),
        ("PANGKAT / NRP", "title"),
        ("Pengcualian", "exception"),
        ("Email2", "email"),
        ("No", None),
        ("NIK", None),
        ("Alamat", None),
        ("Agama", None),
        ("Tempat / Tgl Lahir", None),
        ("Keterangan", None),
        ("Jenis Kelamin", None),
        ("Facebook", None),
        ("x" * 100_000, None),
    ],
)
def test_what_looks_like_a_heading_has_its_nearest_field(heading: str, field: str | None) -> None:
    assert nearest_field(heading) == field


def test_titles_stand_above_the_headings_and_numbers_below() -> None:
    found = table(
        "DATA PERSONEL,,\nTAHUN 2026,,\n\nNRP,NAMA,IG\n(1),(2),(3)\n1,Budi,b\nNRP,NAMA,IG\n2,Siti,s\n"
    )
    assert names(found) == {"user_id": "NRP", "nama": "NAMA", "insta": "IG"}
    assert [row.line for row in found.rows] == [6, 8]


def test_headings_on_two_rows_are_one() -> None:
    found = table("NO,NRP,NAMA,MEDIA SOSIAL,,KET\n,,,INSTAGRAM,TIKTOK,\n1,2,3,4,5,6\n1,85,B,b,c,\n")
    assert names(found) == {
        "user_id": "NRP",
        "nama": "NAMA",
        "insta": "INSTAGRAM",
        "tiktok": "TIKTOK",
    }
    assert (found.ignored, [row.line for row in found.rows]) == (["NO", "KET"], [4])
    below = table("IDENTITAS,,AKUN,\nNRP,NAMA,IG,TIKTOK\n1,Budi,b,c\n")
    assert [row.line for row in below.rows] == [3]


def test_the_unit_is_the_division_only_where_there_is_no_other() -> None:
    assert names(table("NRP,Satker\n1,SAT LANTAS\n"))["divisi"] == "Satker"
    both = table("NRP,Satker,Satfung\n1,POLRES A,SAT LANTAS\n")
    assert (names(both)["divisi"], both.ignored) == ("Satfung", ["Satker"])


def test_a_column_that_looks_known_is_a_question() -> None:
    with pytest.raises(InputError) as caught:
        table("NRP,Nama,Instragam,No HP Istri,Alamat\n1,B,b,0812,x\n")
    assert caught.value.line == (
        "a.csv: there is no saying what these columns are: 'Instragam' (is it insta?), 'No HP Istri' (is it whatsapp?)"
        " (say what they are with --map 'HEADING=FIELD', or leave them out with --ignore-column)"
    )
    left_out = table("NRP,Nama,Instragam,No HP Istri\n1,B,b,0812\n", "instragam", "NO HP ISTRI")
    assert left_out.ignored == ["Instragam", "No HP Istri"]
    answered = table("NRP,Nama,HP,No HP Istri\n1,B,0812,0813\n")
    assert answered.ignored == ["No HP Istri"]


@pytest.mark.parametrize(
    ("text", "ignore", "expected"),
    [
        ("", [], "a.csv is empty (the first line holds the headings, such as nrp,nama,pangkat,satfung,insta)"),
        ("\n ;\n", [], "a.csv is empty (the first line holds the headings, such as nrp,nama,pangkat,satfung,insta)"),
        ("NRP Anggota Polri 1,Nama\n1,B\n", [], "a.csv has no column user_id (or NRP, NIP); its first line is 'NRP Anggota Polri 1', 'Nama' (is 'NRP Anggota Polri 1' the column of the ids? call it NRP)"),
        ("DATA,,\nNo,Nama,IG\n1,B,b\n", [], "a.csv has no column user_id (or NRP, NIP); line 2 is 'No', 'Nama', 'IG' (the headings, such as nrp,nama,pangkat,satfung,insta, were looked for in the first 20 lines)"),
        ("NRP,Nama\n1,B\n", ["x"], "a.csv has no column 'x' (it has: 'NRP', 'Nama')"),
        ("NRP,Nama\n1,B\n", ["nrp"], "a.csv: the column of the ids cannot be left out"),
    ],
)  # fmt: skip
def test_headings_that_say_too_little_are_refused(
    text: str, ignore: list[str], expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        table(text, *ignore)
    assert caught.value.line == expected


def test_headings_whose_cells_are_one_over_both_rows_stand_above_the_others() -> None:
    found = table(
        "NO,IDENTITAS,,SATFUNG,AKUN,,NO HP\n,NRP,NAMA,,IG,FACEBOOK,\n1,85010101,Budi,SAT LANTAS,budi,b,0812\n"
    )
    assert names(found) == {
        "user_id": "NRP", "nama": "NAMA", "divisi": "SATFUNG", "insta": "IG", "whatsapp": "NO HP",
    }  # fmt: skip
    assert [row.line for row in found.rows] == [3]


def test_the_lower_half_of_headings_may_hold_some_that_nobody_knows() -> None:
    found = table("NRP,NAMA,MEDSOS,,\n,,IG,FACEBOOK,TIKTOK\n85010101,Budi,budi,b,budi_\n")
    assert names(found) == {"user_id": "NRP", "nama": "NAMA", "insta": "IG", "tiktok": "TIKTOK"}
    assert found.ignored == ["FACEBOOK"]


def test_a_title_above_the_headings_is_none_of_them() -> None:
    found = table("POLRES A,,\nNO,NRP,NAMA\n1,85010101,Budi\n")
    assert found.header == ["NO", "NRP", "NAMA"]
