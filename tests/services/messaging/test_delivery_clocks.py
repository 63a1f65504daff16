"""A clock that was ahead once, and what the runs under the right one make of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cicero_cli.domain.messaging.gateway_answers import Ack, Sent, Verdict
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.status import read_stall
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    Clock,
    FakeGateway,
    KilledError,
    one_database_for_all,
    queue,
    run,
    statuses,
)

SITI, BUDI = "6281211110001", "6281211110002"
NOON = at("2026-11-21 05:00")
AHEAD = NOON + timedelta(days=400)
BUSY = Sent(verdict=Verdict.RETRY, code="rate_limited")

shared_database, database = one_database_for_all()


@pytest.fixture
def clock() -> Clock:
    return Clock(AHEAD)


@pytest.fixture
def gateway(clock: Clock) -> FakeGateway:
    return FakeGateway(clock)


def test_what_a_clock_ahead_sent_does_not_stall_the_rest(
    store: Store, gateway: FakeGateway, clock: Clock
) -> None:
    queue(store, SITI, "1", now=AHEAD)
    run(store, gateway)
    clock.now = NOON
    queue(store, BUDI, "2", now=NOON)
    stall = read_stall(store, "fake", now=NOON)
    assert stall is not None
    assert "the clock was ahead" in stall

    delivered = run(store, gateway)

    assert (delivered.forgotten, delivered.counts["accepted"], delivered.waiting) == (1, 1, 0)
    assert read_stall(store, "fake", now=clock()) is None
    assert run(store, gateway).forgotten == 0


def test_its_messages_do_not_use_up_the_days_cap(
    store: Store, gateway: FakeGateway, clock: Clock
) -> None:
    queue(store, SITI, "1", now=AHEAD)
    run(store, gateway, CICERO_WA_DAILY_CAP="1")
    clock.now = NOON
    queue(store, BUDI, "2", now=NOON)
    assert run(store, gateway, CICERO_WA_DAILY_CAP="1").counts["accepted"] == 1


def test_what_it_put_off_is_tried_again(store: Store, gateway: FakeGateway, clock: Clock) -> None:
    queue(store, SITI, "1", now=AHEAD)
    gateway.answer = lambda _to, _text: BUSY
    run(store, gateway)
    clock.now = NOON
    gateway.answer = FakeGateway(clock).answer
    run(store, gateway)
    assert statuses(store) == [("1", "accepted")]


@pytest.mark.parametrize("takes_message_id", [True, False])
def test_what_it_left_under_way_is_looked_into(
    store: Store, clock: Clock, *, takes_message_id: bool
) -> None:
    gateway = FakeGateway(clock, takes_message_id=takes_message_id)
    queue(store, SITI, "1", now=AHEAD)
    gateway.dies_after = True
    with pytest.raises(KilledError):
        run(store, gateway)
    gateway.dies_after = False
    clock.now = NOON
    run(store, gateway)
    clock.pass_by(seconds=120)
    run(store, gateway)
    assert statuses(store) == [("1", "accepted")]
    assert gateway.inbox == [(SITI, "1")]


def test_a_lock_for_new_chats_is_not_believed_for_longer_than_a_day(
    store: Store, gateway: FakeGateway, clock: Clock
) -> None:
    queue(store, SITI, "1", now=AHEAD)
    gateway.answer = lambda _to, _text: Sent(
        verdict=Verdict.PAUSE_FIRST_CONTACTS, code="reachout_timelock"
    )
    run(store, gateway)
    clock.now = NOON
    gateway.answer = FakeGateway(clock).answer
    run(store, gateway)
    clock.pass_by(hours=25)
    run(store, gateway)
    assert statuses(store) == [("1", "accepted")]


def test_an_ack_that_comes_before_the_answer_counts(store: Store, clock: Clock) -> None:
    clock.now = NOON
    gateway = FakeGateway(clock, takes_message_id=False)
    queue(store, SITI, "1", now=NOON, kind=Kind.TEST)
    store.outbox.receive_ack("3EB0EARLY", Ack.DELIVERED, now=NOON)
    store.outbox.receive_ack("3EB0OTHER", Ack.READ, now=NOON)
    gateway.send_text = lambda *_a, **_k: Sent(  # type: ignore[method-assign]
        verdict=Verdict.ACCEPTED, code="accepted", message_id="3EB0EARLY"
    )
    run(store, gateway)
    assert statuses(store) == [("1", "delivered")]


class _WithoutIds(FakeGateway):
    """A WAHA whose engine mints no ids, which it says only when it is asked for one."""

    def mint_message_id(self) -> str | None:
        self.takes_message_id = False
        return None


def test_a_gateway_that_mints_no_ids_sends_without(store: Store, clock: Clock) -> None:
    clock.now = NOON
    queue(store, SITI, "1", now=NOON)
    gateway = _WithoutIds(clock)
    run(store, gateway)
    assert gateway.inbox == [(SITI, "1")]
    assert statuses(store) == [("1", "accepted")]


@pytest.mark.parametrize("arrived", [True, False])
def test_without_ids_a_killed_run_is_looked_up_and_nothing_is_doubled(
    store: Store, clock: Clock, *, arrived: bool
) -> None:
    clock.now = NOON
    queue(store, SITI, "1", now=NOON)
    gateway = _WithoutIds(clock)
    gateway.dies_after, gateway.dies_before = arrived, not arrived
    with pytest.raises(KilledError):
        run(store, gateway)
    gateway.dies_after = gateway.dies_before = False
    for _ in range(3):
        gateway.takes_message_id = True  # a new process does not know yet
        clock.pass_by(seconds=60)
        run(store, gateway)
    assert gateway.looked_up == ["1"]
    assert gateway.inbox == [(SITI, "1")]
    assert statuses(store) == [("1", "accepted")]
