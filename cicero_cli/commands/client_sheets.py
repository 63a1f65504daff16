"""`cicero client import`: the clients as a sheet."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.console.import_options import (
    ExpectOption,
    IgnoreOption,
    ListOption,
    SkipBadOption,
    SourceArgument,
    TabOption,
)
from cicero_cli.console.options import DryRunOption, YesOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.errors import InputError

app = group()


@command(app, "import", example="cicero client import satker.xlsx --dry-run")
def import_file(
    source: SourceArgument = None,
    *,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the import of this id, or the last one.")
    ] = False,
    listing: ListOption = False,
    dry_run: DryRunOption = False,
    skip_bad: SkipBadOption = False,
    tab: TabOption = None,
    ignore: IgnoreOption = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADING=FIELD",
            help="What a column is, such as 'Kode Satuan=client_id'; remembered for sheets of clients, 'Kode Satuan=' forgets.",
        ),
    ] = None,
    sync: Annotated[
        bool,
        typer.Option(
            "--sync", help="Clients missing from the sheet are switched off from today on (asks)."
        ),
    ] = False,
    share: Annotated[
        float,
        typer.Option(
            "--sync-share",
            metavar="SHARE",
            min=0,
            max=1,
            help="At most this share of the active clients at once, and one at least.",
        ),
    ] = 0.1,
    expect: ExpectOption = None,
    yes: YesOption = False,
) -> None:
    """Add and update clients from a sheet, all of it or nothing.

    The headings, below a title or not, in any order and case: KODE (or client_id), nama, instagram, tiktok, operator, grup,
    zona waktu, ambang, induk (under), and every key of `client list --json`: what `client list --output csv` writes is read
    back unchanged. What --map says of a heading is remembered for every sheet of clients.

    A column that the sheet lacks and a cell that is empty leave what is on file; a dash (-) clears it. Clients that the
    sheet lacks are listed and kept; with --sync they are switched off, as by `client set X --inactive`, but for one that the
    sheet names as the unit above another.

    Each import has an id (--list). --undo takes one back whole, or the last one: a client that was new goes, unless it has people,
    posts or accounts by now; former values come back for the days since too, and what was changed since stays.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.client_imports import clients_outcome, confirm_switched_off
    from cicero_cli.services.roster.client_sheets import import_clients

    if listing or undo:
        finish(_list() if listing else _undo(source, dry_run=dry_run))
        return
    if source is None:
        raise InputError("name the sheet", hint="see: cicero client import --help")
    with open_app() as cicero:
        imported = import_clients(
            cicero.store,
            source,
            by=cli_actor(),
            dry_run=dry_run,
            skip_bad=skip_bad,
            ignore=ignore or (),
            tab=tab,
            choices=mapping or (),
            read_link=cicero.read_link,
            sync=sync,
            share=share,
            expect=expect,
            agree=lambda trial: confirm_switched_off(trial, yes=yes),
        )
    finish(clients_outcome(imported))


def _list() -> Outcome:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.undone import imports_outcome
    from cicero_cli.services.roster.client_imports import list_client_imports

    with open_app() as cicero:
        return imports_outcome(list_client_imports(cicero.store))


def _undo(typed_id: str | None, *, dry_run: bool) -> Outcome:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.undone import read_import_id, undo_clients_outcome
    from cicero_cli.services.roster.client_imports import undo_client_import

    import_id = read_import_id(typed_id, "client import")
    with open_app() as cicero:
        return undo_clients_outcome(
            undo_client_import(cicero.store, import_id, by=cli_actor(), dry_run=dry_run)
        )
