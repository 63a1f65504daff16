from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from cicero_cli.core.setting_values import Span
from cicero_cli.core.settings import load_settings
from cicero_cli.domain.messaging.self_check import make_token
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.messaging.wordings import REMINDER_TEMPLATE
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import SettingError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.messaging.obligations import Obligations
from cicero_cli.services.messaging.reminders import (
    Reminders,
    queue_reminders,
    reminder_refresher,
    write_reminders,
)
from cicero_cli.services.messaging.self_check import SelfCheckLinks, find_person
from cicero_cli.services.messaging.sending_plan import Forecast, forecast, plan_queue
from tests.services.fakes import at, comments, likes, set_clock, shown
from tests.services.fakes_whatsapp import (
    Clock,
    FakeGateway,
    one_database_for_all,
    queue,
    run,
    settings,
)

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
FIRST, SECOND, LAST = (
    at("2026-11-21 05:10"),
    at("2026-11-21 09:10"),
    at("2026-11-21 12:10"),
)  # 12:10, 16:10 and 19:10 in Jakarta
CLIENT = Client(
    client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres_a"
)
BUDI = User(
    user_id="1",
    client_id="POLRES_A",
    nama="Budi",
    title="BRIPKA",
    insta="budi",
    tiktok="budi",
    whatsapp="6281211110001",
)

shared_database, database = one_database_for_all()

TIMES = (time(12, 10), time(16, 10), time(19, 10))


@pytest.fixture
def store(store: Store) -> Store:
    """Polres A with Budi, two posts on Instagram and one on TikTok; Budi has liked the first."""
    set_clock(store, "2026-11-21 00:00")
    store.clients.add(CLIENT)
    store.users.add(BUDI)
    store.posts(INSTA).store(
        "POLRES_A", [shown("p1", "2026-11-21 01:00"), shown("p2", "2026-11-21 02:00")], now=FIRST
    )
    store.posts(TIKTOK).store("POLRES_A", [shown("71", "2026-11-21 03:00")], now=FIRST)
    engage(store, INSTA, "p1", "budi")
    return store


def engage(store: Store, platform: Platform, key: str, *handles: str) -> None:
    found = store.connection.execute(
        f"SELECT post_id FROM {platform}_post WHERE post_key = %s", [key]
    ).fetchone()
    assert found
    people = likes(*handles) if platform is INSTA else comments(*handles)
    store.engagement(platform).store(found[0], people, now=FIRST)


def change(store: Store, **fields: Any) -> None:
    store.users.update(replace(BUDI, **fields))


def write(
    store: Store, now: datetime = FIRST, *, client: Client = CLIENT, user_cap: int = 3
) -> Reminders:
    template = load_template(None, REMINDER_TEMPLATE)
    return write_reminders(
        store, client, template=template, times=TIMES, now=now, user_cap=user_cap
    )


def remind(store: Store, now: datetime = FIRST, *, user_cap: int = 3) -> int:
    return queue_reminders(store, [write(store, now, user_cap=user_cap)], now=now)["POLRES_A"]


def deliver(store: Store, now: datetime = FIRST, **given: str) -> FakeGateway:
    clock = Clock(now)
    gateway = FakeGateway(clock)
    refresh = reminder_refresher(
        store, lambda: load_template(None, REMINDER_TEMPLATE), clock, times=TIMES
    )
    run(store, gateway, refresh=refresh, **given)
    return gateway


def fates(store: Store) -> list[tuple[str, str | None]]:
    return [(row["status"], row["error_code"]) for row in store.outbox.list_newest()]


def test_a_reminder_lists_exactly_what_is_left(store: Store) -> None:
    (message,) = write(store).messages
    assert (message.recipient, message.user_id, message.kind) == ("6281211110001", "1", "reminder")
    assert message.body.rstrip() == (
        "Selamat siang, BRIPKA Budi.\n"
        "\n"
        "Mohon dukungannya untuk konten *Polres A* hari ini, Sabtu, 21 November 2026."
        " Masih ada 2 konten yang menunggu:\n"
        "\n"
        "*Like di Instagram*\n"
        "1. https://www.instagram.com/p/p2/\n"
        "\n"
        "*Komentar di TikTok*\n"
        "1. https://www.tiktok.com/@polres_a/video/71\n"
        "\n"
        "Bila sudah dikerjakan, abaikan pesan ini: data diperbarui setiap jam. Terima kasih."
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (FIRST, "Mohon dukungannya"),
        (SECOND, "Mengingatkan kembali"),
        (LAST, "Pengingat terakhir hari ini"),
    ],
)
def test_each_stage_of_the_day_has_its_own_words(store: Store, now: datetime, words: str) -> None:
    (message,) = write(store, now).messages
    assert words in message.body


