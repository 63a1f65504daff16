from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run


def test_an_import_of_clients_is_listed_and_taken_back(cicero: Run) -> None:
    for name, rows in {
        "a.csv": "A,Polres A,a,2027-01-01T00:00:00+07:00",
        "b.csv": "A,Polres A,anders,-\nB,Polres B,b,",
    }.items():
        Path(name).write_text(f"kode,nama,ig,premium until\n{rows}\n", encoding="utf-8")
        assert cicero("client", "import", name).exit_code == 0
    assert cicero("client", "import", "b.csv").exit_code == 0  # changes nothing, so is none
    newest, first = json.loads(cicero("client", "import", "--list", "--json").stdout)
    assert {name: newest[name] for name in ("source", "new", "changed", "deactivated", "refused", "undone_at")} == {
        "source": "b.csv", "new": 1, "changed": 1, "deactivated": 0, "refused": 0, "undone_at": None,
    }  # fmt: skip
    assert newest["by"].startswith("cli:")

    tried = cicero("client", "import", "--undo", "--dry-run")
    assert (tried.exit_code, tried.stdout) == (
        0,
        "Clients: import 2 (b.csv) taken back: 1 gone, 1 as before, 0 kept.\n"
        "Dry run: nothing was written.\n"
        "client    nama      field               was     will be\n"
        "B         Polres B  gone\n"
        "A         Polres A  client_insta        anders  a\n"
        "A         Polres A  premium_expires_at          2027-01-01 00:00 WIB\n",
    )
    done = json.loads(
        cicero("client", "import", "--undo", str(newest["import_id"]), "--json").stdout
    )
    assert (done["gone_clients"], done["kept"], done["restored"]) == (
        [{"client_id": "B", "nama": "Polres B"}],
        [],
        1,
    )
    (client,) = json.loads(cicero("client", "list", "--json").stdout)
    assert (client["client_insta"], client["premium_expires_at"]) == ("a", "2026-12-31T17:00:00Z")
    assert "client.import_undone" in cicero("account", "log", "--json").stdout
    assert cicero("client", "import", "--undo", str(first["import_id"])).exit_code == 0
    assert json.loads(cicero("client", "list", "--json").stdout) == []

    cicero("client", "import", "a.csv")  # a client that had ended begins anew, and ends again
    cicero("client", "remove", "a", "--yes")
    cicero("client", "import", "b.csv")
    cicero("client", "set", "b", "--insta", "b.baru")
    tried = cicero("client", "import", "--undo", "--dry-run", "--json")
    assert [kept["client_id"] for kept in json.loads(tried.stdout)["kept"]] == ["B"]
    assert cicero("client", "import", "--undo").exit_code == 0
    ended = cicero("client", "show", "a")
    assert (ended.exit_code, "client A has ended" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--undo"], "there is no import of clients to take back"),
        (["--undo", "99"], "there is no import 99"),
        (["--undo", "a.csv"], "--undo goes with the id of an import, not with 'a.csv'"),
        ([], "name the sheet"),
    ],
)
def test_what_is_asked_for_wrongly_gets_one_line(cicero: Run, words: list[str], line: str) -> None:
    done = cicero("client", "import", *words)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert line in done.stderr
