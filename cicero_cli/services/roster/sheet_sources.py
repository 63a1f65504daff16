"""Where a sheet comes from: a file, standard input, or Google's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_links import SheetLink, find_sheet_link
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.sheet_workbook import is_workbook, read_workbook
from cicero_cli.errors import InputError

ReadLink = Callable[[SheetLink, str | None], Sheet]
ReadTabs = Callable[[SheetLink], Mapping[str, Sheet]]

_LARGEST_BYTES = 64 * 1024 * 1024


def read_source(
    source: str, content: bytes | None, tab: str | None, read_link: ReadLink | None
) -> Sheet:
    """The sheet that a source names: a file, standard input, or with `read_link` one at Google's."""
    link = find_link(source) if content is None and read_link is not None else None
    if link is not None and read_link is not None:
        return read_link(link, tab)
    return read_sheet(read_bytes(source) if content is None else content, name_of(source), tab)


def find_link(source: str) -> SheetLink | None:
    """The Google Sheet that a source names, unless there is a file of this name."""
    return None if os.path.lexists(source) else find_sheet_link(source)


def name_of(source: str) -> str:
    """How messages call a source."""
    return "standard input" if source == "-" else source


def read_sheet(content: bytes, name: str, tab: str | None) -> Sheet:
    """A workbook or a CSV, whatever its name says."""
    if is_workbook(content):
        return read_workbook(content, name, tab=tab)
    if tab is not None:
        raise InputError("{name} is no workbook, so it has no tab {tab!r}", name=name, tab=tab)
    return read_csv(content, name)


def read_bytes(source: str) -> bytes:
    """What a file or standard input holds; InputError when it cannot be read, or is no sheet for its size."""
    try:
        if source == "-":
            content = sys.stdin.buffer.read(_LARGEST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                content = file.read(_LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError("there is no file {source}", source=source) from error
    except IsADirectoryError as error:
        raise InputError("{source} is a folder, not a sheet", source=source) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        name = source if source.isprintable() else repr(source)
        raise InputError("{name} cannot be read: {reason}", name=name, reason=reason) from error
    if len(content) > _LARGEST_BYTES:
        raise InputError("{source} is larger than 64 MB; is it the right file?", source=source)
    return content
