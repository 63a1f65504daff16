from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.messaging.laphars import Announced, Sending, send_laphar
from tests.services.fakes import at, shown
from tests.services.fakes_whatsapp import one_database_for_all, statuses

AFTERNOON, EVENING = at("2026-11-21 08:00"), at("2026-11-21 11:00")  # 15:00, 18:00 in Jakarta
GROUP, OPERATOR, SUPER, ADMIN = (
    "120363000000000001@g.us",
    "6281211110001",
    "6281211110002",
    "6281211110003",
)
CLIENT = Client(
    client_id="POLRES_A",
    nama="Polres A",
    client_insta="polres.a",
    client_group=GROUP,
    client_operator=OPERATOR,
    client_super=SUPER,
)

shared_database, database = one_database_for_all()


@pytest.fixture
def store(store: Store) -> Store:
    store.clients.add(CLIENT)
    return store


def send(store: Store, *, now: datetime = AFTERNOON, **given: Any) -> Announced:
    clients = given.pop("clients", None) or store.clients.list()
    sending = Sending(
        **{
            "scope": Scope.INSTA,
            "mode": LapharMode.BELUM,
            "day": None,
            "to": (),
            "admins": (ADMIN,),
            "text_limit": 60_000,
            "template": load_template(None),
            "times": (time(15), time(18), time(21)),
            **given,
        }
    )
    return send_laphar(store, clients, sending, now=now)


def rows(store: Store) -> list[dict[str, Any]]:
    return list(reversed(store.outbox.list_newest()))


def recipients(store: Store) -> list[str]:
    return [row["recipient"] for row in rows(store)]


def counts(announced: Announced) -> list[tuple[str, int, int]]:
    return [(report.client_id, report.queued, report.known) for report in announced.reports]


def test_a_report_goes_to_group_operator_super_admin_and_the_installations_admins(
    store: Store,
) -> None:
    announced = send(store)
    assert (counts(announced), announced.failures) == ([("POLRES_A", 4, 0)], {})
    assert recipients(store) == [GROUP, OPERATOR, SUPER, ADMIN]
    (row, *_) = rows(store)
    assert (row["kind"], row["client_id"], str(row["day"]), row["status"]) == (
        "laphar",
        "POLRES_A",
        "2026-11-21",
        "queued",
    )
    assert row["expires_at"] == at("2026-11-21 17:00")  # the end of its day


def test_who_is_named_twice_gets_it_once(store: Store) -> None:
    send(store, admins=(ADMIN, "0812-1111-0001", SUPER))
    assert recipients(store) == [GROUP, OPERATOR, SUPER, ADMIN]


def test_the_same_report_is_queued_once_in_its_slot(store: Store) -> None:
    send(store)
    assert counts(send(store, now=at("2026-11-21 10:59"))) == [("POLRES_A", 0, 4)]
    assert counts(send(store, now=EVENING)) == [("POLRES_A", 4, 0)]
    assert counts(send(store, now=EVENING, scope=Scope.TIKTOK)) == [("POLRES_A", 4, 0)]
    assert counts(send(store, now=EVENING, mode=LapharMode.SEMUA)) == [("POLRES_A", 4, 0)]


def test_again_means_again(store: Store) -> None:
    send(store)
    assert counts(send(store, again=True)) == [("POLRES_A", 4, 0)]


def test_only_a_new_recipient_gets_what_the_others_have(store: Store) -> None:
    store.connection.execute("UPDATE clients SET client_group = NULL")
    send(store)
    store.connection.execute("UPDATE clients SET client_group = %s", [GROUP])
    assert counts(send(store)) == [("POLRES_A", 1, 3)]
    assert recipients(store)[3:] == [GROUP]


def test_yesterdays_report_can_be_sent_with_what_is_known_today(store: Store) -> None:
    send(store, now=at("2026-11-20 08:00"))
    again = send(store, day="2026-11-20", now=AFTERNOON)
    assert counts(again) == [("POLRES_A", 4, 0)]
    assert rows(store)[-1]["expires_at"] == at("2026-11-21 17:00")


