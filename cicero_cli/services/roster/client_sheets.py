"""Clients from a sheet: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.client_headings import CLIENT_FIELDS, client_field_of
from cicero_cli.domain.roster.client_sheet import ClientChange, compare_clients
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.client_imports import change_of
from cicero_cli.services.roster.clients import normalise_field
from cicero_cli.services.roster.clients_imported import ClientsImported
from cicero_cli.services.roster.import_result import (
    SHARE_LEAVING,
    changed_since_dry_run,
    most_leaving,
)
from cicero_cli.services.roster.sheet_sources import ReadLink, read_source

Agree = Callable[[ClientsImported], None]


def import_clients(
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
    expect: str | None = None,
    agree: Agree | None = None,
) -> ClientsImported:
    """Bring the clients up to date with a sheet; the arguments are those of `import_users`.

    One bad row and nothing is written, unless `skip_bad` leaves it out. Clients that the sheet lacks stay, unless `sync` switches them
    off, and so do fields that it does not have, or has empty. `choices` are remembered for the sheets of clients.
    """
    sheet = read_source(source, None, tab, read_link)
    chosen = read_choices(choices, CLIENT_FIELDS, client_field_of)
    settled = settle(store.heading_choices.list(None), chosen)

    def compared(*, is_trial: bool) -> ClientsImported:
        known = store.clients.list()
        diff = compare_clients(
            sheet,
            known,
            normalise_field,
            ignore,
            settled,
            required=[heading for heading, field in chosen.items() if field],
            sync=sync,
        )
        return ClientsImported(
            source=sheet.name,
            diff=diff,
            dry_run=is_trial,
            skip_bad=skip_bad,
            sync=sync,
            settled=diff.settled,
            most_leaving=most_leaving(share, sum(client.client_status for client in known)),
        )

    if dry_run or (sync and agree is not None):
        trial = compared(is_trial=dry_run)
        if dry_run or trial.is_stopped:
            return trial
        if agree is not None and trial.diff.leaving:
            agree(trial)
            expect = expect or trial.digest
    with store.job_lock("client import"), store.transaction():
        store.clients.lock_all()
        store.heading_choices.save(None, chosen)
        planned = compared(is_trial=False)
        if expect is not None and planned.digest != expect:
            raise changed_since_dry_run()
        if planned.is_stopped or not planned.diff.writes:
            return planned
        for change in planned.diff.writes:
            _write(store, change)
            store.audit.add(
                "client.changed" if change.before else "client.added",
                by,
                subject=change.client.client_id,
                client_id=change.client.client_id,
                details={"fields": sorted(change.changes), "source": sheet.name},
            )
        import_id = store.clients.imports.add(
            [change_of(change) for change in planned.diff.writes],
            source=sheet.name,
            actor=by.name,
            deactivated=len(planned.diff.leaving),
            refused=planned.diff.bad_lines,
        )
    return replace(planned, written=len(planned.diff.writes), import_id=import_id)


def _write(store: Store, change: ClientChange) -> None:
    if change.before is not None:
        store.clients.update(change.client)
    elif not store.clients.add(change.client):
        raise TryLaterError(
            "somebody else added client {client_id} just now",
            hint="nothing was changed; run it again",
            client_id=change.client.client_id,
        )
