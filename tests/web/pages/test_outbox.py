from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cicero_cli.domain.messaging.messages import Kind, MessageStatus
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.operator_decisions import (
    cancel_messages,
    mark_messages_sent,
    retry_messages,
)
from cicero_cli.web.pages.messages import DECISIONS
from cicero_cli.web.pages.recipients import describe_recipient
from tests.services.fakes import BY
from tests.web.conftest import Serve, add_roles
from tests.web.pages.conftest import NOON, People, Visitor, hidden, queued, text_of

LIST = "/klien/POLRES_A/pesan"
GROUP = "120363012345678901@g.us"
DECIDE = {
    "kirim-ulang": lambda store, number: retry_messages(store, [number], by=BY),
    "batalkan": lambda store, number: cancel_messages(store, [number], by=BY),
    "tandai-terkirim": lambda store, number: mark_messages_sent(store, [number], by=BY),
}


def numbers_on(page: str) -> list[int]:
    """The messages that a list shows, each once, in order."""
    return list(dict.fromkeys(map(int, re.findall(r"/pesan/(\d+)\"", page))))


def status_of(store: Store, number: int) -> str:
    message = store.outbox.get(number)
    assert message is not None
    return str(message["status"])


def agree(admin: Visitor, number: int, word: str, **fields: str) -> str:
    """Read what a decision does and agree to it; gives where the browser is sent."""
    asked = admin.get(f"/pesan/{number}/{word}")
    assert asked.status_code == 200, asked.text
    done = admin.post(f"/pesan/{number}/{word}", {"versi": hidden(asked, "versi"), **fields})
    assert done.status_code == 303, text_of(done)
    return str(done.headers["location"])


def test_recipients_are_people_and_roles(people: People, unit: Store) -> None:
    unit.clients.update(
        Client(
            client_id="POLRES_A",
            nama="Polres A",
            client_operator="6281100000001",
            client_super="6281100000002",
            client_group=GROUP,
        )
    )
    for number in ("6281100000001", "6281100000002", GROUP, "6281100000009"):
        queued(unit, number)
    queued(unit, "6281200000001", kind=Kind.REMINDER, user_id="85010001")
    page = people.operator.get(LIST)
    text = text_of(page)
    for words in (
        "Ani IPTU · 6281200000001",
        "Operator 6281100000001",
        "Super admin 6281100000002",
        "Grup klien Laphar",
        "6281100000009 Laphar",
    ):
        assert words in text
    assert 'href="/klien/POLRES_A/penjelasan?personel=85010001&amp;hari=2026-01-14"' in page.text
    masked = text_of(people.viewer.get(LIST))
    assert "Ani IPTU · ••••0001" in masked
    assert "Operator ••••0001" in masked
    assert "62811" not in masked
    assert "Polres A Laphar" in text_of(people.admin.get("/pesan"))


def test_reports_to_the_installations_admins_are_called_so(serve: Serve, unit: Store) -> None:
    api = serve(ADMIN_WHATSAPP="081100000009")
    add_roles(api)
    queued(unit, "6281100000009")
    admin = Visitor(api, "admin", {"cicero": api.tokens["admin"]})
    assert "Admin Cicero 6281100000009" in text_of(admin.get("/pesan"))


def test_one_number_may_be_several_things() -> None:
    numbers = [("Operator", "62811"), ("Super admin", "62811"), ("Grup klien", None)]
    found = describe_recipient("62811", nama=None, title=None, numbers=numbers, shows_numbers=True)
    assert (found.name, found.small) == ("Operator, Super admin", "62811")


def test_messages_are_found_by_kind_status_and_day(people: People, unit: Store) -> None:
    laphar = queued(unit, "6281", status="read")
    failed = queued(unit, "6281", status="failed")
    reminder = queued(unit, "6281", kind=Kind.REMINDER, status="read")
    evening = queued(unit, "6281", now=NOON + timedelta(hours=13))  # the next day in Jakarta
    for words, expected in (
        ("", [evening, reminder, failed, laphar]),
        ("?jenis=laphar", [evening, failed, laphar]),
        ("?jenis=laphar&status=read", [laphar]),
        ("?hari=2026-01-14", [reminder, failed, laphar]),
        ("?hari=2026-01-15", [evening]),
        ("?jenis=nix&status=nix&sebelum=nix", [evening, reminder, failed, laphar]),
    ):
        assert numbers_on(people.viewer.get(LIST + words).text) == expected, words
        assert numbers_on(people.admin.get("/pesan" + words).text) == expected, words
    assert "Tidak ada pesan yang cocok" in people.viewer.get(f"{LIST}?jenis=test").text
    refused = people.viewer.get(f"{LIST}?hari=2026-02-31")
    assert (refused.status_code, "tidak ada" in refused.text) == (400, True)


