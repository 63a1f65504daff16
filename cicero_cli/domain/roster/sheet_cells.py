"""Cells of a sheet, so that spreadsheets leave them alone and what they add is taken off again."""

from __future__ import annotations

from cicero_cli.domain.roster.unseen import without_unseen

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - Excel takes the full-width forms for formulas too
_EXACT_DIGITS = 11  # a spreadsheet shows longer numbers as 6,28E+12, and saves what it shows


def plain_cell(text: str) -> str:
    """What a cell says without what keeps a spreadsheet from changing it: `="00123"` and `'00123` are 00123."""
    cell = without_unseen(text).strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > len('="'):
        return cell[2:-1].replace('""', '"').strip()
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:2]) else cell


def guarded_cell(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet would run, round or strip it; `plain_cell` takes it off again."""
    digits = text.isascii() and text.isdigit()
    is_changed = digits and (text.startswith("0") or len(text) > _EXACT_DIGITS)
    if is_changed or (text.startswith("'") and _is_guarded(text[1:2])):
        return f"'{text}"
    return without_formula(text)


def without_formula(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet would run it, else as it is."""
    return f"'{text}" if text[:1] in _FORMULA else text


def _is_guarded(character: str) -> bool:
    return (
        character in _FORMULA or character == "'" or (character.isascii() and character.isdigit())
    )
