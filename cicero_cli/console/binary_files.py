"""A file that is no text, as a command's result: into a file, or through a pipe."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import Annotated

import typer

from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.core.private_files import write_private
from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.errors import InputError
from cicero_cli.words import Text

FileOption = Annotated[
    str | None,
    typer.Option(
        "--file", metavar="FILE", help="Into this file: .xlsx, a workbook, or .png, a picture."
    ),
]


def file_kind(file: str | None) -> FileKind:
    """What a report's file is to be, by its name, on standard output a workbook; InputError for a name that says nothing of it."""
    if file is None:
        return FileKind.XLSX
    ending = PurePath(file).suffix.lower().removeprefix(".")
    try:
        return FileKind(ending)
    except ValueError:
        raise InputError(
            "--file {file}: expected a name that ends in {endings}",
            file=file,
            endings=", ".join(f".{kind}" for kind in FileKind),
        ) from None


def finish_file(content: bytes, file: str | None) -> None:
    """Write the content into `file`, or to stdout where that is no terminal, and end the command."""
    if file is not None:
        write_private(file, content)
        finish(Outcome(text=Text("{file} written.", file=file), document={"file": file}))
    elif sys.stdout.isatty():
        raise InputError(
            "a workbook is nothing to read in a terminal",
            hint="name a --file, or write > people.xlsx",
        )
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
