from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
import time_machine

from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.conftest import Run
from tests.services.fakes import at
from tests.services.fakes_whatsapp import queue, statuses

NOON = at("2026-11-21 05:00")
GROUP, LEFT_GROUP = "120363000000000001@g.us", "120363000000000002@g.us"
SITI = "6281211110001"


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates) -> Iterator[StandIn]:
    with StandIn() as server:
        monkeypatch.setenv("CICERO_WHATSAPP", "waha")
        monkeypatch.setenv("CICERO_WAHA_URL", server.url)
        monkeypatch.setenv("CICERO_WAHA_KEY", "stand-in-key")
        monkeypatch.setenv("CICERO_WA_GAP", "0")
        server.phones.groups[GROUP] = "Humas Polres A"
        yield server


def test_what_is_due_is_delivered_and_counted(cicero: Run, store: Store, standin: StandIn) -> None:
    queue(store, GROUP, "1", "2", now=NOON)
    result = cicero("outbox", "deliver")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2 accepted\n", "")
    assert [message.text for message in standin.inbox] == ["1", "2"]


def test_without_work_nothing_is_printed_and_nobody_asked(cicero: Run, standin: StandIn) -> None:
    result = cicero("outbox", "deliver")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert standin.requests == []


def test_a_pause_is_told_once(
    cicero: Run, store: Store, standin: StandIn, travel: time_machine.Coordinates
) -> None:
    queue(store, GROUP, "1", now=NOON)
    standin.set_session("SCAN_QR_CODE")
    results = []
    for _ in range(3):
        results.append(cicero("outbox", "deliver"))
        travel.shift(timedelta(minutes=1))
    assert [(result.exit_code, result.stdout, result.stderr) for result in results] == [
        (
            75,
            "",
            "nothing is sent for now (scan_qr_code): link the account: cicero wa setup, or WhatsApp"
            " on the page\n",
        ),
        (75, "", ""),
        (75, "", ""),
    ]
    assert "scan_qr_code" in cicero("wa", "status").stdout
    assert (
        "waha: no message goes out since 2026-11-21 12:00 WIB (scan_qr_code): link the account: cicero wa setup"
        in cicero("status").stderr
    )
    [held_up] = json.loads(cicero("status", "--json").stdout)["held_up"]
    assert (held_up["gateway"], held_up["pause_code"]) == ("waha", "scan_qr_code")

    standin.set_session("WORKING")
    back = cicero("outbox", "deliver")
    assert (back.exit_code, back.stdout) == (0, "1 accepted\n")
    assert "gateway ready again gateway=waha" in back.stderr
    assert "waha" not in cicero("status").stderr


def test_a_lock_for_new_chats_is_in_the_status(cicero: Run, store: Store, standin: StandIn) -> None:
    standin.phones.lock_new_chats(timedelta(hours=2))
    queue(store, SITI, "1", now=NOON)
    queue(store, GROUP, "2", now=NOON)
    first, second = cicero("outbox", "deliver"), cicero("outbox", "deliver")
    assert (first.exit_code, first.stdout) == (0, "1 accepted\n")
    assert "new chats refused" in first.stderr
    assert (second.exit_code, second.stdout, second.stderr) == (0, "", "")
    assert "waha: WhatsApp refuses new chats until 2026-11-21 14:00 WIB" in cicero("status").stderr


def test_a_pause_is_told_to_scripts_every_time(cicero: Run, store: Store, standin: StandIn) -> None:
    queue(store, GROUP, "1", now=NOON)
    standin.go_down()
    for _ in range(2):
        result = cicero("outbox", "deliver", "--json")
        assert (result.exit_code, json.loads(result.stdout)) == (
            75,
            {
                "waiting": 1,
                "paused": "no_connection",
                "senders": [
                    {"sender": "default", "sent": 0, "waiting": 1, "paused": "no_connection"}
                ],
            },
        )


def test_what_fails_is_named_once(cicero: Run, store: Store, standin: StandIn) -> None:
    (bad,) = queue(store, LEFT_GROUP, "1", now=NOON)
    queue(store, GROUP, "2", now=NOON)
    first, second = cicero("outbox", "deliver"), cicero("outbox", "deliver")
    assert (first.exit_code, first.stdout) == (3, "1 accepted, 1 failed\n")
    assert first.stderr.startswith(f"message {bad}: not_in_group: add the WhatsApp account")
    assert (second.exit_code, second.stdout, second.stderr) == (0, "", "")


