"""One sheet with the users of several clients: imported for all of them or for none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_clients import deal_rows, deal_tabs
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.sheet_workbook import is_workbook, read_tabs
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.import_result import SHARE_LEAVING, changed_since_dry_run
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheet_sources import (
    ReadLink,
    ReadTabs,
    find_link,
    name_of,
    read_bytes,
    read_sheet,
)
from cicero_cli.services.roster.sheets import Agree, import_users


def import_for_all(
    store: Store,
    source: str,
    *,
    by: Actor,
    dry_run: bool = False,
    skip_bad: bool = False,
    ignore: Collection[str] = (),
    tab: str | None = None,
    choices: Sequence[str] = (),
    read_link: ReadLink | None = None,
    read_links_tabs: ReadTabs | None = None,
    sync: bool = False,
    share: float = SHARE_LEAVING,
    agree: Agree | None = None,
    transfer: bool = False,
    expect: str | None = None,
) -> list[Imported]:
    """What was imported for each client that has a tab of its own, else for each that the column of clients names; see
    `import_users`. With `tab`, its column says it.

    One bad row of one client and nothing is written for any, unless `skip_bad`. `choices` are remembered for each client.
    `expect` are the digests of the dry run's clients in their order, with commas between.
    """
    clients = store.clients.list()
    settled = settle({}, read_choices(choices))
    tabs, read_one = _read(source, tab, read_link, read_links_tabs)
    parts = deal_tabs(tabs, clients) or deal_rows(read_one(), clients, ignore, settled)

    ids = {
        client_id: frozenset(read_roster(part, ignore, settled).rows) if transfer else frozenset()
        for client_id, part in parts.items()
    }
    everybody: frozenset[str] = frozenset().union(*ids.values())
    going = {client_id: everybody - own for client_id, own in ids.items()}

    def run(*, is_trial: bool) -> list[Imported]:
        return [
            import_users(
                store,
                client_id,
                source,
                by=by,
                sheet=part,
                dry_run=is_trial,
                skip_bad=skip_bad,
                ignore=ignore,
                choices=choices,
                sync=sync,
                share=share,
                transfer=transfer,
                going=going[client_id],
            )
            for client_id, part in parts.items()
        ]

    tried = run(is_trial=True)
    if expect is not None and expect.split(",") != [one.digest for one in tried]:
        raise changed_since_dry_run()
    if dry_run or any(imported.is_stopped for imported in tried):
        return [replace(imported, dry_run=dry_run) for imported in tried]
    if agree is not None:
        agree(tried)
    with store.transaction():
        done = run(is_trial=False)
        if [one.digest for one in done] != [one.digest for one in tried]:
            raise TryLaterError(
                "somebody changed users of this sheet just now",
                hint="nothing was changed; run it again",
            )
    return done


def _read(
    source: str, tab: str | None, read_link: ReadLink | None, read_links_tabs: ReadTabs | None
) -> tuple[Mapping[str, Sheet], Callable[[], Sheet]]:
    """All tabs by their names, unless one was named; and how to read the one that is meant."""
    link = find_link(source)
    if link is not None and read_link is not None:
        tabs = read_links_tabs(link) if tab is None and read_links_tabs is not None else {}
        return tabs, lambda: read_link(link, tab)
    content, name = read_bytes(source), name_of(source)
    tabs = read_tabs(content, name) if tab is None and is_workbook(content) else {}
    return tabs, lambda: read_sheet(content, name, tab)
