from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from cicero_cli.core.settings import Settings
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Sent, Verdict
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.errors import InputError, NotFoundError, SettingError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.sender_settings import settings_of
from cicero_cli.services.messaging.sender_states import read_senders
from cicero_cli.services.messaging.senders import (
    add_sender,
    list_senders,
    move_queue,
    pause_senders,
    remove_sender,
    resume_senders,
    set_sender,
)
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    ACCEPTED,
    HTTP_500,
    NO_NUMBER,
    Clock,
    FakeGateway,
    new_message,
    one_database_for_all,
    queue,
    run,
    settings,
)

NOON = at("2026-11-21 05:00")
BY = Actor("cli:budi", NOON)
GROUP, SITI, BUDI = "120363000000000001@g.us", "6281211110001", "6281211110002"

EXAMPLES = int(os.environ.get("CICERO_TEST_EXAMPLES", "10"))  # many more by hand

shared_database, database = one_database_for_all()


def add(store: Store, *names: str, in_pool: bool = False) -> None:
    for name in names:
        store.senders.save(
            Sender(name=name, gateway="file", url=f"/nowhere/{name}", in_pool=in_pool)
        )


def client(store: Store, client_id: str, *, sender: str | None = None) -> None:
    store.connection.execute(
        "INSERT INTO clients (client_id, nama, sender) VALUES (%s, %s, %s)",
        [client_id, client_id, sender],
    )


def senders_of(store: Store, recipient: str | None = None) -> list[str]:
    """Who sends each message, oldest first."""
    rows = store.connection.execute(
        "SELECT sender FROM outbox WHERE recipient = COALESCE(%s, recipient) ORDER BY message_id",
        [recipient],
    )
    return [name for (name,) in rows]


def deliver(store: Store, sender: str, **given: str) -> FakeGateway:
    gateway = FakeGateway(Clock(NOON))
    run(store, gateway, sender=sender, **given)
    return gateway


class TestWhoIsChosen:
    def test_with_nobody_else_everything_is_of_default(self, store: Store) -> None:
        queue(store, SITI, "1", now=NOON)
        queue(store, GROUP, "2", now=NOON)
        assert senders_of(store) == [DEFAULT, DEFAULT]

    def test_the_clients_comes_first_then_the_last_one_then_the_pool(self, store: Store) -> None:
        add(store, "satu", "dua", in_pool=True)
        add(store, "tiga")
        client(store, "A", sender="tiga")
        client(store, "B")
        queue(store, SITI, "1", now=NOON, client_id="A")
        queue(store, SITI, "2", now=NOON, client_id="B")  # whoever wrote last
        queue(store, BUDI, "3", now=NOON, client_id="B")  # the pool
        queue(store, GROUP, "4", now=NOON, client_id="B")  # no group is the pool's
        queue(store, GROUP, "5", now=NOON, client_id="A")
        queue(store, BUDI, "6", now=NOON, client_id="B", sender="tiga")  # on purpose
        assert senders_of(store) == ["tiga", "tiga", "dua", DEFAULT, "tiga", "tiga"]

    def test_a_chat_that_came_to_nothing_binds_nobody_and_one_that_is_gone_neither(
        self, store: Store
    ) -> None:
        add(store, "satu", "dua")
        queue(store, SITI, "1", now=NOON, sender="satu")
        gateway = FakeGateway(Clock(NOON), answer=lambda _to, _text: NO_NUMBER)
        run(store, gateway, sender="satu")
        queue(store, SITI, "2", now=NOON)
        queue(store, BUDI, "3", now=NOON, sender="dua")
        deliver(store, "dua")
        remove_sender(store, "dua", by=BY)
        queue(store, BUDI, "4", now=NOON)
        assert senders_of(store) == ["satu", DEFAULT, "dua", DEFAULT]

    def test_who_is_paused_gets_no_new_chat_unless_the_whole_pool_is(self, store: Store) -> None:
        add(store, "satu", "dua", in_pool=True)
        pause_senders(store, ["dua"], None, by=BY)
        queue(store, SITI, "1", now=NOON)
        queue(store, BUDI, "2", now=NOON)
        pause_senders(store, [], "all", by=BY)
        queue(store, "6281211110003", "3", now=NOON)
        assert senders_of(store) == ["satu", "satu", "dua"]

    def test_what_was_sent_today_counts_so_that_one_by_one_is_as_even_as_at_once(
        self, store: Store
    ) -> None:
        add(store, "dua", "satu", "tiga", in_pool=True)
        for number in range(6):
            queue(store, f"62812111100{number:02}", "1", now=NOON)
            for name in ("dua", "satu", "tiga"):
                deliver(store, name)
        assert senders_of(store) == ["dua", "satu", "tiga"] * 2

    @example_settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example is rolled back
    )
    @given(
        first=st.lists(st.integers(0, 12), min_size=1, max_size=20),
        then=st.lists(st.integers(0, 12), max_size=20),
        pool=st.integers(1, 5),
    )
    def test_a_pool_is_even_and_a_person_stays_with_one_of_it(
        self, store: Store, first: list[int], then: list[int], pool: int
    ) -> None:
        with store.rehearsal():
            add(store, *(f"akun-{number}" for number in range(pool)), in_pool=True)
            for people in (first, then):
                messages = [
                    new_message(f"62812111100{one:02}", "x", now=NOON, kind=Kind.REMINDER)
                    for one in people
                ]
                planned = store.senders.choose(
                    [one.recipient for one in messages], [None] * len(messages), now=NOON
                )
                store.outbox.add(messages, now=NOON)
                assert planned == senders_of(store)[-len(messages) :] or not messages
                if people is first:  # each new person to whoever has least to send
                    of = dict(zip(people, senders_of(store), strict=True))
                    chats = [[*of.values()].count(f"akun-{number}") for number in range(pool)]
                    assert max(chats) - min(chats) <= 1
            for one in {*first, *then}:
                assert len(set(senders_of(store, f"62812111100{one:02}"))) == 1


