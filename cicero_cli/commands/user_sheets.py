"""`cicero user import`, `template` and `export`: the people as sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cicero_cli.console.binary_files import finish_file
from cicero_cli.console.import_options import (
    ExpectOption,
    IgnoreOption,
    ImportClientOption,
    ListOption,
    MapOption,
    RejectsOption,
    ShareOption,
    SkipBadOption,
    SourceArgument,
    SyncOption,
    TabOption,
    TransferOption,
    UndoOption,
)
from cicero_cli.console.options import (
    ClientOption,
    ClientsOption,
    DryRunOption,
    DueOption,
    FileOption,
    YesOption,
    command,
    group,
    refuse_together,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.errors import InputError
from cicero_cli.words import Text

app = group()


@command(app, "import", example="cicero user import personel.xlsx --client polres_a --dry-run")
def import_file(
    source: SourceArgument = None,
    *,
    client: ImportClientOption = None,
    undo: UndoOption = False,
    listing: ListOption = False,
    dry_run: DryRunOption = False,
    skip_bad: SkipBadOption = False,
    rejects: RejectsOption = None,
    tab: TabOption = None,
    ignore: IgnoreOption = None,
    mapping: MapOption = None,
    sync: SyncOption = False,
    share: ShareOption = 0.1,
    transfer: TransferOption = False,
    expect: ExpectOption = None,
    yes: YesOption = False,
) -> None:
    """Add and update the users of a client from a sheet, all of it or nothing.

    Without --client, a tab is of the client whose id or name it has; else the sheet's column of clients (client, or one named
    by --map 'SATKER=client_id') says whose each row is.

    The headings, below a title or not, in any order and case: NRP (or NIP, user_id), nama, pangkat (title), satfung
    (divisi), jabatan, instagram, tiktok, whatsapp (no hp), email, pengecualian, status. A workbook is read as it is; a
    CSV may have commas, semicolons, tabs or bars.

    A column that the sheet lacks and a cell that is empty leave what is on file; a dash (-) clears it. Users whom the
    sheet lacks are listed and kept; with --sync they are no longer expected, and their past stays. Whoever refused
    reminders stays without. A handle or number that cannot be read costs that cell (exit 3); any other fault of a row
    stops the import.

    Each import has an id (--list). --undo takes one back whole, or the last one of the --client: who was new never was,
    former values come back for the days since too, and what was changed since stays.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.imports import (
        confirm_leaving,
        import_outcome,
        import_outcome_of_all,
    )
    from cicero_cli.console.language import shown
    from cicero_cli.services.roster.many_clients import import_for_all
    from cicero_cli.services.roster.sheets import check_rejects, import_users, write_rejects

    for name, value in {"sync": sync, "transfer": transfer}.items():
        refuse_together(list=listing, undo=undo, **{name: value})
    if listing or undo:
        finish(_list(client) if listing else _undo(source, client, dry_run=dry_run))
        return
    if source is None:
        raise InputError("name the sheet", hint="see: cicero user import --help")
    if client is None and rejects is not None:
        raise InputError("--rejects is of one client: name the --client")
    if rejects is not None:
        check_rejects(rejects, source)
    with open_app() as cicero:
        how = dict[str, Any](
            by=cli_actor(),
            dry_run=dry_run,
            skip_bad=skip_bad,
            ignore=ignore or (),
            tab=tab,
            choices=mapping or (),
            read_link=cicero.read_link,
            sync=sync,
            share=share,
            transfer=transfer,
            expect=expect,
            agree=lambda trials: confirm_leaving(trials, yes=yes),
        )
        if client is None:
            everybody = import_for_all(
                cicero.store, source, read_links_tabs=cicero.read_tabs, **how
            )
            finish(import_outcome_of_all(everybody))
            return
        imported = import_users(cicero.store, client, source, **how)
    if rejects is not None and not dry_run:
        write_rejects(imported, rejects, shown)
    finish(import_outcome(imported, None if dry_run else rejects))


def _list(client: str | None) -> Outcome:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.undone import imports_outcome
    from cicero_cli.services.roster.user_imports import list_imports

    with open_app() as cicero:
        imports = list_imports(cicero.store, None if client is None else [client])
        return imports_outcome(imports, cicero.store.clients.list())


