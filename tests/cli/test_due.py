"""`--due`, as cron runs it every ten minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from cicero_cli.bootstrap import Cicero
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import FakeSource, at, complete

GROUP = "120363000000000001@g.us"
SILENT = (0, "", "")


@pytest.fixture(autouse=True)
def travel(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Coordinates]:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    with time_machine.travel(at("2026-11-21 05:00"), tick=False) as travel:
        for name, zone in (("west", "WIB"), ("east", "WIT")):
            cicero(
                "client", "add", name, "--nama", name, "--insta", name, "--group", GROUP, "--timezone", zone,
            )  # fmt: skip
        store.connection.execute(
            "UPDATE clients SET scheduled_since = %s", [at("2026-11-01 00:00")]
        )
        yield travel


def run(cicero: Run, *words: str) -> tuple[int, str, str]:
    result = cicero(*words, "--due")
    return result.exit_code, result.stdout, result.stderr


def test_a_report_goes_out_once_in_each_clients_own_slot(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    laphar = ("laphar", "send", "semua")
    queued = []
    for moment in ("05:50", "06:00", "06:10", "08:00", "08:10"):
        travel.move_to(at(f"2026-11-21 {moment}"))
        result = run(cicero, *laphar)
        queued.append(result[1].splitlines()[1].split()[0] if result[1] else result)
    assert queued == [SILENT, "EAST", SILENT, "WEST", SILENT]
    assert [message["day"].isoformat() for message in store.outbox.list_newest()] == [
        "2026-11-21",
        "2026-11-21",
    ]


def test_a_report_that_was_sent_by_hand_is_not_sent_again(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    travel.move_to(at("2026-11-21 08:05"))
    cicero("laphar", "send", "semua", "--client", "west")
    run(cicero, "laphar", "send", "semua", "--client", "west")
    assert len(store.outbox.list_newest()) == 1


def test_a_recipient_has_times_of_its_own_and_no_slot_from_before_it_had_them(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    own, other = "6281211110001", "6281211110002"
    cicero("user", "add", "1", "--client", "west", "--nama", "Ani", "--divisi", "SPKT")
    cicero("recipient", "add", own, "--client", "west", "--at", "13:00,13:30", "--divisi", "spkt")
    cicero("client", "set", "east", "--laphar-at", "")

    def reached() -> list[tuple[str, str]]:
        rows = store.connection.execute("SELECT recipient, dedupe_key FROM outbox")
        return [(number, ":".join(key.split(":")[5:7])[-5:]) for number, key in rows]

    told = []
    for moment in ("05:50", "06:00", "06:10"):
        travel.move_to(at(f"2026-11-21 {moment}"))
        told.append(run(cicero, "laphar", "send", "semua"))
    assert (told[0], told[2]) == (SILENT, SILENT)
    assert told[1][1].splitlines()[1].split()[:3] == ["WEST", "SPKT", "1"]
    cicero("recipient", "add", other, "--client", "west", "--at", "13:00,13:30")
    for moment in ("06:20", "06:30", "06:40", "08:00", "08:10"):
        travel.move_to(at(f"2026-11-21 {moment}"))
        run(cicero, "laphar", "send", "semua")
    assert sorted(reached()) == sorted(
        [(own, "13:00"), (own, "13:30"), (other, "13:30"), (GROUP, "15:00")]
    )
    # by hand everybody gets the slot that has begun last for them, once
    assert cicero("laphar", "send", "semua", "--client", "west").exit_code == 0
    assert len(reached()) == 4


def test_what_is_caught_up_says_how_late_it_is(
    cicero: Run, travel: time_machine.Coordinates
) -> None:
    travel.move_to(at("2026-11-21 08:50"))
    code, _, said = run(cicero, "laphar", "send", "semua")
    assert (code, said) == (0, "late: due at 15:00 WIB, 50 minutes ago, for WEST\n")


def test_a_report_that_is_caught_up_after_midnight_is_of_its_own_day(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates
) -> None:
    monkeypatch.setenv("CICERO_LAPHAR_AT", "23:30")
    travel.move_to(at("2026-11-21 17:20"))  # 00:20 of the 22nd in Jakarta
    run(cicero, "laphar", "send", "semua", "--client", "west")
    (message,) = store.outbox.list_newest()
    assert message["day"].isoformat() == "2026-11-21"
    assert message["expires_at"] == at("2026-11-21 18:30")


def test_the_recap_of_the_last_week_goes_out_on_monday_and_of_the_month_on_the_first(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    queued = []
    for moment in (
        "2026-11-22 23:50", "2026-11-23 00:00", "2026-11-23 00:10", "2026-11-23 14:50",
        "2026-11-23 16:50", "2026-11-30 23:50", "2026-12-01 00:00",
    ):  # fmt: skip
        travel.move_to(at(moment))
        code, told, _ = run(cicero, "rekap", "send", "insta", "--client", "west")
        queued.append((code, bool(told)))
    keys = store.connection.execute("SELECT dedupe_key FROM outbox ORDER BY message_id")
    assert queued == [
        (0, False), (0, True), (0, False), (0, False), (0, False), (0, False), (0, True),
    ]  # fmt: skip
    # Monday the 30th was missed, and is not caught up on Tuesday
    assert [key.split(":")[3] for (key,) in keys] == [
        "2026-11-16..2026-11-22", "2026-11-01..2026-11-30",
    ]  # fmt: skip


def test_a_client_has_days_of_its_own_for_recaps(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    refused = cicero("client", "set", "west", "--rekap-at", "monday")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert cicero("client", "set", "west", "--rekap-at", "Sat 08:00").exit_code == 0
    travel.move_to(at("2026-11-27 20:00"))
    run(cicero, "rekap", "send", "insta")  # the new times are known from here on
    for moment in ("2026-11-28 01:00", "2026-12-01 00:10"):
        travel.move_to(at(moment))
        run(cicero, "rekap", "send", "insta", "--client", "west")
    keys = store.connection.execute("SELECT dedupe_key FROM outbox ORDER BY message_id")
    assert [key.split(":")[3] for (key,) in keys] == ["2026-11-16..2026-11-22"]


def test_without_a_time_the_job_is_switched_off(
    cicero: Run, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates
) -> None:
    monkeypatch.setenv("CICERO_LAPHAR_AT", "")
    travel.move_to(at("2026-11-21 08:00"))
    assert run(cicero, "laphar", "send", "semua") == SILENT


def test_reminders_are_due_once_a_slot(cicero: Run, travel: time_machine.Coordinates) -> None:
    shown_clients = []
    for moment in ("05:10", "05:20"):
        travel.move_to(at(f"2026-11-21 {moment}"))
        result = run(cicero, "remind")
        shown_clients.append(result[1].splitlines()[1:] if result[1] else result)
    assert [line.split()[:2] for line in shown_clients[0]] == [["WEST", "first"]]
    assert shown_clients[1] == SILENT


def test_a_fetch_is_silent_until_its_slot_and_after_it(
    cicero: Run, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates
) -> None:
    source = FakeSource(listings={"WEST": complete(), "EAST": complete()})
    monkeypatch.setattr(Cicero, "source", lambda self, platform: source)
    codes = []
    for moment in ("2026-11-20 21:20", "2026-11-20 21:30", "2026-11-20 21:40"):
        travel.move_to(at(moment))  # 06:20 … in Jayapura
        codes.append(run(cicero, "fetch", "insta")[0])
    assert (codes, source.asked) == ([0, 0, 0], ["EAST"])


def test_a_fetch_that_is_still_running_is_no_complaint(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates
) -> None:
    monkeypatch.setattr(Cicero, "source", lambda self, platform: FakeSource())
    travel.move_to(at("2026-11-20 23:30"))
    with store.job_lock("fetch insta"):
        assert run(cicero, "fetch", "insta") == SILENT

        store.runs.start("WEST", Platform.INSTA, now=at("2026-11-20 22:30"))
        told = [run(cicero, "fetch", "insta")]
        travel.move_to(at("2026-11-20 23:40"))
        told.append(run(cicero, "fetch", "insta"))
    assert told == [
        (
            75,
            "",
            "cicero: another `cicero fetch insta` still runs that began before this slot (see: cicero status)\n",
        ),
        SILENT,
    ]


def test_a_dry_run_says_what_is_due_and_leaves_it_due(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Coordinates
) -> None:
    monkeypatch.setattr(Cicero, "source", lambda self, platform: FakeSource())
    travel.move_to(at("2026-11-21 08:00"))
    for _ in range(2):
        told = run(cicero, "laphar", "send", "semua", "--dry-run")
        assert (told[0], told[1].splitlines()[0]) == (0, f"WEST to {GROUP}, 1 part(s) each:")
    assert store.outbox.list_newest() == []

    travel.move_to(at("2026-11-20 23:30"))
    planned = run(cicero, "fetch", "insta", "--dry-run")[1].splitlines()
    assert [line.split()[:4] for line in planned[1:]] == [
        ["EAST", "east", "2026-11-21", "2026-11-21"],
        ["WEST", "west", "2026-11-20", "2026-11-21"],
    ]


def test_an_installation_without_clients_is_silent(cicero: Run, store: Store) -> None:
    store.connection.execute("DELETE FROM clients")
    for words in (
        ["laphar", "send", "semua"],
        ["remind"],
        ["fetch", "insta"],
        ["fetch", "profile"],
    ):
        assert run(cicero, *words) == SILENT


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["laphar", "send", "insta", "--date", "2026-11-20"], "--date"),
        (["laphar", "send", "insta", "--to", "6281211110001"], "--to"),
        (["laphar", "send", "insta", "--again"], "--again"),
        (["fetch", "insta", "--days", "3"], "--days"),
        (["fetch", "profile", "insta", "--username", "x"], "--username"),
    ],
)
def test_what_due_decides_cannot_be_said_beside_it(
    cicero: Run, words: list[str], option: str
) -> None:
    assert run(cicero, *words) == (
        2,
        "",
        f"cicero: --due decides by itself what is due: leave {option} out\n",
    )


def test_a_client_may_have_times_of_its_own(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    assert cicero("client", "set", "west", "--laphar-at", "20:00, 14:00").exit_code == 0
    assert cicero("client", "set", "east", "--laphar-at", "").exit_code == 0
    assert cicero("client", "show", "west", "--json").stdout.count('"14:00,20:00"') == 1

    sent = []
    for moment in ("06:00", "07:00", "08:00"):
        travel.move_to(at(f"2026-11-21 {moment}"))
        sent.append(run(cicero, "laphar", "send", "semua")[1].split()[5:6])
    assert sent == [[], ["WEST"], []]

    cicero("client", "set", "east", "--laphar-at", "default")
    assert cicero("client", "set", "west", "--laphar-at", "noon").stderr == (
        "cicero: --laphar-at 'noon': expected times of the day such as 15:00,18:00 or 06:30-20:30/60,"
        " or nothing for never; nothing was changed\n"
    )
    travel.move_to(at("2026-11-21 09:00"))
    assert run(cicero, "laphar", "send", "semua")[1].split()[5:6] == ["EAST"]
