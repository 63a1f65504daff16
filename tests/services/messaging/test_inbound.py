"""What people write to the account, and what they are answered."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from cicero_cli.domain.messaging.gateway_answers import Incoming
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.complaints import list_complaints
from cicero_cli.services.messaging.handle_proposals import list_proposals
from cicero_cli.services.messaging.inbound import receive_message
from tests.services.fakes import at, likes, set_clock, shown
from tests.services.fakes_whatsapp import one_database_for_all

OPERATOR, ADMIN = "6281100000001", "6281100000009"
NOW = at("2026-11-21 08:00")  # a Saturday, 15.00 in Jakarta
BUDI = User(
    user_id="1",
    client_id="POLRES_A",
    nama="Budi *S_",
    title="AKP",
    insta="budi",
    tiktok="budi",
    whatsapp="6281211110001",
)

SHARED = """*AKP Budi S*
Sabtu, 21 November 2026

*Polres A*
Instagram @budi: 1 dari 2, *sudah*
https://www.instagram.com/p/p2/
TikTok @budi: konten hari ini belum dibaca
Sejak Senin: Instagram 2 dari 3

*Ditbinmas*
Instagram @budi: 0 dari 1, *belum*
https://www.instagram.com/p/d1/
Sejak Senin: Instagram 0 dari 1

Daftar nama sebagian konten belum dibaca.

*Siti*
Sabtu, 21 November 2026

*Polres A*
Instagram @siti: 1 dari 2, *sudah*
https://www.instagram.com/p/p1/
TikTok: konten hari ini belum dibaca
Sejak Senin: Instagram 1 dari 2

*Ditbinmas*
Instagram @siti: 0 dari 1, *belum*
https://www.instagram.com/p/d1/
Sejak Senin: Instagram 0 dari 1

Daftar nama sebagian konten belum dibaca.

*AKP Eko*
Sabtu, 21 November 2026

*Polres A*
Instagram @eko: dikecualikan hari ini
TikTok @e: dikecualikan hari ini

