"""`cicero user sync`: sheets that are followed, by hand and by night."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.google.faults import Fault, Trouble
from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Cell, Spreadsheet, Tab
from tests.conftest import Result, Run
from tests.services.fakes import at

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
LINK = f"https://docs.google.com/spreadsheets/d/{KEY}/edit#gid=7"
OPERATOR = "6281211112222"


@pytest.fixture
def rows() -> list[list[Cell]]:
    """The sheet, to be changed by a test."""
    people: list[list[Cell]] = [
        [f"850100{number}", f"Orang {number}", "AKP"] for number in range(10, 30)
    ]
    return [["NRP", "Nama", "Pangkat"], *people]


@pytest.fixture
def google(
    monkeypatch: pytest.MonkeyPatch, cicero: Run, store: Store, rows: list[list[Cell]]
) -> Iterator[StandIn]:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    with (
        StandIn([Spreadsheet(key=KEY, tabs=[Tab(gid=7, rows=rows)])]) as standin,
        time_machine.travel(at("2026-11-20 05:00"), tick=False),
    ):
        monkeypatch.setenv("CICERO_GOOGLE_DOCS_URL", standin.url)
        cicero("client", "add", "polres_a", "--nama", "Polres A", "--operator", OPERATOR)
        cicero("client", "add", "polres_b", "--nama", "Polres B")
        store.connection.execute(
            "UPDATE clients SET scheduled_since = %s", [at("2026-11-01 00:00")]
        )
        assert cicero("client", "set", "polres_a", "--sheet", LINK).exit_code == 0
        assert cicero("user", "import", LINK, "--client", "polres_a").exit_code == 0
        yield standin


def night(cicero: Run, moment: str) -> Result:
    with time_machine.travel(at(moment), tick=False):
        return cicero("user", "sync", "--due")


def messages(store: Store) -> list[str]:
    return [
        body
        for (body,) in store.connection.execute(
            "SELECT body FROM outbox WHERE kind = 'sync' ORDER BY message_id"
        )
    ]


def test_a_sheet_is_followed_shown_and_forgotten(cicero: Run, google: StandIn) -> None:
    shown = json.loads(cicero("client", "show", "polres_a", "--json").stdout)
    assert (shown["sheet"], shown["sheet_tab"]) == (LINK, None)
    cicero("client", "set", "polres_a", "--tab", "Juni")
    shown = json.loads(cicero("client", "show", "polres_a", "--json").stdout)
    assert (shown["sheet"], shown["sheet_tab"]) == (LINK, "Juni")
    cicero("client", "set", "polres_a", "--sheet", "", "--nama", "Polres AA")
    shown = json.loads(cicero("client", "show", "polres_a", "--json").stdout)
    assert (shown["sheet"], shown["nama"]) == (None, "Polres AA")
    told = cicero("user", "sync", "--client", "polres_a")
    assert (told.exit_code, told.stderr) == (
        0,
        "no sheet is followed; name one with: cicero client set POLRES_A --sheet LINK\n",
    )
    for words in (("--sheet", "people.xlsx"), ("--sheet", "https://example.com/x"), ("--tab", "x")):
        refused = cicero("client", "set", "polres_a", *words)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


def test_nothing_changed_is_silent(cicero: Run, google: StandIn, store: Store) -> None:
    done = night(cicero, "2026-11-20 19:05")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert messages(store) == []
    by_hand = cicero("user", "sync")
    assert "0 new, 0 changed, 20 unchanged, 0 missing" in by_hand.stdout


def test_what_changed_is_written_by_night_and_told_to_the_operator_once(
    cicero: Run, google: StandIn, store: Store, rows: list[list[Cell]]
) -> None:
    rows[1][2] = "KOMPOL"
    rows[2:3] = []
    rows.append(["85010099", "Baru", "IPDA"])
    assert night(cicero, "2026-11-20 18:50").stdout == ""  # 01:50 WIB

    done = night(cicero, "2026-11-20 19:05")

    assert (done.exit_code, done.stderr) == (0, "")
    assert "1 new, 1 changed, 18 unchanged, 1 missing" in done.stdout
    (body,) = messages(store)
    assert body == (
        "*Personel Polres A*\n"
        "Pembaruan dari lembar kerja, Sabtu, 21 November 2026\n\n"
        "Perubahan berikut sudah berlaku.\n\n"
        "*Baru (1)*\n1. IPDA Baru (85010099)\n\n"
        "*Berubah (1)*\n1. Orang 10 (85010010): pangkat AKP → KOMPOL\n\n"
        "*Tidak ada di lembar, tidak lagi wajib (1)*\n1. AKP Orang 11 (85010011)\n\n"
        "Bila keliru, minta admin membatalkannya (impor nomor 2)."
    )
    users = {user.user_id: user for user in store.users.list(["POLRES_A"])}
    assert (users["85010010"].title, users["85010011"].status) == ("KOMPOL", False)
    assert night(cicero, "2026-11-20 19:15").stdout == ""
    assert cicero("user", "import", "--undo", "--client", "polres_a").exit_code == 0


@pytest.mark.parametrize(
    ("change", "why", "said"),
    [
        ("many", "3 active people are missing from the sheet, and at most 2 may leave at once", "3 personel aktif tidak ada di lembar"),
        ("bad", "1 row is refused", "baris 22, NRP: "),
        ("doubtful", "1 row is doubtful", "tadinya Orang 10: orang yang sama"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("google")
def test_what_somebody_must_look_at_is_told_and_not_written(
    cicero: Run, store: Store, rows: list[list[Cell]], *, change: str, why: str, said: str
) -> None:
    rows[3][2] = "KOMPOL"
    if change == "many":
        rows[4:7] = []
    elif change == "bad":
        rows.append(["85/01", "Baru", "IPDA"])
    else:
        rows[1][1] = "Seseorang"
    before = store.users.list()
    done = night(cicero, "2026-11-20 19:05")
    assert done.exit_code == 3
    assert f"POLRES_A is not changed: {why}\n" in done.stderr
    assert store.users.list() == before
    (body,) = messages(store)
    assert "*Belum diterapkan*, menunggu diperiksa:\n- " in body
    assert said in body
    assert "Orang 12 (85010012): pangkat AKP → KOMPOL" in body
    tried = cicero("user", "sync", "--client", "polres_a", "--dry-run", "--json")
    (told,) = json.loads(tried.stdout)
    assert (tried.exit_code, told["obstacles"][0]) == (3, why)


def test_a_dry_run_says_all_and_does_nothing(
    cicero: Run, google: StandIn, store: Store, rows: list[list[Cell]]
) -> None:
    rows[1][2] = "KOMPOL"
    done = cicero("user", "sync", "--client", "polres_a", "--dry-run", "--json")
    (told,) = json.loads(done.stdout)
    assert (done.exit_code, told["changed"], told["dry_run"], told["messages"]) == (0, 1, True, 0)
    assert told["obstacles"] == []
    assert messages(store) == []
    assert store.users.list(["POLRES_A"])[0].title == "AKP"


def test_a_sheet_that_cannot_be_read_is_told_and_the_others_are_read(
    cicero: Run, google: StandIn, store: Store, rows: list[list[Cell]]
) -> None:
    other = LINK.replace(KEY, "1NobodyHasThisKeyAtAllxxxxxx")
    cicero("client", "set", "polres_b", "--sheet", other, "--operator", "6281211113333")
    rows[1][2] = "KOMPOL"
    done = night(cicero, "2026-11-20 19:05")
    assert done.exit_code == 3
    assert "POLRES_B: " in done.stderr
    first, second = messages(store)
    assert "sudah berlaku" in first
    assert "Lembar kerja tidak dapat dibaca: " in second
    assert night(cicero, "2026-11-20 19:15").exit_code == 0  # both are done for this night


def test_a_quota_that_is_used_up_is_tried_again_later(
    cicero: Run, google: StandIn, store: Store, rows: list[list[Cell]]
) -> None:
    rows[1][2] = "KOMPOL"
    google.faults.add(Fault(Trouble.PAGE_429))
    first = night(cicero, "2026-11-20 19:05")
    assert (first.exit_code, messages(store)) == (75, [])
    google.faults.clear()
    assert night(cicero, "2026-11-20 19:15").exit_code == 0
    assert len(messages(store)) == 1


def test_a_client_without_an_operator_is_named(
    cicero: Run, google: StandIn, rows: list[list[Cell]]
) -> None:
    cicero("client", "set", "polres_a", "--operator", "")
    rows[1][2] = "KOMPOL"
    done = cicero("user", "sync")
    assert (done.exit_code, done.stderr) == (
        0,
        "POLRES_A: nobody is told; name its operator: cicero client set POLRES_A --operator\n",
    )


def test_the_night_before_a_sheet_was_named_is_not_caught_up(
    cicero: Run, google: StandIn, rows: list[list[Cell]]
) -> None:
    rows[1][2] = "KOMPOL"
    assert night(cicero, "2026-11-20 05:30").stdout == ""  # the slot of 02:00 WIB began before
