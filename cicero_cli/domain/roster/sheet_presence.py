"""Whom a row names that was refused: somebody who stands in the sheet is not missing from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from cicero_cli.domain.roster.heading_words import heading_words
from cicero_cli.domain.roster.sheet import BadRow, Roster
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_rows import TableRow
from cicero_cli.domain.roster.user_id_doubts import digits_of
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text


def find_named(
    rows: Iterable[TableRow], ids: Collection[str], known: Mapping[str, Sequence[str | None]]
) -> dict[int, set[str]]:
    """Whose ids each of these rows may mean that cannot be read, by its line; none: it may be anybody's.

    Told by one of the `ids`, else by what is `known` of somebody (name, handle, number), in whatever cell it stands.
    """
    by_words: dict[str, set[str]] = defaultdict(set)
    for key, facts in known.items():
        for words in facts:
            if words:
                by_words[heading_words(words)].add(key)
    named: dict[int, set[str]] = {}
    for row in rows:
        cells = [words for cell in row.cells if (words := plain_cell(cell))]
        named[row.line] = {cell for cell in cells if cell in ids} or {
            key for cell in cells for key in by_words.get(heading_words(cell), ())
        }
    return named


def find_named_users(roster: Roster, known: Sequence[User]) -> dict[int, set[str]]:
    """The same for the rows of people that cannot be read."""
    lines = {bad.line for bad in roster.bad}
    if not lines:
        return {}
    return find_named(
        [row for row in roster.table.rows if row.line in lines],
        {user.user_id for user in known} | roster.user_ids,
        {user.user_id: (user.nama, user.insta, user.tiktok, user.whatsapp) for user in known},
    )


def find_likely(row: BadRow, roster: Roster, digits: Mapping[str, User]) -> User | None:
    """Whose id the id of a bad row may be."""
    written = plain_cell(row.value)
    user = digits.get(digits_of(re.sub(r"[.,]0+$", "", written)))
    is_doubted = row.column == roster.heading("user_id") and user and user.user_id != written
    return user if is_doubted else None


def with_likely(row: BadRow, user: User) -> BadRow:
    """The row with whose it may be."""
    reason = Text(
        "{reason}; it may be {user_id} ({nama})",
        reason=row.reason,
        user_id=user.user_id,
        nama=user.nama,
    )
    return replace(row, reason=reason)
