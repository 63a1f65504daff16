"""The workbook of a laphar has the figures of its text."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment
from cicero_cli.services.attendance.laphar import Laphar, draft_laphar, load_template
from cicero_cli.services.attendance.laphar_workbook import write_laphar_workbook
from tests.services.fakes import at, likes, set_clock, shown

DAY = date(2026, 11, 21)
NIGHT = at("2026-11-21 14:00")
DIT = Client(client_id="DIT", nama="Dit Binmas", client_insta="dit", audience="below")
PEOPLE = (
    {"nama": "Ani", "title": "AKP", "divisi": "SAT LANTAS", "insta": "ani"},
    {"nama": "=Budi", "divisi": "BAG OPS", "insta": "budi"},
    {"nama": "Citra", "divisi": "Sat Lantas", "insta": "citra"},
    {"nama": "Dewi"},
    {"nama": "Eka", "divisi": "BAG OPS", "insta": "eka", "exception": True},
)


@pytest.fixture
def directorate(store: Store) -> Client:
    """Two units below it, all of the people in the first; two posts, of which Ani likes both and Budi one."""
    set_clock(store, "2026-11-01 03:00")
    store.clients.add(DIT)
    for unit in ("POLRES_A", "POLRES_B"):
        store.clients.add(Client(client_id=unit, nama=unit.title(), under="DIT"))
    for number, words in enumerate(PEOPLE, start=1):
        store.users.add(User(user_id=f"{number}", client_id="POLRES_A", **words))
    set_clock(store, "2026-11-21 03:00")
    posts = [shown(key, f"2026-11-21 0{hour}:00", 2) for hour, key in enumerate("pq", start=1)]
    store.posts(Platform.INSTA).store("DIT", posts, now=NIGHT)
    for post in store.posts(Platform.INSTA).list("DIT", first_day=DAY, last_day=DAY):
        who = ["ani", "budi"] if post.post_key == "p" else ["ani"]
        store.engagement(Platform.INSTA).store(post.post_id, likes(*who), now=NIGHT)
    found = store.clients.get("DIT")
    assert found is not None
    return found


def laphar_of(
    store: Store, client: Client, *platforms: Platform, unit: str | None = None
) -> Laphar:
    draft = draft_laphar(
        store,
        client,
        platforms or (Platform.INSTA,),
        Moment(DAY, None),
        template=load_template(None),
        per_konten=False,
        now=NIGHT,
    )
    return (draft.of_unit(unit) if unit else draft).word(LapharMode.SEMUA)


def sheets_of(laphar: Laphar) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_laphar_workbook(laphar)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_has_the_figures_of_the_text(store: Store, directorate: Client) -> None:
    laphar = laphar_of(store, directorate, Platform.INSTA, Platform.TIKTOK)
    sheets = sheets_of(laphar)
    assert [*sheets] == [
        "Ringkasan", "Konten", "Instagram", "TikTok",
        "insta POLRES_A", "insta POLRES_B", "tiktok POLRES_A", "tiktok POLRES_B",
    ]  # fmt: skip
    summary = [row[:7] for row in sheets["Ringkasan"]]
    assert [row[0] for row in summary[:2]] == [
        "Laphar Dit Binmas",
        "Sabtu, 21 November 2026 (data per Sabtu, 21 November 2026, pukul 21.00 WIB)",
    ]
    assert [row[0] for row in summary[3:5]] == [
        "Instagram: 2 konten",
        "Sudah = minimal 1 dari 2 konten.",
    ]
    assert (
        summary[5][0]
        == "Data terbaca 75% (3 dari 4 like); sebagian personel mungkin belum tercatat."
    )
    assert summary[6:15] == [
        [
            "Kelompok",
            "Personel",
            "Sudah",
            "Belum",
            "Tanpa username",
            "Dikecualikan",
            "Persen sudah",
        ],
        ["Semua", 5, 3, 1, 1, 1, 0.6],
        ["Polres_A", 5, 3, 1, 1, 1, 0.6],
        ["Polres_B", 0, 0, 0, 0, 0, ""],
        [""] * 7,
        ["Divisi", "Personel", "Sudah", "Belum", "Tanpa username", "Dikecualikan", "Persen sudah"],
        ["BAG OPS", 2, 2, 0, 0, 1, 1],
        ["SAT LANTAS", 2, 1, 1, 0, 0, 0.5],
        ["Tanpa divisi", 1, 0, 0, 1, 0, 0],
    ]
    insta = laphar.text.split("*TIKTOK*")[0]
    told = {
        word: int(number)
        for word, number in re.findall(
            r"^\*?(Personel|Sudah|Belum|Tanpa username): (\d+)", insta, re.M
        )
    }
    assert [*told.values()] == summary[7][1:5]
    assert any("belum berhasil diambil" in str(row[0]) for row in summary[15:])
    assert sheets["Konten"][4][:5] == [
        1, "Instagram", at("2026-11-21 08:00").replace(tzinfo=None), laphar.attendances[0].posts[0].url, 2,
    ]  # fmt: skip
    assert sheets["insta POLRES_A"] == sheets["Instagram"]
    assert [[*row[:1], *row[4:]] for row in sheets["Instagram"][4:]] == [
        [1, "=Budi", "BAG OPS", "budi", 1, 2, 0.5, "Sudah"],
        [2, "Eka", "BAG OPS", "eka", 2, 2, 1, "Dikecualikan"],
        [3, "Ani", "SAT LANTAS", "ani", 2, 2, 1, "Sudah"],
        [4, "Citra", "Sat Lantas", "citra", 0, 2, 0, "Belum"],
        [5, "Dewi", "", "", 0, 2, 0, "Tanpa username"],
    ]


def test_a_units_workbook_has_its_people_alone(store: Store, directorate: Client) -> None:
    sheets = sheets_of(laphar_of(store, directorate, unit="polres_a"))
    assert [*sheets] == ["Ringkasan", "Konten", "Instagram"]
    assert sheets["Ringkasan"][0][0] == "Laphar Dit Binmas oleh personel Polres_A"
    assert {row[1] for row in sheets["Instagram"][4:]} == {"POLRES_A"}
    assert laphar_of(store, directorate).made_at == NIGHT
