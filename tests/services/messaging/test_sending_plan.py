from __future__ import annotations

from datetime import timedelta

from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.domain.messaging.slots import Slot
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.reminders import Reminders
from cicero_cli.services.messaging.sending_plan import SendingPlan, plan_queue
from tests.services.fakes import at
from tests.services.fakes_whatsapp import new_message, one_database_for_all, queue, settings

NOON = at("2026-11-21 05:00")
A = Client(client_id="A", nama="A")

shared_database, database = one_database_for_all()


def plan(store: Store, count: int, **given: str) -> SendingPlan:
    messages = tuple(
        new_message(f"6281211{number:06}", "x", now=NOON, kind=Kind.REMINDER)
        for number in range(count)
    )
    slot = Slot("x", NOON + timedelta(hours=9))
    found = [Reminders(A, "first", slot, messages)]  # type: ignore[arg-type]
    quiet = {"CICERO_WA_GAP_USER": "30-60", "CICERO_QUIET_HOURS": "00:00-00:00"}
    return plan_queue(store, found, gateway="fake", settings=settings(**quiet, **given), now=NOON)


def test_one_account_takes_five_hours_for_389_reminders_and_five_take_one(store: Store) -> None:
    alone = plan(store, 389)
    assert [(name, one.messages) for name, one in alone.by_sender.items()] == [(DEFAULT, 389)]
    assert (alone.seconds, alone.will_expire) == (389 * 45, 0)  # 4 h 52 min
    for number in range(1, 5):
        name = f"akun-{number}"
        store.senders.save(Sender(name=name, gateway="file", url=f"/{name}", in_pool=True))
    store.senders.save(Sender(in_pool=True))
    five = plan(store, 389)
    assert sorted(one.messages for one in five.by_sender.values()) == [77, 78, 78, 78, 78]
    assert next(iter(five.by_sender)) == DEFAULT
    assert (five.messages, five.seconds) == (389, 78 * 45)  # 58.5 min


def test_each_has_its_own_queue_pace_and_cap(store: Store) -> None:
    store.senders.save(
        Sender(name="satu", gateway="file", url="/a", in_pool=True, gap_user="10", daily_cap=3)
    )
    store.senders.save(Sender(name="dua", gateway="file", url="/b", in_pool=True))
    queue(store, "6281299999999", "1", "2", now=NOON, sender="dua")
    found = plan(store, 10).by_sender
    assert (found["satu"].messages, found["satu"].seconds, found["satu"].will_expire) == (6, 60, 3)
    assert (found["dua"].messages, found["dua"].seconds, found["dua"].will_expire) == (4, 270, 0)


def test_nothing_new_takes_no_time(store: Store) -> None:
    found = plan(store, 0)
    assert (found.messages, found.seconds, found.will_expire) == (0, 0, 0)
