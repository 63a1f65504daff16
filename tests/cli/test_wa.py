from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.messaging.operator_decisions import queue_test
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.conftest import Run

GROUP = "120363000000000001@g.us"


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn() as server:
        monkeypatch.setenv("CICERO_WHATSAPP", "waha")
        monkeypatch.setenv("CICERO_WAHA_URL", server.url)
        monkeypatch.setenv("CICERO_WAHA_KEY", "stand-in-key")
        server.phones.groups[GROUP] = "Humas Polres A"
        yield server


def test_the_account_is_ready(cicero: Run, standin: StandIn) -> None:
    result = cicero("wa", "status", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (
        0,
        {
            "sender": "default",
            "gateway": "waha",
            "is_ready": True,
            "state": "working",
            "hint": "",
            "sent_today": 0,
            "daily_cap": 500,
            "paused": None,
            "first_contacts_paused_until": None,
            "number": "62811000000",
        },
    )


def test_an_account_that_is_not_ready_says_what_to_do(cicero: Run, standin: StandIn) -> None:
    standin.set_session("SCAN_QR_CODE")
    result = cicero("wa", "status")
    assert (result.exit_code, result.stderr) == (
        75,
        "link the account: cicero wa setup, or WhatsApp on the page\n",
    )


def test_without_a_gateway_the_setting_is_named(cicero: Run) -> None:
    for words in (["wa", "status"], ["wa", "groups"], ["outbox", "deliver"], ["remind"]):
        result = cicero(*words)
        assert (result.exit_code, result.stdout) == (78, "")
        assert "CICERO_WHATSAPP is not set" in result.stderr


def test_a_test_message_arrives(cicero: Run, standin: StandIn, store: Store) -> None:
    result = cicero("wa", "test", "0812-3456-7890")
    (row,) = store.outbox.list_newest()
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        f"Message {row['message_id']}: accepted.\n",
        "",
    )
    assert [(m.recipient, m.text) for m in standin.inbox] == [
        ("6281234567890", "Pesan uji dari cicero: sambungan WhatsApp berfungsi.")
    ]


@pytest.mark.parametrize("typed", ["abc", "", "120363@g.us"])
def test_a_test_message_to_nobody_sends_nothing(cicero: Run, standin: StandIn, typed: str) -> None:
    result = cicero("wa", "test", typed)
    assert (result.exit_code, standin.inbox) == (2, [])
    assert "nothing was sent" in result.stderr


def test_a_test_message_that_cannot_go_says_why(cicero: Run, standin: StandIn) -> None:
    left = cicero("wa", "test", "120363000000000002@g.us")
    assert (left.exit_code, left.stdout) == (1, "")
    assert "failed, not_in_group" in left.stderr

    standin.set_session("SCAN_QR_CODE")
    waiting = cicero("wa", "test", GROUP)
    assert waiting.exit_code == 75
    assert "queued, scan_qr_code" in waiting.stderr
    assert "WhatsApp on the page" in waiting.stderr


def test_a_test_message_in_doubt_may_still_arrive(cicero: Run, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR, times=1))
    result = cicero("wa", "test", GROUP)
    assert (result.exit_code, result.stdout) == (75, "")
    assert "queued, http_500" in result.stderr


def test_a_new_chat_that_is_refused_says_so(cicero: Run, standin: StandIn) -> None:
    standin.phones.lock_new_chats(timedelta(hours=2))
    result = cicero("wa", "test", "081234567890", "-q")
    assert result.exit_code == 75
    assert "queued, reachout_timelock" in result.stderr
    assert "first_contacts_paused_until  20" in cicero("wa", "status").stdout


def test_while_cron_delivers_the_test_message_is_left_to_it(
    cicero: Run, standin: StandIn, database: str
) -> None:
    with connect(database, hint="") as other, Store(other).job_lock("outbox deliver"):
        result = cicero("wa", "test", GROUP)
    assert (result.exit_code, result.stdout) == (75, "")
    assert "is queued, and the run of `cicero outbox deliver` that is under way" in result.stderr
    assert "did nothing" not in result.stderr
    cicero("outbox", "deliver")
    assert len(standin.inbox) == 1


def test_groups_are_listed_for_client_set(cicero: Run, standin: StandIn) -> None:
    assert cicero("wa", "groups").stdout == (
        f"group                    name\n{GROUP}  Humas Polres A\n"
    )
    standin.phones.groups.clear()
    assert "the account is in no group" in cicero("wa", "groups").stderr


def test_status_says_what_a_run_of_deliver_would_run_into(
    cicero: Run, standin: StandIn, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cicero("wa", "test", "0812-3456-7890")
    monkeypatch.setenv("CICERO_WA_DAILY_CAP", "1")
    result = cicero("wa", "status")
    assert (result.exit_code, result.stderr) == (
        75,
        "CICERO_WA_DAILY_CAP is reached; sending goes on tomorrow\n",
    )
    assert "daily_cap" in result.stdout


def test_a_queue_that_stands_still_says_why(cicero: Run, standin: StandIn, store: Store) -> None:
    ahead = clock.now() + timedelta(days=300)
    store.gateway_states.remember_sent("waha", now=ahead)
    queue_test(store, "081234567890", by=Actor("cli:test", clock.now() - timedelta(minutes=6)))
    reason = (
        "1 message is due and not going out: the clock was ahead when it last ran; "
        "the next run of `cicero outbox deliver` puts that right"
    )
    assert reason in cicero("status").stderr
    assert reason in cicero("wa", "status").stderr
    assert "1 message is due and not going out" in cicero("doctor").stdout
    delivered = cicero("outbox", "deliver")
    assert (delivered.exit_code, delivered.stdout) == (0, "1 accepted\n")
    assert "1 time of an earlier run lies in the future" in delivered.stderr
    assert "due and not going out" not in cicero("status").stderr
