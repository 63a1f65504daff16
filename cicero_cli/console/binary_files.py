"""A file that is no text, as a command's result: into a file, or through a pipe."""

from __future__ import annotations

import sys

from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.core.private_files import write_private
from cicero_cli.errors import InputError
from cicero_cli.words import Text


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
