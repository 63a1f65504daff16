"""Tables on a terminal break no number and no handle; figures have thousands."""

from __future__ import annotations

import pytest

from cicero_cli.console.language import speech
from cicero_cli.console.tables import cell, csv_cell, draw
from cicero_cli.words import Language

HEADINGS = ("user", "nama", "insta", "status", "posts")
CELLS = [
    [
        "198501012010011001",
        "Raden Mas Haryo Kusumo Wicaksono bin Sastro Diningrat Putra",  # 60 letters
        "budi.santoso.polres.metro.jaya",
        "failed",
        "12,345,678",
    ]
]
STYLES = [["", "", "", "red", ""]]


def drawn(monkeypatch: pytest.MonkeyPatch, width: int) -> tuple[str, list[str]]:
    monkeypatch.setenv("COLUMNS", str(width))
    return draw(HEADINGS, CELLS, {4}, STYLES, {3})


def test_eighty_columns_break_a_name_between_words_and_no_number_or_handle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table, dropped = drawn(monkeypatch, 84)
    assert dropped == []
    assert "198501012010011001  Raden Mas" in table
    assert "budi.santoso.polres.metro.jaya  failed  12,345,678" in table
    assert max(map(len, table.splitlines())) <= 84
    table, dropped = drawn(monkeypatch, 80)
    assert dropped == ["posts"]
    assert "budi.santoso.polres.metro.jaya  failed" in table
    table, dropped = drawn(monkeypatch, 50)  # the state stays, and what fits beside it
    assert dropped == ["insta"]
    assert "failed  12,345,678" in table
    assert drawn(monkeypatch, 20)[1] == ["nama", "insta", "status", "posts"]


def test_what_is_longer_than_a_line_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    key = "laphar:POLRES_ALFA:2026-11-28:semua:belum:2026-11-28T00:00:120363012345678901@g.us"
    table, dropped = draw(("field", "value"), [["dedupe_key", key]], set(), [["", ""]], set())
    assert dropped == []
    assert "".join(table.split()[-2:]) == key


def test_figures_have_thousands_and_ids_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    values = (1234567, 12.3456, 1234567.8, 0.5)
    assert [cell(value) for value in values] == ["1,234,567", "12.3", "1,234,568", "0.5"]
    assert cell(1234567, "message_id") == "1234567"
    assert [csv_cell(value) for value in values] == ["1234567", "12.3456", "1234567.8", "0.5"]
    monkeypatch.setattr(speech, "language", Language.INDONESIAN)
    assert [cell(value) for value in values] == ["1.234.567", "12,3", "1.234.568", "0,5"]