def test_to_names_the_only_recipients(store: Store) -> None:
    send(store, to=["0812 3456 7890", "+6281234567890"])
    assert recipients(store) == ["6281234567890"]


@pytest.mark.parametrize("typed", ["abc", "", "1203@g.us", "0812"])
def test_a_wrong_to_queues_nothing(store: Store, typed: str) -> None:
    with pytest.raises(InputError, match="--to"):
        send(store, to=["081234567890", typed])
    assert rows(store) == []


def test_a_dry_run_says_all_and_queues_nothing(store: Store) -> None:
    (report,) = send(store, dry_run=True).reports
    assert (report.recipients, report.queued, report.known) == (
        (GROUP, OPERATOR, SUPER, ADMIN),
        0,
        0,
    )
    assert report.text.startswith("Selamat sore, izin melaporkan")
    assert rows(store) == []


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("client_operator", "0812abc", "POLRES_A operator"),
        ("client_super", "12", "POLRES_A super admin"),
        ("client_group", "6281211110009", "POLRES_A group"),
        ("client_group", "Humas@g.us", "POLRES_A group"),
    ],
)
def test_a_recipient_that_is_none_is_named_and_the_others_get_it(
    store: Store, column: str, value: str, named: str
) -> None:
    store.connection.execute(f"UPDATE clients SET {column} = %s", [value])
    announced = send(store)
    assert announced.failures.keys() == {named}
    assert "cicero client set POLRES_A" in announced.failures[named]
    assert value not in recipients(store)
    assert counts(announced) == [("POLRES_A", 3, 0)]


def test_an_empty_group_is_no_recipient(store: Store) -> None:
    store.connection.execute("UPDATE clients SET client_group = ''")
    announced = send(store)
    assert (recipients(store), announced.failures) == ([OPERATOR, SUPER, ADMIN], {})


def test_each_wrong_admin_is_named(store: Store) -> None:
    announced = send(store, admins=("11111111", "22222222"))
    assert announced.failures == {
        f"POLRES_A ADMIN_WHATSAPP, no. {place}": "this number cannot exist; expected one such as 081234567890"
        for place in (1, 2)
    }


def test_a_client_without_recipients_fails_alone(store: Store) -> None:
    store.clients.add(Client(client_id="POLRES_0", nama="Polres 0"))
    announced = send(store, admins=())
    assert announced.failures.keys() == {"POLRES_0"}
    assert "nobody gets the report" in announced.failures["POLRES_0"]
    assert counts(announced) == [("POLRES_A", 3, 0)]


class TestLongReports:
    @pytest.fixture(autouse=True)
    def a_post(self, store: Store) -> None:
        store.posts(Platform.INSTA).store(
            "POLRES_A", [shown("p1", "2026-11-21 01:00")], now=AFTERNOON
        )

    def add_users(self, store: Store, count: int) -> None:
        known = len(store.users.list())
        for number in range(known, known + count):
            name = f"budi{number}"
            store.users.add(User(user_id=name, client_id="POLRES_A", nama=name, insta=name))

    def test_parts_are_numbered_and_follow_each_other(self, store: Store) -> None:
        self.add_users(store, 40)
        (report,) = send(store, text_limit=400).reports
        bodies = [body for body, _ in statuses(store)]
        parts = report.parts
        assert parts > 2
        assert [body.split("\n")[0] for body in bodies] == [
            f"({number}/{parts})" for _ in range(4) for number in range(1, parts + 1)
        ]
        assert recipients(store) == [
            recipient for recipient in (GROUP, OPERATOR, SUPER, ADMIN) for _ in range(parts)
        ]
        assert counts(send(store, text_limit=400)) == [("POLRES_A", 0, 4 * parts)]

    def test_a_report_that_has_grown_is_not_followed_by_its_last_part_alone(
        self, store: Store
    ) -> None:
        self.add_users(store, 3)
        send(store, text_limit=600)
        before = statuses(store)
        assert len(before) == 4
        self.add_users(store, 40)
        send(store, text_limit=600)
        assert statuses(store) == before
