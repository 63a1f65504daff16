from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import psycopg
import pytest

from cicero_cli.domain.messaging.gateway_answers import Ack, Sent, Verdict
from cicero_cli.domain.messaging.messages import Kind, Message, MessageStatus, NewMessage
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.repositories.messaging.outbox import _SQL, OutboxRepository
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    new_database,
    new_message,
    one_database_for_all,
    queue,
    statuses,
)

NOON = at("2026-11-21 05:00")
SITI, BUDI = "6281211110001", "6281211110002"


shared_database, database = one_database_for_all()


@pytest.fixture
def outbox(store: Store) -> OutboxRepository:
    return store.outbox


def claim(outbox: OutboxRepository, *, limit: int = 1, **given: Any) -> list[Message]:
    return outbox.claim(
        **{
            "gateway": "fake",
            "limit": limit,
            "now": NOON,
            "look_up_at": NOON + timedelta(seconds=90),
            **given,
        }
    )


def accept(outbox: OutboxRepository, message: Message, gateway_message_id: str) -> None:
    sent = Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=gateway_message_id)
    outbox.settle(message.message_id, MessageStatus.ACCEPTED, now=NOON, sent=sent)


class TestAdd:
    def test_a_key_is_queued_once(self, outbox: OutboxRepository, store: Store) -> None:
        messages = [
            NewMessage(dedupe_key=key, kind=Kind.LAPHAR, recipient=SITI, body=key, expires_at=NOON)
            for key in ("a", "b", "c")
        ]
        assert len(outbox.add(messages[:2], now=NOON)) == 2
        assert len(outbox.add(messages, now=NOON)) == 1
        assert [body for body, _ in statuses(store)] == ["a", "b", "c"]

    def test_messages_are_numbered_in_their_order(
        self, outbox: OutboxRepository, store: Store
    ) -> None:
        numbers = queue(store, SITI, *(f"{number}" for number in range(1000)), now=NOON)
        assert numbers == sorted(numbers)
        assert [body for body, _ in statuses(store)] == [str(number) for number in range(1000)]

    def test_all_parts_are_queued_or_none(self, outbox: OutboxRepository, store: Store) -> None:
        good = new_message(SITI, "1", now=NOON)
        bad = new_message(SITI, "2", now=NOON, client_id="NOBODY")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            outbox.add([good, bad], now=NOON)
        assert statuses(store) == []

    def test_nothing_is_no_error(self, outbox: OutboxRepository) -> None:
        assert outbox.add([], now=NOON) == []


class TestClaim:
    def test_two_connections_never_get_the_same(self, store: Store, database: str) -> None:
        for number in range(60):
            queue(store, f"62812111100{number:02}", "1", now=NOON)
        claimed: list[int] = []

        def work() -> None:
            with connect(database, hint="") as connection:
                mine = Store(connection).outbox
                while found := claim(mine, limit=2):
                    claimed.extend(message.message_id for message in found)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(claimed) == len(set(claimed)) == 60

    def test_one_that_another_process_is_just_claiming_is_skipped(
        self, store: Store, database: str
    ) -> None:
        queue(store, SITI, "1", "2", now=NOON)
        queue(store, BUDI, "3", now=NOON)
        with connect(database, hint="") as other, other.transaction():
            assert [message.body for message in claim(Store(other).outbox)] == ["1"]
            assert [message.body for message in claim(store.outbox, limit=5)] == ["3"]

    def test_a_claimed_message_says_all_that_sending_needs(
        self, store: Store, outbox: OutboxRepository
    ) -> None:
        store.connection.execute("INSERT INTO clients (client_id, nama) VALUES ('A', 'A')")
        (number,) = queue(
            store, SITI, "1", now=NOON, kind=Kind.REMINDER, client_id="A", day=date(2026, 11, 21)
        )
        (message,) = claim(outbox)
        assert message.kind is Kind.REMINDER
        assert (message.message_id, message.client_id, message.day, message.attempts) == (
            number,
            "A",
            date(2026, 11, 21),
            1,
        )
        assert (message.in_doubt, message.gateway_message_id, message.claimed_at) == (
            False,
            None,
            NOON,
        )

    def test_what_is_not_due_or_past_its_time_is_not_claimed(
        self, store: Store, outbox: OutboxRepository
    ) -> None:
        queue(store, SITI, "1", now=NOON + timedelta(seconds=1))
        queue(store, BUDI, "2", now=NOON, expires_at=NOON)
        assert claim(outbox, limit=5) == []


