"""One sheet with the users of several clients: imported for all of them or for none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.domain.roster.sheet_clients import deal_rows
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheet_sources import ReadLink, read_source
from cicero_cli.services.roster.sheets import SHARE_LEAVING, Agree, import_users


def import_by_column(
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
    sync: bool = False,
    share: float = SHARE_LEAVING,
    agree: Agree | None = None,
) -> list[Imported]:
    """What was imported for each client that the sheet's column of clients names; see `import_users`.

    One bad row of one client and nothing is written for any, unless `skip_bad`. `choices` are remembered for each client.
    """
    sheet = read_source(source, None, tab, read_link)
    settled = settle({}, read_choices(choices))
    parts = deal_rows(sheet, store.clients.list(), ignore, settled)

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
            )
            for client_id, part in parts.items()
        ]

    tried = run(is_trial=True)
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
