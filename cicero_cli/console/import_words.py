"""What is said of every import in a shell, whether of people or of clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cicero_cli.console.language import shown
from cicero_cli.console.remarks import confirm
from cicero_cli.domain.roster.sheet_headings import Table
from cicero_cli.domain.roster.sheet_text import list_bad_rows
from cicero_cli.services.roster.import_result import ImportResult
from cicero_cli.words import Text

_MOST_NAMED = 10


def note_columns(imported: ImportResult[Any], ignored: Sequence[str]) -> list[str]:
    """Which columns somebody has settled, and which are not known."""
    notes: list[str] = []
    if imported.settled:
        settled = ", ".join(f"{name!r} = {field}" for name, field in imported.settled.items())
        notes.append(Text("columns settled by --map: {columns}", columns=settled))
    if ignored:
        notes.append(Text("columns not known, ignored: {ignored}", ignored=", ".join(ignored)))
    return notes


def note_rest(table: Table) -> list[str]:
    """What of the sheet lists nobody and was not read, and which tabs are not."""
    notes: list[str] = []
    if table.passed_over:
        notes.append(
            Text(
                "line {lines} lists nobody, and is not read",
                plural="lines {lines} list nobody (sums, groups, signatures, remarks), and are not read",
                count=len(table.passed_over),
                lines=_spans(table.passed_over),
            )
        )
    if table.other_tabs:
        names = ", ".join(map(repr, table.other_tabs[:_MOST_NAMED]))
        notes.append(
            Text("other tabs list somebody too: {names}; --tab reads one of them", names=names)
        )
    return notes


def list_failures(imported: ImportResult[Any], *, too_many: Text, nobody: Text) -> dict[str, str]:
    """What is wrong, by where; `too_many` says who would leave, `nobody` that none does while a row may be anybody's."""
    diff = imported.diff
    failures = list_bad_rows([*diff.bad, *diff.bad_cells], imported.source)
    if imported.refused:
        failures[shown("nothing was imported")] = Text(
            "correct {rows}, or import the others with --skip-bad", rows=_rows(diff.bad_lines)
        )
    elif diff.bad:
        failures[shown("{rows} left out", rows=_rows(diff.bad_lines))] = Text(
            "correct it and import again",
            plural="correct them and import again",
            count=diff.bad_lines,
        )
    if imported.too_many:
        failures[shown("nothing was imported")] = too_many
    if imported.sync and diff.unnamed:
        failures[shown(nobody)] = Text(
            "line {lines} names nobody on file and may be one of the missing: correct it and import again",
            lines=", ".join(map(str, diff.unnamed[:5])),
        )
    return failures


def import_text(imported: ImportResult[Any], summary: str, table: Callable[[], str]) -> str:
    """The counts; of a dry run also the table; nothing of an import that was stopped."""
    if imported.dry_run:
        parts = (shown(summary), shown("Dry run: nothing was written."), table())
        return "\n".join(part for part in parts if part)
    return "" if imported.is_stopped else shown(summary)


def confirm_named(names: Sequence[str], question: Callable[[str, str], Text], *, yes: bool) -> None:
    """Ask before these leave, if there are any; `question` is made of the first names, and how many others there are."""
    if not names:
        return
    more = len(names) - _MOST_NAMED
    others = Text(" and {count:,} others", count=more) if more > 0 else ""
    confirm(question(", ".join(names[:_MOST_NAMED]), others), yes=yes)


def _spans(lines: Sequence[int]) -> str:
    """Lines as people write them: 4, 8-10."""
    spans: list[list[int]] = []
    for line in sorted(lines):
        if spans and line <= spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], line]
        else:
            spans.append([line])
    told = ["-".join(map(str, span)) for span in spans[:_MOST_NAMED]]
    return ", ".join([*told, "…"] if len(spans) > _MOST_NAMED else told)


def _rows(number: int) -> str:
    return Text("{count:,} bad row", plural="{count:,} bad rows", count=number)
