"""A sheet of several clients, dealt out by the column that says whose each row is, or by its tabs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.heading_words import heading_words
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_headings import find_headings
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.errors import InputError

_MOST_NAMED = 5


def deal_rows(
    sheet: Sheet, clients: Iterable[Client], ignore: Collection[str], settled: Mapping[str, str]
) -> dict[str, Sheet]:
    """A sheet for each client of the column `client_id`, which holds ids or names; the lines are those of the whole.

    InputError when there is no such column, or when a row's client is not known.
    """
    table = find_headings(sheet, ignore, settled)
    place = table.positions.get("client_id")
    if place is None:
        raise InputError(
            "{table} has no column that says which client a row is of",
            hint="name the --client, or the column: --map 'SATKER=client_id'",
            table=table.name,
        )
    known = _by_words(clients)
    ids = table.positions["user_id"]
    header = TableRow(sheet.rows[0].line, table.header)
    dealt: dict[str, list[TableRow]] = defaultdict(lambda: [header])
    unknown: dict[str, int] = {}
    for row in table.rows:
        cells = [*row.cells, *[""] * (max(place, ids) + 1 - len(row.cells))]
        client_id = known.get(heading_words(cells[place]))
        if client_id is not None:
            cells[place] = client_id
            dealt[client_id].append(TableRow(row.line, cells))
        elif plain_cell(cells[place]) or plain_cell(cells[ids]):
            unknown.setdefault(plain_cell(cells[place]), row.line)
    if unknown:
        named = [*unknown.items()][:_MOST_NAMED]
        raise InputError(
            "{table}: no client is called so: {names}",
            hint="use the ids or names of `cicero client list`, in any case",
            table=table.name,
            names=", ".join(f"{name!r} ({line})" for name, line in named),
        )
    return {client_id: Sheet(sheet.name, rows) for client_id, rows in sorted(dealt.items())}


def deal_tabs(tabs: Mapping[str, Sheet], clients: Iterable[Client]) -> dict[str, Sheet]:
    """The sheet of each client that has a tab of its own, which is called as its id or name; none when no tab is.

    InputError when another tab lists people too, or when two tabs are of one client.
    """
    known = _by_words(clients)
    dealt: dict[str, Sheet] = {}
    others: list[str] = []
    for name, sheet in tabs.items():
        client_id = known.get(heading_words(name))
        if client_id is None:
            others += [name] if _lists_people(sheet) else []
        elif client_id in dealt:
            raise InputError(
                "{first} and {second} are both of client {client_id}",
                hint="keep one of them, or import one: --client {client_id} --tab NAME",
                first=dealt[client_id].name,
                second=sheet.name,
                client_id=client_id,
            )
        else:
            dealt[client_id] = sheet
    if dealt and others:
        raise InputError(
            "no client is called as these tabs: {names}",
            hint="call them as `cicero client list` does; or import a single tab: --tab NAME",
            names=", ".join(map(repr, others[:_MOST_NAMED])),
        )
    return dict(sorted(dealt.items()))


def _lists_people(sheet: Sheet) -> bool:
    try:
        return bool(find_headings(sheet).rows)
    except InputError:
        return False


def _by_words(clients: Iterable[Client]) -> dict[str, str]:
    """Clients by their ids and names; a name that two share means neither."""
    everybody = list(clients)
    named: dict[str, set[str]] = defaultdict(set)
    for client in everybody:
        named[heading_words(client.nama)].add(client.client_id)
    names = {words: ids.pop() for words, ids in named.items() if len(ids) == 1}
    return {**names, **{heading_words(client.client_id): client.client_id for client in everybody}}