@pytest.mark.parametrize(
    "fields",
    [
        {"status": False},
        {"wa_opt_in": False},
        {"exception": True},
        {"whatsapp": None},
        {"insta": None, "tiktok": None},
    ],
    ids=str,
)
def test_who_may_not_or_cannot_be_reminded_is_not(store: Store, fields: dict[str, Any]) -> None:
    change(store, **fields)
    assert write(store).messages == ()


def test_who_has_done_all_is_not_reminded(store: Store) -> None:
    engage(store, INSTA, "p2", "budi")
    engage(store, TIKTOK, "71", "budi")
    assert write(store).messages == ()


def test_posts_of_another_day_or_deleted_ones_are_not_asked_for(store: Store) -> None:
    store.posts(INSTA).store("POLRES_A", [shown("old", "2026-11-20 16:59")], now=FIRST)
    store.connection.execute("UPDATE insta_post SET deleted_at = now() WHERE post_key = 'p2'")
    (message,) = write(store).messages
    assert "/old/" not in message.body
    assert "/p2/" not in message.body


def test_a_reminder_is_queued_once_in_its_slot_and_expires_with_it(store: Store) -> None:
    assert (remind(store), remind(store, FIRST + timedelta(hours=3)), remind(store, SECOND)) == (
        1,
        0,
        1,
    )
    ends = [row["expires_at"] for row in store.outbox.list_newest()]
    assert ends == [LAST, SECOND]


@pytest.mark.parametrize(("user_cap", "expected"), [(1, [1, 0, 0]), (2, [1, 1, 0])])
def test_a_user_is_reminded_so_often_a_day_and_no_more(
    store: Store, user_cap: int, expected: list[int]
) -> None:
    found = []
    for now in (FIRST, SECOND, LAST):
        found.append(remind(store, now, user_cap=user_cap))
        deliver(store, now)
    assert found == expected


def test_a_reminder_that_never_went_out_does_not_count(store: Store) -> None:
    remind(store, user_cap=1)
    store.connection.execute("UPDATE outbox SET status = 'expired'")
    assert remind(store, SECOND, user_cap=1) == 1


class TestSince:
    """What happened between queueing and sending."""

    def test_who_has_finished_gets_none(self, store: Store) -> None:
        remind(store)
        engage(store, INSTA, "p2", "budi")
        engage(store, TIKTOK, "71", "budi")
        assert deliver(store).inbox == []
        assert fates(store) == [("cancelled", "done_since")]

    def test_who_has_done_some_gets_the_shorter_list(self, store: Store) -> None:
        remind(store)
        engage(store, INSTA, "p2", "budi")
        [(_, text)] = deliver(store).inbox
        assert "instagram.com" not in text
        assert "Masih ada 1 konten" in text

    @pytest.mark.parametrize(
        "fields",
        [
            {"wa_opt_in": False},
            {"exception": True},
            {"status": False},
            {"whatsapp": None},
            {"whatsapp": "6281211119999"},
        ],
        ids=str,
    )
    def test_who_may_not_be_reminded_any_more_is_not(
        self, store: Store, fields: dict[str, Any]
    ) -> None:
        remind(store)
        change(store, **fields)
        assert deliver(store).calls == []
        assert fates(store) == [("cancelled", "done_since")]

    def test_a_client_that_is_not_active_any_more_reminds_nobody(self, store: Store) -> None:
        remind(store)
        store.connection.execute("UPDATE clients SET client_status = false")
        assert deliver(store).calls == []

    def test_a_user_who_is_removed_takes_the_reminder_along(self, store: Store) -> None:
        remind(store)
        store.users.remove("1")
        assert deliver(store).calls == []
        assert fates(store) == []

    def test_a_slot_that_is_over_reminds_nobody(self, store: Store) -> None:
        remind(store)
        assert deliver(store, SECOND).calls == []
        assert fates(store) == [("expired", None)]

    def test_the_words_are_those_of_the_moment_of_sending(self, store: Store) -> None:
        remind(store)
        [(_, text)] = deliver(store, FIRST + timedelta(hours=3)).inbox
        assert text.startswith("Selamat sore, BRIPKA Budi.")