def test_numbers_and_texts_stay_out_of_what_deliver_prints(
    cicero: Run, store: Store, standin: StandIn
) -> None:
    queue(store, SITI, "rahasia", now=NOON)
    queue(store, "6281211110002", "rahasia", now=NOON)
    standin.phones.invalid.add(SITI)
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR, recipient="6281211110002"))
    result = cicero("outbox", "deliver", "-v")
    assert "status=" in result.stderr
    assert not any(word in result.stdout + result.stderr for word in ("62812", "rahasia"))


@pytest.mark.parametrize("step", ["check_session", "mint_message_id", "send_text"])
def test_when_the_database_goes_away_in_the_middle_the_next_run_completes_the_work(
    cicero: Run,
    store: Store,
    standin: StandIn,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    step: str,
) -> None:
    queue(store, GROUP, "1", "2", now=NOON)
    real = getattr(WahaGateway, step)

    def cut(self: WahaGateway, *words: object, **given: object) -> object:
        answer = real(self, *words, **given)
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND pid <> %s",
                [store.connection.info.backend_pid],
            )
        monkeypatch.setattr(WahaGateway, step, real)
        return answer

    monkeypatch.setattr(WahaGateway, step, cut)
    result = cicero("outbox", "deliver")
    assert (result.exit_code, result.stdout) == (75, "")
    assert "the database stopped answering" in result.stderr

    assert cicero("outbox", "deliver").exit_code == 0
    assert [message.text for message in standin.inbox] == ["1", "2"]
    assert [status for _, status in statuses(store)] == ["accepted", "accepted"]


def test_the_outbox_is_listed_newest_first(cicero: Run, store: Store) -> None:
    first, second = queue(store, GROUP, "1", "2", now=NOON)
    store.connection.execute(
        "UPDATE outbox SET status = 'unknown', error_code = 'ambiguous' WHERE message_id = %s",
        [first],
    )
    assert cicero("outbox", "list").stdout == (
        "  id  kind      client  recipient                status      tries  code\n"
        f"{second:4}  laphar            {GROUP}  queued          0\n"
        f"{first:4}  laphar            {GROUP}  unknown         0  ambiguous\n"
    )
    listed = json.loads(cicero("outbox", "list", "--status", "unknown", "--json").stdout)
    assert [(row["message_id"], row["error_code"]) for row in listed] == [(first, "ambiguous")]
    assert "body" not in listed[0]


def test_the_list_can_be_narrowed(cicero: Run, store: Store) -> None:
    cicero("client", "add", "a", "--nama", "A")
    queue(store, GROUP, "1", now=NOON)
    (wanted,) = queue(store, SITI, "2", now=NOON, kind=Kind.REMINDER, client_id="A")

    def ids(*words: str) -> list[int]:
        text = cicero("outbox", "list", *words, "--output", "csv").stdout
        return [int(row["message_id"]) for row in csv.DictReader(io.StringIO(text))]

    assert ids("--client", "a") == ids("--kind", "reminder") == ids("--limit", "1") == [wanted]
    assert cicero("outbox", "list", "--client", "b").exit_code == 2
    assert cicero("outbox", "list", "--status", "lost").exit_code == 2


def test_an_empty_list_says_so(cicero: Run) -> None:
    result = cicero("outbox", "list", "--status", "failed")
    assert (result.exit_code, result.stderr) == (0, "no message fits\n")
    assert json.loads(cicero("outbox", "list", "--json").stdout) == []


def test_one_message_is_shown_with_its_text(cicero: Run, store: Store) -> None:
    (number,) = queue(store, GROUP, "*Laporan*\n1. Budi", now=NOON)
    shown = cicero("outbox", "show", f"{number}")
    assert shown.exit_code == 0
    assert shown.stdout.endswith("\n*Laporan*\n1. Budi\n")
    document = json.loads(cicero("outbox", "show", f"{number}", "--json").stdout)
    assert (document["message_id"], document["body"]) == (number, "*Laporan*\n1. Budi")
    assert cicero("outbox", "show", "0").exit_code == 2


