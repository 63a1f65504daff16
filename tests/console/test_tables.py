"""Tables on a terminal break no number and no handle; figures have thousands."""

from __future__ import annotations

import pytest

from cicero_cli.console.language import speech
from cicero_cli.console.tables import cell, csv_cell, draw
from cicero_cli.words import Language

HEADINGS = ("user", "nama", "insta", "status", "posts")
CELLS = [["198501012010011001", "Budi Santoso dari Polres", "budi.santoso.polres", "failed", "1"]]


def test_a_narrow_terminal_loses_the_last_columns_and_breaks_no_handle(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "64")
    assert draw(HEADINGS, CELLS, {4}, {3}) == ["posts"]
    drawn = capsys.readouterr().out
    assert "198501012010011001" in drawn
    assert "budi.santoso.polres" in drawn
    monkeypatch.setenv("COLUMNS", "20")
    assert draw(HEADINGS, CELLS, {4}, {3}) == ["nama", "insta", "status", "posts"]


def test_states_are_coloured_unless_no_color_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    draw(HEADINGS, CELLS, {4}, {3})
    assert "\x1b[31mfailed" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    draw(HEADINGS, CELLS, {4}, {3})
    assert "\x1b[31m" not in capsys.readouterr().out


def test_figures_have_thousands_and_ids_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    values = (1234567, 12.3456, 1234567.8, 0.5)
    assert [cell(value) for value in values] == ["1,234,567", "12.3", "1,234,568", "0.5"]
    assert cell(1234567, "message_id") == "1234567"
    assert [csv_cell(value) for value in values] == ["1234567", "12.3456", "1234567.8", "0.5"]
    monkeypatch.setattr(speech, "language", Language.INDONESIAN)
    assert [cell(value) for value in values] == ["1.234.567", "12,3", "1.234.568", "0,5"]
