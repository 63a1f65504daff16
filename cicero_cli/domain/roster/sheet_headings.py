"""Where the headings of a sheet stand, and which column is which field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cicero_cli.domain.roster.heading_words import PEOPLE, Vocabulary, field_of, heading_words
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_columns import part_columns
from cicero_cli.domain.roster.sheet_notes import is_numbering, sort_rows
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.errors import InputError
from cicero_cli.words import Text, join_texts

LOOKED_AT = 20  # rows: above the headings stand titles, a logo's cell, a date
NOTHING_SETTLED: Mapping[str, str] = MappingProxyType({})
REASON_HEADING = "alasan_ditolak"  # what `--rejects` puts in front of each row


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet whose columns are known: the place of each field, and the rows below the headings.

    `passed_over`: the lines that list nobody (sums, signatures, remarks); `other_tabs` as the sheet has them.
    """

    name: str
    header: Sequence[str]
    positions: Mapping[str, int]
    ignored: Sequence[str]
    rows: Sequence[TableRow]
    passed_over: Sequence[int] = ()
    other_tabs: Sequence[str] = ()


def find_headings(
    sheet: Sheet,
    ignore: Collection[str] = (),
    settled: Mapping[str, str] = NOTHING_SETTLED,
    words: Vocabulary = PEOPLE,
) -> Table:
    """The table in a sheet. `ignore`: headings of columns that shall not be read; `settled`: fields by `heading_words`.

    InputError when no row says where the ids are, when two columns mean one field, or when a column looks as if it
    should be known.
    """
    if not sheet.rows:
        raise InputError(
            "{name} is empty",
            hint="the first line holds the headings, such as {example}",
            name=sheet.name,
            example=words.example,
        )

    def meaning(heading: str) -> str | None:
        return settled.get(heading_words(heading)) or words.field_of(heading)

    sheet = part_columns(sheet, meaning, words, LOOKED_AT)
    index = _find(sheet, meaning, words)
    header, rows = list(sheet.rows[index].cells), list(sheet.rows[index + 1 :])
    above = [row.cells for row in sheet.rows[: index + 1]]
    if index and _begins_above(header, sheet.rows[index - 1], meaning):
        header = _joined(sheet.rows[index - 1].cells, header)
    while rows and _goes_on(header, rows[0], meaning, words.key):
        above.append(rows[0].cells)
        header = _joined(header, rows.pop(0).cells)
    if rows and is_numbering(rows[0]):
        rows.pop(0)
    left_out = {heading_words(heading) for heading in ignore}
    positions, ignored = _match(sheet.name, header, left_out, settled, words)
    found = sort_rows(
        rows,
        [*above, header],
        positions[words.key],
        len(positions),
        may_name_divisions=words is PEOPLE,
    )
    rows = found.rows
    if found.divisions:
        place = positions.setdefault("divisi", len(header))
        header += ["divisi"] * (place == len(header))
        rows = [_under(row, found.divisions.get(row.line, ""), place) for row in rows]
    table = Table(
        name=sheet.name,
        header=header,
        positions=positions,
        ignored=ignored,
        rows=rows,
        passed_over=found.passed_over,
        other_tabs=sheet.other_tabs,
    )
    require_headings(table, ignore)
    return table


def settled_here(table: Table, settled: Mapping[str, str]) -> dict[str, str]:
    """The columns of this table whose field somebody has settled, as the sheet calls them."""
    return {
        " ".join(heading.split()): field
        for heading in table.header
        if (field := settled.get(heading_words(heading)))
    }


def require_headings(table: Table, headings: Collection[str]) -> None:
    """InputError unless the table has all of these columns: one that was named is there, or mistyped."""
    known = set(map(heading_words, table.header))
    for heading in headings:
        if heading_words(heading) not in known:
            raise InputError(
                "{table} has no column {heading!r}",
                hint="it has: {headings}",
                table=table.name,
                heading=heading,
                headings=", ".join(
                    repr(plain_cell(cell)) for cell in table.header if plain_cell(cell)
                ),
            )


def has_headings(sheet: Sheet, words: Vocabulary = PEOPLE) -> bool:
    """Whether a row says where the ids are, and something else."""
    found = ({words.field_of(cell) for cell in row.cells} for row in sheet.rows[:LOOKED_AT])
    return any(words.key in fields and len(fields - {None}) > 1 for fields in found)


def count_known(cells: Sequence[str]) -> int:
    """How many of the cells are headings that are known."""
    return sum(field_of(cell) is not None for cell in cells)


