"""`cicero client import`: the clients from a sheet, all of them or none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Cell, Spreadsheet, Tab
from tests.conftest import Run

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
ROWS: list[list[Cell]] = [
    ["DAFTAR SATUAN JAJARAN"],
    [],
    ["NO", "KODE", "NAMA SATKER", "Akun Instagram", "TikTok", "No. WA Operator", "Zona Waktu", "Ambang", "Induk"],
    [1, "polres_a", "Polres A", "https://instagram.com/Polres.A/", "@polres_a", 6281234567890, "WITA", "80%", "polda"],
    [2, "POLDA", "Polda X", "polda.x", "", "", "", "", ""],
]  # fmt: skip


def workbook(rows: list[list[Cell]]) -> str:
    with Workbook("satker.xlsx") as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return "satker.xlsx"


def clients(cicero: Run) -> dict[str, dict[str, Any]]:
    found = json.loads(cicero("client", "list", "--json").stdout)
    return {client["client_id"]: client for client in found}


def test_a_workbook_of_clients_is_imported_and_again_changes_nothing(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = workbook(ROWS)
    trial = cicero("client", "import", source, "--dry-run", "--json")
    assert (trial.exit_code, json.loads(trial.stdout)["new"]) == (0, 2)
    assert clients(cicero) == {}

    done = cicero("client", "import", source)
    assert (done.exit_code, done.stdout) == (
        0,
        "Clients: 2 new, 0 changed, 0 unchanged, 0 missing from satker.xlsx.\n",
    )
    polres = clients(cicero)["POLRES_A"]
    wanted = {
        "nama": "Polres A", "client_insta": "polres.a", "client_tiktok": "polres_a",
        "client_operator": "6281234567890", "timezone": "Asia/Makassar", "threshold": 0.8, "under": "POLDA",
    }  # fmt: skip
    assert {name: polres[name] for name in wanted} == wanted
    assert "client.added" in cicero("account", "log", "--json").stdout

    before = clients(cicero)
    Path("list.csv").write_text(cicero("client", "list", "--output", "csv").stdout)
    with StandIn([Spreadsheet(key=KEY, tabs=[Tab(rows=ROWS)])]) as google:
        monkeypatch.setenv("CICERO_GOOGLE_DOCS_URL", google.url)
        for again in (source, "list.csv", f"https://docs.google.com/spreadsheets/d/{KEY}/edit"):
            told = cicero("client", "import", again)
            assert told.stdout.startswith("Clients: 0 new, 0 changed, 2 unchanged, 0 missing"), (
                again
            )
    piped = io.BytesIO(Path(source).read_bytes())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(piped))
    assert "2 unchanged" in cicero("client", "import", "-").stdout
    assert clients(cicero) == before


def test_changes_are_shown_first_and_cells_that_are_empty_change_nothing(cicero: Run) -> None:
    cicero("client", "import", workbook(ROWS))
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    Path("a.csv").write_text(
        "Kode Satuan X,Nama,IG,TikTok,Status\nPOLRES_A,,polres.baru,-,\npolres_c,Polres C,,,nonaktif\n"
    )
    words = ("client", "import", "a.csv", "--map", "Kode Satuan X=client_id")
    trial = cicero(*words, "--dry-run")
    assert trial.stdout == (
        "Clients: 1 new, 1 changed, 0 unchanged, 2 missing from a.csv.\n"
        "Dry run: nothing was written.\n"
        "        client   nama     field         was      will be\n"
        "changed POLRES_A Polres A client_insta  polres.a polres.baru\n"
        "                          client_tiktok polres_a -\n"
        "new     POLRES_C Polres C client_status          tidak\n"
        "missing POLDA    Polda X\n"
        "missing POLRES_B Polres B\n"
    )
    digest = json.loads(cicero(*words, "--dry-run", "--json").stdout)["digest"]
    cicero("client", "set", "polres_a", "--insta", "anders")
    changed = cicero(*words, "--expect", digest)
    assert (changed.exit_code, changed.stdout) == (2, "")
    assert "has changed since the dry run: nothing was imported" in changed.stderr
    assert cicero(*words).exit_code == 0
    found = clients(cicero)
    assert found["POLRES_A"]["client_tiktok"] is None
    assert found["POLRES_A"]["threshold"] == 0.8
    assert (found["POLRES_C"]["client_status"], len(found)) == (False, 4)


def test_one_bad_row_stops_the_import_and_is_named(cicero: Run) -> None:
    Path("a.csv").write_text(
        "kode,nama,ig,ambang,induk,zona,audience divisi\n"
        "A,Polres A,a,,,,\n"
        "B,,b,,,,\n"  # new, without a name
        "C,Polres C,instagram.com/p/x,,,,\n"
        "D,Polres D,,5,,,\n"
        "E,Polres E,,,Z,,\n"
        "F,Polres F,,,G,,\n"
        "G,Polres G,,,F,,\n"
        "H,Polres H,,,,Mars,\n"
        "I,Polres I,,,,,SAT LANTAS\n"
        "J,Polres J,,,E,,\n"
        "A,Polres A,,,,,\n"
    )
    done = cicero("client", "import", "a.csv")
    assert (done.exit_code, clients(cicero)) == (2, {})
    for words in (
        "line 3, nama: this client is new and needs a name",
        "line 4, ig 'instagram.com/p/x': ",
        "line 5, ambang '5': expected a share above 0 and up to 1",
        "line 6, induk 'Z': there is no client Z",
        "line 7, induk 'G': a unit cannot be below itself",
        "line 9, zona 'Mars': expected Asia/Jakarta (WIB)",
        "line 10, audience divisi 'SAT LANTAS': this is about the units below",
        "line 11, induk 'E': there is no client E",
        "line 12, kode 'A': this id stands in another line as well",
        "nothing was imported: correct",
    ):
        assert words in done.stderr
    left = cicero("client", "import", "a.csv", "--skip-bad")
    assert left.exit_code == 3
    assert [*clients(cicero)] == ["A"]


def test_sync_switches_off_the_clients_that_are_missing_and_only_so_many(cicero: Run) -> None:
    rows = [f"P{number},Polres {number},p{number},POLDA" for number in range(1, 5)]
    write = lambda *lines: Path("a.csv").write_text("\n".join(["kode,nama,ig,induk", *lines]))  # noqa: E731
    write(*rows, "POLDA,Polda X,,")
    assert cicero("client", "import", "a.csv").exit_code == 0

    write(*rows[:2])  # two are missing, and POLDA is named as the unit above
    many = cicero("client", "import", "a.csv", "--sync", "--yes")
    assert (many.exit_code, many.stdout) == (2, "")
    assert (
        "2 active clients are missing from the sheet, and at most 1 may be switched off"
        in many.stderr
    )
    asked = cicero("client", "import", "a.csv", "--sync", "--sync-share", "0.4")
    assert asked.exit_code == 1
    assert (
        "P3 (Polres 3), P4 (Polres 4) are missing from the sheet: switch them off" in asked.stderr
    )

    write(*rows[:2], "P3,Polres 3,instagram.com/p/x,", "?,x,P4,")  # refused rows are present
    refused = cicero("client", "import", "a.csv", "--sync", "--skip-bad", "--dry-run", "--json")
    assert json.loads(refused.stdout)["missing_clients"] == []
    write(*rows[:2], "?,somebody,,")  # it may be anybody's
    unnamed = cicero("client", "import", "a.csv", "--sync", "--skip-bad", "--yes")
    assert (unnamed.exit_code, "no client was switched off: line 4" in unnamed.stderr) == (3, True)
    assert all(client["client_status"] for client in clients(cicero).values())

    write(*rows[:3])
    done = cicero("client", "import", "a.csv", "--sync", "--yes")
    assert (done.exit_code, done.stdout) == (
        0,
        "Clients: 0 new, 0 changed, 3 unchanged, 1 missing from a.csv, 1 of them switched off.\n",
    )
    assert [name for name, one in clients(cicero).items() if not one["client_status"]] == ["P4"]
    again = cicero("client", "import", "a.csv", "--sync", "--yes", "--json")
    assert (again.exit_code, json.loads(again.stdout)["written"]) == (0, 0)


def test_what_a_heading_means_is_remembered_until_it_is_forgotten(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    Path("a.csv").write_text("Satuan X,Nama,Ket Y\nPOLRES_A,Polres A,TIMUR\n")
    words = ("client", "import", "a.csv")
    mapped = ("--map", "Satuan X=client_id", "--map", "ket y=regional")
    assert cicero(*words, *mapped, "--dry-run").exit_code == 0
    assert cicero(*words).exit_code == 2  # a dry run remembers nothing
    assert cicero(*words, *mapped).exit_code == 0
    told = cicero(*words)
    assert (told.exit_code, told.stderr) == (
        0,
        "columns settled by --map: 'Satuan X' = client_id, 'Ket Y' = regional_id\n",
    )
    forgotten = cicero(*words, "--map", "Ket Y=")
    assert "columns not known, ignored: Ket Y" in forgotten.stderr
    assert "'Ket Y'" not in cicero(*words, "--json").stderr
    assert cicero(*words, "--map", "Satuan Z=nama").exit_code == 2
    Path("people.csv").write_text("NRP,Nama,Satuan X\n85010001,Budi,x\n")
    people = cicero("user", "import", "people.csv", "--client", "polres_a")
    assert "columns not known, ignored: Satuan X" in people.stderr  # it was said of clients alone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a.csv is empty (the first line holds the headings, such as kode,nama,instagram,tiktok)"),
        ("nama,ig\nA,b\n", "a.csv has no column client_id (or KODE); its first line is 'nama', 'ig'"),
        ("kode,nama,instagrm\nA,A,x\n", "'instagrm' (is it client_insta?)"),
        ("kode,nama\n", "a.csv has headings but no rows"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_of_clients_gets_one_line(cicero: Run, text: str, words: str) -> None:
    Path("a.csv").write_text(text)
    done = cicero("client", "import", "a.csv")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr
