"""How an import reads: a short summary, a table of at most 80 columns, and one line a bad row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath

from cicero_cli.domain.roster.sheet import BadRow, Roster
from cicero_cli.domain.roster.sheet_diff import RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt
from cicero_cli.domain.roster.users import is_away
from cicero_cli.words import Text, join_texts

_MOST_LINES = 40
_MOST_BAD = 50
_MOST_DOUBTS = 10
_COLUMNS = 80
_LONGEST_ID = 20

Line = tuple[str, ...]
_HEADINGS: Line = ("", Text("user"), Text("nama"), Text("field"), Text("was"), Text("will be"))


def summarise(diff: RosterDiff, client_id: str, source: str) -> Text:
    """The counts, in one line."""
    return Text(
        "{client_id}: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {missing:,} missing from {source},"
        " {leaving:,} of them no longer expected."
        if diff.leaving
        else "{client_id}: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {missing:,} missing from {source}.",
        client_id=client_id,
        new=len(diff.new),
        changed=len(diff.changed),
        unchanged=diff.unchanged,
        missing=len(diff.missing),
        leaving=len(diff.leaving),
        source=shorten(PurePath(source).name, 24),
    )


def tabulate_diff(diff: RosterDiff, shown: Callable[[str], str] = str) -> str:
    """Who is new, what changes, who is missing, in at most 80 columns; a long list is cut, and says by how much.

    `shown` puts a text into the reader's language.
    """
    return tabulate([*_lines(diff)], shown)


def tabulate(
    lines: Sequence[Line], shown: Callable[[str], str] = str, headings: Line = _HEADINGS
) -> str:
    """Lines of a difference under their headings: what, who, the name, and of changes the field with its old and new value."""
    if not lines:
        return ""
    rows = [
        tuple(shown(cell) if isinstance(cell, Text) else cell for cell in line)
        for line in (headings, *lines[:_MOST_LINES])
    ]
    if not any(line[3] for line in lines):
        rows = [row[:3] for row in rows]
    widths = _widths(rows)
    text = [
        " ".join(
            shorten(cell, width).ljust(width) for cell, width in zip(line, widths, strict=True)
        )
        for line in rows
    ]
    if len(lines) > _MOST_LINES:
        more = Text(
            "… and {count:,} more lines; --json has all of them", count=len(lines) - _MOST_LINES
        )
        text.append(shown(more))
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
        column = f", {shorten(row.column, 24)}" if row.column else ""
        value = f" {shorten(row.value, 40)!r}" if row.value else ""
        place = Text(
            "{source} line {line}{column}{value}",
            source=source,
            line=row.line,
            column=column,
            value=value,
        )
        before = reasons.get(place)
        reasons[place] = join_texts([before, row.reason], "; ") if before else row.reason
    if len(bad) > _MOST_BAD:
        more = Text("… and {count:,} more", count=len(bad) - _MOST_BAD)
        reasons[more] = Text("--json has all of them")
    return reasons


def list_doubts(doubts: Sequence[Doubt], source: str) -> list[str]:
    """A line for each row that may not mean what it says; a long list is cut, and says by how much."""
    lines: list[str] = [
        Text(
            "{source} line {line}, {nama} ({user_id}): {reason}",
            source=source,
            line=doubt.line,
            nama=shorten(doubt.nama, 40),
            user_id=doubt.key,
            reason=doubt.reason,
        )
        for doubt in doubts[:_MOST_DOUBTS]
    ]
    if len(doubts) > _MOST_DOUBTS:
        more = len(doubts) - _MOST_DOUBTS
        lines.append(Text("… and {count:,} more lines; --json has all of them", count=more))
    return lines


def doubt_leave(roster: Roster) -> list[str]:
    """A remark when the sheet says of some that they are on leave: from when until when it cannot say."""
    away = [user_id for user_id, row in roster.rows.items() if _is_away_for_no_time(row.cells)]
    if not away:
        return []
    return [
        Text(
            "{count:,} is on leave or away by the sheet (such as {example}), but from when until when it does not say,"
            " and is expected all the same: fill in mulai and sampai, or: cicero user leave {example}",
            plural="{count:,} are on leave or away by the sheet (such as {example}), but from when until when it does not say,"
            " and are expected all the same: fill in mulai and sampai, or: cicero user leave {example}",
            count=len(away),
            example=away[0],
        )
    ]


def _is_away_for_no_time(cells: Mapping[str, str]) -> bool:
    says_so = is_away(cells.get("status", "")) or is_away(cells.get("alasan", ""))
    return says_so and not (cells.get("mulai") or cells.get("sampai"))


def shorten(text: str, width: int) -> str:
    """At most `width` characters on one line; a cut is shown by `…`."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[: width - 1]}…"


def _lines(diff: RosterDiff) -> Iterator[Line]:
    coming = {change.user.user_id for change in diff.coming}
    for change in diff.changed:
        first = True
        for name, (old, new) in change.changes.items():
            word = Text("comes") if change.user.user_id in coming else Text("changed")
            who = (word, change.user.user_id, change.user.nama) if first else ("", "", "")
            yield *who, name, show_value(old), show_value(new)
            first = False
    for change in diff.new:
        yield Text("new"), change.user.user_id, change.user.nama, "", "", ""
    leaving = {change.user.user_id for change in diff.leaving}
    for user in diff.missing:
        word = Text("leaves") if user.user_id in leaving else Text("missing")
        name = user.nama if user.status else Text("{nama} (inactive)", nama=user.nama)
        yield word, user.user_id, name, "", "", ""


def show_value(value: object) -> str:
    """A value of a field as people read it."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "-" if value is None else str(value)