class TestForecast:
    def reminders(self, store: Store, count: int, now: datetime = FIRST) -> list[Reminders]:
        for number in range(2, count + 1):
            name = f"u{number}"
            store.users.add(
                User(
                    user_id=name,
                    client_id="POLRES_A",
                    nama=name,
                    insta=name,
                    whatsapp=f"62812111{number:05}",
                )
            )
        return [write(store, now)]

    def expect(self, store: Store, found: list[Reminders], now: datetime, **given: str) -> Forecast:
        plan = plan_queue(store, found, gateway="fake", settings=settings(**given), now=now)
        return plan.by_sender.get(DEFAULT, Forecast(0, 0, 0))

    def test_it_says_how_long_the_queue_takes(self, store: Store) -> None:
        found = self.reminders(store, 10)
        expected = self.expect(store, found, FIRST, CICERO_WA_GAP_USER="30-60")
        assert expected == Forecast(messages=10, seconds=450.0, will_expire=0)

    def test_what_waits_already_goes_first(self, store: Store) -> None:
        queue(store, "6281211119999", "1", "2", now=FIRST)
        found = self.reminders(store, 10)
        assert self.expect(store, found, FIRST, CICERO_WA_GAP_USER="60").seconds == 720

    def test_it_says_how_many_will_expire(self, store: Store) -> None:
        now = SECOND - timedelta(minutes=5)
        found = self.reminders(store, 10, now)
        assert self.expect(store, found, now, CICERO_WA_GAP_USER="60").will_expire == 5

    def test_quiet_hours_end_the_slot(self, store: Store) -> None:
        now = LAST + timedelta(minutes=80)  # 20:30
        found = self.reminders(store, 10, now)
        for quiet, will_expire in (
            ("21:30-05:00", 0),
            ("20:35-05:00", 5),
            ("20:00-05:00", 10),
            ("00:00-06:00", 0),
        ):
            expected = self.expect(
                store, found, now, CICERO_WA_GAP_USER="60", CICERO_QUIET_HOURS=quiet
            )
            assert expected.will_expire == will_expire, quiet

    def test_what_is_queued_at_night_waits_for_the_morning(self, store: Store) -> None:
        now = FIRST - timedelta(hours=11, minutes=40)  # 00:30
        found = self.reminders(store, 10, now)
        for quiet, will_expire in (("21:30-05:00", 0), ("21:30-16:05", 5)):
            expected = self.expect(
                store, found, now, CICERO_WA_GAP_USER="60", CICERO_QUIET_HOURS=quiet
            )
            assert expected.will_expire == will_expire, quiet

    def test_the_days_cap_leaves_the_rest_unsent(self, store: Store) -> None:
        found = self.reminders(store, 10)
        assert self.expect(store, found, FIRST, CICERO_WA_DAILY_CAP="4").will_expire == 6

    def test_what_is_queued_already_is_not_counted_twice(self, store: Store) -> None:
        found = self.reminders(store, 10)
        queue_reminders(store, found, now=FIRST)
        assert self.expect(store, found, FIRST).messages == 0

    def test_nothing_to_send_takes_no_time(self) -> None:
        found = forecast([], queued_before=0, gap=Span(30, 60), daily_room=500, now=FIRST)
        assert found == Forecast(0, 0, 0)


def test_each_clients_day_and_slot_are_its_own(store: Store) -> None:
    """19:20 in Jayapura is 17:20 in Jakarta."""
    east = replace(CLIENT, client_id="POLRES_T", timezone="Asia/Jayapura")
    store.clients.add(east)
    store.users.add(replace(BUDI, user_id="2", client_id="POLRES_T"))
    store.posts(INSTA).store("POLRES_T", [shown("t1", "2026-11-20 16:00")], now=FIRST)
    now = at("2026-11-21 10:20")
    found = write(store, now, client=east)
    (message,) = found.messages
    assert (found.stage, message.expires_at) == ("last", at("2026-11-21 12:30"))
    assert "Selamat malam" in message.body
    assert "https://www.instagram.com/p/t1/" in message.body  # 01:00 there


