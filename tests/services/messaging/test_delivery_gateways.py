"""Delivering through the real gateways, with the stand-in at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.domain.messaging.gateway_answers import Ack, Attachment
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.gateways.whatsapp.cloud import CloudGateway
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.gateways.whatsapp.webhooks import read_acks
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.delivery import Delivered, deliver
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from cicero_cli.standins.whatsapp.gowa import ack_event as gowa_ack
from cicero_cli.standins.whatsapp.waha import ack_event as waha_ack
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    Clock,
    one_database_for_all,
    queue,
    settings,
    statuses,
)

NOON = at("2026-11-21 05:00")
GROUP, LEFT_GROUP = "120363000000000001@g.us", "120363000000000002@g.us"
SITI, BUDI = "6281211110001", "6281211110002"
TIMEOUTS = (1.0, 0.3)
SHEET = Attachment(
    filename="laphar-POLRES_A.xlsx", mimetype=FileKind.XLSX.mimetype, content=b"PK\x03" * 99
)


shared_database, database = one_database_for_all()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def standin(clock: Clock) -> Iterator[StandIn]:
    with StandIn() as server:
        server.phones.groups[GROUP] = "Polres A"
        server.phones.now = clock
        yield server


@pytest.fixture(params=["waha", "gowa"])
def gateway(request: pytest.FixtureRequest, standin: StandIn) -> WhatsappGateway:
    if request.param == "waha":
        return WahaGateway(standin.url, key="stand-in-key", timeouts=TIMEOUTS)
    return GowaGateway(
        standin.url, user="cicero", password="stand-in", device="stand-in", timeouts=TIMEOUTS
    )


@pytest.fixture
def cron(store: Store, gateway: WhatsappGateway, clock: Clock) -> Cron:
    return Cron(store, gateway, clock)


class Cron:
    """Delivers every minute."""

    def __init__(self, store: Store, gateway: WhatsappGateway, clock: Clock) -> None:
        self.store, self.gateway, self.clock = store, gateway, clock

    def minute(self, **given: str) -> Delivered:
        started = self.clock.now
        delivered = deliver(
            self.store,
            self.gateway,
            settings(**given),
            refresh=lambda message: message.body,
            clock=self.clock,
            sleep=self.clock.sleep,
            uniform=lambda low, _high: low,
        )
        self.clock.now = max(self.clock.now, started + timedelta(minutes=1))
        return delivered

    def minutes(self, count: int, **given: str) -> list[Delivered]:
        return [self.minute(**given) for _ in range(count)]


def inbox(standin: StandIn) -> list[tuple[str, str]]:
    return [(message.recipient, message.text) for message in standin.inbox]


def test_an_hour_without_the_gateway_loses_nothing(
    store: Store, standin: StandIn, cron: Cron
) -> None:
    for person in (SITI, BUDI, GROUP):
        queue(store, person, "1", "2", now=NOON)
    standin.go_down()
    runs = cron.minutes(60)
    assert [run.pause.is_news for run in runs if run.pause] == [True, *[False] * 59]
    standin.come_back()
    cron.minute(CICERO_WA_GAP="3")
    assert inbox(standin) == [(to, text) for to in (SITI, BUDI, GROUP) for text in "12"]


@pytest.mark.parametrize("is_taken", [True, False])
def test_every_tenth_500_is_made_good(
    store: Store, standin: StandIn, cron: Cron, *, is_taken: bool
) -> None:
    for number in range(15):
        for person in (SITI, GROUP):
            queue(store, person, str(number), now=NOON)
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR, every=10, is_taken=is_taken))
    cron.minutes(15)
    for person in (SITI, GROUP):
        got = [text for to, text in inbox(standin) if to == person]
        assert got == [str(number) for number in range(15)]
    assert {status for _, status in statuses(store)} <= {"accepted", "delivered"}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": FaultKind.CUT},
        {"kind": FaultKind.CUT, "is_taken": True},
        {"kind": FaultKind.SLOW, "seconds": 0.6},
        {"kind": FaultKind.NO_ID},
        {"kind": FaultKind.HTML},
        {"kind": FaultKind.HTML, "is_taken": True},
        {"kind": FaultKind.ANSWER, "status": 502},
        {"kind": FaultKind.ANSWER, "status": 504, "is_taken": True},
    ],
    ids=str,
)
def test_after_an_answer_that_proves_nothing_the_message_arrives_once(
    store: Store, standin: StandIn, cron: Cron, fault: dict[str, Any]
) -> None:
    queue(store, SITI, "1", "2", now=NOON)
    standin.faults.add(Fault(times=1, **fault))
    cron.minutes(6)
    assert inbox(standin) == [(SITI, "1"), (SITI, "2")]
    assert statuses(store) == [("1", "accepted"), ("2", "accepted")]


@pytest.mark.parametrize(
    "fault",
    [None, {"kind": FaultKind.CUT}, {"kind": FaultKind.CUT, "is_taken": True}],
    ids=str,
)
def test_a_file_follows_its_text_and_arrives_once_with_its_bytes(
    store: Store, standin: StandIn, cron: Cron, fault: dict[str, Any] | None
) -> None:
    """Each stand-in checks the requests against the gateway's specification."""
    queue(store, GROUP, "Laporan", now=NOON)
    queue(store, GROUP, "Lampiran", now=NOON, attachment=SHEET)
    cron.minute(CICERO_WA_DAILY_CAP="1")
    if fault:
        standin.faults.add(Fault(times=1, **fault))
    cron.minutes(4)
    assert inbox(standin) == [(GROUP, "Laporan"), (GROUP, "Lampiran")]
    assert (standin.inbox[1].filename, standin.inbox[1].content) == (SHEET.filename, SHEET.content)