class TestMoving:
    def test_a_queue_goes_over_and_what_may_have_been_sent_stays(self, store: Store) -> None:
        add(store, "satu")
        doubtful, refused, fresh = (queue(store, to, to, now=NOON)[0] for to in (SITI, BUDI, GROUP))
        answers: dict[str, Sent] = {
            SITI: HTTP_500,
            BUDI: Sent(verdict=Verdict.PAUSE_FIRST_CONTACTS, code="reachout_timelock"),
            GROUP: Sent(verdict=Verdict.RETRY, code="rate_limited"),
        }
        gateway = FakeGateway(Clock(NOON), answer=lambda to, _text: answers[to])
        run(store, gateway)

        moved = move_queue(store, DEFAULT, "SATU", client_id=None, by=BY)

        assert moved == {"satu": 2}
        assert senders_of(store) == [DEFAULT, "satu", "satu"]
        assert deliver(store, "satu").inbox == [(BUDI, BUDI), (GROUP, GROUP)]
        for number in (refused, fresh):
            assert (store.outbox.get(number) or {})["status"] == "accepted"
        assert (store.outbox.get(doubtful) or {})["verdict"] == "ambiguous"
        queue(store, BUDI, "again", now=NOON)
        assert senders_of(store, BUDI) == ["satu", "satu"]

    def test_over_the_pool_people_are_spread_and_groups_stay(self, store: Store) -> None:
        add(store, "satu", "dua")
        store.senders.save(Sender(in_pool=True))  # default itself is no way out
        people = [f"62812111100{number:02}" for number in range(10)]
        for person in people:
            queue(store, person, "1", "2", now=NOON)
        queue(store, GROUP, "1", now=NOON)
        with pytest.raises(InputError, match="nobody else is in the pool"):
            move_queue(store, DEFAULT, None, client_id=None, by=BY)
        for name in ("satu", "dua"):
            set_sender(store, name, {"in_pool": True}, settings(), by=BY)
        assert move_queue(store, DEFAULT, None, client_id=None, by=BY) == {"dua": 10, "satu": 10}
        assert senders_of(store, GROUP) == [DEFAULT]
        assert all(len(set(senders_of(store, person))) == 1 for person in people)

    def test_only_one_clients_and_never_to_nobody(self, store: Store) -> None:
        add(store, "satu")
        client(store, "A")
        queue(store, SITI, "1", now=NOON, client_id="A")
        queue(store, BUDI, "2", now=NOON)
        assert move_queue(store, DEFAULT, "satu", client_id="A", by=BY) == {"satu": 1}
        assert senders_of(store) == ["satu", DEFAULT]
        with pytest.raises(NotFoundError, match="there is no sender nihil"):
            move_queue(store, DEFAULT, "nihil", client_id=None, by=BY)
        with pytest.raises(InputError, match="both are satu"):
            move_queue(store, "satu", "satu", client_id=None, by=BY)


class TestPausing:
    def test_a_paused_one_waits_says_so_once_and_goes_on(self, store: Store) -> None:
        add(store, "satu")
        queue(store, SITI, "1", now=NOON, sender="satu")
        queue(store, BUDI, "2", now=NOON)
        pause_senders(store, ["satu"], " akun\ndiblokir\u202e ", by=BY)

        gateway = FakeGateway(Clock(NOON))
        runs = [run(store, gateway, sender="satu") for _ in range(2)]

        assert [one.pause and (one.pause.code, one.pause.is_news) for one in runs] == [
            ("paused", True),
            ("paused", False),
        ]
        assert runs[0].pause
        assert runs[0].pause.hint == (
            "satu is paused since 2026-11-21 12:00 WIB by cli:budi (akun diblokir); go on with: cicero wa resume satu"
        )
        assert (runs[0].waiting, gateway.session_checks) == (1, 0)
        assert deliver(store, DEFAULT).inbox == [(BUDI, "2")]
        assert [one.word for one in read_senders(store, settings(), now=NOON)] == [
            "unset",
            "paused",
        ]

        assert resume_senders(store, [], by=BY) == ["satu"]
        assert store.gateway_states.get("fake", sender="satu").pause_code is None
        assert run(store, gateway, sender="satu").pause is None
        assert gateway.inbox == [(SITI, "1")]

    def test_it_holds_from_the_next_message_on(self, store: Store) -> None:
        queue(store, GROUP, "1", "2", "3", now=NOON)
        gateway = FakeGateway(Clock(NOON))
        gateway.answer = lambda _to, text: (
            pause_senders(store, [], None, by=BY) if text == "2" else None,
            ACCEPTED,
        )[1]
        done = run(store, gateway)
        assert ([text for _, text in gateway.inbox], done.waiting) == (["1", "2"], 1)
        assert done.pause
        assert done.pause.code == "paused"