class TestAcks:
    @pytest.fixture
    def gateway_id(self, store: Store, outbox: OutboxRepository) -> str:
        queue(store, SITI, "1", now=NOON)
        (message,) = claim(outbox)
        accept(outbox, message, "3EB0AA")
        return "3EB0AA"

    @pytest.mark.parametrize(
        "acks", list(permutations([Ack.PENDING, Ack.SERVER, Ack.DELIVERED, Ack.READ]))
    )
    def test_the_highest_counts_in_whatever_order_they_come(
        self, store: Store, outbox: OutboxRepository, gateway_id: str, acks: list[Ack]
    ) -> None:
        for ack in acks:
            outbox.record_ack(gateway_id, ack, now=NOON)
        assert statuses(store) == [("1", "read")]

    @pytest.mark.parametrize(
        ("acks", "expected"),
        [
            ([Ack.ERROR], "failed"),
            ([Ack.PENDING, Ack.ERROR], "failed"),
            ([Ack.SERVER, Ack.ERROR], "failed"),
            ([Ack.ERROR, Ack.PENDING, Ack.SERVER], "failed"),
            ([Ack.ERROR, Ack.DELIVERED], "delivered"),
            ([Ack.DELIVERED, Ack.ERROR], "delivered"),
        ],
    )
    def test_an_error_counts_until_a_device_has_it(
        self,
        store: Store,
        outbox: OutboxRepository,
        gateway_id: str,
        acks: list[Ack],
        expected: str,
    ) -> None:
        for ack in acks:
            outbox.record_ack(gateway_id, ack, now=NOON)
        assert statuses(store) == [("1", expected)]
        (row,) = outbox.list_newest()
        assert row["error_code"] == ("ack_error" if expected == "failed" else None)

    def test_an_unknown_id_is_no_error(self, outbox: OutboxRepository) -> None:
        assert outbox.record_ack("3EB0BB", Ack.READ, now=NOON) is False

    def test_an_ack_ends_a_doubt(self, store: Store, outbox: OutboxRepository) -> None:
        queue(store, SITI, "1", now=NOON)
        (message,) = claim(outbox)
        outbox.begin(
            message.message_id,
            body="1",
            gateway_message_id="3EB0CC",
            now=NOON,
            look_up_at=NOON,
        )
        outbox.record_ack("3EB0CC", Ack.SERVER, now=NOON)
        outbox.settle(message.message_id, MessageStatus.QUEUED, now=NOON)  # comes too late
        assert statuses(store) == [("1", "accepted")]
        assert claim(outbox) == []


class TestDeciding:
    @pytest.mark.parametrize(
        ("status", "after_retry", "after_cancel"),
        [
            ("queued", "queued", "cancelled"),
            ("sending", None, None),
            ("accepted", None, None),
            ("delivered", None, None),
            ("read", None, None),
            ("failed", "queued", "cancelled"),
            ("unknown", "queued", "cancelled"),
            ("cancelled", "queued", None),
            ("expired", "queued", "cancelled"),
        ],
    )
    def test_what_a_person_may_do(
        self,
        store: Store,
        outbox: OutboxRepository,
        status: str,
        after_retry: str | None,
        after_cancel: str | None,
    ) -> None:
        first, second = queue(store, SITI, "1", "2", now=NOON)
        store.connection.execute("UPDATE outbox SET status = %s, attempts = 5", [status])
        later = NOON + timedelta(days=1)
        done = outbox.retry(first, now=NOON, expires_at=later)
        assert (done, outbox.cancel(second)) == (after_retry is not None, after_cancel is not None)
        assert [state for _, state in statuses(store)] == [
            after_retry or status,
            after_cancel or status,
        ]
        if done:
            row = outbox.get(first)
            assert row
            assert (row["attempts"], row["expires_at"]) == (0, later)


@pytest.fixture(scope="module")
def long_kept(server: str, template: str) -> Iterator[Store]:
    """An outbox with 100,000 messages that are done with, and a thousand to send."""
    with new_database(server, template) as conninfo, connect(conninfo, hint="") as connection:
        store = Store(connection)
        connection.execute(
            """
            INSERT INTO outbox (dedupe_key, kind, recipient, body, status, next_attempt_at, expires_at, gateway,
                gateway_message_id, queued_at, accepted_at)
            SELECT 'old' || n, 'reminder', '62812' || n %% 3000, 'x', 'delivered', %(now)s, %(now)s, 'fake',
                'id' || n, %(now)s::timestamptz - n * interval '1 minute',
                %(now)s::timestamptz - n * interval '1 minute'
            FROM generate_series(1500, 101500) AS n
            """,
            {"now": NOON},
        )
        for number in range(50):
            queue(store, f"6281300000{number:02}", *map(str, range(20)), now=NOON)
        connection.execute("ANALYZE outbox")
        yield store


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("claim_messages", {"limit": 1, "message_id": None, "no_first_contacts": False}),
        ("claim_messages", {"limit": 1, "message_id": None, "no_first_contacts": True}),
        ("count_due", {}),
        ("list_left_sending", {"takes_message_id": True}),
        ("list_unconfirmed", {"limit": 20}),
        ("expire_messages", {}),
        ("record_ack", {"gateway_message_id": "id7", "ack": 2}),
        ("find_by_gateway_message", {"gateway_message_id": "id7"}),
        ("count_sent_since", {"since": NOON - timedelta(hours=12)}),
        ("count_outbox", {"since": NOON - timedelta(hours=12)}),
        ("count_reminders", {"client_id": "A", "day": date(2026, 11, 21)}),
        (
            "list_messages",
            {"status": None, "client_id": None, "kind": None, "sender": None, "limit": 50},
        ),
    ],
)
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_what_is_done_with_is_not_read_again(
    long_kept: Store, query: str, parameters: dict[str, Any], mode: str
) -> None:
    given = {"sender": "default", "gateway": "fake", "now": NOON, "look_up_at": NOON, **parameters}
    connection = long_kept.connection
    connection.execute(f"SET plan_cache_mode = {mode}")
    plan = connection.execute(f"EXPLAIN {_SQL[query]}", given, prepare=True).fetchall()
    text = "\n".join(line for (line,) in plan)
    assert "Seq Scan on outbox" not in text, text
