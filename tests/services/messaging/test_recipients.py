"""Recipients beside the client's own: each gets what was agreed, of the people that are theirs, and once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
from cicero_cli.domain.attendance.scopes import FileKind, LapharMode, Scope
from cicero_cli.domain.messaging.recipients import What
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.messaging.laphars import Announced, Sending, send_laphar
from cicero_cli.services.messaging.recipient_book import add_recipient, remove_recipient
from cicero_cli.services.messaging.recipients import list_recipients, recipients_of
from cicero_cli.services.messaging.rekaps import RecapSending, send_recaps
from tests.services.fakes import at, likes, set_clock, shown
from tests.services.fakes_whatsapp import one_database_for_all

NOW = at("2026-11-21 08:00")  # 15:00 in Jakarta
OPERATOR, KAPOLRES, LANTAS, BOTH = (f"62812111100{number:02}" for number in range(1, 5))
CLIENT = Client(
    client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_operator=OPERATOR
)
PEOPLE = {  # division, and how many of the two posts were done; None: without handle
    "Ani": ("SAT LANTAS", 2),
    "Budi": ("Sat Lantas", 1),
    "Citra": ("BAG OPS", 0),
    "Dodi": ("SATRESKRIM", None),
    "Eka": ("SATRESKRIM", 0),
    "Fitri": (None, 2),
}
BY = Actor("test", NOW)

shared_database, database = one_database_for_all()


@pytest.fixture
def store(store: Store) -> Store:
    set_clock(store, "2026-11-20 00:00")
    store.clients.add(CLIENT)
    for number, (nama, (divisi, done)) in enumerate(PEOPLE.items()):
        handle = None if done is None else nama.lower()
        store.users.add(
            User(user_id=f"{number}", client_id="POLRES_A", nama=nama, divisi=divisi, insta=handle)
        )
    store.posts(Platform.INSTA).store(
        "POLRES_A", [shown(f"p{n}", f"2026-11-21 0{n}:00", 1) for n in (1, 2)], now=NOW
    )
    (first, second) = store.posts(Platform.INSTA).list(
        "POLRES_A", first_day=NOW.date(), last_day=NOW.date()
    )
    for post, least in ((first, 1), (second, 2)):
        names = [nama.lower() for nama, (_, done) in PEOPLE.items() if (done or 0) >= least]
        store.engagement(Platform.INSTA).store(post.post_id, likes(*names), now=NOW)
    add(store, LANTAS, divisi=["satlantas"], name="Kasat Lantas")
    add(store, BOTH, divisi=["SAT RESKRIM", "BAG OPS"], mode="semua")
    add(store, KAPOLRES, mode="akumulasi", what="laphar")
    return store


def add(store: Store, number: str, client_id: str = "POLRES_A", **words: Any) -> None:
    add_recipient(store, client_id, number, words, by=BY, now=NOW)


def send(store: Store, client_id: str = "POLRES_A", **given: Any) -> Announced:
    sending = Sending(
        **{
            "scope": Scope.INSTA,
            "mode": LapharMode.BELUM,
            "day": None,
            "to": (),
            "admins": (),
            "text_limit": 60_000,
            "template": load_template(None),
            "times": (time(15), time(18), time(21)),
            **given,
        }
    )
    clients = [one for one in store.clients.list() if one.client_id == client_id]
    return send_laphar(store, clients, sending, clock=lambda: NOW)


def texts(announced: Announced) -> dict[str, str]:
    return {
        recipient: report.text for report in announced.reports for recipient in report.recipients
    }


def bodies(store: Store) -> list[tuple[str, str]]:
    return store.connection.execute(
        "SELECT recipient, body FROM outbox ORDER BY message_id"
    ).fetchall()


def cells_of(store: Store, recipient: str) -> str:
    """What the workbook holds that this one got, after its caption."""
    ((caption, content),) = store.connection.execute(
        "SELECT body, content FROM outbox JOIN attachment ON sha256 = attachment_sha256 WHERE recipient = %s",
        [recipient],
    ).fetchall()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return f"{caption}\n{sheets}"


def test_the_head_of_a_division_gets_the_part_of_its_people_and_no_name_of_another(
    store: Store,
) -> None:
    told = texts(send(store))
    assert told[LANTAS] == (
        "Selamat sore, izin melaporkan absensi like Instagram *Polres A* oleh personel *SAT LANTAS*.\n"
        "Sabtu, 21 November 2026, pukul 15.00 WIB\n\n"
        "*Konten: 2*\n"
        "1. https://www.instagram.com/p/p1/\n"
        "2. https://www.instagram.com/p/p2/\n\n"
        "*Personel: 2*\n"
        "Sudah: 2 (100%)\n"
        "Belum: 0\n"
        "_Sudah = minimal 1 dari 2 konten._\n\n"
        "Seluruh personel sudah melaksanakan.\n\n"
        "Demikian dilaporkan, terima kasih.\n"
    )
    assert told[BOTH] == (
        "Selamat sore, izin melaporkan absensi like Instagram *Polres A* oleh personel *SATRESKRIM, BAG OPS*.\n"
        "Sabtu, 21 November 2026, pukul 15.00 WIB\n\n"
        "*Konten: 2*\n"
        "1. https://www.instagram.com/p/p1/\n"
        "2. https://www.instagram.com/p/p2/\n\n"
        "*Personel: 3*\n"
        "Sudah: 0 (0%)\n"
        "Belum: 2\n"
        "Tanpa username: 1\n"
        "_Sudah = minimal 1 dari 2 konten._\n\n"
        "*BELUM MELAKSANAKAN: 2 PERSONEL*\n\n"
        "*BAG OPS (1)*\n"
        "1. Citra (@citra) 0/2\n\n"
        "*SATRESKRIM (1)*\n"
        "1. Eka (@eka) 0/2\n\n"
        "*TANPA USERNAME: 1 PERSONEL*\n\n"
        "*SATRESKRIM (1)*\n"
        "1. Dodi\n\n"
        "Demikian dilaporkan, terima kasih.\n"
    )
    assert "*Personel: 6*\nSudah: 3 (50%)\nBelum: 2\nTanpa username: 1\n" in told[OPERATOR]
    per_post = texts(send(store, per_konten=True))[LANTAS]
    assert "Ani" not in per_post
    assert "Sudah: 1, belum: 1\n\n_Belum:_\n*SAT LANTAS (1)*\n1. Budi (@budi)\n" in per_post


def test_a_file_that_goes_along_is_of_the_same_people(store: Store) -> None:
    (part,) = [one for one in send(store, attach=FileKind.XLSX).reports if LANTAS in one.recipients]
    assert part.file == "laphar-POLRES_A-SAT-LANTAS-2026-11-21-15.00.xlsx"
    cells = cells_of(store, LANTAS)
    assert cells.startswith("Laphar *Polres A, SAT LANTAS*\n")
    assert {name for name in PEOPLE if name in cells} == {"Ani", "Budi"}


def test_all_told_apart_by_what_they_have_done(store: Store) -> None:
    assert texts(send(store))[KAPOLRES].split("\n\n", 2)[2] == (
        "*Personel: 6*\n"
        "Lengkap: 2\n"
        "Kurang: 1\n"
        "Belum: 2\n"
        "Tanpa username: 1\n"
        "_Lengkap = seluruh konten, kurang = sebagian._\n\n"
        "*LENGKAP: 2 PERSONEL*\n\n"
        "*SAT LANTAS (1)*\n"
        "1. Ani (@ani) 2/2\n\n"
        "*TANPA DIVISI (1)*\n"
        "1. Fitri (@fitri) 2/2\n\n"
        "*KURANG: 1 PERSONEL*\n\n"
        "*SAT LANTAS (1)*\n"
        "1. Budi (@budi) 1/2\n\n"
        "*BELUM: 2 PERSONEL*\n\n"
        "*BAG OPS (1)*\n"
        "1. Citra (@citra) 0/2\n\n"
        "*SATRESKRIM (1)*\n"
        "1. Eka (@eka) 0/2\n\n"
        "*TANPA USERNAME: 1 PERSONEL*\n\n"
        "*SATRESKRIM (1)*\n"
        "1. Dodi\n\n"
        "Demikian dilaporkan, terima kasih.\n"
    )


def test_the_recap_of_a_division_says_what_the_whole_says_of_it(store: Store) -> None:
    """Budi goes to another division on the day after: his days with the first one stay its own."""
    set_clock(store, "2026-11-22 00:00")
    budi = store.users.get("1")
    assert budi is not None
    store.users.update(replace(budi, divisi="BAG OPS"))
    sending = RecapSending(
        scope=Scope.INSTA, period="2026-11-20..2026-11-22", to=(), admins=(), text_limit=60_000,
        template=load_template(None, PERIOD_TEMPLATE), attach=FileKind.XLSX,
    )  # fmt: skip
    announced = send_recaps(store, store.clients.list(), sending, now=at("2026-11-22 08:00"))
    told = texts(announced)
    assert told.keys() == {OPERATOR, LANTAS, BOTH}
    assert "SAT LANTAS: 75% (2 personel)\n" in told[OPERATOR]
    assert told[LANTAS] == (
        "Selamat sore, izin melaporkan rekap like Instagram *Polres A* oleh personel *SAT LANTAS*.\n"
        "Jumat, 20 November 2026 s.d. Minggu, 22 November 2026\n"
        "(data per Minggu, 22 November 2026, pukul 15.00 WIB)\n\n"
        "*Konten: 2, personel: 2*\n"
        "Terlaksana: *75%*\n"
        "_Data tidak pernah diambil: 20 dan 22 November 2026._\n\n"
        "*PER PERSONEL*\n\n"
        "*SAT LANTAS (2)*\n"
        "1. Ani 2/2 (100%)\n"
        "2. Budi 1/2 (50%)\n\n"
        "Demikian dilaporkan, terima kasih.\n"
    )
    assert cells_of(store, LANTAS).count("Budi") == 1
    assert not any(name in cells_of(store, LANTAS) for name in ("Citra", "Dodi", "Eka", "Fitri"))
    ((data,),) = store.connection.execute("SELECT DISTINCT data FROM report").fetchall()
    assert len(data["users"]) == len(PEOPLE), "the figures that are kept are those of all"


def test_nothing_is_queued_twice_whatever_was_killed_or_ran_beside(
    store: Store, database: str
) -> None:
    send(store)
    complete = bodies(store)
    assert [recipient for recipient, _ in complete] == [OPERATOR, KAPOLRES, LANTAS, BOTH]
    for survivors in range(len(complete)):
        store.connection.execute(
            "DELETE FROM outbox WHERE message_id NOT IN"
            " (SELECT message_id FROM outbox ORDER BY message_id LIMIT %s)",
            [survivors],
        )
        announced = send(store)
        assert sum(report.known for report in announced.reports) == survivors
        assert bodies(store) == complete

    store.connection.execute("DELETE FROM outbox")

    def run(_: int) -> int:
        with connect(database, hint="") as connection:
            return sum(report.queued for report in send(Store(connection)).reports)

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(run, range(2))) == len(complete)
    assert sorted(bodies(store)) == sorted(complete)
    (reports,) = store.connection.execute("SELECT count(DISTINCT report_id) FROM outbox").fetchone()
    assert reports == 1, "each copy is of the figures of all"


def test_who_gets_the_whole_gets_no_second_copy_and_to_goes_to_nobody_else(store: Store) -> None:
    store.connection.execute("UPDATE clients SET client_super = %s", [LANTAS])
    told = texts(send(store))
    assert "*Personel: 6*" in told[LANTAS]
    assert texts(send(store, to=["081299990000"])).keys() == {"6281299990000"}


def test_a_part_of_nobody_is_named_and_the_others_get_theirs(store: Store) -> None:
    set_clock(store, "2026-11-21 00:00")
    store.connection.execute("UPDATE \"user\" SET divisi = 'SPKT' WHERE divisi ILIKE 'sat lantas'")
    announced = send(store)
    assert announced.failures == {
        "POLRES_A SAT LANTAS": "nobody of SAT LANTAS is on the roster of 2026-11-21"
    }
    assert texts(announced).keys() == {OPERATOR, BOTH, KAPOLRES}


def test_a_units_recipients_get_the_units_part_of_a_directorates_report(store: Store) -> None:
    """And nobody of another unit: neither its head of a division, nor the directorate's, reads a name that is not theirs."""
    set_clock(store, "2026-11-20 00:00")
    store.clients.add(
        Client(
            client_id="DIT", nama="Ditlantas", client_insta="dit", audience="below",
            client_operator=OPERATOR, report_units=True,
        )
    )  # fmt: skip
    store.clients.add(replace(CLIENT, client_id="POLRES_B"))
    store.connection.execute("UPDATE clients SET under = 'DIT' WHERE client_id <> 'DIT'")
    store.users.add(
        User(user_id="b", client_id="POLRES_B", nama="Gita", divisi="SAT LANTAS", insta="gita")
    )
    store.posts(Platform.INSTA).store("DIT", [shown("d", "2026-11-21 01:00")], now=NOW)
    add(store, "081211110021", "DIT", divisi=["SAT LANTAS"], mode="akumulasi")
    announced = send(store, "DIT")
    assert announced.failures == {}
    named = {
        (report.unit_id, recipient): {name for name in (*PEOPLE, "Gita") if name in report.text}
        for report in announced.reports
        for recipient in report.recipients
    }
    assert named == {
        (None, OPERATOR): {"Ani", "Budi", "Citra", "Dodi", "Eka", "Fitri", "Gita"},
        (None, "6281211110021"): {"Ani", "Budi", "Gita"},
        ("POLRES_A", OPERATOR): {*PEOPLE},
        ("POLRES_A", LANTAS): {"Ani", "Budi"},
        ("POLRES_A", BOTH): {"Citra", "Dodi", "Eka"},
        ("POLRES_A", KAPOLRES): {*PEOPLE},
        ("POLRES_B", OPERATOR): {"Gita"},
    }
    (text,) = [
        one.text for one in announced.reports if one.divisi == ("SAT LANTAS",) and not one.unit_id
    ]
    assert "*Peringkat satuan: 2*" in text


def test_who_asks_for_a_report_gets_that_one_and_a_removed_one_nothing_that_waits(
    store: Store,
) -> None:
    client = store.clients.list()[0]
    assert [one.recipient for one in recipients_of(store, client, What.REKAP)] == [LANTAS, BOTH]
    also = recipients_of(store, client, What.LAPHAR)
    assert list_recipients(client, (), {}, also=also) == [OPERATOR, KAPOLRES, LANTAS, BOTH]
    send(store)
    remove_recipient(store, "polres_a", "kasat lantas", by=BY)
    cancelled = "SELECT recipient FROM outbox WHERE status = 'cancelled'"
    assert store.connection.execute(cancelled).fetchall() == [(LANTAS,)]
    store.clients.remove("POLRES_A")
    assert store.recipients.list() == []