class TestKeeping:
    def test_an_account_is_one_sender(self, store: Store, tmp_path: Path) -> None:
        key = tmp_path / "key"
        key.write_text("rahasia\n")
        key.chmod(0o600)
        words = {"gateway": "waha", "url": "http://127.0.0.1:3001/", "key_file": str(key)}
        own = settings(CICERO_WHATSAPP="waha", CICERO_WAHA_URL="http://127.0.0.1:3001")
        with pytest.raises(InputError, match="the settings name this account already"):
            add_sender(store, "satu", words, own, by=BY)
        added = add_sender(store, " Satu ", words | {"gap": "1-2"}, settings(), by=BY)
        assert (added.name, added.url, added.key_file) == (
            "satu",
            "http://127.0.0.1:3001",
            str(key),
        )
        with pytest.raises(InputError, match="satu is this account already"):
            add_sender(store, "dua", words | {"session": "default"}, settings(), by=BY)
        mine = settings_of(own, added)
        assert (mine.waha_url, mine.wa_gap.high, mine.waha_key and mine.waha_key.reveal()) == (
            "http://127.0.0.1:3001",
            2.0,
            "rahasia",
        )
        assert mine.wa_daily_cap == own.wa_daily_cap
        key.chmod(0o666)
        with pytest.raises(SettingError, match="can be written to by others"):
            settings_of(own, added)
        key.unlink()
        with pytest.raises(SettingError, match="key of sender satu cannot be used"):
            settings_of(own, added)

    @pytest.mark.parametrize(
        ("name", "words", "reason"),
        [
            ("Akun Dua", {}, "expected up to 31 letters"),
            ("pool", {}, "pool has a meaning of its own"),
            ("dua", {"gateway": "gowa", "url": "http://a"}, "needs --user, --key-file"),
            ("dua", {"gateway": "cloud", "url": "http://a", "session": "1"}, "needs --key-file"),
            ("dua", {"url": "/nowhere", "login": "x"}, "--gateway file has no --user"),
            ("dua", {"gateway": "waha", "url": "http://a:b@c"}, "keys stay in files"),
            ("dua", {"gateway": "waha", "url": "localhost"}, "expected an address"),
            ("dua", {"url": "/nowhere", "gap": "soon"}, "expected seconds"),
            ("dua", {"url": "/nowhere", "daily_cap": "0"}, "expected a whole number"),
            ("satu", {"url": "/nowhere"}, "sender satu exists already"),
        ],
    )
    def test_what_is_no_sender_is_refused_and_nothing_kept(
        self, store: Store, name: str, words: dict[str, str], reason: str
    ) -> None:
        add(store, "satu")
        with pytest.raises(InputError, match=reason):
            add_sender(store, name, {"gateway": "file"} | words, settings(), by=BY)
        assert [one.name for one in list_senders(store)] == [DEFAULT, "satu"]

    def test_default_has_a_pace_of_its_own_but_the_settings_account(self, store: Store) -> None:
        own: Settings = settings(CICERO_WHATSAPP="waha")
        changed = set_sender(store, "default", {"daily_cap": "7", "gap_user": "1"}, own, by=BY)
        assert (settings_of(own, changed).wa_daily_cap, settings_of(own, changed).whatsapp) == (
            7,
            "waha",
        )
        with pytest.raises(
            InputError, match="--url: the account of default is that of the settings"
        ):
            set_sender(store, "default", {"url": "http://a"}, own, by=BY)
        with pytest.raises(InputError, match="default has no account"):
            set_sender(store, "default", {"in_pool": True}, settings(), by=BY)
        for name, match in (("default", "default is the account"), ("nihil", "no sender nihil")):
            with pytest.raises(InputError, match=match):
                remove_sender(store, name, by=BY)

    def test_nobody_is_removed_for_whom_something_waits(self, store: Store) -> None:
        add(store, "satu")
        client(store, "A", sender="satu")
        with pytest.raises(InputError, match="satu is the sender of A"):
            remove_sender(store, "satu", by=BY)
        store.connection.execute("UPDATE clients SET sender = NULL")
        (number,) = queue(store, SITI, "1", now=NOON, sender="satu")
        with pytest.raises(InputError, match=r"not done yet \(1 queued\)") as refused:
            remove_sender(store, "satu", by=BY)
        assert "cicero outbox move --from satu --to OTHER" in refused.value.hint
        store.outbox.cancel(number)
        remove_sender(store, "satu", by=BY)
        assert [one.name for one in list_senders(store)] == [DEFAULT]
