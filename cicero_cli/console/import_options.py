"""The options of an import of people."""

from __future__ import annotations

from typing import Annotated

import typer

SourceArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="XLSX, XLS, ODS or CSV, '-' (standard input), or a Google Sheet's address; with --undo an import's id.",
        show_default=False,
    ),
]
UndoOption = Annotated[
    bool,
    typer.Option(
        "--undo", help="Take back the import of this id, or the last one of the --client."
    ),
]
ListOption = Annotated[bool, typer.Option("--list", help="List the imports, the newest first.")]
ImportClientOption = Annotated[
    str | None,
    typer.Option(
        "--client",
        metavar="CLIENT_ID",
        help="The client, in any case. Default: the one that each tab or row names.",
    ),
]
SkipBadOption = Annotated[
    bool, typer.Option("--skip-bad", help="Leave bad rows out and import the rest (exit 3).")
]
RejectsOption = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Write the rows that are left out or lose a cell here, with the reasons, to mend and import again.",
    ),
]
TabOption = Annotated[
    str | None,
    typer.Option(
        "--tab",
        metavar="NAME|GID",
        help="The tab of a workbook or Google Sheet. Default: the one of the address, or the first.",
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore-column", metavar="HEADING", help="Do not read this column; may be repeated."
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="HEADING=FIELD",
        help="What a column is, such as 'Kolom Sheet=divisi'; remembered for the client, 'Kolom Sheet=' forgets.",
    ),
]
SyncOption = Annotated[
    bool,
    typer.Option(
        "--sync", help="Who is missing from the sheet is no longer expected from today on (asks)."
    ),
]
ShareOption = Annotated[
    float,
    typer.Option(
        "--sync-share",
        metavar="SHARE",
        min=0,
        max=1,
        help="At most this share of the active people at once, and one at least.",
    ),
]
TransferOption = Annotated[
    bool,
    typer.Option(
        "--transfer", help="Bring here who is another client's; what they did there stays there."
    ),
]
ExpectOption = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="DIGEST",
        help="Import only what `--dry-run --json` showed with this digest; refuse when the sheet has changed since.",
    ),
]
