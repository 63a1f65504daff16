"""The recap of a period is the sum of its days, each by its own roster, whatever has changed in between."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.period_recap import PeriodRecap, period_document
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import Holiday
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.attendance.period_recap import PeriodRecapRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.attendance.period_recap import (
    choose_period,
    read_grids,
    read_period_recap,
    write_period_report,
)
from cicero_cli.services.attendance.recap_workbook import write_recap_workbook
from tests.services.fakes import at, likes, set_clock, shown

INSTA = Platform.INSTA
MONDAY = date(2026, 11, 16)
NOW = at("2026-11-22 12:00")
POLRES_A = Client(client_id="POLRES_A", nama="Polres A", client_insta="polres.a")
BUDI = User(
    user_id="1", client_id="POLRES_A", nama="Budi", title="AKP", divisi="SAT LANTAS", insta="budi"
)
ANI = User(user_id="2", client_id="POLRES_A", nama="Ani", divisi="Sat Lantas", insta="ani")
CITRA = User(user_id="3", client_id="POLRES_A", nama="Citra", divisi="BAG OPS", insta="citra")
DODI = User(user_id="4", client_id="POLRES_A", nama="Dodi", exception=True)


@pytest.fixture
def week(store: Store) -> Client:
    """Two posts a day but on Thursday; Budi likes all, Ani the first one, Citra those of Monday. Friday was never fetched.

    On Wednesday Ani goes to POLRES_B, Budi to BAG OPS, and the threshold rises; Citra is on leave on Tuesday.
    """
    set_clock(store, "2026-11-01 03:00")
    store.clients.add(POLRES_A)
    store.clients.add(replace(POLRES_A, client_id="POLRES_B", nama="Polres B", client_insta=None))
    for user in (BUDI, ANI, CITRA, DODI):
        store.users.add(user)
    for number in range(-7, 4):
        day = MONDAY + timedelta(days=number)
        set_clock(store, f"{day} 03:00")
        if number == 2:
            store.users.update(replace(ANI, client_id="POLRES_B"))
            store.users.update(replace(BUDI, divisi="BAG OPS"))
            store.clients.update(replace(POLRES_A, threshold=1.0))
        read = at(f"{day} 08:00")
        store.posts(INSTA).remember_listing("POLRES_A", day, day, now=read)
        if number == 3:
            continue
        store.posts(INSTA).store(
            "POLRES_A", [shown(f"{day}-{n}", f"{day} 0{n}:00") for n in (1, 2)], now=read
        )
        for post in store.posts(INSTA).list("POLRES_A", first_day=day, last_day=day):
            first = post.post_key.endswith("-1")
            who = ["budi", *(["ani"] if first else []), *(["citra"] if number == 0 else [])]
            store.engagement(INSTA).store(post.post_id, likes(*who), now=read)
    store.history.add_leave(
        "3", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), "cuti", None
    )
    set_clock(store, "2026-11-22 03:00")
    found = store.clients.get("POLRES_A")
    assert found is not None
    return found


def recap_of(store: Store, client: Client, period: str) -> PeriodRecap:
    return read_period_recap(store, client, INSTA, choose_period(client, period, now=NOW))


def test_a_week_is_the_sum_of_its_days(store: Store, week: Client) -> None:
    recap = recap_of(store, week, "2026-11-16..2026-11-20")
    people: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    divisions: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for number in range(5):
        moment = Moment(MONDAY + timedelta(days=number), None)
        for user in read_attendance(store, week, INSTA, moment).users:
            figures, sums = people[user.user_id], divisions[division_key(user.divisi)]
            if user.status is not Status.DIKECUALIKAN:
                figures[:] = [
                    figures[0] + user.done,
                    figures[1] + user.total,
                    figures[2] + (user.sudah and user.total > 0),
                    figures[3] + (user.total > 0),
                ]
                sums[:] = [sums[0] + user.done, sums[1] + user.total]
    assert {
        row.user_id: [row.done, row.total, row.sudah_days, row.days] for row in recap.users
    } == people
    assert {division_key(row.divisi): [row.done, row.total] for row in recap.divisions} == divisions
    assert (recap.done, recap.total) == tuple(map(sum, zip(*divisions.values(), strict=True)))


def test_a_recap_says_who_where_and_how_much(store: Store, week: Client) -> None:
    document = period_document(recap_of(store, week, "minggu"))
    assert document == {
        "client_id": "POLRES_A",
        "platform": "insta",
        "period": {"from": "2026-11-16", "to": "2026-11-22"},
        "posts": 6,
        "days_without_data": ["2026-11-20", "2026-11-21", "2026-11-22"],
        "days_off": [],
        "users": [
            _user("1", "Budi", "AKP", "BAG OPS", done=6, total=6, sudah_days=3, days=3),
            _user("3", "Citra", None, "BAG OPS", done=2, total=4, sudah_days=1, days=2),
            _user("2", "Ani", None, "Sat Lantas", done=2, total=4, sudah_days=2, days=2),
            _user("4", "Dodi", None, None, done=0, total=0, sudah_days=0, days=0),
        ],
        "divisions": [
            {"divisi": "BAG OPS", "users": 2, "done": 4, "total": 6, "share": 2 / 3, "change": 2 / 3},
            {
                "divisi": "SAT LANTAS", "users": 2, "done": 6, "total": 8, "share": 0.75, "change": 0.0,
            },
            {"divisi": None, "users": 1, "done": 0, "total": 0, "share": None, "change": None},
        ],
        "units": [
            {
                "client_id": "POLRES_A", "nama": "Polres A", "users": 4, "done": 10, "total": 14,
                "share": 10 / 14, "change": 10 / 14 - 0.5,
            }
        ],
    }  # fmt: skip


def test_the_message_leads_with_divisions_and_names_days_without_data(
    store: Store, week: Client
) -> None:
    period = choose_period(week, "minggu", now=NOW)
    report = write_period_report(
        store, week, [INSTA], period, template=load_template(None, PERIOD_TEMPLATE), now=NOW
    )
    assert report.text == (
        "Selamat malam, izin melaporkan rekap like Instagram *Polres A*.\n"
        "Senin, 16 November 2026 s.d. Minggu, 22 November 2026\n"
        "(data per Minggu, 22 November 2026, pukul 19.00 WIB)\n"
        "\n"
        "*Konten: 6, personel: 4*\n"
        "Terlaksana: *71,4%* (naik 21,4 poin)\n"
        "_Data tidak pernah diambil: 20 s.d. 22 November 2026._\n"
        "\n"
        "*PER DIVISI (3)*\n"
        "1. BAG OPS: 66,7%, naik 66,7 (2 personel)\n"
        "2. SAT LANTAS: 75%, tetap (2 personel)\n"
        "3. TANPA DIVISI: - (1 personel)\n"
        "\n"
        "*TERATAS*\n"
        "1. SAT LANTAS: 75% (6/8)\n"
        "2. BAG OPS: 66,7% (4/6)\n"
        "Paling naik: BAG OPS (naik 66,7 poin)\n"
        "Mengerjakan seluruhnya: 1 personel\n"
        "\n"
        "*PER PERSONEL*\n"
        "\n"
        "*BAG OPS (2)*\n"
        "1. AKP Budi 6/6 (100%)\n"
        "2. Citra 2/4 (50%)\n"
        "\n"
        "*SAT LANTAS (1)*\n"
        "1. Ani 2/4 (50%)\n"
        "\n"
        "*TANPA DIVISI (1)*\n"
        "1. Dodi -\n"
        "\n"
        "Demikian dilaporkan, terima kasih.\n"
    )


def test_a_workbook_has_the_figures_of_the_text(store: Store, week: Client) -> None:
    store.history.patch_client("POLRES_A", MONDAY, {"days_off": "thu,holidays"})
    store.clients.holidays.add(Holiday(date(2026, 11, 18), "Hari *Uji*", "POLRES_A"))
    period = choose_period(week, "minggu", now=NOW)
    report = write_period_report(
        store, week, [INSTA], period, template=load_template(None, PERIOD_TEMPLATE), now=NOW
    )
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(write_recap_workbook(report, read_grids(store, report)))
    )
    assert book.sheet_names == ["Ringkasan", "Harian", "Instagram"]
    summary = book.get_sheet_by_name("Ringkasan").to_python()
    assert summary[0][0] == "Rekap Polres A"
    assert summary[1][0] == "Senin, 16 November 2026 s.d. Minggu, 22 November 2026"
    assert [row[:6] for row in summary[3:11]] == [
        ["Instagram: 6 konten", "", "", "", "", ""],
        ["Data tidak pernah diambil: 20-11-2026, 21-11-2026, 22-11-2026", "", "", "", "", ""],
        ["Hari libur: 18 November 2026 (Hari Uji); 19 November 2026", "", "", "", "", ""],
        ["Kelompok", "Personel", "Terlaksana", "Wajib", "Persen", "Perubahan"],
        ["Semua", 4, 10, 14, 10 / 14, pytest.approx(10 / 14 - 0.5)],
        ["BAG OPS", 2, 4, 6, 2 / 3, pytest.approx(2 / 3)],
        ["SAT LANTAS", 2, 6, 8, 0.75, 0],
        ["Tanpa divisi", 1, 0, 0, "", ""],
    ]
    days = book.get_sheet_by_name("Harian").to_python()
    assert [row[1:8] for row in days[3:]] == [
        ["Tanggal", "Hari", "Konten", "Terlaksana", "Wajib", "Persen", "Keterangan"],
        [MONDAY, "Senin", 2, 5, 6, pytest.approx(5 / 6), ""],
        [date(2026, 11, 17), "Selasa", 2, 3, 4, 0.75, ""],
        [date(2026, 11, 18), "Rabu", 2, 2, 4, 0.5, "Hari libur: Hari Uji"],
        [date(2026, 11, 19), "Kamis", 0, 0, 0, "", "Hari libur: Kamis; Tidak ada konten"],
        *(
            [date(2026, 11, number), name, 0, 0, 0, "", "Data tidak pernah diambil"]
            for number, name in ((20, "Jumat"), (21, "Sabtu"), (22, "Minggu"))
        ),
    ]
    people = book.get_sheet_by_name("Instagram").to_python()
    none = [""] * 4
    assert people[3:] == [
        [
            "No", "Satuan", "NRP/NIP", "Pangkat", "Nama", "Divisi", "Terlaksana", "Wajib", "Persen",
            "Hari sudah", "Hari wajib", *(date(2026, 11, number) for number in range(16, 23)),
        ],
        [1, "POLRES_A", "1", "AKP", "Budi", "BAG OPS", 6, 6, 1, 3, 3, 1, 1, 1, *none],
        [2, "POLRES_A", "3", "", "Citra", "BAG OPS", 2, 4, 0.5, 1, 2, 1, "", 0, *none],
        [3, "POLRES_A", "2", "", "Ani", "Sat Lantas", 2, 4, 0.5, 2, 2, 0.5, 0.5, "", *none],
        [4, "POLRES_A", "4", "", "Dodi", "", 0, 0, "", 0, 0, "", "", "", *none],
    ]  # fmt: skip


def test_the_days_of_everybody_add_up_to_the_recap(store: Store, week: Client) -> None:
    recap = recap_of(store, week, "minggu")
    repository = PeriodRecapRepository(store.connection, INSTA)
    grid = repository.read_grid("POLRES_A", recap.period.span)
    assert sum(day.done for day in grid.sums()) == recap.done
    assert sum(day.total for day in grid.sums()) == recap.total
    for user in recap.users:
        assert sum(one or 0 for one in grid.done.get(user.user_id, ())) == user.done


def _user(
    user_id: str, nama: str, title: str | None, divisi: str | None, **figures: int
) -> dict[str, object]:
    share = figures["done"] / figures["total"] if figures["total"] else None
    return {
        "user_id": user_id, "nama": nama, "title": title, "divisi": divisi, "client_id": "POLRES_A",
        **figures, "share": share,
    }  # fmt: skip