def _find(sheet: Sheet, meaning: Callable[[str], str | None], words: Vocabulary) -> int:
    """The first row that has a column of ids and another one, or the first row of all."""
    for index, row in enumerate(sheet.rows[:LOOKED_AT]):
        fields = {meaning(cell) for cell in row.cells} - {None}
        if words.key in fields and (len(fields) > 1 or index == 0):
            return index
    likeliest = max(
        sheet.rows[:LOOKED_AT], key=lambda row: sum(meaning(cell) is not None for cell in row.cells)
    )
    headings = ", ".join(repr(plain_cell(cell)) for cell in likeliest.cells[:8])
    near = next((cell for cell in likeliest.cells if words.nearest_field(cell) == words.key), None)
    raise InputError(
        "{table} has no column {key}; its first line is {headings}"
        if likeliest is sheet.rows[0]
        else "{table} has no column {key}; line {line} is {headings}",
        hint=Text(
            "is {heading!r} the column of the ids? call it {key}",
            heading=plain_cell(near),
            key=words.key_heading,
        )
        if near is not None
        else Text(
            "the headings, such as {example}, were looked for in the first {count} lines",
            example=words.example,
            count=LOOKED_AT,
        ),
        table=sheet.name,
        key=words.key_words,
        line=likeliest.line,
        headings=headings,
    )


def _begins_above(
    header: Sequence[str], above: TableRow, meaning: Callable[[str], str | None]
) -> bool:
    """Whether the row above holds headings of columns that have none here: their cells are one over both rows."""
    empty = [not plain_cell(cell) for cell in header] + [True] * len(above.cells)
    known = set(filter(None, map(meaning, header)))
    lacking = {
        meaning(cell) for cell, is_empty in zip(above.cells, empty, strict=False) if is_empty
    }
    return bool(lacking - known - {None})


def _goes_on(
    header: Sequence[str], row: TableRow, meaning: Callable[[str], str | None], key: str
) -> bool:
    """Whether a row is the lower half of the headings: nothing under the ids or the same again, and headings that are known."""
    ids = next(index for index, heading in enumerate(header) if meaning(heading) == key)
    filled = [cell for cell in row.cells if plain_cell(cell)]
    own = plain_cell(row.cells[ids]) if ids < len(row.cells) else ""
    return any(map(meaning, filled)) and (not own or own == plain_cell(header[ids]))


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (above, below))
    return [under if plain_cell(under) else over for over, under in zip(upper, lower, strict=True)]


def _under(row: TableRow, division: str, place: int) -> TableRow:
    """A row with the name of the division that stands above it, unless it names its own."""
    cells = [*row.cells, *[""] * (place + 1 - len(row.cells))]
    cells[place] = cells[place] if plain_cell(cells[place]) else division
    return TableRow(row.line, cells)


def _match(
    name: str,
    header: Sequence[str],
    left_out: Collection[str],
    settled: Mapping[str, str],
    vocabulary: Vocabulary,
) -> tuple[dict[str, int], list[str]]:
    positions: dict[str, int] = {}
    others: list[int] = []
    chosen = {settled[words] for words in map(heading_words, header) if words in settled}
    for index, heading in enumerate(header):
        words = heading_words(heading)
        field = None if words in left_out else settled.get(words) or vocabulary.field_of(heading)
        if field is None or (field in chosen and words not in settled):
            others.append(index)
        elif field in positions:
            raise InputError(
                "{table}: the columns {first!r} and {heading!r} both mean {column}",
                hint="keep one of them, or say which counts: --map '{first}={column}'",
                table=name,
                first=header[positions[field]].strip(),
                heading=heading.strip(),
                column=field,
            )
        else:
            positions[field] = index
    if vocabulary.key not in positions:
        raise InputError("{table}: the column of the ids cannot be left out", table=name)
    unread = []
    for index in others:
        field = vocabulary.second_choice_of(header[index])
        if field and field not in positions and heading_words(header[index]) not in left_out:
            positions[field] = index
        elif heading_words(header[index]) not in {"", heading_words(REASON_HEADING)}:
            unread.append(header[index].strip())
    asked = [heading for heading in unread if heading_words(heading) not in left_out]
    _ask(name, asked, positions, vocabulary)
    return positions, unread


def _ask(name: str, unread: Sequence[str], positions: Mapping[str, int], words: Vocabulary) -> None:
    """A column of which nothing would be read, although it looks like one that the sheet else lacks, is a question."""
    doubts = [
        Text("{heading!r} (is it {field}?)", heading=" ".join(heading.split()), field=field)
        for heading in unread
        if (field := words.nearest_field(heading)) and field not in positions
    ]
    if doubts:
        raise InputError(
            "{table}: there is no saying what these columns are: {columns}",
            hint="say what they are with --map 'HEADING=FIELD', or leave them out with --ignore-column",
            table=name,
            columns=join_texts(doubts),
        )
