from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.fixture(autouse=True)
def imports(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    for name, rows in {
        "a.csv": "85010001,Budi,AKP",
        "b.csv": "85010001,Budi,KOMPOL\n85010002,Ani,",
    }.items():
        Path(name).write_text(f"NRP,Nama,Pangkat\n{rows}\n", encoding="utf-8")
        assert cicero("user", "import", name, "--client", "polres_a").exit_code == 0


def test_imports_are_listed_with_who_did_them_and_what_they_did(cicero: Run) -> None:
    newest, first = json.loads(cicero("user", "import", "--list", "--json").stdout)
    assert (newest["source"], first["source"]) == ("b.csv", "a.csv")
    assert {name: newest[name] for name in ("client_id", "new", "changed", "undone_at")} == {
        "client_id": "POLRES_A",
        "new": 1,
        "changed": 1,
        "undone_at": None,
    }
    assert newest["by"].startswith("cli:")
    assert newest["at"].endswith("+07:00")
    assert "b.csv" in cicero("user", "import", "--list", "--client", "polres_a").stdout


def test_an_import_is_taken_back_by_its_id_or_as_the_last_of_a_client(cicero: Run) -> None:
    (_, first) = json.loads(cicero("user", "import", "--list", "--json").stdout)
    tried = cicero("user", "import", "--undo", "--client", "polres_a", "--dry-run")
    assert (tried.exit_code, tried.stderr) == (0, "")
    assert "1 gone, 1 as before, 0 kept.\nDry run: nothing was written." in tried.stdout
    done = cicero("user", "import", "--undo", "--client", "polres_a", "--json")
    told = json.loads(done.stdout)
    assert (told["gone_users"], told["kept"]) == ([{"user_id": "85010002", "nama": "Ani"}], [])
    assert told["changes"] == [
        {"user_id": "85010001", "nama": "Budi", "field": "title", "old": "KOMPOL", "value": "AKP"}
    ]
    assert cicero("user", "import", "--undo", str(first["import_id"])).exit_code == 0
    assert json.loads(cicero("user", "list", "--json").stdout) == []


def test_what_was_changed_since_stays_and_is_named(cicero: Run) -> None:
    cicero("user", "set", "85010001", "--title", "AKBP")
    cicero("user", "set", "85010002", "--divisi", "SI UM")
    words = ("user", "import", "--undo", "--client", "polres_a")
    kept = json.loads(cicero(*words, "--dry-run", "--json").stdout)["kept"]
    assert [(one["user_id"], one["field"]) for one in kept] == [
        ("85010001", "title"),
        ("85010002", ""),
    ]
    done = cicero(*words)
    assert done.exit_code == 0
    assert done.stderr == (
        "Budi (85010001), title: was changed since, and stays\n"
        "Ani (85010002): is new by this import and was changed since (divisi), so stays\n"
    )


@pytest.mark.parametrize(
    ("words", "exit_code", "line"),
    [
        (["--undo"], 2, "name the --client, or the id of an import"),
        (["--undo", "99"], 2, "there is no import 99"),
        (["--undo", "9" * 30], 2, "--undo goes with the id of an import"),
        (["--undo", "a.csv"], 2, "--undo goes with the id of an import, not with 'a.csv'"),
        ([], 2, "name the sheet"),
    ],
)
def test_what_is_asked_for_wrongly_gets_one_line(
    cicero: Run, words: list[str], exit_code: int, line: str
) -> None:
    done = cicero("user", "import", *words)
    assert (done.exit_code, done.stderr.count("\n")) == (exit_code, 1)
    assert line in done.stderr
