from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result, Run


@pytest.fixture(autouse=True)
def people(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    assert run(cicero, *range(1, 21)).exit_code == 0


def run(cicero: Run, *numbers: int, options: tuple[str, ...] = (), extra: str = "") -> Result:
    rows = "".join(f"850100{number:02},Orang {number}\n" for number in numbers)
    Path("a.csv").write_text(f"NRP,Nama\n{rows}{extra}", encoding="utf-8")
    return cicero("user", "import", "a.csv", "--client", "polres_a", *options)


def inactive(cicero: Run) -> list[str]:
    users: list[dict[str, Any]] = json.loads(cicero("user", "list", "--json").stdout)
    return [user["nama"] for user in users if not user["status"]]


def test_who_is_missing_is_no_longer_expected_when_that_is_agreed_to(cicero: Run) -> None:
    asked = run(cicero, *range(3, 21), options=("--sync",))
    assert (asked.exit_code, inactive(cicero)) == (1, [])
    assert asked.stderr == (
        "cicero: Orang 1 (85010001), Orang 2 (85010002) are missing from the sheet: no longer expected from today on?"
        " Nothing was done (repeat the command with --yes)\n"
    )
    done = run(cicero, *range(3, 21), options=("--sync", "--yes"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "POLRES_A: 0 new, 0 changed, 18 unchanged, 2 missing from a.csv, 2 of them no longer expected.\n"
    )
    assert inactive(cicero) == ["Orang 1", "Orang 2"]
    assert run(cicero, *range(3, 21), options=("--sync",)).exit_code == 0  # nobody to ask about
    cicero("user", "import", "--undo", "--client", "polres_a")
    assert inactive(cicero) == []


def test_more_than_a_tenth_do_not_leave_at_once_unless_that_is_wanted(cicero: Run) -> None:
    stopped = run(cicero, *range(4, 21), options=("--sync", "--yes"), extra="85010099,Baru\n")
    assert (stopped.exit_code, stopped.stdout, inactive(cicero)) == (2, "", [])
    assert stopped.stderr == (
        "nothing was imported: 3 active people are missing from the sheet, and at most 2 may leave at once;"
        " if they all left: --sync-share 1\n"
    )
    assert len(json.loads(cicero("user", "list", "--json").stdout)) == 20
    done = run(cicero, *range(4, 21), options=("--sync", "--yes", "--sync-share", "0.2"))
    assert (done.exit_code, len(inactive(cicero))) == (0, 3)


def test_one_may_always_leave(cicero: Run) -> None:
    assert run(cicero, *range(1, 21), options=("--sync", "--sync-share", "0")).exit_code == 0
    done = run(cicero, *range(2, 21), options=("--sync", "--yes", "--sync-share", "0"))
    assert (done.exit_code, inactive(cicero)) == (0, ["Orang 1"])


def test_a_dry_run_says_who_would_leave_and_asks_nobody(cicero: Run) -> None:
    tried = run(cicero, *range(2, 21), options=("--sync", "--dry-run"))
    assert (tried.exit_code, tried.stderr, inactive(cicero)) == (0, "", [])
    assert "leaves 85010001 Orang 1\n" in tried.stdout
    told = json.loads(run(cicero, *range(2, 21), options=("--sync", "--dry-run", "--json")).stdout)
    assert (told["missing"], told["deactivated"]) == (1, 1)
    assert told["changes"] == [
        {
            "user_id": "85010001",
            "nama": "Orang 1",
            "line": None,
            "new": False,
            "changes": {"status": [True, False]},
        }
    ]


def test_nobody_leaves_while_a_refused_row_may_be_anybodys(cicero: Run) -> None:
    done = run(cicero, *range(2, 21), options=("--sync", "--yes", "--skip-bad"), extra=",Siapa\n")
    assert (done.exit_code, inactive(cicero)) == (3, [])
    assert (
        "nobody was deactivated: line 21 names nobody on file and may be one of the missing"
        in done.stderr
    )


def test_a_sheet_that_changed_since_the_dry_run_is_noticed(cicero: Run) -> None:
    tried = run(cicero, *range(1, 22), options=("--dry-run", "--json"))
    digest = json.loads(tried.stdout)["digest"]
    changed = run(cicero, *range(1, 23), options=("--expect", digest))
    assert (changed.exit_code, changed.stderr) == (
        2,
        "cicero: the sheet or what is on file has changed since the dry run: nothing was imported"
        " (look at it again with --dry-run)\n",
    )
    assert run(cicero, *range(1, 22), options=("--expect", digest)).exit_code == 0
