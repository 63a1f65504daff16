from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from python_calamine import load_workbook

from cicero_cli.cli import main
from cicero_cli.domain.roster.ranks import rank_place
from cicero_cli.domain.roster.sheet_workbook import read_workbook
from tests.conftest import Run


def test_the_template_is_read_by_import_and_its_example_is_nobody(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    written = cicero("user", "template", "--file", "people.xlsx")
    assert (written.exit_code, written.stdout) == (0, "people.xlsx written.\n")
    imported = cicero("user", "import", "people.xlsx", "--client", "polres_a")
    assert imported.exit_code == 2
    assert "people.xlsx has headings but no rows; nothing was changed" in imported.stderr


def test_the_template_has_an_example_headings_and_ranks_to_choose(cicero: Run) -> None:
    cicero("user", "template", "--file", "people.xlsx")
    content = Path("people.xlsx").read_bytes()
    sheet = read_workbook(content, "people.xlsx")
    assert list(sheet.rows[1].cells) == [
        "85010001", "Budi Santoso", "BRIPKA", "SAT LANTAS", "BANIT", "budi.santoso", "budi.santoso",
        "081234567890", "budi@example.com", "tidak", "aktif",
    ]  # fmt: skip
    choices = read_workbook(content, "people.xlsx", tab="pilihan").rows
    ranks = [row.cells[0] for row in choices]
    assert ranks[0] == "JENDERAL"
    assert all(rank_place(rank) == place for place, rank in enumerate(ranks))
    assert choices[0].cells[1] == "BAG OPS"
    assert load_workbook(io.BytesIO(content)).sheet_names == ["Personel", "Pilihan"]


def test_the_divisions_of_a_client_are_offered_once_each(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    for user_id, division in (
        ("85010001", "SI TIK"),
        ("85010002", "Si Tik"),
        ("85010003", "BAG SDM"),
    ):
        cicero(
            "user", "add", user_id, "--client", "polres_a", "--nama", "X", "--divisi", division
        )  # fmt: skip
    cicero("user", "template", "--client", "polres_a", "--file", "people.xlsx")
    choices = read_workbook(Path("people.xlsx").read_bytes(), "people.xlsx", tab="Pilihan").rows
    offered = [row.cells[1].upper() for row in choices if len(row.cells) > 1]
    assert offered == ["BAG SDM", "SI TIK"]


def test_a_pipe_gets_the_workbook_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["user", "template"]) == 0
    assert read_workbook(out.buffer.getvalue(), "-").rows  # type: ignore[attr-defined]


def test_a_terminal_gets_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["user", "template"]) == 2
    assert "name a --file, or write > people.xlsx" in capsys.readouterr().err
