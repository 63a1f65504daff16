from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.fixture(autouse=True)
def sheet(cicero: Run) -> None:
    for client in "polres_a", "polres_b":
        cicero("client", "add", client, "--nama", client)
    Path("a.csv").write_text("NRP,Nama,Penempatan\n85010001,Budi,SAT LANTAS\n", encoding="utf-8")


def divisi(cicero: Run) -> str | None:
    return json.loads(cicero("user", "show", "85010001", "--json").stdout)["divisi"]  # type: ignore[no-any-return]


def test_a_column_that_was_settled_is_remembered_for_the_client_alone(cicero: Run) -> None:
    words = ("user", "import", "a.csv", "--client")
    done = cicero(*words, "polres_a", "--map", "Penempatan=divisi")
    assert (done.exit_code, done.stderr) == (0, "columns settled by --map: 'Penempatan' = divisi\n")
    assert divisi(cicero) == "SAT LANTAS"
    again = cicero(*words, "polres_a", "--json")
    assert json.loads(again.stdout)["mapped_columns"] == {"Penempatan": "divisi"}
    other = cicero(*words, "polres_b", "--dry-run", "--json")
    assert json.loads(other.stdout)["ignored_columns"] == ["Penempatan"]
    forgotten = cicero(*words, "polres_a", "--map", "penempatan=", "--json")
    assert json.loads(forgotten.stdout)["ignored_columns"] == ["Penempatan"]


def test_a_dry_run_remembers_nothing(cicero: Run) -> None:
    words = ("user", "import", "a.csv", "--client", "polres_a", "--dry-run", "--json")
    tried = json.loads(cicero(*words, "--map", "Penempatan=divisi").stdout)
    assert tried["changes"][0]["changes"]["divisi"] == [None, "SAT LANTAS"]
    assert json.loads(cicero(*words).stdout)["mapped_columns"] == {}


def test_a_heading_that_the_sheet_lacks_is_named(cicero: Run) -> None:
    done = cicero("user", "import", "a.csv", "--client", "polres_a", "--map", "Penempatn=divisi")
    assert done.exit_code == 2
    assert "a.csv has no column 'penempatn' (it has: 'NRP', 'Nama', 'Penempatan')" in done.stderr


def test_who_is_away_is_told(cicero: Run) -> None:
    Path("a.csv").write_text(
        "NRP,Nama,Status\n85010001,Budi,cuti\n85010002,Ani,pensiun\n", encoding="utf-8"
    )
    done = cicero("user", "import", "a.csv", "--client", "polres_a")
    assert (done.exit_code, done.stderr) == (
        0,
        "1 is on leave or away by the sheet (such as 85010001), but from when until when it does not say,"
        " and is expected all the same: fill in mulai and sampai, or: cicero user leave 85010001\n",
    )
    users = json.loads(cicero("user", "list", "--json").stdout)
    assert {user["nama"]: user["status"] for user in users} == {"Budi": True, "Ani": False}
