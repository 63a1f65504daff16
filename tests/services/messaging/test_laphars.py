from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.domain.attendance.scopes import FileKind, LapharMode, Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store, connect
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


def send(
    store: Store,
    *,
    now: datetime = AFTERNOON,
    clock: Callable[[], datetime] | None = None,
    **given: Any,
) -> Announced:
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
    return send_laphar(store, clients, sending, clock=clock or (lambda: now))


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


def test_a_report_is_kept_as_of_the_moment_at_which_its_client_was_read(store: Store) -> None:
    store.clients.add(replace(CLIENT, client_id="POLRES_B"))
    minutes = (AFTERNOON + timedelta(minutes=number) for number in count())
    send(store, clock=lambda: next(minutes))

    found = store.connection.execute("SELECT client_id, made_at FROM report ORDER BY 1")
    assert found.fetchall() == [
        ("POLRES_A", AFTERNOON + timedelta(minutes=1)),
        ("POLRES_B", AFTERNOON + timedelta(minutes=2)),
    ]


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


def test_a_workbook_follows_the_text_once_and_is_the_same_for_all(store: Store) -> None:
    first, second = (send(store, attach=FileKind.XLSX) for _ in range(2))
    assert (counts(first), counts(second)) == ([("POLRES_A", 8, 0)], [("POLRES_A", 0, 8)])
    assert first.reports[0].file == "laphar-POLRES_A-2026-11-21-15.00.xlsx"
    found = store.connection.execute(
        "SELECT recipient, body, attachment_name, attachment_sha256, report_id FROM outbox ORDER BY message_id"
    ).fetchall()
    texts, files = found[::2], found[1::2]
    assert [row[0] for row in texts] == [row[0] for row in files] == recipients(store)[::2]
    caption = "Laphar *Polres A*\nSabtu, 21 November 2026, pukul 15.00 WIB"
    assert {row[1:3] for row in files} == {(caption, first.reports[0].file)}
    assert len({row[3] for row in files}) == 1
    assert len({row[4] for row in found}) == 1
    [(content,)] = store.connection.execute("SELECT content FROM attachment").fetchall()
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [
        "Ringkasan",
        "Konten",
        "Instagram",
    ]
    assert counts(send(store, attach=FileKind.XLSX, again=True)) == [("POLRES_A", 8, 0)]
    assert store.connection.execute("SELECT count(*) FROM attachment").fetchone() == (1,)


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
        about = " Laphar Polres A, Sabtu, 21 November 2026"
        assert [body.split("\n")[0] for body in bodies] == [
            f"({number}/{parts}){about if number > 1 else ''}"
            for _ in range(4)
            for number in range(1, parts + 1)
        ]
        assert recipients(store) == [
            recipient for recipient in (GROUP, OPERATOR, SUPER, ADMIN) for _ in range(parts)
        ]
        assert counts(send(store, text_limit=400)) == [("POLRES_A", 0, 4 * parts)]

    def test_a_report_of_a_hundred_people_leads_with_its_divisions(self, store: Store) -> None:
        self.add_users(store, 99)
        assert "PER DIVISI" not in send(store, dry_run=True).reports[0].text
        store.users.add(User(user_id="x", client_id="POLRES_A", nama="X", divisi="sat *lantas*"))
        text = send(store, dry_run=True).reports[0].text
        assert (
            "\n\n*PER DIVISI (2)*\n1. SAT LANTAS: 0/1 (0%)\n2. TANPA DIVISI: 0/99 (0%)\n\n"
            "*Personel: 100*\nSudah: 0 (0%)\n"
        ) in text

    def test_a_long_reports_names_go_out_in_parts_or_as_a_file_as_the_client_chose(
        self, store: Store
    ) -> None:
        self.add_users(store, 250)
        (in_parts,) = send(store).reports
        bodies = [body for body, _ in statuses(store)][: in_parts.parts]
        assert in_parts.parts == 2
        assert max(map(len, bodies)) <= 4_000
        assert sum(body.count("(@budi") for body in bodies) == 250

        client = store.clients.get("POLRES_A")
        assert client is not None
        store.clients.update(replace(client, long_lists="attachment"))
        (report,) = send(store, again=True).reports
        assert (report.parts, report.file is not None) == (1, True)
        assert report.text == (
            "Selamat sore, izin melaporkan absensi like Instagram *Polres A*.\n"
            "Sabtu, 21 November 2026, pukul 15.00 WIB\n\n"
            "*Konten: 1*\n1. https://www.instagram.com/p/p1/\n\n"
            "*Personel: 250*\nSudah: 0 (0%)\nBelum: 250\n_Sudah = seluruh konten._\n\n"
            "Daftar nama ada di berkas terlampir.\n\nDemikian dilaporkan, terima kasih.\n"
        )

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


UNIT_GROUP, UNIT_OPERATOR = "120363000000000002@g.us", "6281211110005"


