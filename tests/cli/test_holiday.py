"""Holidays and days off, on the command line: no reminders, marked in reports, and figures stay."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, shown

SATURDAY = at("2026-11-21 03:00")  # 10:00 in Jakarta


@pytest.fixture(autouse=True)
def two_units(cicero: Run, store: Store) -> Iterator[time_machine.Coordinates]:
    """A post of each day from Saturday to Monday; Ani has done none."""
    with time_machine.travel(SATURDAY, tick=False) as travel:
        for unit in ("polres_a", "polres_b"):
            cicero("client", "add", unit, "--nama", f"*{unit}*", "--insta", unit)
            cicero(
                "user", "add", unit[-1], "--client", unit, "--nama", "Ani", "--insta", unit[-1] * 3,
                "--whatsapp", f"08121111000{unit[-1] == 'b':d}",
            )  # fmt: skip
            store.posts(Platform.INSTA).store(
                unit.upper(),
                [shown(f"{unit}{day}", f"2026-11-{day} 01:00", 1) for day in (21, 22, 23)],
                now=SATURDAY,
            )
        yield travel


def test_holidays_are_added_listed_and_removed(cicero: Run) -> None:
    added = cicero("holiday", "add", "2026-12-26", "2026-12-25", "--name", " Hari  Raya Natal ")
    assert (added.exit_code, added.stdout, added.stderr) == (
        0,
        "Added: 2026-12-25, 2026-12-26 (Hari Raya Natal).\n",
        "no client has holidays off yet: cicero client set CLIENT_ID --days-off holidays\n",
    )
    cicero("client", "set", "polres_a", "--days-off", "libur")
    own = cicero("holiday", "add", "2026-12-01", "--name", "HUT Polres", "--client", "polres_a")
    assert (own.exit_code, own.stderr) == (0, "")
    assert cicero("holiday", "list").stdout == (
        "date        name             client\n"
        "2026-12-01  HUT Polres       POLRES_A\n"
        "2026-12-25  Hari Raya Natal\n"
        "2026-12-26  Hari Raya Natal\n"
    )
    of_b = json.loads(cicero("holiday", "list", "--client", "polres_b", "--json").stdout)
    assert [row["date"] for row in of_b] == ["2026-12-25", "2026-12-26"]

    removed = cicero("holiday", "remove", "2026-12-26")
    assert (removed.exit_code, removed.stdout) == (0, "No holidays any more: 2026-12-26.\n")
    again = cicero("holiday", "add", "2026-12-26", "--name", "Cuti bersama", "--json")
    assert json.loads(again.stdout) == [
        {"date": "2026-12-26", "name": "Cuti bersama", "client_id": None}
    ]
    gone = cicero("holiday", "remove", "2026-12-01", "--client", "polres_a", "--json")
    assert json.loads(gone.stdout) == {"removed": ["2026-12-01"]}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("add", "2026-13-01", "--name", "x"), "2026-13-01: there is no day 2026-13-01"),
        (("add", "besok", "--name", "x"), "besok: expected a day written YYYY-MM-DD"),
        (("add", "2026-12-01", "--name", "  "), "--name: expected a name"),
        (("add", "2026-12-01", "--name", "a\x07b"), "--name 'a\\x07b': it holds a character"),
        (("add", "2026-12-02", "2026-12-25", "--name", "x"), "2026-12-25 is a holiday already"),
        (("add", "2026-12-01", "--name", "x", "--client", "none"), "there is no client NONE"),
        (("remove", "2026-12-25", "2026-12-02"), "2026-12-02 is no holiday of all clients"),
        (("remove", "2026-12-25", "--client", "polres_a"), "2026-12-25 is no holiday of POLRES_A"),
    ],
)
def test_wrong_input_gets_one_line_and_changes_nothing(
    words: tuple[str, ...], line: str, cicero: Run
) -> None:
    cicero("holiday", "add", "2026-12-25", "--name", "Natal")
    refused = cicero("holiday", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert line in refused.stderr.splitlines()[0]
    assert [row["date"] for row in json.loads(cicero("holiday", "list", "--json").stdout)] == [
        "2026-12-25"
    ]


def test_on_a_day_off_nobody_is_reminded_unless_asked(
    cicero: Run,
    two_units: time_machine.Coordinates,
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    cicero("client", "set", "polres_a", "--days-off", "min,libur", "--from", "2026-11-20")
    cicero("holiday", "add", "2026-11-23", "--name", "Hari *Guru*")
    two_units.move_to(at("2026-11-22 05:15"))  # 12:15 in Jakarta
    reminded = json.loads(cicero("remind", "--json").stdout)
    assert reminded["days_off"] == [{"client_id": "POLRES_A", "name": "Minggu"}]
    assert [(row["client_id"], row["queued"]) for row in reminded["reminders"]] == [("POLRES_B", 1)]
    told = cicero("remind", "--client", "polres_a")
    assert (told.exit_code, told.stdout, told.stderr) == (
        0,
        "POLRES_A: today is a day off (Minggu), so nobody is reminded (--on-days-off)\n",
        "",
    )
    assert "POLRES_A: today is a day off" in cicero("remind").stderr
    # what is due is done with: nothing is queued when the rule ends within the slot
    assert cicero("remind", "--due").stdout
    cicero("client", "set", "polres_a", "--days-off", "libur", "--from", "2026-11-20")
    assert cicero("remind", "--due").stdout == ""
    assert len(store.outbox.list_newest()) == 1
    two_units.move_to(at("2026-11-23 05:15"))
    assert "(Hari *Guru*)" in cicero("remind", "--client", "polres_a").stdout
    asked = json.loads(cicero("remind", "--client", "polres_a", "--on-days-off", "--json").stdout)
    assert (asked["reminders"][0]["queued"], asked["days_off"]) == (1, [])


def test_reports_mark_a_day_off_and_keep_what_they_said(
    cicero: Run, two_units: time_machine.Coordinates, store: Store
) -> None:
    words = ("--client", "polres_a", "--date", "2026-11-22", "--json")
    two_units.move_to(at("2026-11-23 03:00"))
    before = json.loads(cicero("laphar", "show", "insta", *words).stdout)
    assert (before["day_off"], "libur" in before["text"]) == (None, False)

    # from today on; of the Sunday before only with --from
    cicero("client", "set", "polres_a", "--days-off", "sun,holidays")
    assert json.loads(cicero("absensi", "show", "insta", *words).stdout)["day_off"] is None
    cicero("client", "set", "polres_a", "--days-off", "sun,holidays", "--from", "2026-11-21")
    cicero("holiday", "add", "2026-11-21", "--name", "Hari _Pohon_")
    sunday = json.loads(cicero("laphar", "show", "insta", *words).stdout)
    assert sunday["day_off"] == "Minggu"
    assert "\n_Hari libur: Minggu._\n" in sunday["text"]
    assert {name: sunday[name] for name in ("users", "summary", "posts")} == {
        name: before[name] for name in ("users", "summary", "posts")
    }

    period = ("--client", "polres_a", "--period", "2026-11-20..2026-11-23")
    recap = json.loads(cicero("rekap", "show", "insta", *period, "--json").stdout)
    assert recap["days_off"] == [
        {"date": "2026-11-21", "name": "Hari _Pohon_"},
        {"date": "2026-11-22", "name": "Minggu"},
    ]
    text = cicero("rekap", "show", "semua", *period).stdout
    assert text.count("libur") == 1
    assert "\n_Hari libur: 21 November 2026 (Hari Pohon); 22 November 2026._\n" in text