def test_a_picture_reaches_a_person_by_way_of_meta_and_no_group(
    store: Store, standin: StandIn, clock: Clock
) -> None:
    gateway = CloudGateway(
        phone_id="100200300", token="stand-in-token", base_url=standin.url, timeouts=TIMEOUTS
    )
    standin.phones.known.add(SITI)
    chart = replace(SHEET, filename="laphar.png", mimetype=FileKind.PNG.mimetype)
    for to in (SITI, GROUP):
        queue(store, to, "Lampiran", now=NOON, attachment=chart)
    delivered = Cron(store, gateway, clock).minute()
    assert inbox(standin) == [(SITI, "Lampiran")]
    assert standin.inbox[0].content == chart.content
    assert [reason.partition(":")[0] for reason in delivered.failures.values()] == ["no_groups"]


def test_a_lost_session_is_told_once_and_the_queue_goes_on_when_it_is_back(
    store: Store, standin: StandIn, cron: Cron
) -> None:
    queue(store, SITI, "1", "2", now=NOON)
    standin.set_session("SCAN_QR_CODE")
    runs = cron.minutes(3)
    assert [run.pause.is_news for run in runs if run.pause] == [True, False, False]
    assert all(run.pause and run.pause.hint for run in runs)
    standin.set_session("STARTING")
    assert [run.pause and run.pause.is_news for run in cron.minutes(2)] == [False, False]
    standin.set_session("WORKING")
    assert cron.minute().pause is None
    assert inbox(standin) == [(SITI, "1"), (SITI, "2")]


def test_what_cannot_be_delivered_fails_alone(store: Store, standin: StandIn, cron: Cron) -> None:
    today = NOON + timedelta(hours=12)
    standin.phones.invalid.add(SITI)
    bad_number, *_ = queue(store, SITI, "nobody", now=NOON, expires_at=today)
    bad_group, *_ = queue(store, LEFT_GROUP, "no group", now=NOON, expires_at=today)
    letters, *_ = queue(store, "0812abc", "letters", now=NOON, expires_at=today)
    queue(store, BUDI, "1", now=NOON)
    delivered = cron.minute()
    assert inbox(standin) == [(BUDI, "1")]
    assert delivered.failures.keys() == {
        f"message {bad_number}",
        f"message {bad_group}",
        f"message {letters}",
    }
    assert cron.minute().failures == {}


def test_a_lock_for_new_chats_leaves_groups_and_known_chats(
    store: Store, standin: StandIn, cron: Cron, clock: Clock
) -> None:
    queue(store, SITI, "before", now=NOON)
    cron.minute()
    standin.phones.lock_new_chats(timedelta(hours=2))
    queue(store, BUDI, "new", now=NOON, expires_at=NOON + timedelta(days=3))
    queue(store, SITI, "known", now=NOON)
    queue(store, GROUP, "group", now=NOON)
    standin.requests.clear()
    cron.minutes(5)
    assert inbox(standin) == [(SITI, "before"), (SITI, "known"), (GROUP, "group")]
    assert len([path for method, path in standin.requests if method == "POST"]) == 3

    clock.pass_by(hours=24)
    cron.minute()
    assert inbox(standin)[3:] == [(BUDI, "new")]


def test_acks_come_by_webhook(
    store: Store, standin: StandIn, cron: Cron, gateway: WhatsappGateway, clock: Clock
) -> None:
    queue(store, SITI, "1", now=NOON)
    queue(store, GROUP, "2", now=NOON, kind=Kind.TEST)
    cron.minute()
    for ack, expected in ((2, "delivered"), (3, "read"), (2, "read")):
        for message in standin.inbox:
            message.ack = ack
            event = (waha_ack if gateway.name == "waha" else gowa_ack)(message, "default")
            for one in read_acks(msgspec.json.encode(event)):
                store.outbox.record_ack(one.message_id, one.ack, now=clock())
        assert statuses(store) == [("1", expected), ("2", expected)]


def test_waha_is_asked_how_far_a_message_got(store: Store, standin: StandIn, clock: Clock) -> None:
    cron = Cron(store, WahaGateway(standin.url, key="stand-in-key", timeouts=TIMEOUTS), clock)
    queue(store, SITI, "1", now=NOON)
    cron.minute()
    standin.inbox[0].ack = int(Ack.READ)
    cron.minutes(3)
    assert statuses(store) == [("1", "read")]