class TestUnitsThatReport:
    @pytest.fixture(autouse=True)
    def a_directorate(self, store: Store) -> None:
        """DIT over A with two people, B with one and no recipient, C with none; and one more is assigned from D."""
        store.clients.add(
            Client(
                client_id="DIT",
                nama="Ditbinmas",
                client_insta="dit",
                client_group=GROUP,
                audience="below",
                report_units=True,
            )
        )
        for name, under in (("A", "DIT"), ("B", "DIT"), ("C", "DIT"), ("D", None)):
            has_recipients = name in "AD"
            store.clients.add(
                Client(
                    client_id=f"UNIT_{name}",
                    nama=f"Polres {name}",
                    under=under,
                    client_group=UNIT_GROUP if has_recipients else None,
                    client_operator=UNIT_OPERATOR if has_recipients else None,
                )
            )
        for number, name in enumerate("AABD"):
            store.users.add(
                User(user_id=f"{number}", client_id=f"UNIT_{name}", nama=f"Budi {name}", insta=f"b{number}")
            )  # fmt: skip
        store.audiences.assign("3", "DIT", None, None)
        store.posts(Platform.INSTA).store("DIT", [shown("p", "2026-11-21 01:00")], now=AFTERNOON)

    def send(self, store: Store, **given: Any) -> Announced:
        return send(store, clients=[store.clients.get("DIT")], **given)

    def queued(self, store: Store) -> list[tuple[str, str]]:
        return [(row["client_id"], row["recipient"]) for row in rows(store)]

    def test_each_unit_with_people_gets_its_part(self, store: Store) -> None:
        announced = self.send(store)

        assert self.queued(store) == [
            ("DIT", GROUP),
            ("DIT", ADMIN),
            ("UNIT_A", UNIT_GROUP),
            ("UNIT_A", UNIT_OPERATOR),
        ]
        assert announced.failures == {
            "UNIT_B": "nobody gets the report: cicero client set UNIT_B --group, --operator or --super"
        }
        whole, part = announced.reports
        assert (whole.unit_id, part.client_id, part.unit_id) == (None, "DIT", "UNIT_A")
        assert "1. Polres A: 0/2 (0%), belum 2" in whole.text
        assert "*Ditbinmas* oleh personel *Polres A*." in part.text
        assert "Personel: 2" in part.text
        assert "Budi B" not in part.text
        assert [body for body, _ in statuses(store)][2] == part.text.rstrip("\n")

    def test_a_run_that_was_killed_is_finished_by_the_next_and_nothing_is_queued_twice(
        self, store: Store
    ) -> None:
        self.send(store)
        complete = self.queued(store)
        for survivors in range(1, len(complete)):
            store.connection.execute(
                "DELETE FROM outbox WHERE message_id NOT IN"
                " (SELECT message_id FROM outbox ORDER BY message_id LIMIT %s)",
                [survivors],
            )
            announced = self.send(store)
            assert sum(report.known for report in announced.reports) == survivors
            assert self.queued(store) == complete
        assert len({row["message_id"] for row in rows(store)}) == len(complete)
        assert counts(self.send(store, now=EVENING)) == [("DIT", 2, 0), ("DIT", 2, 0)]

    def test_two_runs_at_once_queue_each_part_once(self, store: Store, database: str) -> None:
        def run(_: int) -> int:
            with connect(database, hint="") as connection:
                announced = self.send(Store(connection))
            return sum(report.queued for report in announced.reports)

        with ThreadPoolExecutor() as pool:
            queued = list(pool.map(run, range(3)))
        assert (sum(queued), len(rows(store))) == (4, 4)

    def test_one_part_may_be_sent_by_hand_and_is_that_of_its_slot(self, store: Store) -> None:
        assert counts(self.send(store, unit="unit_a")) == [("DIT", 2, 0)]
        assert counts(self.send(store)) == [("DIT", 2, 0), ("DIT", 0, 2)]
        assert counts(self.send(store, unit="UNIT_A", to=["081234567890"])) == [("DIT", 1, 0)]
        with pytest.raises(InputError, match="--unit UNIT_X: no unit of DIT on 2026-11-21"):
            self.send(store, unit="unit_x")

    def test_without_the_setting_and_with_to_the_units_get_nothing(self, store: Store) -> None:
        self.send(store, to=["081234567890"])
        store.connection.execute("UPDATE clients SET report_units = false")
        self.send(store)
        assert self.queued(store) == [("DIT", "6281234567890"), ("DIT", GROUP), ("DIT", ADMIN)]

    def test_a_directorate_that_nobody_hears_of_still_tells_its_units(self, store: Store) -> None:
        store.connection.execute("UPDATE clients SET client_group = NULL WHERE client_id = 'DIT'")
        announced = self.send(store, admins=())
        assert announced.failures.keys() == {"DIT", "UNIT_B"}
        assert self.queued(store) == [("UNIT_A", UNIT_GROUP), ("UNIT_A", UNIT_OPERATOR)]
