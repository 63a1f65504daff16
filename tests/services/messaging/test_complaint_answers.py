"""What a person who says "I did like it" is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from cicero_cli.domain.attendance.complaints import Complaint, ComplaintStatus, Via
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.attendance.complaints import ComplaintRepository
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.complaints import close_complaint, open_complaint
from cicero_cli.services.attendance.corrections import accept_posts
from cicero_cli.services.attendance.explanation import explain_user
from cicero_cli.services.messaging.complaint_answers import (
    QueuedAnswer,
    UnreachableError,
    prove_complaints,
    send_answer,
)
from tests.services.fakes import BY, at, comments, likes, set_clock, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOON = at("2026-11-21 05:00")  # 12:00 in Jakarta
LATER = at("2026-11-21 08:00")
BUDI = User(
    user_id="75020201",
    client_id="POLRES_A",
    nama="*Budi*\n_Santoso_ \u202e\U0001f46e",
    title="BRIPKA",
    insta="budi.santoso",
    tiktok="budi_s",
    whatsapp="6281200000001",
)


@pytest.fixture(autouse=True)
def unit(store: Store) -> None:
    """Two posts of Instagram, of which Budi is seen on the first, and one of TikTok; all read at noon."""
    set_clock(store, "2026-11-21 02:00")
    store.clients.add(
        Client(client_id="POLRES_A", nama="Polres *A*", client_insta="polres.a", client_tiktok="polres_a")
    )  # fmt: skip
    store.users.add(BUDI)
    store.posts(INSTA).store(
        "POLRES_A", [shown("K1", "2026-11-21 01:05", 2), shown("K2", "2026-11-21 02:05", 1300)], now=NOON
    )  # fmt: skip
    store.posts(TIKTOK).store("POLRES_A", [shown("7501", "2026-11-21 03:05", 1)], now=NOON)
    read(store, "K1", "ani", "budi.santoso")
    read(store, "K2", "ani", "budisantoso")
    store.engagement(TIKTOK).store(post_id(store, "7501"), comments("ani"), now=NOON)
    for platform in Platform:
        store.posts(platform).remember_listing("POLRES_A", DAY, DAY, now=NOON)


DAY = at("2026-11-21 00:00").date()


def post_id(store: Store, key: str) -> int:
    row = store.connection.execute(
        "SELECT post_id FROM post WHERE post_key = %s", (key,)
    ).fetchone()
    assert row is not None
    return int(row[0])


def read(store: Store, key: str, *handles: str, now: object = NOON) -> None:
    total = 2 if key == "K1" else 1300
    store.engagement(INSTA).store(post_id(store, key), likes(*handles, total=total), now=now)  # type: ignore[arg-type]


def send(store: Store, *, dry_run: bool = False) -> QueuedAnswer:
    explanation = explain_user(store, BUDI.user_id, list(Platform), day=None, as_of=None, now=LATER)
    return send_answer(store, explanation, now=LATER, dry_run=dry_run)


def complain(store: Store, **words: object) -> Complaint:
    words = {
        "issue": "sudah like kok",
        "via": Via.COMMAND,
        "by": BY,
        "now": at("2026-11-21 06:00"),
        **words,
    }
    return open_complaint(store, BUDI, **words)  # type: ignore[arg-type]


def bodies(store: Store) -> list[str]:
    return [
        body for (body,) in store.connection.execute("SELECT body FROM outbox ORDER BY message_id")
    ]


def test_the_answer_tells_each_post_how_far_it_was_read_and_what_to_do(store: Store) -> None:
    assert send(store, dry_run=True).queued == 0
    assert bodies(store) == []
    assert send(store).queued == 1
    assert bodies(store) == [
        "*Data absensi Anda*\n"
        "BRIPKA Budi Santoso \U0001f46e\n"
        "Polres A, Sabtu, 21 November 2026\n"
        "\n"
        "*Instagram* (@budi.santoso): 1 dari 2 konten\n"
        "1. https://www.instagram.com/p/K1/\n"
        "✅ Terlihat pukul 12.00 WIB\n"
        "2. https://www.instagram.com/p/K2/\n"
        "❌ Belum terlihat. Terbaca 2 dari 1.300 like, terakhir pukul 12.00 WIB.\n"
        "Mirip akun Anda: `@budisantoso`\n"
        "\n"
        "*TikTok* (@budi_s): 0 dari 1 konten\n"
        "1. https://www.tiktok.com/@polres_a/video/7501\n"
        "❌ Belum terlihat. Terbaca 1 dari 1 komentar, terakhir pukul 12.00 WIB.\n"
        "\n"
        "*Yang perlu dilakukan*\n"
        "- Beri like pada konten Instagram no. 2 dengan akun @budi.santoso.\n"
        "- Bila sudah, tunggu pembacaan berikutnya: daftar like Instagram belum terbaca semua.\n"
        "- Bila `@budisantoso` akun Anda, minta operator Polres A memperbaiki username Instagram Anda.\n"
        "- Tulis komentar di konten TikTok no. 1 dengan akun @budi_s."
    ]
    assert send(store).queued == 0  # the same answer
    read(store, "K2", "budi.santoso", now=at("2026-11-22 01:10"))
    assert send(store).queued == 1
    assert "✅ Terlihat 22 Nov pukul 08.10 WIB" in bodies(store)[1]
    accept_posts(
        store, BUDI.user_id, posts=["7501"], day=None, platforms=[TIKTOK], client_id=None,
        reason="seen on the phone", undo=False, by=BY,
    )  # fmt: skip
    done = send(store, dry_run=True).text
    assert "✅ Diterima oleh operator" in done
    assert done.endswith("Semua sudah tercatat, tidak ada lagi yang perlu dilakukan. Terima kasih.")


def test_who_has_no_handle_or_was_not_expected_is_told_so(store: Store) -> None:
    store.users.update(replace(BUDI, insta=None, tiktok=None))
    assert send(store, dry_run=True).text.endswith(
        "- Kirim username Instagram Anda kepada operator Polres A.\n"
        "- Kirim username TikTok Anda kepada operator Polres A."
    )
    explanation = explain_user(
        store, BUDI.user_id, [INSTA], day="2026-11-20", as_of=None, now=LATER
    )
    nothing = send_answer(store, explanation, now=LATER, dry_run=True).text
    assert nothing.endswith("*Instagram*\nKonten hari itu belum pernah dibaca.")


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"whatsapp": None}, "cicero user set 75020201 --whatsapp 08…"),
        ({"wa_opt_in": False}, "--opt-in"),
        ({"exception": True}, "--no-exception"),
        ({"status": False}, "--active"),
    ],
)
def test_who_may_not_be_written_to_is_refused_with_what_to_do(
    store: Store, fields: dict[str, object], remedy: str
) -> None:
    complaint = complain(store)
    store.users.update(replace(BUDI, **fields))  # type: ignore[arg-type]
    with pytest.raises(UnreachableError) as refused:
        send(store)
    assert remedy in refused.value.hint
    read(store, "K2", "budi.santoso", now=LATER)
    assert [one.complaint_id for one in prove_complaints(store, ["POLRES_A"], now=LATER)] == [
        complaint.complaint_id
    ]
    assert bodies(store) == []


def test_a_reading_that_shows_what_was_lacking_proves_the_complaint_and_tells_once(
    store: Store,
) -> None:
    assert list(prove_complaints(store, ["POLRES_A"], now=LATER)) == []
    written = complain(store, issue="sudah\x1b\n" + "x" * 3000, via=Via.WHATSAPP)
    assert (written.issue[:7], len(written.issue)) == ("sudah x", 2000)
    close_complaint(store, written.complaint_id, answer="salinan", by=BY)
    complaint = complain(store, username="@Budi.Santoso ")
    assert complaint.username == "budi.santoso"
    assert [post["seen_at"] for post in complaint.figures["insta"]["posts"]] == [
        "2026-11-21T12:00:00+07:00", None,
    ]  # fmt: skip
    assert list(prove_complaints(store, ["POLRES_A", "POLRES_B"], now=LATER)) == []
    assert complain(store).complaint_id == complaint.complaint_id
    other = complain(store, issue="TikTok juga", platform=TIKTOK)
    read(store, "K2", "budi.santoso", now=LATER)
    assert list(prove_complaints(store, ["POLRES_B"], now=LATER)) == []
    [proved] = prove_complaints(store, ["POLRES_A"], now=LATER)
    assert (proved.complaint_id, proved.status, proved.proved_at) == (
        complaint.complaint_id, ComplaintStatus.PROVED, LATER,
    )  # fmt: skip
    assert [(one["id"], one["seen_as"]) for one in proved.proof or ()] == [("K2", "budi.santoso")]
    assert list(prove_complaints(store, ["POLRES_A"], now=LATER)) == []
    assert bodies(store) == [
        "*Komplain Anda terbukti*\n"
        "BRIPKA Budi Santoso \U0001f46e\n"
        "Polres A, Sabtu, 21 November 2026\n"
        "\n"
        "1 konten yang tadinya belum tercatat sekarang sudah tercatat atas nama Anda:\n"
        "\n"
        "*Instagram*\n"
        "1. https://www.instagram.com/p/K2/\n"
        "✅ Terlihat pukul 15.00 WIB\n"
        "\n"
        "Maaf atas ketidaknyamanannya, dan terima kasih."
    ]
    complaints = ComplaintRepository(store.connection)
    assert complaints.told_by(complaint.complaint_id) is not None
    close_complaint(store, other.complaint_id, answer="belum komentar", by=BY)
    store.engagement(TIKTOK).store(post_id(store, "7501"), comments("ani", "budi_s"), now=LATER)
    assert list(prove_complaints(store, ["POLRES_A"], now=LATER)) == []


def test_a_comment_made_after_the_complaint_and_an_accepted_post_prove_nothing(
    store: Store,
) -> None:
    early = complain(store, platform=TIKTOK, now=at("2026-11-21 00:30"))
    late = complain(store, platform=TIKTOK, issue="sudah komentar", now=at("2026-11-21 06:00"))
    accept_posts(
        store, BUDI.user_id, posts=["7501"], day=None, platforms=[TIKTOK], client_id=None,
        reason="seen on the phone", undo=False, by=BY,
    )  # fmt: skip
    assert list(prove_complaints(store, ["POLRES_A"], now=LATER)) == []
    store.engagement(TIKTOK).store(post_id(store, "7501"), comments("budi_s"), now=LATER)
    proved = prove_complaints(store, ["POLRES_A"], now=LATER)  # commented at 01:00
    assert [one.complaint_id for one in proved] == [late.complaint_id]
    assert early.status is ComplaintStatus.OPEN


def test_runs_that_overlap_tell_once_and_a_killed_one_not_at_all(
    store: Store, database: str
) -> None:
    complain(store)
    read(store, "K2", "budi.santoso", now=LATER)
    with connect(database, hint="") as connection:
        connection.execute("BEGIN")  # never committed: what a process that is killed leaves
        assert prove_complaints(Store(connection), ["POLRES_A"], now=LATER)
        connection.rollback()
    assert bodies(store) == []
    start, found = Barrier(3), []

    def run(act: Callable[[Store], object]) -> None:
        with connect(database, hint="") as connection:
            start.wait()
            found.append(act(Store(connection)))

    acts = [lambda one: len(prove_complaints(one, ["POLRES_A"], now=LATER))] * 3
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 0, 1]
    assert len(bodies(store)) == 1