def test_times_are_by_the_clients_clock_and_a_report_is_named(cicero: Run, store: Store) -> None:
    with time_machine.travel(NOON):
        cicero("client", "add", "a", "--nama", "A", "--timezone", "WITA")
        cicero("account", "add", "budi.humas", "--role", "admin")
    (number,) = queue(store, GROUP, "1", now=NOON, client_id="A")
    store.connection.execute(
        "WITH kept AS (INSERT INTO report (client_id, day, scope, slot, made_at, data)"
        " VALUES ('A', '2026-11-21', 'semua', 'x', now(), '{}') RETURNING report_id)"
        " UPDATE outbox SET report_id = kept.report_id FROM kept WHERE message_id = %s",
        [number],
    )
    report = json.loads(cicero("outbox", "show", f"{number}", "--json").stdout)["report_id"]

    shown = cicero("outbox", "show", f"{number}")
    assert " ".join(shown.stdout.split()).count("2026-11-21 13:00 WITA") == 2
    assert "WIB" not in shown.stdout
    assert shown.stderr == (
        f"report {report}; its figures: cicero absensi show semua --client A --as-of laphar:{report}\n"
    )
    listed = cicero("outbox", "list", "--columns", "queued_at")
    assert listed.stdout == "queued_at\n2026-11-21 13:00 WITA\n"
    log = cicero("account", "log", "--columns", "at,action").stdout
    assert log == (
        "at                     did\n"
        "2026-11-21 12:00 WIB   account.added\n"
        "2026-11-21 13:00 WITA  client.added\n"
    )


def test_what_a_person_decides_is_done_and_the_rest_named(cicero: Run, store: Store) -> None:
    failed, sent = queue(store, GROUP, "1", "2", now=NOON)
    store.connection.execute("UPDATE outbox SET status = 'failed' WHERE message_id = %s", [failed])
    store.connection.execute("UPDATE outbox SET status = 'read' WHERE message_id = %s", [sent])
    retried = cicero("outbox", "retry", f"{failed}", f"{sent}")
    assert (retried.exit_code, retried.stdout, retried.stderr) == (
        3,
        f"queued: {failed}\n",
        f"message {sent}: it is read, so nothing was changed\n",
    )
    cancelled = cicero("outbox", "cancel", f"{failed}")
    assert (cancelled.exit_code, cancelled.stdout) == (0, f"cancelled: {failed}\n")
    nobody = cicero("outbox", "cancel", "0")
    assert (nobody.exit_code, nobody.stdout) == (2, "")
    assert nobody.stderr == "message 0: there is no such message\n"


def test_all_that_wait_of_a_client_and_kind_are_given_up_at_once(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    cicero("client", "add", "a", "--nama", "A", "--insta", "a")
    one, two, other, sent = queue(store, GROUP, "1", "2", "3", "4", now=NOON)
    store.connection.execute("UPDATE outbox SET kind = 'reminder', client_id = 'A'")
    store.connection.execute("UPDATE outbox SET kind = 'laphar' WHERE message_id = %s", [other])
    store.connection.execute("UPDATE outbox SET status = 'read' WHERE message_id = %s", [sent])

    result = cicero("outbox", "cancel", "--kind", "reminder", "--client", "a")

    assert (result.exit_code, result.stdout) == (0, f"cancelled: {one}, {two}\n")
    assert [row["message_id"] for row in store.outbox.list_newest(status="queued")] == [other]
    again = cicero("outbox", "cancel", "--kind", "reminder", "--client", "a")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "no message fits\n")


@pytest.mark.parametrize("words", [[], ["1", "--kind", "reminder"], ["1", "--client", "a"]])
def test_without_a_word_of_which_nothing_is_given_up(
    cicero: Run, store: Store, travel: time_machine.Coordinates, words: list[str]
) -> None:
    queue(store, GROUP, "1", now=NOON)
    result = cicero("outbox", "cancel", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing was cancelled" in result.stderr
    assert len(store.outbox.list_newest(status="queued")) == 1


def test_messages_whose_fate_is_unknown_are_in_the_status(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    cicero("client", "add", "a", "--nama", "A", "--insta", "a")
    queue(store, GROUP, "1", now=NOON)
    store.connection.execute("UPDATE outbox SET status = 'unknown'")
    result = cicero("status")
    assert "Outbox: 1 unknown" in result.stdout
    assert "1 message may or may not have been sent" in result.stderr
