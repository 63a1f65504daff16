"""Which tab of a workbook is meant when nobody has named one."""

from __future__ import annotations

from collections.abc import Mapping

from cicero_cli.domain.roster.client_headings import CLIENTS
from cicero_cli.domain.roster.heading_words import PEOPLE
from cicero_cli.domain.roster.sheet_headings import has_headings
from cicero_cli.domain.roster.sheet_rows import Sheet


def choose_sheet(tabs: Mapping[str, Sheet]) -> Sheet | None:
    """The first tab with headings that are known, else the first of all; it knows which others list somebody too."""
    listing = [
        name
        for name, sheet in tabs.items()
        if has_headings(sheet, PEOPLE) or has_headings(sheet, CLIENTS)
    ]
    chosen = next(iter([*listing, *tabs]), None)
    if chosen is None:
        return None
    return Sheet(tabs[chosen].name, tabs[chosen].rows, listing[1:])
