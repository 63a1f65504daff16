"""One sheet with the users of several clients."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Spreadsheet, Tab, as_workbook
from tests.conftest import Run

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"


@pytest.fixture(autouse=True)
def clients(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A Kota")
    cicero("client", "add", "polres_b", "--nama", "Polres B")


def write(*rows: str) -> str:
    text = "\n".join(["DAFTAR PERSONEL", "Satker,NRP,Nama,Instagram", *rows])
    Path("all.csv").write_text(text, encoding="utf-8")
    return "all.csv"


def whose(cicero: Run) -> dict[str, str]:
    users = json.loads(cicero("user", "list", "--json").stdout)
    return {user["user_id"]: user["client_id"] for user in users}


MAPPED = ("--map", "Satker=client_id")
GOOD = ("POLRES A KOTA,85010001,Budi,budi", "polres_b,85010002,Ani,", "Polres B,85010003,Citra,")


def test_each_row_goes_to_its_client(cicero: Run) -> None:
    done = cicero("user", "import", write(*GOOD), *MAPPED)
    assert (done.exit_code, done.stdout) == (
        0,
        "POLRES_A: 1 new, 0 changed, 0 unchanged, 0 missing from all.csv.\n"
        "POLRES_B: 2 new, 0 changed, 0 unchanged, 0 missing from all.csv.\n",
    )
    assert whose(cicero) == {"85010001": "POLRES_A", "85010002": "POLRES_B", "85010003": "POLRES_B"}
    again = cicero("user", "import", "all.csv", *MAPPED)
    assert again.stdout.count("0 new, 0 changed") == 2


def test_a_dry_run_tells_of_each_and_writes_nothing(cicero: Run) -> None:
    done = cicero("user", "import", write(*GOOD), *MAPPED, "--dry-run", "--json")
    told = [(one["client_id"], one["new"]) for one in json.loads(done.stdout)]
    assert told == [("POLRES_A", 1), ("POLRES_B", 2)]
    assert whose(cicero) == {}
    digests = ",".join(one["digest"] for one in json.loads(done.stdout))
    words = ("user", "import", "all.csv", *MAPPED, "--expect", digests)
    write(*GOOD[:2], "Polres B,85010003,Citra,citra")
    changed = cicero(*words)
    assert (changed.exit_code, whose(cicero)) == (2, {})
    assert "has changed since the dry run: nothing was imported" in changed.stderr
    write(*GOOD)
    assert (cicero(*words).exit_code, len(whose(cicero))) == (0, 3)


def test_one_bad_row_stops_all_clients(cicero: Run) -> None:
    done = cicero("user", "import", write(*GOOD, "Polres B,8.5E+07,Dedi,"), *MAPPED)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "all.csv line 6, NRP '8.5E+07'" in done.stderr
    assert "nothing was imported" in done.stderr
    assert whose(cicero) == {}
    skipped = cicero("user", "import", "all.csv", *MAPPED, "--skip-bad")
    assert (skipped.exit_code, len(whose(cicero))) == (3, 3)


def test_a_client_that_nobody_knows_is_named_with_its_line(cicero: Run) -> None:
    done = cicero("user", "import", write(*GOOD, "Polres C,85010009,Dedi,"), *MAPPED)
    assert done.exit_code == 2
    assert "all.csv: no client is called so: 'Polres C' (6)" in done.stderr
    assert whose(cicero) == {}


def test_each_tab_goes_to_the_client_that_it_is_called_as(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    heading = ["NRP", "Nama"]
    tabs = [
        Tab(title="Petunjuk", rows=[["Isilah tab masing-masing"]]),
        Tab(title="POLRES A KOTA", gid=1, rows=[["DAFTAR"], heading, [85010001, "Budi"]]),
        Tab(title="polres_b", gid=2, rows=[heading, [85010002, "Ani"], [85010003, "Citra"]]),
    ]
    Path("tabs.xlsx").write_bytes(as_workbook(Spreadsheet(key=KEY, tabs=tabs)))
    done = cicero("user", "import", "tabs.xlsx")
    assert (done.exit_code, done.stdout) == (
        0,
        "POLRES_A: 1 new, 0 changed, 0 unchanged, 0 missing from tabs.xlsx - POLRES A KO….\n"
        "POLRES_B: 2 new, 0 changed, 0 unchanged, 0 missing from tabs.xlsx - polres_b.\n",
    )
    assert whose(cicero) == {"85010001": "POLRES_A", "85010002": "POLRES_B", "85010003": "POLRES_B"}

    bad = [*tabs[:2], Tab(title="Polres B", gid=2, rows=[heading, ["8.5E+07", "Ani"]])]
    link = f"https://docs.google.com/spreadsheets/d/{KEY}/edit#gid=1"
    for found, words in (
        (tabs, "0 new, 0 changed, 1 unchanged"),
        (bad, "Polres B line 2, NRP '8.5E+07'"),
        ([*tabs, Tab(title="Polres C", rows=tabs[1].rows)], "called as these tabs: 'Polres C'"),
        ([*tabs, Tab(title="Polres B", rows=tabs[1].rows)], "are both of client POLRES_B"),
    ):
        with StandIn([Spreadsheet(key=KEY, tabs=found)]) as google:
            monkeypatch.setenv("CICERO_GOOGLE_DOCS_URL", google.url)
            told = cicero("user", "import", link)
        assert words in told.stdout + told.stderr
        assert told.exit_code == (0 if found is tabs else 2)
    assert len(whose(cicero)) == 3


def test_people_change_clients_within_one_sheet_when_that_is_asked_for(cicero: Run) -> None:
    cicero("user", "import", write(*GOOD), *MAPPED)
    moved = ("Polres B,85010001,Budi,", "POLRES A KOTA,85010002,Ani,", "Polres B,85010003,,")
    words = ("user", "import", write(*moved), *MAPPED, "--sync")
    refused = cicero(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "this user belongs to client POLRES_A" in refused.stderr
    assert "1 user is another client's: --transfer brings them here" in refused.stderr
    trial = cicero(*words, "--transfer", "--dry-run")
    assert "comes 85010002 Ani  client_id POLRES_B POLRES_A" in trial.stdout
    done = cicero(*words, "--transfer")
    assert (done.exit_code, done.stdout) == (
        0,
        "POLRES_A: 0 new, 1 changed, 0 unchanged, 0 missing from all.csv.\n"
        "POLRES_B: 0 new, 1 changed, 1 unchanged, 0 missing from all.csv.\n",
    )
    assert whose(cicero) == {"85010001": "POLRES_B", "85010002": "POLRES_A", "85010003": "POLRES_B"}


def test_without_a_client_and_a_column_of_clients_nothing_is_imported(cicero: Run) -> None:
    done = cicero("user", "import", write(*GOOD))
    assert done.exit_code == 2
    assert "all.csv has no column that says which client a row is of" in done.stderr