class TestSeveralAudiences:
    """Budi of Polres A is asked by Ditbinmas above it too, and is assigned to Ditlantas."""

    @pytest.fixture(autouse=True)
    def two_directorates(self, store: Store) -> None:
        for client_id, nama, audience in (
            ("DITBINMAS", "Ditbinmas", "below"),
            ("DITLANTAS", "Ditlantas", "own"),
        ):
            store.clients.add(
                Client(client_id=client_id, nama=nama, audience=audience, client_insta=nama.lower())
            )
            key = nama.lower()
            store.posts(INSTA).store(client_id, [shown(key, "2026-11-21 01:30")], now=FIRST)
        store.clients.update(replace(CLIENT, under="DITBINMAS"))
        store.audiences.assign("1", "DITLANTAS", None, None)
        store.users.add(replace(BUDI, user_id="2", nama="Staf", client_id="DITBINMAS"))

    def remind_all(self, store: Store, now: datetime = FIRST) -> dict[str, int]:
        clients = store.clients.list()
        return queue_reminders(store, [write(store, now, client=one) for one in clients], now=now)

    def test_all_posts_come_in_one_message_once_a_slot(self, store: Store) -> None:
        once = {"POLRES_A": 1, "DITBINMAS": 0, "DITLANTAS": 0}
        assert self.remind_all(store) == once
        assert self.remind_all(store) == dict.fromkeys(once, 0)
        [(recipient, text)] = deliver(store).inbox
        assert self.remind_all(store, SECOND) == once
        assert recipient == "6281211110001"
        assert text.rstrip() == (
            "Selamat siang, BRIPKA Budi.\n"
            "\n"
            "Mohon dukungannya untuk konten *Polres A, Ditbinmas, dan Ditlantas* hari ini, Sabtu, 21 November 2026."
            " Masih ada 4 konten yang menunggu:\n"
            "\n"
            "*Like di Instagram*\n"
            "1. https://www.instagram.com/p/p2/\n"
            "2. https://www.instagram.com/p/ditbinmas/\n"
            "3. https://www.instagram.com/p/ditlantas/\n"
            "\n"
            "*Komentar di TikTok*\n"
            "1. https://www.tiktok.com/@polres_a/video/71\n"
            "\n"
            "Bila sudah dikerjakan, abaikan pesan ini: data diperbarui setiap jam. Terima kasih."
        )

    def test_what_was_done_since_is_left_out_with_the_name_of_who_asked(self, store: Store) -> None:
        self.remind_all(store)
        for key in ("p2", "ditlantas"):
            engage(store, INSTA, key, "budi")
        engage(store, TIKTOK, "71", "budi")
        [(_, text)] = deliver(store).inbox
        assert "konten *Ditbinmas* hari ini" in text
        assert "Masih ada 1 konten" in text

    def test_a_unit_taken_out_of_the_tree_since_is_not_asked_any_more(self, store: Store) -> None:
        self.remind_all(store)
        client = store.clients.get("POLRES_A")
        store.clients.update(replace(client, under=None))
        [(_, text)] = deliver(store).inbox
        assert "*Polres A dan Ditlantas*" in text

    def test_who_is_not_expected_there_is_not_asked_for_it(self, store: Store) -> None:
        client = store.clients.get("DITBINMAS")
        store.clients.update(replace(client, audience_divisi=["SAT BINMAS"]))
        client = store.clients.get("DITLANTAS")
        store.clients.update(replace(client, client_status=False))
        away = replace(BUDI, user_id="away", nama="Adi", insta="adi", tiktok=None)
        store.users.add(replace(away, whatsapp="6281211110009"))
        store.history.add_leave("away", date(2026, 11, 21), date(2026, 11, 21), "cuti", None)
        (message,) = write(store).messages
        assert "konten *Polres A* hari ini" in message.body

    def test_each_clients_posts_are_read_once_for_all_units(self, store: Store) -> None:
        store.clients.add(Client(client_id="POLRES_B", nama="Polres B", under="DITBINMAS"))
        citra = replace(BUDI, user_id="3", client_id="POLRES_B", nama="Citra", insta="citra")
        store.users.add(replace(citra, whatsapp="6281211110003"))
        template, obligations = load_template(None, REMINDER_TEMPLATE), Obligations(store)
        asked = [
            write_reminders(
                store, one, template=template, times=TIMES, now=FIRST, user_cap=3, obligations=obligations
            )
            for one in store.clients.list()
        ]  # fmt: skip
        assert {one.client.client_id: len(one.messages) for one in asked} == {
            "DITBINMAS": 0,
            "DITLANTAS": 0,
            "POLRES_A": 1,
            "POLRES_B": 1,
        }


def test_a_reminder_ends_with_the_persons_own_link_when_that_is_on(store: Store) -> None:
    environ = {
        "CICERO_SELF_CHECK": "1",
        "CICERO_PUBLIC_URL": "https://cicero.example.org/",
        "JWT_SECRET": "a key of these tests that has more than 32 letters",
    }
    assert SelfCheckLinks.of(load_settings({})) is None
    with pytest.raises(SettingError, match="needs CICERO_PUBLIC_URL and JWT_SECRET"):
        SelfCheckLinks.of(load_settings({"CICERO_SELF_CHECK": "1"}))
    links = SelfCheckLinks.of(load_settings(environ))
    assert links
    template = load_template(None, REMINDER_TEMPLATE)
    (message,) = write_reminders(
        store, CLIENT, template=template, times=TIMES, now=FIRST, user_cap=3, links=links
    ).messages
    token = make_token(links.key.reveal(), "1", "6281211110001", date(2026, 11, 21))
    assert message.body.endswith(
        "\n\nHasil Anda hari ini (tautan pribadi, berlaku sampai tengah malam):"
        f" https://cicero.example.org/cek/{token}"
    )
    found = [
        find_person(store, token, links.key, now=now)
        for now in (LAST, at("2026-11-21 16:59"), at("2026-11-21 17:00"), at("2026-11-20 12:00"))
    ]
    assert [user and user.user_id for user in found] == ["1", "1", None, None]
    for changes in ({"whatsapp": "6281211110002"}, {"status": False}):
        change(store, **changes)
        assert find_person(store, token, links.key, now=LAST) is None