def test_every_message_is_on_exactly_one_page(people: People, unit: Store) -> None:
    queued(unit, "62811", client_id="POLRES_B")
    added = [queued(unit, f"628{number}") for number in range(100, 220)]  # all of one moment
    seen: list[int] = []
    path = f"{LIST}?jenis=laphar"
    while path:
        page = people.viewer.get(path).text
        seen += numbers_on(page)
        following = re.search(r'href="([^"]*sebelum=[^"]*)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == added[::-1]
    assert "« Terbaru" in page


def test_a_message_shows_its_words_and_its_story(people: People, unit: Store) -> None:
    number = queued(
        unit,
        "6281200000001",
        status="failed",
        kind=Kind.REMINDER,
        user_id="85010001",
        error_code="invalid_jid",
        attempts=3,
        gateway="waha",
    )
    text = text_of(people.operator.get(f"{LIST}/{number}"))
    for words in (
        f"Pengingat no. {number} Gagal",
        "Nomor ini tidak ditemukan di WhatsApp. invalid_jid",
        "Periksa nomor penerima. Sesudah itu kirim ulang.",
        "Hanya admin yang dapat mengirim ulang",
        "*Laphar* hari ini",
        "Ani IPTU · 6281200000001",
        "Untuk hari Rabu, 14 Januari 2026",
        "Percobaan 3",
    ):
        assert words in text
    masked = people.viewer.get(f"{LIST}/{number}").text
    assert "6281200000001" not in masked


def test_a_message_of_another_client_is_not_shown_through_ones_own(
    people: People, unit: Store
) -> None:
    theirs = queued(unit, client_id="POLRES_B")
    nobodys = queued(unit, "62811", client_id=None, kind=Kind.TEST)
    for number in (theirs, nobodys, 999, "0x1", "9" * 30, "é"):
        assert people.operator.get(f"{LIST}/{number}").status_code == 404
        assert people.operator.get(f"/pesan/{number}").status_code == 403
    assert people.admin.get(f"/pesan/{nobodys}").status_code == 200
    assert people.admin.get(f"/pesan/{theirs}/hapus").status_code == 404


def test_what_somebody_wrote_is_shown_as_text(people: People, unit: Store) -> None:
    number = queued(unit, body="<script>alert(1)</script>")
    assert "<script" not in people.viewer.get(f"{LIST}/{number}").text


def test_the_page_offers_and_does_exactly_what_the_command_line_does(
    people: People, unit: Store
) -> None:
    for status in MessageStatus:
        for decision in DECISIONS:
            ours, theirs = (
                queued(unit, recipient, status=status, attempts=len(decision.word))
                for recipient in ("6281", "6282")
            )
            is_done = bool(DECIDE[decision.word](unit, theirs).done)
            offered = f'href="/pesan/{ours}/{decision.word}"'
            assert (offered in people.admin.get(f"{LIST}/{ours}").text) is is_done
            assert offered not in people.operator.get(f"{LIST}/{ours}").text
            if is_done:
                where = agree(people.admin, ours, decision.word, diperiksa="ya")
                assert where == f"{LIST}/{ours}?ok={decision.word}"
                assert people.admin.get(where).text.count('class="note good"') == 1
            else:
                for refused in (
                    people.admin.get(f"/pesan/{ours}/{decision.word}"),
                    people.admin.post(f"/pesan/{ours}/{decision.word}"),
                ):
                    assert refused.status_code == 409
                    assert "Tidak ada yang diubah" in refused.text
            assert status_of(unit, ours) == status_of(unit, theirs)


def test_who_decided_is_in_the_audit_log(people: People, unit: Store) -> None:
    number = queued(unit, status="failed")
    agree(people.admin, number, "kirim-ulang")
    (entry,) = unit.audit.list(limit=1)
    assert (entry.actor, entry.action, entry.subject) == ("admin", "message.retried", str(number))
    assert (entry.client_id, entry.address) == ("POLRES_A", "127.0.0.1")


def test_an_operator_decides_nothing(people: People, unit: Store) -> None:
    number = queued(unit, status="failed")
    for decision in DECISIONS:
        assert people.operator.post(f"/pesan/{number}/{decision.word}").status_code == 403
    assert status_of(unit, number) == "failed"


@pytest.mark.parametrize(
    "sent",
    [
        {"gateway": "gowa", "gateway_message_id": None},
        {"gateway": "gowa", "gateway_message_id": "3EB0AA"},
        {"gateway": "waha", "gateway_message_id": "3EB0AA", "attachment_name": "laphar.xlsx"},
    ],
)
def test_what_may_have_arrived_is_sent_again_only_by_who_has_looked(
    people: People, unit: Store, sent: dict[str, str | None]
) -> None:
    number = queued(unit, status="unknown", **sent)
    asked = people.admin.get(f"/pesan/{number}/kirim-ulang")
    assert "mungkin sudah sampai" in asked.text
    versi = {"versi": hidden(asked, "versi")}
    refused = people.admin.post(f"/pesan/{number}/kirim-ulang", versi)
    assert (refused.status_code, "centang dulu" in refused.text) == (400, True)
    assert status_of(unit, number) == "unknown"
    agree(people.admin, number, "kirim-ulang", diperiksa="ya")
    assert status_of(unit, number) == "queued"


def test_under_the_same_id_it_cannot_arrive_twice(people: People, unit: Store) -> None:
    number = queued(unit, status="unknown", gateway="waha", gateway_message_id="3EB0AA")
    assert "WhatsApp membuang yang kedua" in people.admin.get(f"/pesan/{number}/kirim-ulang").text
    agree(people.admin, number, "kirim-ulang")
    message = unit.outbox.get(number)
    assert message is not None
    assert (message["status"], message["gateway_message_id"]) == ("queued", "3EB0AA")


def test_a_decision_about_what_has_changed_meanwhile_is_asked_again(
    people: People, unit: Store
) -> None:
    """Somebody sent it again, and that try is in doubt as well: the same words, and not the same message."""
    number = queued(unit, status="unknown", attempts=1, claimed_at=NOON)
    asked = people.admin.get(f"/pesan/{number}/kirim-ulang")
    unit.connection.execute("UPDATE outbox SET claimed_at = claimed_at + interval '1 hour'")
    stale = {"versi": hidden(asked, "versi"), "diperiksa": "ya"}
    refused = people.admin.post(f"/pesan/{number}/kirim-ulang", stale)
    assert (refused.status_code, "baru saja berubah" in refused.text) == (409, True)
    assert status_of(unit, number) == "unknown"
