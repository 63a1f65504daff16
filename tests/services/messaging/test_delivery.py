from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Ack, Attachment, Sent, Verdict
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.errors import BusyError
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.messaging.delivery import Delivered
from cicero_cli.services.messaging.operator_decisions import retry_messages
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    ACCEPTED,
    BUSY,
    DOWN,
    HTTP_500,
    LOCKED,
    NO_CONNECTION,
    NO_NUMBER,
    NOT_IN_GROUP,
    READY,
    SCAN,
    STARTING,
    UNLINKED,
    Answer,
    Clock,
    FakeGateway,
    KilledError,
    one_database_for_all,
    queue,
    run,
    statuses,
)

NOON = at("2026-11-21 05:00")  # in Jakarta
GROUP, OTHER_GROUP = "120363000000000001@g.us", "120363000000000002@g.us"
SITI, BUDI, AGUS = "6281211110001", "6281211110002", "6281211110003"


shared_database, database = one_database_for_all()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def waha(clock: Clock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
def gowa(clock: Clock) -> FakeGateway:
    return FakeGateway(clock, takes_message_id=False)


def every_minute(store: Store, gateway: FakeGateway, minutes: int, **given: str) -> list[Delivered]:
    """What cron does."""
    runs = []
    for _ in range(minutes):
        started = gateway.clock.now
        runs.append(run(store, gateway, **given))
        while gateway.clock.now - started > timedelta(minutes=1):
            started += timedelta(minutes=1)
        gateway.clock.now = started + timedelta(minutes=1)
    return runs


def refuses(recipient: str, answer: Sent) -> Answer:
    return lambda to, _text: answer if to == recipient else ACCEPTED


class TestWhatIsDue:
    def test_what_is_due_goes_out_once(self, store: Store, waha: FakeGateway) -> None:
        queue(store, GROUP, "Laporan", now=NOON)
        queue(store, SITI, "Laporan", now=NOON)

        first, second = run(store, waha), run(store, waha)

        assert waha.inbox == [(GROUP, "Laporan"), (SITI, "Laporan")]
        assert (first.counts["accepted"], first.waiting) == (2, 0)
        assert (second.counts["accepted"], second.pause, second.failures) == (0, None, {})

    def test_without_work_the_gateway_is_not_asked(self, store: Store, waha: FakeGateway) -> None:
        run(store, waha)
        assert waha.session_checks == 0

    def test_a_second_run_leaves_the_work_to_the_first(
        self, store: Store, waha: FakeGateway, database: str
    ) -> None:
        queue(store, SITI, "Laporan", now=NOON)
        with (
            connect(database, hint="") as other,
            Store(other).job_lock("outbox deliver"),
            pytest.raises(BusyError, match="another `cicero outbox deliver`"),
        ):
            run(store, waha)
        assert statuses(store) == [("Laporan", "queued")]

    def test_reports_go_before_reminders(self, store: Store, waha: FakeGateway) -> None:
        queue(store, SITI, "Pengingat", now=NOON, kind=Kind.REMINDER)
        queue(store, GROUP, "Laporan", now=NOON)
        run(store, waha)
        assert waha.inbox == [(GROUP, "Laporan"), (SITI, "Pengingat")]

    def test_a_report_does_not_wait_for_a_reminder_to_the_same_person(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "Pengingat", now=NOON, kind=Kind.REMINDER)
        queue(store, SITI, "Laporan", now=NOON)
        run(store, waha)
        assert waha.inbox == [(SITI, "Laporan"), (SITI, "Pengingat")]

    def test_parts_arrive_in_order(self, store: Store, waha: FakeGateway) -> None:
        queue(store, GROUP, *(f"({n}/5)" for n in range(1, 6)), now=NOON)
        answers = iter([ACCEPTED, BUSY])  # the second part must wait
        waha.answer = lambda _to, _text: next(answers, ACCEPTED)
        every_minute(store, waha, 3)
        assert [text for _, text in waha.inbox] == [f"({n}/5)" for n in range(1, 6)]

    def test_one_message_alone_can_be_sent(self, store: Store, waha: FakeGateway) -> None:
        queue(store, GROUP, "Laporan", now=NOON)
        (wanted,) = queue(store, SITI, "Pesan uji", now=NOON, kind=Kind.TEST)
        run(store, waha, message_id=wanted)
        assert waha.inbox == [(SITI, "Pesan uji")]

    def test_a_client_that_is_erased_takes_its_messages_along(
        self, store: Store, waha: FakeGateway
    ) -> None:
        store.connection.execute("INSERT INTO clients (client_id, nama) VALUES ('A', 'A')")
        queue(store, GROUP, "A", now=NOON, client_id="A")
        queue(store, SITI, "B", now=NOON)
        waha.answer = lambda _to, _text: (
            store.clients.erase("A"),
            ACCEPTED,
        )[1]
        run(store, waha)
        assert statuses(store) == [("B", "accepted")]

    def test_what_waits_of_a_client_that_is_removed_is_not_sent(
        self, store: Store, waha: FakeGateway
    ) -> None:
        store.connection.execute("INSERT INTO clients (client_id, nama) VALUES ('A', 'A')")
        queue(store, GROUP, "A", "later", now=NOON, client_id="A")
        waha.answer = lambda _to, _text: (store.clients.remove("A"), ACCEPTED)[1]
        run(store, waha)
        assert statuses(store) == [("A", "accepted"), ("later", "cancelled")]
        store.clients.erase("A")


class TestPace:
    def test_a_gap_lies_between_two_messages(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, GROUP, "1", "2", "3", now=NOON)
        run(store, waha, CICERO_WA_GAP="3-10", gap=1.0)
        assert [moment - NOON for moment, *_ in waha.calls] == [
            timedelta(seconds=seconds) for seconds in (0, 10, 20)
        ]

    def test_the_gap_is_kept_by_the_next_process(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, GROUP, "1", now=NOON)
        run(store, waha, CICERO_WA_GAP="3-10")
        clock.pass_by(seconds=1)
        queue(store, GROUP, "2", now=clock.now)
        run(store, waha, CICERO_WA_GAP="3-10", gap=0.0)
        assert clock.slept == [2.0]

    def test_the_gap_is_kept_after_a_run_that_was_killed(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, GROUP, "1", now=NOON)
        waha.dies_after = True
        with pytest.raises(KilledError):
            run(store, waha)
        waha.dies_after = False
        clock.pass_by(seconds=1)
        run(store, waha, CICERO_WA_GAP="3")
        assert clock.slept == [2.0]

    def test_the_gap_begins_with_the_answer(self, store: Store, waha: FakeGateway) -> None:
        queue(store, GROUP, "1", "2", now=NOON)
        waha.seconds = 5
        run(store, waha, CICERO_WA_GAP="3")
        assert waha.calls[1][0] - waha.calls[0][0] == timedelta(seconds=8)

    def test_refused_messages_keep_the_pace_too(self, store: Store, waha: FakeGateway) -> None:
        for number in range(3):
            queue(store, f"628121111000{number}", "Laporan", now=NOON)
        waha.answer = lambda _to, _text: NO_NUMBER
        run(store, waha, CICERO_WA_GAP="3")
        assert [(moment - NOON).seconds for moment, *_ in waha.calls] == [0, 3, 6]

    def test_a_run_ends_before_the_next_begins(self, store: Store, waha: FakeGateway) -> None:
        queue(store, GROUP, *map(str, range(100)), now=NOON)
        delivered = run(store, waha, CICERO_WA_GAP="3-10")
        assert (waha.clock.now - NOON).seconds <= 50
        assert (len(waha.inbox), delivered.waiting) == (8, 92)

    def test_a_slow_gateway_does_not_make_runs_overlap(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, GROUP, *map(str, range(10)), now=NOON)
        waha.seconds = 45
        run(store, waha)
        assert (waha.clock.now - NOON).seconds < 60

    def test_reminders_with_gaps_longer_than_a_run_go_out_all_the_same(
        self, store: Store, waha: FakeGateway
    ) -> None:
        for number in range(5):
            queue(store, f"628121111000{number}", "Pengingat", now=NOON, kind=Kind.REMINDER)
        every_minute(store, waha, 10, CICERO_WA_GAP_USER="90")
        gaps = [b[0] - a[0] for a, b in zip(waha.calls, waha.calls[1:], strict=False)]
        assert (len(waha.inbox), min(gaps)) == (5, timedelta(seconds=90))

    def test_a_message_that_waits_for_its_turn_is_not_sent_after_its_time(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, GROUP, "1", "2", now=NOON, expires_at=NOON + timedelta(seconds=20))
        every_minute(store, waha, 2, CICERO_WA_GAP="30")
        assert statuses(store) == [("1", "accepted"), ("2", "expired")]

    def test_the_days_cap_stops_until_tomorrow(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, GROUP, "1", "2", "3", now=NOON, expires_at=NOON + timedelta(days=2))
        first, second = every_minute(store, waha, 2, CICERO_WA_DAILY_CAP="2")
        assert [(run.pause.code, run.pause.is_news) for run in (first, second) if run.pause] == [
            ("daily_cap", True),
            ("daily_cap", False),
        ]
        assert (len(waha.inbox), second.waiting) == (2, 1)

        clock.now = at("2026-11-21 17:00")  # midnight in Jakarta
        assert run(store, waha, CICERO_WA_DAILY_CAP="2").pause is None
        assert len(waha.inbox) == 3

    def test_the_cap_of_one_run_counts_what_it_sent_itself(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, GROUP, "1", "2", now=NOON)
        queue(store, SITI, "3", now=NOON)
        waha.answer = refuses(GROUP, NOT_IN_GROUP)
        delivered = run(store, waha, CICERO_WA_DAILY_CAP="1")
        assert (len(waha.inbox), delivered.counts["failed"]) == (1, 2)


class TestQuietHours:
    @pytest.mark.parametrize(
        ("zone", "now", "again"),
        [
            ("Asia/Jakarta", "2026-11-21 15:00", "2026-11-21 22:00"),  # 22:00 -> 05:00
            ("Asia/Jakarta", "2026-11-21 21:59", "2026-11-21 22:00"),  # 04:59 -> 05:00
            ("Asia/Makassar", "2026-11-21 14:00", "2026-11-21 21:00"),  # 22:00 -> 05:00
            ("Asia/Jayapura", "2026-11-21 13:00", "2026-11-21 20:00"),  # 22:00 -> 05:00
        ],
    )
    def test_a_reminder_waits_for_the_morning_of_its_client(
        self, store: Store, waha: FakeGateway, clock: Clock, *, zone: str, now: str, again: str
    ) -> None:
        store.connection.execute(
            "INSERT INTO clients (client_id, nama, timezone) VALUES ('A', 'A', %s)", [zone]
        )
        clock.now = at(now)
        queue(
            store,
            SITI,
            "Pengingat",
            now=clock.now,
            kind=Kind.REMINDER,
            client_id="A",
            expires_at=at("2026-11-22 05:00"),
        )
        queue(store, GROUP, "Laporan", now=clock.now, client_id="A")

        run(store, waha, CICERO_QUIET_HOURS="21:30-05:00")
        assert waha.inbox == [(GROUP, "Laporan")]  # reports are not held back

        clock.now = at(again) - timedelta(seconds=1)
        run(store, waha, CICERO_QUIET_HOURS="21:30-05:00")
        assert len(waha.inbox) == 1
        clock.now = at(again)
        run(store, waha, CICERO_QUIET_HOURS="21:30-05:00")
        assert waha.inbox[1:] == [(SITI, "Pengingat")]

    def test_hours_within_one_day_are_kept_too(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "Pengingat", now=NOON, kind=Kind.REMINDER)
        queue(store, GROUP, "Tugas", now=NOON, kind=Kind.TUGAS)
        run(store, waha, CICERO_QUIET_HOURS="11:30-13:00")
        clock.now = at("2026-11-21 06:00")
        assert waha.inbox == []
        run(store, waha, CICERO_QUIET_HOURS="11:30-13:00")
        assert waha.inbox == [(GROUP, "Tugas"), (SITI, "Pengingat")]

    def test_quiet_begins_while_a_reminder_waits_for_its_turn(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        clock.now = at("2026-11-21 14:29") + timedelta(seconds=40)  # 21:29:40
        for person in (SITI, BUDI):
            queue(store, person, "Pengingat", now=clock.now, kind=Kind.REMINDER)
        run(store, waha, CICERO_QUIET_HOURS="21:30-05:00", CICERO_WA_GAP_USER="30")
        assert waha.inbox == [(SITI, "Pengingat")]


class TestTrouble:
    def test_a_wrong_number_fails_alone_and_is_named(self, store: Store, waha: FakeGateway) -> None:
        bad, *_ = queue(store, SITI, "1", now=NOON)
        queue(store, GROUP, "2", now=NOON)
        waha.answer = refuses(SITI, NO_NUMBER)
        delivered = run(store, waha)
        assert delivered.failures == {f"message {bad}": "validation_error"}
        assert statuses(store) == [("1", "failed"), ("2", "accepted")]
        assert run(store, waha).failures == {}  # named once

    def test_a_group_that_the_account_has_left_says_what_to_do(
        self, store: Store, waha: FakeGateway
    ) -> None:
        bad, *_ = queue(store, GROUP, "1", now=NOON)
        queue(store, OTHER_GROUP, "2", now=NOON)
        waha.answer = refuses(GROUP, NOT_IN_GROUP)
        delivered = run(store, waha)
        assert delivered.failures == {f"message {bad}": "not_in_group: add the account to it"}
        assert waha.inbox == [(OTHER_GROUP, "2")]

    def test_a_message_that_certainly_was_not_sent_is_tried_again_later(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        answers = iter([BUSY, BUSY, BUSY])
        waha.answer = lambda _to, _text: next(answers, ACCEPTED)
        every_minute(store, waha, 15)
        minutes = [(moment - NOON).seconds // 60 for moment, *_ in waha.calls]
        assert (minutes, len(waha.inbox)) == ([0, 1, 3, 8], 1)

    def test_a_message_that_would_be_too_late_has_failed(
        self, store: Store, waha: FakeGateway
    ) -> None:
        (bad,) = queue(store, SITI, "1", now=NOON, expires_at=NOON + timedelta(seconds=59))
        waha.answer = lambda _to, _text: BUSY
        assert run(store, waha).failures == {f"message {bad}": "rate_limited"}

    def test_poison_holds_up_its_own_recipient_for_three_tries_and_others_never(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "poison", "after it", now=NOON)
        queue(store, BUDI, "other", now=NOON)
        waha.answer = lambda _to, text: BUSY if text == "poison" else ACCEPTED
        every_minute(store, waha, 3)
        assert waha.inbox == [(BUDI, "other")]
        every_minute(store, waha, 2)
        assert waha.inbox == [(BUDI, "other"), (SITI, "after it")]

    @pytest.mark.parametrize("takes_message_id", [True, False])
    def test_poison_in_doubt_holds_up_its_recipient_for_three_tries_only(
        self, store: Store, clock: Clock, *, takes_message_id: bool
    ) -> None:
        gateway = FakeGateway(clock, takes_message_id=takes_message_id)
        queue(store, SITI, "poison", "after it", now=NOON)
        gateway.answer = lambda _to, text: HTTP_500 if text == "poison" else ACCEPTED
        every_minute(store, gateway, 12)
        assert gateway.inbox == [(SITI, "after it")]
        assert 3 <= len(gateway.calls) <= 8  # put off, not tried every minute

    def test_every_tenth_message_meets_an_error_and_all_arrive_once_in_order(
        self, store: Store, clock: Clock
    ) -> None:
        for takes_message_id in (True, False):
            gateway = FakeGateway(clock, takes_message_id=takes_message_id)
            gateway.name = f"fake {takes_message_id}"
            for number in range(10):
                for person in (SITI, BUDI, GROUP):
                    queue(store, person, f"{number}", now=clock.now)
            tries = iter(range(1, 1000))
            gateway.answer = lambda _to, _text, tries=tries: (
                HTTP_500 if next(tries) % 10 == 0 else ACCEPTED
            )
            every_minute(store, gateway, 20, CICERO_WA_GAP="3")
            for person in (SITI, BUDI, GROUP):
                got = [text for to, text in gateway.inbox if to == person]
                assert got == [str(number) for number in range(10)]

    def test_the_gateway_is_down_for_an_hour(self, store: Store, waha: FakeGateway) -> None:
        for person in (SITI, BUDI):
            queue(store, person, "1", "2", "3", now=NOON)
        waha.session = DOWN
        waha.answer = lambda _to, _text: NO_CONNECTION
        runs = every_minute(store, waha, 60)
        assert [run.pause.is_news for run in runs if run.pause] == [True] + [False] * 59
        assert all(run.waiting == 6 and not run.failures for run in runs)

        waha.session, waha.answer = READY, lambda _to, _text: ACCEPTED
        every_minute(store, waha, 1, CICERO_WA_GAP="3")
        assert waha.inbox == [(person, text) for person in (SITI, BUDI) for text in "123"]
        assert min(b[0] - a[0] for a, b in zip(waha.calls, waha.calls[1:], strict=False)) == (
            timedelta(seconds=3)
        )

    def test_the_gateway_goes_down_in_the_middle(self, store: Store, waha: FakeGateway) -> None:
        queue(store, SITI, "1", "2", "3", now=NOON)

        def answer(_to: str, text: str) -> Sent:
            if text == "2":
                waha.session = DOWN
                return NO_CONNECTION
            return ACCEPTED

        waha.answer = answer
        first, second = every_minute(store, waha, 2)
        assert (first.pause and first.pause.is_news, second.pause and second.pause.is_news) == (
            True,
            False,
        )
        waha.session, waha.answer = READY, lambda _to, _text: ACCEPTED
        every_minute(store, waha, 1)
        assert [text for _, text in waha.inbox] == ["1", "2", "3"]
        assert [attempts(store, text) for text in "123"] == [1, 1, 1]  # an outage counts for none

    def test_a_slow_gateway_delivers_everything_in_order(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, *map(str, range(10)), now=NOON)
        waha.seconds = 45
        runs = every_minute(store, waha, 11)
        assert [text for _, text in waha.inbox] == [str(number) for number in range(10)]
        assert all(run.pause is None for run in runs)

    def test_a_lost_session_is_told_once_and_its_return_too(
        self, store: Store, waha: FakeGateway, caplog: pytest.LogCaptureFixture
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        waha.session = SCAN
        runs = every_minute(store, waha, 5)
        assert [run.pause and run.pause.is_news for run in runs] == [True, *[False] * 4]
        assert store.gateway_states.get("fake").pause_code == "scan_qr_code"

        waha.session = READY
        with caplog.at_level(logging.WARNING, "cicero_cli"):
            every_minute(store, waha, 2)
        assert [record.getMessage() for record in caplog.records] == [
            "gateway ready again gateway=fake sender=default"
        ]
        assert (waha.inbox, store.gateway_states.get("fake").pause_code) == ([(SITI, "1")], None)

    def test_a_gateway_that_starts_over_and_over_is_told_of_once(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        news = []
        for session in (DOWN, STARTING, DOWN, STARTING, SCAN, STARTING, SCAN):
            waha.session = session
            (delivered,) = every_minute(store, waha, 1)
            news.append(delivered.pause and delivered.pause.is_news)
        assert news == [True, False, False, False, True, False, False]

    def test_a_refusal_that_the_session_knows_nothing_of_is_told_once(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        waha.answer = lambda _to, _text: UNLINKED
        runs = every_minute(store, waha, 5)
        assert [run.pause and run.pause.is_news for run in runs] == [True, *[False] * 4]
        assert [sum(run.counts.values()) for run in runs] == [0] * 5  # so nothing is printed
        assert statuses(store) == [("1", "queued")]

        waha.answer = lambda _to, _text: ACCEPTED
        every_minute(store, waha, 1)
        assert (waha.inbox, store.gateway_states.get("fake").pause_code) == ([(SITI, "1")], None)

    def test_an_outage_on_the_day_after_the_cap_is_news(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "1", "2", now=NOON, expires_at=NOON + timedelta(days=2))
        run(store, waha, CICERO_WA_DAILY_CAP="1")
        clock.now = at("2026-11-21 23:00")
        waha.session = DOWN
        delivered = run(store, waha, CICERO_WA_DAILY_CAP="1")
        assert delivered.pause
        assert delivered.pause.is_news

    def test_a_reminder_whose_wording_cannot_be_made_is_not_left_as_if_it_were_under_way(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON, kind=Kind.REMINDER)

        def fail(_message: object) -> str:
            raise BusyError("no template")

        with pytest.raises(BusyError, match="no template"):
            run(store, waha, refresh=fail)
        assert statuses(store) == [("1", "queued")]


def attempts(store: Store, body: str) -> int:
    row = store.connection.execute("SELECT attempts FROM outbox WHERE body = %s", [body]).fetchone()
    assert row
    return int(row[0])


class TestDoubt:
    @pytest.mark.parametrize("step", ["before", "after"])
    @pytest.mark.parametrize("takes_message_id", [True, False])
    def test_a_run_that_is_killed_at_the_call_neither_loses_nor_doubles(
        self, store: Store, clock: Clock, *, step: str, takes_message_id: bool
    ) -> None:
        gateway = FakeGateway(clock, takes_message_id=takes_message_id)
        queue(store, SITI, "1", "2", now=NOON)
        setattr(gateway, f"dies_{step}", True)
        with pytest.raises(KilledError):
            run(store, gateway)
        setattr(gateway, f"dies_{step}", False)

        every_minute(store, gateway, 3)
        assert gateway.inbox == [(SITI, "1"), (SITI, "2")]
        assert statuses(store) == [("1", "accepted"), ("2", "accepted")]

    def test_a_call_that_began_late_is_looked_up_late(
        self, store: Store, gowa: FakeGateway, clock: Clock
    ) -> None:
        """The gateway may be busy with it for 60 s; the wait for its turn does not count."""
        queue(store, SITI, "1", now=NOON)
        run(store, gowa)
        queue(store, SITI, "2", now=NOON)
        gowa.dies_before = True
        with pytest.raises(KilledError):
            run(store, gowa, CICERO_WA_GAP="45")
        gowa.dies_before = False
        clock.pass_by(seconds=60)
        run(store, gowa)
        assert gowa.looked_up == []
        clock.pass_by(seconds=31)
        run(store, gowa)
        assert gowa.looked_up[0] == "2"

    def test_what_can_neither_be_sent_again_nor_looked_up_is_left_to_a_person(
        self, store: Store, gowa: FakeGateway
    ) -> None:
        queue(store, SITI, "1", "2", now=NOON)
        gowa.answer = lambda _to, text: HTTP_500 if text == "1" else ACCEPTED
        gowa.can_look_up = False
        every_minute(store, gowa, 4)
        assert statuses(store) == [("1", "unknown"), ("2", "accepted")]
        assert store.outbox.count_by_status(since=NOON) == {"accepted": 1, "unknown": 1}
        assert len(gowa.calls) == 2

    def test_an_older_message_with_the_same_words_is_no_proof_of_this_one(
        self, store: Store, gowa: FakeGateway
    ) -> None:
        queue(store, SITI, "Pesan uji", now=NOON)
        run(store, gowa)
        queue(store, SITI, "Pesan uji", now=NOON)
        gowa.answer = lambda _to, _text: HTTP_500
        every_minute(store, gowa, 3)
        assert [status for _, status in statuses(store)] == ["accepted", "unknown"]

    def test_a_message_in_doubt_that_came_too_late_to_be_sent_again_is_not_called_expired(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON, expires_at=NOON + timedelta(seconds=50))
        waha.answer, waha.takes_in_doubt = (lambda _to, _text: HTTP_500), True
        every_minute(store, waha, 3)
        assert statuses(store) == [("1", "unknown")]

        (number,) = [row["message_id"] for row in store.outbox.list_newest()]
        waha.answer = lambda _to, _text: ACCEPTED
        retry_messages(store, [number], by=Actor("cli:test", waha.clock.now))
        every_minute(store, waha, 1)
        assert statuses(store) == [("1", "accepted")]
        assert waha.inbox == [(SITI, "1")]  # under the same id, so WhatsApp dropped the second

    def test_a_killed_message_in_doubt_is_not_called_expired(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        waha.dies_after = True
        with pytest.raises(KilledError):
            run(store, waha)
        waha.dies_after = False
        clock.pass_by(hours=7)
        every_minute(store, waha, 2)
        assert statuses(store) == [("1", "unknown")]

    def test_a_later_outage_does_not_end_the_doubt(self, store: Store, waha: FakeGateway) -> None:
        queue(store, SITI, "1", now=NOON, expires_at=NOON + timedelta(minutes=10))
        answers = iter([HTTP_500])
        waha.answer, waha.takes_in_doubt = (lambda _to, _text: next(answers, BUSY)), True
        every_minute(store, waha, 12)
        assert statuses(store) == [("1", "unknown")]

    def test_a_person_who_hurries_a_message_in_doubt_does_not_double_it(
        self, store: Store, waha: FakeGateway
    ) -> None:
        (number,) = queue(store, SITI, "1", now=NOON)
        waha.answer, waha.takes_in_doubt = (lambda _to, _text: HTTP_500), True
        run(store, waha)
        retry_messages(store, [number], by=Actor("cli:test", NOON))
        waha.answer = lambda _to, _text: ACCEPTED
        run(store, waha)
        assert (waha.inbox, statuses(store)) == ([(SITI, "1")], [("1", "accepted")])

    def test_what_another_gateway_left_in_doubt_is_left_to_a_person(
        self, store: Store, waha: FakeGateway, gowa: FakeGateway
    ) -> None:
        waha.name, gowa.name = "waha", "gowa"
        queue(store, SITI, "1", "2", now=NOON)
        waha.dies_after = True
        with pytest.raises(KilledError):
            run(store, waha)
        every_minute(store, gowa, 4)
        assert statuses(store) == [("1", "unknown"), ("2", "accepted")]
        assert gowa.inbox == [(SITI, "2")]

    def test_looking_into_many_ends_with_the_run(self, store: Store, gowa: FakeGateway) -> None:
        for number in range(20):
            queue(store, f"62812111100{number:02}", "1", now=NOON)
        gowa.answer = lambda _to, _text: HTTP_500
        run(store, gowa)
        gowa.clock.pass_by(minutes=2)
        started = gowa.clock.now
        slow = gowa.look_up
        gowa.look_up = lambda *a, **k: (gowa.clock.pass_by(seconds=10), slow(*a, **k))[1]  # type: ignore[method-assign]
        run(store, gowa)
        assert gowa.clock.now - started <= timedelta(seconds=60)

    def test_the_gateways_own_id_is_kept_when_it_did_not_take_ours(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        waha.send_text = lambda *_a, **_k: Sent(  # type: ignore[method-assign]
            verdict=Verdict.ACCEPTED, code="accepted", message_id="3EB0FFFF"
        )
        run(store, waha)
        assert store.outbox.record_ack("3EB0FFFF", Ack.DELIVERED, now=NOON)


class TestFiles:
    """A file goes out under no id of ours: what may have been sent is looked up by its caption."""

    def queue_twice(self, store: Store) -> Attachment:
        file = Attachment(filename="laphar.xlsx", mimetype="application/x", content=b"PK\x03")
        queue(store, SITI, "Laporan", now=NOON)
        for to in (SITI, BUDI):
            queue(store, to, "Lampiran", now=NOON, attachment=file)
        return file

    def test_a_file_that_all_get_is_kept_once_and_follows_its_text(
        self, store: Store, waha: FakeGateway
    ) -> None:
        file = self.queue_twice(store)
        kept = store.connection.execute("SELECT content FROM attachment").fetchall()
        assert kept == [(file.content,)]
        run(store, waha)
        assert waha.inbox == [(SITI, "Laporan"), (SITI, "Lampiran"), (BUDI, "Lampiran")]
        assert waha.files == [file, file]

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_run_that_is_killed_at_the_call_neither_loses_nor_doubles(
        self, store: Store, waha: FakeGateway, clock: Clock, when: str
    ) -> None:
        self.queue_twice(store)
        run(store, waha, CICERO_WA_DAILY_CAP="1")
        setattr(waha, f"dies_{when}", True)
        with pytest.raises(KilledError):
            run(store, waha)
        waha.dies_before = waha.dies_after = False
        every_minute(store, waha, 3)
        assert sorted(waha.inbox[1:]) == [(SITI, "Lampiran"), (BUDI, "Lampiran")]
        assert waha.looked_up == ["Lampiran"]

    def test_what_was_pruned_is_not_sent_as_a_text(self, store: Store, waha: FakeGateway) -> None:
        self.queue_twice(store)
        store.connection.execute("DELETE FROM attachment")
        assert set(run(store, waha).failures.values()) == {"file_gone"}
        assert waha.inbox == [(SITI, "Laporan")]


class TestFirstContacts:
    def test_new_chats_pause_and_groups_and_known_chats_go_on(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "known", now=NOON)
        run(store, waha)
        known = {SITI, GROUP}
        waha.answer = lambda to, _text: ACCEPTED if to in known else LOCKED
        queue(store, BUDI, "new", now=NOON)
        queue(store, AGUS, "new", now=NOON)
        queue(store, SITI, "known again", now=NOON)
        queue(store, GROUP, "group", now=NOON)

        delivered = run(store, waha)
        assert (delivered.pause, delivered.waiting) == (None, 1)
        assert waha.inbox[1:] == [(SITI, "known again"), (GROUP, "group")]
        assert len([to for _, to, _ in waha.calls if to not in known]) == 1  # one refusal is enough

        clock.pass_by(minutes=1)
        run(store, waha)  # another process knows it too
        assert len([to for _, to, _ in waha.calls if to not in known]) == 1

    def test_the_lock_ends_by_itself(self, store: Store, waha: FakeGateway, clock: Clock) -> None:
        queue(store, BUDI, "new", now=NOON, expires_at=NOON + timedelta(days=3))
        waha.answer = lambda _to, _text: LOCKED
        run(store, waha)
        waha.answer = lambda _to, _text: ACCEPTED
        clock.pass_by(hours=23, minutes=59)
        run(store, waha)
        assert waha.inbox == []
        clock.pass_by(minutes=1)
        run(store, waha)
        assert waha.inbox == [(BUDI, "new")]

    def test_the_gateway_tells_when_the_lock_ends(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        until = NOON + timedelta(hours=2)
        queue(store, BUDI, "new", now=NOON)
        locked = Sent(verdict=Verdict.PAUSE_FIRST_CONTACTS, code="reachout_timelock", until=until)
        waha.answer = lambda _to, _text: locked
        run(store, waha)
        assert store.gateway_states.get("fake").first_contacts_paused_until == until
        waha.answer = lambda _to, _text: ACCEPTED
        clock.now = until
        run(store, waha)
        assert waha.inbox == [(BUDI, "new")]

    @pytest.mark.parametrize("until", [None, NOON - timedelta(hours=1)])
    def test_a_known_chat_that_is_refused_is_not_tried_again_and_again(
        self, store: Store, waha: FakeGateway, until: object
    ) -> None:
        queue(store, SITI, "known", now=NOON)
        run(store, waha)
        queue(store, SITI, "1", now=NOON)
        queue(store, GROUP, "2", now=NOON)
        locked = Sent(verdict=Verdict.PAUSE_FIRST_CONTACTS, code="timelock", until=until)  # type: ignore[arg-type]
        waha.answer = lambda to, _text: locked if to == SITI else ACCEPTED
        every_minute(store, waha, 10)
        assert len([to for _, to, _ in waha.calls if to == SITI]) == 2
        assert waha.inbox == [(SITI, "known"), (GROUP, "2")]


class TestExpiry:
    def test_what_is_past_its_time_is_not_sent(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        clock.pass_by(hours=6)
        delivered = run(store, waha)
        assert (delivered.counts["expired"], waha.calls, waha.session_checks) == (1, [], 0)
        assert statuses(store) == [("1", "expired")]

    def test_an_expired_message_no_longer_holds_up_the_next(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        queue(store, SITI, "2", now=NOON, expires_at=NOON + timedelta(hours=9))
        clock.pass_by(hours=7)
        run(store, waha)
        assert waha.inbox == [(SITI, "2")]


class TestReminders:
    def test_a_reminder_says_what_is_left_when_it_goes_out(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "dua tautan", now=NOON, kind=Kind.REMINDER)
        run(store, waha, refresh=lambda _message: "satu tautan")
        assert waha.inbox == [(SITI, "satu tautan")]
        assert statuses(store) == [("satu tautan", "accepted")]

    def test_a_reminder_that_nobody_needs_any_more_is_cancelled(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON, kind=Kind.REMINDER)
        run(store, waha, refresh=lambda _message: None)
        assert waha.calls == []
        (row,) = store.outbox.list_newest()
        assert (row["status"], row["error_code"], row["attempts"]) == ("cancelled", "done_since", 0)


class TestAcks:
    def test_delivery_is_asked_about(self, store: Store, waha: FakeGateway, clock: Clock) -> None:
        queue(store, SITI, "1", now=NOON)
        run(store, waha)
        waha.acks["1"] = Ack.DELIVERED
        clock.pass_by(minutes=3)
        run(store, waha)
        assert statuses(store) == [("1", "delivered")]
        clock.pass_by(minutes=3)
        run(store, waha)
        assert waha.looked_up == ["1"]

    def test_an_unconfirmed_message_is_asked_about_less_and_less(
        self, store: Store, waha: FakeGateway
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        every_minute(store, waha, 24 * 60)
        assert 5 <= len(waha.looked_up) <= 12

    def test_a_gateway_that_is_not_ready_is_not_asked(
        self, store: Store, waha: FakeGateway, clock: Clock
    ) -> None:
        queue(store, SITI, "1", now=NOON)
        run(store, waha)
        clock.pass_by(minutes=3)
        waha.session = SCAN
        delivered = run(store, waha)
        assert (waha.looked_up, delivered.waiting) == ([], 0)


def test_numbers_and_texts_stay_out_of_the_log(
    store: Store, waha: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    queue(store, SITI, "rahasia", now=NOON)
    queue(store, BUDI, "rahasia", now=NOON)
    waha.answer = refuses(BUDI, NO_NUMBER)
    with caplog.at_level(logging.DEBUG, "cicero_cli"):
        run(store, waha)
    text = caplog.text
    assert "status=accepted" in text
    assert not any(word in text for word in (SITI, BUDI, "rahasia"))
