"""An import with the columns mulai, sampai, alasan: leave, on past days too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

HEADINGS = "NRP,Nama,Pangkat,Mulai Cuti,Sampai,Alasan"


@pytest.fixture(autouse=True)
def unit(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    assert _import(cicero, "85010001,Budi,AKP,,,", "85010002,Ani,AIPDA,,,").exit_code == 0


def test_leave_comes_with_a_sheet_once_is_changed_and_taken_back(cicero: Run) -> None:
    sheet = (
        "85010001,Budi,AKP,1/11/2026,2026-11-12,cuti",
        "85010003,Citra,BRIPDA,20 Nov 2026,30 Nov 2026,dik",
    )
    tried = json.loads(_import(cicero, *sheet, options=("--dry-run", "--json")).stdout)
    assert [one["changes"].get("leave") for one in tried["changes"]] == [
        [None, "2026-11-20..2026-11-30 dik"],
        [None, "2026-11-01..2026-11-12 cuti"],
    ]
    assert _leave(cicero, "85010001") == []
    assert _import(cicero, *sheet).exit_code == 0
    assert _leave(cicero, "85010001") == [("2026-11-01", "2026-11-12", "cuti")]
    assert _leave(cicero, "85010003") == [("2026-11-20", "2026-11-30", "dik")]
    again = json.loads(_import(cicero, *sheet, options=("--json",)).stdout)
    assert (again["new"], again["changed"], again["import_id"]) == (0, 0, None)

    longer = _import(cicero, "85010001,Budi,KOMPOL,1/11/2026,14/11/2026,cuti")
    assert longer.exit_code == 0
    assert _leave(cicero, "85010001") == [("2026-11-01", "2026-11-14", "cuti")]
    undone = json.loads(cicero("user", "import", "--undo", "--client", "polres_a", "--json").stdout)
    assert [(one["field"], one["old"], one["value"]) for one in undone["changes"]] == [
        ("title", "KOMPOL", "AKP"),
        ("leave", "2026-11-01..2026-11-14 cuti", "2026-11-01..2026-11-12 cuti"),
    ]
    assert _leave(cicero, "85010001") == [("2026-11-01", "2026-11-12", "cuti")]
    undone = json.loads(cicero("user", "import", "--undo", "--client", "polres_a", "--json").stdout)
    assert (undone["gone"], undone["restored"], undone["kept"]) == (1, 1, [])
    assert _leave(cicero, "85010001") == []
    history = json.loads(cicero("user", "show", "85010001", "--json").stdout)["history"]
    assert {days["leave"] for days in history} == {None}


def test_leave_that_somebody_ended_since_stays_when_the_import_is_taken_back(cicero: Run) -> None:
    _import(
        cicero,
        "85010001,Budi,AKP,2026-11-01,2026-11-12,cuti",
        "85010003,Citra,BRIPDA,2026-11-01,2026-11-30,dik",
    )
    for user_id in ("85010001", "85010003"):
        cicero("user", "leave", user_id, "--end", "2026-11-05")
    undone = cicero("user", "import", "--undo", "--client", "polres_a")
    assert undone.stderr == (
        "Citra (85010003): is new by this import and was changed since (leave), so stays\n"
        "Budi (85010001), leave: was changed since, and stays\n"
    )
    assert _leave(cicero, "85010001") == [("2026-11-01", "2026-11-05", "cuti")]


def test_cells_that_make_no_leave_are_named_and_cost_no_more_than_themselves(cicero: Run) -> None:
    cicero(
        *("user", "leave", "85010002", "--from", "2026-11-10", "--until", "2026-11-20"),
        *("--reason", "sakit"),
    )
    done = _import(
        cicero,
        "85010001,Budi,KOMPOL,besok,2026-11-12,cuti",
        "85010002,Ani,AIPTU,2026-11-08,2026-11-12,cuti",
        "85010003,Citra,BRIPDA,2026-11-08,2026-11-12,",
    )
    assert done.exit_code == 3
    assert done.stderr == (
        "roster.csv line 2, Mulai Cuti 'besok': expected a day such as 2026-11-01, 1/11/2026 or 1 November 2026\n"
        "roster.csv line 3, Mulai Cuti '2026-11-08': is on leave from 2026-11-10 to 2026-11-20 already (sakit)\n"
        "roster.csv line 4, Alasan: leave needs a word such as cuti, dik, sakit or bko\n"
        "3 bad cells not read: what is on file stays; the rest of the row counts\n"
    )
    users = json.loads(cicero("user", "list", "--json").stdout)
    assert [user["title"] for user in users] == ["KOMPOL", "AIPTU", "BRIPDA"]
    assert _leave(cicero, "85010003") == []


def _import(cicero: Run, *rows: str, options: tuple[str, ...] = ()) -> Any:
    Path("roster.csv").write_text("\n".join([HEADINGS, *rows, ""]), encoding="utf-8")
    return cicero("user", "import", "roster.csv", "--client", "polres_a", *options)


def _leave(cicero: Run, user_id: str) -> list[tuple[str, str, str]]:
    found = json.loads(cicero("user", "leave", user_id, "--json").stdout)
    return [(one["first_day"], one["last_day"], one["reason"]) for one in found]
