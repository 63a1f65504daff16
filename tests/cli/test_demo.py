from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_diff import compare_roster
from cicero_cli.domain.roster.sheet_workbook import read_workbook
from cicero_cli.standins import demo
from cicero_cli.standins.rosters import write_workbook
from tests.conftest import Run


def test_a_demo_that_finds_no_place_for_its_database_says_which_setting_to_change(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    result = cicero("demo")
    assert (result.exit_code, result.stdout) == (78, "")
    assert result.stderr.endswith("(set TMPDIR to a shorter path)\n")
    assert list(long.iterdir()) == []


def test_the_demos_workbook_holds_the_people_of_its_list() -> None:
    sample = Path(demo.__file__).parent / "sample" / "polres_bravo.csv"
    sheets = [
        read_csv(sample.read_bytes(), "people"),
        read_workbook(write_workbook(sample, "Daftar Personel"), "people"),
    ]
    listed, kept = (
        compare_roster(read_roster(sheet), client_id="A", known=[], elsewhere={})
        for sheet in sheets
    )
    assert [change.user for change in listed.new] == [change.user for change in kept.new]
    assert len(listed.new) == 30
    assert (listed.bad, kept.bad) == ([], [])
