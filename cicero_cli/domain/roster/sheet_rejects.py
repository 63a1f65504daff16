"""The rows that an import left out, or of which it could not read a cell, as a sheet to mend and import again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from cicero_cli.domain.roster.sheet import Roster
from cicero_cli.domain.roster.sheet_cells import guarded_cell, plain_cell
from cicero_cli.domain.roster.sheet_diff import RosterDiff
from cicero_cli.domain.roster.sheet_headings import REASON_HEADING


def list_rejects(
    roster: Roster, diff: RosterDiff, shown: Callable[[str], str] = str
) -> list[list[str]]:
    """The headings and these rows as the sheet has them, with the reasons in front, where no shifted cell moves them."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for bad in (*diff.bad, *diff.bad_cells):
        reason = shown(bad.reason)
        reasons[bad.line].append(f"{bad.column}: {reason}" if bad.column else reason)
    header = [REASON_HEADING, *roster.table.header]
    rows = [
        ["; ".join(reasons[row.line]), *row.cells]
        for row in roster.table.rows
        if row.line in reasons
    ]
    if REASON_HEADING in roster.table.header:  # it came from such a file already
        place = roster.table.header.index(REASON_HEADING) + 1
        header, *rows = [[*row[:place], *row[place + 1 :]] for row in (header, *rows)]
    return [[guarded_cell(plain_cell(cell)) for cell in row] for row in (header, *rows)]
