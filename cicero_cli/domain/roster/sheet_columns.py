"""Columns that hold two things (PANGKAT / NRP), and two columns that hold one (NRP for police, NIP for civil servants)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from cicero_cli.domain.roster.blanks import is_blank
from cicero_cli.domain.roster.heading_words import PEOPLE, Vocabulary, field_of
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_notes import is_numbering
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow

Meaning = Callable[[str], str | None]

_NUMBER = re.compile(r"(?:\b(?:nrp|nip)\b[.:\s]*)?(\d(?:[\d ]*\d)?)(?=\D*$)", re.IGNORECASE)
_SHORTEST = 6  # digits of an id: a rank's own (III/d, Ahli Pertama 2) has fewer
_LONGEST = 100
_RANK, _ID = "PANGKAT", "NRP"


def part_columns(sheet: Sheet, meaning: Meaning, words: Vocabulary, looked_at: int) -> Sheet:
    """The sheet with one column of ids, where its headings say that ranks and ids share one, or that two hold ids."""
    if words is not PEOPLE:
        return sheet
    for index, row in enumerate(sheet.rows[:looked_at]):
        fields = [meaning(cell) for cell in row.cells]
        ids = [at for at, name in enumerate(fields) if name == words.key]
        if len(ids) > 1:
            return _with_ids_together(sheet, index, ids)
        if ids:
            break
        shared = next((at for at, cell in enumerate(row.cells) if _holds_both(cell)), None)
        if shared is not None and any(fields):
            return _with_ids_apart(sheet, index, shared)
    return sheet


def _holds_both(heading: str) -> bool:
    words = re.split(r"[/,&+\s]+", plain_cell(heading).lower())
    fields = set(map(field_of, words)) - {None}
    return len(heading) < _LONGEST and fields == {"title", "user_id"}


def _with_ids_apart(sheet: Sheet, index: int, at: int) -> Sheet:
    """`AKP / 85010101` in two columns; a cell without an id stays a rank."""
    rows = [
        TableRow(row.line, [*row.cells[:at], *_parted(row.cells[at]), *row.cells[at + 1 :]])
        if at < len(row.cells)
        else row
        for row in sheet.rows[index:]
    ]
    return replace(sheet, rows=[*sheet.rows[:index], *rows])


def _parted(text: str) -> tuple[str, str]:
    cell = plain_cell(text)
    if _holds_both(cell):
        return _RANK, _ID
    number = _NUMBER.search(cell)
    if number is None or len(re.sub(r"\D", "", number[1])) < _SHORTEST:
        return text, ""
    rank = f"{cell[: number.start()]} {cell[number.end() :]}"
    return rank.strip(" /,;|\n-()"), number[1]


def _with_ids_together(sheet: Sheet, index: int, ids: Sequence[int]) -> Sheet:
    """The id that a row has, in the first of the columns; the sheet as it is when a row has two."""
    rows: list[TableRow] = []
    for row in sheet.rows[index + 1 :]:
        cells = [*row.cells, *[""] * (max(ids) + 1 - len(row.cells))]
        held = [cells[at] for at in ids if not is_blank(plain_cell(cells[at]))]
        if len(set(held)) > 1 and not (is_numbering(row) or all(map(field_of, held))):
            return sheet
        for at in ids:
            cells[at] = ""
        cells[ids[0]] = held[0] if held else ""
        rows.append(TableRow(row.line, cells))
    heading = ["" if at in ids[1:] else cell for at, cell in enumerate(sheet.rows[index].cells)]
    return replace(
        sheet, rows=[*sheet.rows[:index], TableRow(sheet.rows[index].line, heading), *rows]
    )
