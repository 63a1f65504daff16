"""Which platforms a command is about: as its argument, or as an option."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.domain.attendance.scopes import FileKind, Scope

ScopeArgument = Annotated[
    Scope, typer.Argument(metavar="insta|tiktok|semua", help="The platform, or both.")
]
ScopeOption = Annotated[Scope, typer.Option("--platform", help="The platform, or both.")]
AttachOption = Annotated[
    FileKind | None,
    typer.Option(
        "--attach",
        help="The report as a file too, after its text: a workbook of everybody, or a picture.",
    ),
]