*Ditbinmas*
Instagram @eko: dikecualikan hari ini"""
shared_database, database = one_database_for_all()


@pytest.fixture
def store(store: Store) -> Store:
    """Polres A with Budi, two posts of today and one of Monday on Instagram; he has liked all but the last."""
    set_clock(store, "2026-11-16 00:00")
    store.clients.add(
        Client(
            client_id="POLRES_A",
            nama="Polres A",
            client_insta="polres.a",
            client_tiktok="polres_a",
            client_operator=OPERATOR,
        )
    )
    store.users.add(BUDI)
    posts = [("p0", "2026-11-16 03:00"), ("p1", "2026-11-21 01:00"), ("p2", "2026-11-21 02:00")]
    store.posts(Platform.INSTA).store("POLRES_A", [shown(*post) for post in posts], now=NOW)
    for key, handles in (("p0", ["budi"]), ("p1", ["budi"]), ("p2", ["siti"])):
        row = store.connection.execute(
            "SELECT post_id FROM insta_post WHERE post_key = %s", [key]
        ).fetchone()
        assert row
        store.engagement(Platform.INSTA).store(row[0], likes(*handles), now=NOW)
    set_clock(store, "2026-11-21 08:00")
    return store


def write(
    store: Store,
    text: str,
    number: int = 1,
    *,
    sender: str = "6281211110001",
    now: datetime = NOW,
    age: timedelta = timedelta(),
) -> bool:
    message = Incoming(message_id=f"3EB0{number}", sender=sender, text=text, sent_at=now - age)
    return receive_message(store, "waha", message, admins=[ADMIN], now=now)


def answers(store: Store, recipient: str = "6281211110001") -> list[str]:
    rows = store.connection.execute(
        "SELECT body FROM outbox WHERE recipient = %s ORDER BY message_id", [recipient]
    ).fetchall()
    return [body for (body,) in rows]


def opted_in(store: Store) -> bool:
    user = store.users.get("1")
    assert user
    return user.wa_opt_in


def test_cek_gives_the_own_day_and_week(store: Store) -> None:
    assert write(store, "cek dong")
    assert answers(store) == [
        "*AKP Budi S*\n"
        "Sabtu, 21 November 2026\n"
        "\n"
        "Instagram @budi: 1 dari 2, *sudah*\n"
        "https://www.instagram.com/p/p2/\n"
        "TikTok @budi: konten hari ini belum dibaca\n"
        "Sejak Senin: Instagram 2 dari 3\n"
        "\n"
        "Dibaca pukul 15.00 WIB; yang baru saja dikerjakan menyusul."
    ]
    row = store.connection.execute(
        "SELECT kind, client_id, user_id, recipient, expires_at FROM outbox"
    ).fetchone()
    assert row == ("answer", "POLRES_A", "1", "6281211110001", at("2026-11-21 14:00"))
    (kept,) = store.connection.execute("SELECT inbound::text FROM inbound").fetchall()
    assert "dong" not in kept[0]


def test_everybody_who_shares_a_number_is_told_and_a_directorates_posts_stand_apart(
    store: Store,
) -> None:
    store.users.add(replace(BUDI, user_id="2", nama="Siti", insta="siti", tiktok=None, title=None))
    store.users.add(replace(BUDI, user_id="3", nama="Eko", insta="eko", exception=True, tiktok="e"))
    store.clients.add(
        Client(client_id="DIT", nama="Ditbinmas", client_insta="dit", audience="below")
    )
    unit = store.clients.get("POLRES_A")
    assert unit
    store.clients.update(replace(unit, under="DIT"))
    store.posts(Platform.INSTA).store("DIT", [shown("d1", "2026-11-21 03:00")], now=NOW)
    write(store, "CEK")
    (text,) = answers(store)
    assert text == SHARED


def test_stop_and_mulai_turn_reminders_off_and_on_and_are_confirmed_once(store: Store) -> None:
    assert write(store, "Stop!")
    assert not opted_in(store)
    write(store, "STOP", 2)
    write(store, "mulai", 3)
    assert opted_in(store)
    assert [text.partition(".")[0] for text in answers(store)] == [
        "Pengingat *dimatikan*",
        "Pengingat memang sudah dimatikan",
        "Pengingat *dinyalakan*",
    ]
    audit = store.audit.list(name="1", limit=10)
    assert [(one.actor, one.action, one.details) for one in audit] == [
        ("whatsapp", "user.changed", {"fields": ["wa_opt_in"]})
    ] * 2


def test_a_message_that_is_told_twice_is_handled_once_also_at_the_same_time(
    store: Store, database: str
) -> None:
    assert write(store, "cek")
    assert not write(store, "stop")
    assert opted_in(store)
    results: list[bool] = []

    def receive() -> None:
        with connect(database, hint="") as connection:
            results.append(write(Store(connection), "stop", 2))

    threads = [threading.Thread(target=receive) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [False, False, True]
    assert len(answers(store)) == 2


def test_what_dies_midway_was_never_handled(store: Store, database: str) -> None:
    store.connection.execute(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END$$"
    )
    store.connection.execute(
        "CREATE TRIGGER dies BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION die()"
    )
    try:
        with connect(database, hint="") as connection, pytest.raises(psycopg.Error):
            write(Store(connection), "stop")
    finally:
        store.connection.execute("DROP FUNCTION die CASCADE")
    assert opted_in(store)
    assert write(store, "stop")
    assert not opted_in(store)
    assert len(answers(store)) == 1


def test_anything_else_gets_one_help_a_day(store: Store) -> None:
    assert write(store, "selamat siang")
    assert write(store, "halo?", 2, now=NOW + timedelta(hours=1))
    (text,) = answers(store)
    assert text.startswith("Nomor ini mengirim pengingat tugas Polres A.")
    write(store, "pagi", 3, now=NOW + timedelta(hours=10))  # 01.00 of the next day
    assert len(answers(store)) == 2


def test_of_a_number_that_nobody_active_has_nothing_is_kept(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store.users.add(replace(BUDI, user_id="9", insta="b9", tiktok="b9", whatsapp="62812999", status=False))  # fmt: skip
    assert not write(store, "cek", sender="62812999")
    assert not write(store, "cek", sender="6289999999999")
    assert not write(store, "cek", age=timedelta(hours=25))
    assert not write(store, "cek", age=timedelta(hours=-1))
    assert store.connection.execute("SELECT count(*) FROM inbound").fetchone() == (0,)
    assert answers(store) == []
    write(store, "rahasia pribadi saya")
    assert "rahasia" not in caplog.text
    assert "6281211110001" not in caplog.text


def test_answers_to_one_number_are_few_and_a_stop_counts_all_the_same(store: Store) -> None:
    moments = [NOW + timedelta(seconds=second) for second in range(70)]
    handled = [write(store, "cek", number, now=moments[number]) for number in range(65)]
    assert (sum(handled), len(answers(store))) == (60, 6)
    assert write(store, "stop", 66, now=moments[66])
    assert not opted_in(store)
    assert not write(store, "mulai", 67, now=moments[67])
    assert write(store, "cek", 68, now=NOW + timedelta(hours=25))
    assert len(answers(store)) == 7


def test_a_handle_is_proposed_told_to_the_operator_and_accepted_by_reply(store: Store) -> None:
    write(store, "IG: @Budi.Baru")
    write(store, "ig https://www.instagram.com/budi.benar/", 2)
    first, second = (one.partition("*")[2].partition("*")[0] for one in answers(store, OPERATOR))
    numbers = [int(head.rpartition(" ")[2]) for head in (first, second)]
    assert answers(store, OPERATOR)[1] == (
        f"*Usulan username nomor {numbers[1]}*\n"
        "AKP Budi S (1)\n"
        "Instagram: `@budi` menjadi `@budi.benar`\n"
        "\n"
        f"Balas *YA {numbers[1]}* untuk menerima, *TIDAK {numbers[1]}* untuk menolak."
    )
    assert answers(store)[1] == (
        "Usulan username Instagram `@budi.benar` sudah diteruskan ke operator."
        " Anda diberi tahu setelah diputuskan."
    )
    for number, text in enumerate((f"ya {numbers[0]}", "YA", "ya"), start=3):
        write(store, text, number, sender=OPERATOR)
    assert [text.partition(":")[0] for text in answers(store, OPERATOR)[2:]] == [
        f"Tidak ada usulan nomor {numbers[0]} yang menunggu.",  # replaced by the second
        f"Usulan {numbers[1]} diterima",
        "Tidak ada usulan username yang menunggu.",
    ]
    user = store.users.get("1")
    assert user
    assert user.insta == "budi.benar"
    assert answers(store)[2:] == ["Username Instagram `@budi.benar` sekarang tercatat untuk Anda."]


def test_an_operator_refuses_and_cannot_accept_what_another_has(store: Store) -> None:
    store.users.add(
        replace(BUDI, user_id="2", nama="Siti", insta="siti", tiktok="s", whatsapp=None)
    )
    write(store, "tt @s")
    write(store, "ig siti", 2)
    tiktok, insta = (one.proposal_id for one in list_proposals(store, ["polres_a"]))
    assert "Perhatian: username itu tercatat untuk Siti (2)." in answers(store, OPERATOR)[0]
    for number, (text, sender) in enumerate(
        (
            (f"TIDAK #{tiktok}", OPERATOR),
            (f"YA {insta}", OPERATOR),
            ("YA", ADMIN),
            ("ya", "6281211110001"),
        ),
        start=3,
    ):
        write(store, text, number, sender=sender)
    assert answers(store, OPERATOR)[2:] == [
        f"Usulan {tiktok} ditolak: Budi S, TikTok `@s`.",
        f"Usulan {insta} belum bisa diterima: `@siti` tercatat untuk Siti (2)."
        f" Betulkan dulu datanya, atau balas TIDAK {insta}.",
    ]
    assert answers(store, ADMIN)[0].startswith(f"Usulan {insta} belum bisa diterima")
    assert answers(store)[2].endswith("Silakan hubungi operator satuan Anda.")
    assert answers(store)[3].startswith("Nomor ini mengirim pengingat")  # who is no operator
    assert [one.proposal_id for one in list_proposals(store, None)] == [insta]


def test_what_is_no_handle_or_on_file_already_is_said(store: Store) -> None:
    for number, text in enumerate(("ig", "ig 75010001", "TT @budi", "ig saya sudah like pak")):
        write(store, text, number)
    assert answers(store)[:3] == [
        "Itu bukan username Instagram. Tulis misalnya:\nIG @nama.akun",
        "Itu bukan username Instagram. Tulis misalnya:\nIG @nama.akun",
        "Username TikTok Anda memang sudah tercatat: `@budi`",
    ]
    assert answers(store)[3].startswith("Nomor ini mengirim pengingat")
    assert list_proposals(store, None) == []


def test_komplain_opens_a_complaint_of_whoever_is_meant(store: Store) -> None:
    write(store, "komplain")
    write(store, "Komplain: konten kedua sudah saya like", 2)
    store.users.add(replace(BUDI, user_id="2", nama="Siti", insta="siti", tiktok=None))
    write(store, "KOMPLAIN belum terdata", 3)
    write(store, "KOMPLAIN 2 belum terdata", 4)
    write(store, "IG 2 @siti.baru", 5)
    said = [(one["user_id"], one["issue"]) for one in list_complaints(store, None, limit=10)]
    assert said == [("2", "belum terdata"), ("1", "konten kedua sudah saya like")]
    assert answers(store)[0].startswith("Tulis *KOMPLAIN* lalu ceritakan")
    assert answers(store)[1].startswith("Komplain Anda dicatat dengan nomor ")
    assert answers(store)[2] == (
        "Nomor ini dipakai 2 personel. Sebut juga NRP/NIP, misalnya:\nKOMPLAIN 1 cerita Anda\n\n"
        "AKP Budi S: 1\nAKP Siti: 2"
    )
    assert [one.user_id for one in list_proposals(store, None)] == ["2"]


def test_an_operator_who_is_no_user_is_told_what_an_operator_can_write(store: Store) -> None:
    write(store, "cek", sender=OPERATOR)
    write(store, "stop", 2, sender=OPERATOR)
    assert answers(store, OPERATOR) == [
        "Sebagai operator: *YA* nomor atau *TIDAK* nomor menjawab usulan username personel."
    ]


def test_an_operator_is_told_of_ten_proposals_an_hour_and_finds_the_others_in_the_list(
    store: Store,
) -> None:
    for number in range(1, 13):
        whose = {"user_id": str(100 + number), "insta": f"u{number}", "tiktok": f"u{number}"}
        store.users.add(replace(BUDI, **whose, whatsapp=f"62812222200{number:02}"))
        write(store, f"ig @baru{number}", number, sender=f"62812222200{number:02}")
    assert len(answers(store, OPERATOR)) == 10
    assert len(list_proposals(store, None)) == 12
