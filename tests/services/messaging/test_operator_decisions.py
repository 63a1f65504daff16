from __future__ import annotations

from datetime import timedelta

import pytest

from cicero_cli.domain.access.actors import Actor
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.operator_decisions import (
    cancel_messages,
    get_message,
    mark_messages_sent,
    queue_test,
    retry_messages,
)
from cicero_cli.services.operations.status import read_status
from tests.services.fakes import FETCH_AT, at
from tests.services.fakes_whatsapp import (
    Clock,
    FakeGateway,
    one_database_for_all,
    queue,
    run,
    statuses,
)

NOON = at("2026-11-21 05:00")
SITI = "6281211110001"
BY_NOON = Actor("cli:test", NOON)

shared_database, database = one_database_for_all()


def test_what_expired_can_be_sent_all_the_same(store: Store) -> None:
    clock = Clock(NOON)
    gateway = FakeGateway(clock)
    (number,) = queue(store, SITI, "1", now=NOON)
    clock.pass_by(hours=7)
    run(store, gateway)
    decided = retry_messages(store, [number], by=Actor("cli:test", clock.now))
    assert (decided.done, decided.failures) == ([number], {})
    run(store, gateway)
    assert gateway.inbox == [(SITI, "1")]


def test_a_cancelled_message_is_not_sent(store: Store) -> None:
    (first, _) = queue(store, SITI, "1", "2", now=NOON)
    cancel_messages(store, [first], by=BY_NOON)
    gateway = FakeGateway(Clock(NOON))
    run(store, gateway)
    assert gateway.inbox == [(SITI, "2")]


def test_those_that_cannot_be_decided_are_named_and_the_others_done(store: Store) -> None:
    (sent,) = queue(store, SITI, "1", now=NOON)
    run(store, FakeGateway(Clock(NOON)))
    (waiting,) = queue(store, SITI, "2", now=NOON)
    for decide, left in (
        (lambda: retry_messages(store, [sent, waiting, 0], by=BY_NOON), "queued"),
        (lambda: cancel_messages(store, [sent, waiting, 0], by=BY_NOON), "cancelled"),
    ):
        decided = decide()
        assert decided.done == [waiting]
        assert decided.failures == {
            f"message {sent}": "it is accepted, so nothing was changed",
            "message 0": "there is no such message",
        }
        assert statuses(store) == [("1", "accepted"), ("2", left)]


def test_an_unknown_message_is_counted_until_a_person_decides(store: Store) -> None:
    (number,) = queue(store, SITI, "1", now=NOON - timedelta(days=3))
    store.connection.execute("UPDATE outbox SET status = 'unknown'")
    assert read_status(store, fetch_at=FETCH_AT, now=NOON).outbox == {"unknown": 1}
    cancel_messages(store, [number], by=BY_NOON)
    assert read_status(store, fetch_at=FETCH_AT, now=NOON).outbox == {}


def test_a_test_message_is_wanted_for_ten_minutes(store: Store) -> None:
    number = queue_test(store, "0812-3456-7890", by=BY_NOON)
    message = get_message(store, number)
    assert (message["recipient"], message["kind"], message["expires_at"]) == (
        "6281234567890",
        "test",
        NOON + timedelta(minutes=10),
    )


@pytest.mark.parametrize("typed", ["abc", "-", ""])
def test_a_test_message_to_nobody_is_refused(store: Store, typed: str) -> None:
    with pytest.raises(InputError, match="nothing was sent"):
        queue_test(store, typed, by=BY_NOON)
    assert statuses(store) == []


def test_there_is_no_message_with_that_number(store: Store) -> None:
    with pytest.raises(NotFoundError, match="there is no message 7"):
        get_message(store, 7)


def test_what_a_person_saw_in_the_chat_was_sent_when_it_was_tried(store: Store) -> None:
    (number, other) = queue(store, SITI, "1", "2", now=NOON)
    store.connection.execute(
        "UPDATE outbox SET status = 'unknown', gateway = 'fake', verdict = 'ambiguous', claimed_at = %s"
        " WHERE message_id = %s",
        (NOON, number),
    )
    decided = mark_messages_sent(store, [number, other], by=BY_NOON)
    assert decided.done == [number]
    assert decided.failures == {f"message {other}": "it is queued, so nothing was changed"}
    message = get_message(store, number)
    assert (message["status"], message["accepted_at"]) == ("accepted", NOON)
    assert retry_messages(store, [number], by=BY_NOON).done == []
    assert store.outbox.count_sent("fake", since=NOON, now=NOON) == 1


def test_who_decided_is_in_the_audit_log(store: Store) -> None:
    (number,) = queue(store, SITI, "1", now=NOON)
    cancel_messages(store, [number, 0], by=BY_NOON)
    (entry,) = store.audit.list(limit=1)
    assert (entry.actor, entry.action, entry.subject, entry.at, entry.details) == (
        "cli:test", "message.cancelled", str(number), NOON, {"from": "queued"},
    )  # fmt: skip
