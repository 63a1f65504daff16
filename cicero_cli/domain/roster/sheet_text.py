"""How an import reads: a short summary, a table of at most 80 columns, and one line a bad row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from cicero_cli.domain.roster.sheet import BadRow
from cicero_cli.domain.roster.sheet_diff import RosterDiff

_MOST_LINES = 40
_MOST_BAD = 50
_COLUMNS = 80
_LONGEST_ID = 20
_NRP = 8  # digits of a police officer's number

Line = tuple[str, ...]


def summarise(diff: RosterDiff, client_id: str, source: str) -> str:
    """The counts, in one line."""
    return (
        f"{client_id}: {len(diff.new):,} new, {len(diff.changed):,} changed, {diff.unchanged:,} unchanged, "
        f"{len(diff.missing):,} missing from {shorten(PurePath(source).name, 24)}."
    )


def tabulate_diff(diff: RosterDiff) -> str:
    """Who is new, what changes, who is missing, in at most 80 columns; a long list is cut, and says by how much."""
    lines = [*_lines(diff)]
    if not lines:
        return ""
    shown = [("", "user", "nama", "field", "was", "will be"), *lines[:_MOST_LINES]]
    if not diff.changed:
        shown = [line[:3] for line in shown]
    widths = _widths(shown)
    text = [
        " ".join(
            shorten(cell, width).ljust(width) for cell, width in zip(line, widths, strict=True)
        )
        for line in shown
    ]
    if len(lines) > _MOST_LINES:
        text.append(f"… and {len(lines) - _MOST_LINES:,} more lines; --json has all of them")
    return "\n".join(line.rstrip() for line in text)


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """As wide as the cells are; when that is too much, the widest of name, old and new value give way."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    widths[1] = min(widths[1], _LONGEST_ID)
    while sum(widths) + len(widths) - 1 > _COLUMNS:
        widest = max((index for index in (2, 4, 5) if index < len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def list_bad_rows(bad: Sequence[BadRow], source: str) -> dict[str, str]:
    """What is wrong by where it is; a long list is cut, and says by how much."""
    reasons: dict[str, str] = {}
    for row in bad[:_MOST_BAD]:
        place = f"{source} line {row.line}"
        if row.column:
            place += f", {shorten(row.column, 24)}"
        if row.value:
            place += f" {shorten(row.value, 40)!r}"
        reasons[place] = f"{reasons[place]}; {row.reason}" if place in reasons else row.reason
    if len(bad) > _MOST_BAD:
        reasons[f"… and {len(bad) - _MOST_BAD:,} more"] = "--json has all of them"
    return reasons


def doubt_user_ids(diff: RosterDiff) -> list[str]:
    """A remark when new ids look as if a spreadsheet had dropped their leading zero."""
    new = [change.user.user_id for change in diff.new if change.user.user_id.isdigit()]
    lengths = Counter(map(len, new))
    if not (lengths[_NRP - 1] and lengths[_NRP]):
        return []
    verb = "has" if lengths[_NRP - 1] == 1 else "have"
    example = next(user_id for user_id in new if len(user_id) == _NRP - 1)
    return [
        f"{lengths[_NRP - 1]:,} of the new ids {verb} {_NRP - 1} digits (such as {example}) where others have {_NRP}: "
        "did a spreadsheet drop a leading zero?"
    ]


def shorten(text: str, width: int) -> str:
    """At most `width` characters on one line; a cut is shown by `…`."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[: width - 1]}…"


def _lines(diff: RosterDiff) -> Iterator[Line]:
    for change in diff.changed:
        first = True
        for name, (old, new) in change.changes.items():
            who = ("changed", change.user.user_id, change.user.nama) if first else ("", "", "")
            yield *who, name, _value(old), _value(new)
            first = False
    for change in diff.new:
        yield "new", change.user.user_id, change.user.nama, "", "", ""
    for user in diff.missing:
        inactive = "" if user.status else " (inactive)"
        yield "missing", user.user_id, f"{user.nama}{inactive}", "", "", ""


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "-" if value is None else str(value)