def _undo(typed_id: str | None, client: str | None, *, dry_run: bool) -> Outcome:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.undone import read_import_id, undo_outcome
    from cicero_cli.services.roster.user_imports import undo_import

    import_id = read_import_id(typed_id, "user import")
    with open_app() as cicero:
        return undo_outcome(
            undo_import(cicero.store, import_id, client, by=cli_actor(), dry_run=dry_run)
        )


@command(app, "sync", example="cicero user sync --client polres_a --dry-run")
def sync_all(
    *, client: ClientsOption = None, dry_run: DryRunOption = False, due: DueOption = False
) -> None:
    """Read the Google Sheets that clients keep their people in (`client set X --sheet LINK`), as every night.

    What changed goes to the client's operator by WhatsApp. It is written when no row is refused or doubtful and at most a tenth of the
    active people are missing, who then are no longer expected; else somebody looks at it and imports it.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.synced import sync_outcome
    from cicero_cli.core import clock
    from cicero_cli.domain.periods import HOME_ZONE
    from cicero_cli.domain.schedule import NIGHTLY_CATCH_UP, latest_slot
    from cicero_cli.services.operations.due import Job, find_due, mark_done
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero:
        store, times = cicero.store, cicero.settings.night_at
        followed = store.followed_sheets.list()
        clients = [
            each
            for each in choose_clients(store, client, may_be_none=due)
            if each.client_id in followed
        ]
        job = Job("user sync", times, NIGHTLY_CATCH_UP, HOME_ZONE)
        found = find_due(store, clients, job, now=now) if due else {}
        slots = {
            name: slot for name, slot in found.items() if slot.starts_at >= followed[name].since
        }
        if due:
            clients = [each for each in clients if each.client_id in slots]
        if not clients:
            if not due:
                finish(Outcome(rows=[], notes=[_no_sheet(client)]))
            return
        from cicero_cli.services.messaging.sheet_sync import Night, sync_sheets

        last = latest_slot(times, now, HOME_ZONE, within=NIGHTLY_CATCH_UP)
        begun = {each.client_id: last.starts_at if last else now for each in clients}
        with store.job_lock("user sync"):
            done = sync_sheets(
                store,
                clients,
                cicero.read_link,
                Night(
                    slots=begun | {name: slot.starts_at for name, slot in slots.items()}, now=now
                ),
                by=cli_actor(),
                dry_run=dry_run,
            )
        if due and not dry_run:
            mark_done(
                store, job, {name: slot for name, slot in slots.items() if name not in done.open}
            )
    finish(sync_outcome(done, is_due=due, dry_run=dry_run))


def _no_sheet(client_ids: Sequence[str] | None) -> Text:
    example = client_ids[0] if client_ids else "CLIENT_ID"
    return Text(
        "no sheet is followed; name one with: cicero client set {client_id} --sheet LINK",
        client_id=example.upper(),
    )


@command(app, "template", example="cicero user template > people.xlsx")
def template_file(
    *,
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="Offer the divisions of this client."),
    ] = None,
    file: FileOption = None,
) -> None:
    """Write an empty workbook for a unit to fill in: headings, an example, text columns, ranks and divisions to choose.

    `user import` reads it as it is. The example stands above the headings and is never imported.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.sheet_template import write_template, write_template_of

    if client is None:
        content = write_template()
    else:
        with open_app() as cicero:
            content = write_template_of(cicero.store, client)
    finish_file(content, file)


@command(app, "export", example="cicero user export --client polres_a --file users.csv")
def export_file(
    *,
    client: ClientOption,
    file: FileOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Write the users of a client as a CSV that `user import` reads back unchanged.

    Long numbers and texts such as =1+1 stand behind an apostrophe, so that no spreadsheet rounds, strips or runs them.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.exports import export_outcome
    from cicero_cli.domain.roster.sheet import SHEET_COLUMNS
    from cicero_cli.domain.roster.sheet_csv import write_csv
    from cicero_cli.services.roster.sheets import export_users, write_sheet

    with open_app() as cicero:
        users, rows = export_users(cicero.store, client)
    if file is not None and not dry_run:
        write_sheet(write_csv(SHEET_COLUMNS, rows), file)
    finish(export_outcome(users, rows, file=file, dry_run=dry_run))
