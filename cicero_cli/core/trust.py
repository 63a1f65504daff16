"""Whose files are believed: what says where data goes, or is run as a template, may not come from just anybody."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cicero_cli.errors import SettingError
from cicero_cli.words import Text

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def check_folder(folder: Path) -> None:
    """SettingError unless the folder is the caller's or root's and nobody else can write to it."""
    for path in _with_target(folder):
        if why := _distrust(path.stat()):
            raise SettingError(
                "the folder {path} {why}, so what is in it is not believed",
                hint="keep it in a folder that only you or root can write to",
                path=path,
                why=why,
            )


def read_own_text(path: Path) -> str:
    """The text of a file that only the caller or root can have written, and put where it is; else SettingError.

    What is judged is what is read, whatever takes the file's place meanwhile.
    """
    for name in _with_target(path):
        check_folder(name.parent)
    with path.open(encoding="utf-8-sig") as file:
        if why := _distrust(os.fstat(file.fileno())):
            raise SettingError(
                "{path} {why}, so it is not believed",
                hint="make sure of what is in it, then run: chown {user} {where} && chmod go-w {where}",
                path=path,
                why=why,
                user=os.geteuid(),
                where=path.absolute(),
            )
        return file.read()


def _with_target(path: Path) -> Iterator[Path]:
    """The path as it is named, and where its links lead."""
    named = path.absolute()
    yield named
    if (target := named.resolve()) != named:
        yield target


def _distrust(found: os.stat_result) -> str:
    """Why not to believe; empty when there is no reason."""
    if found.st_uid not in {0, os.geteuid()}:
        return Text("belongs to another user ({user})", user=found.st_uid)
    if found.st_mode & _WRITABLE_BY_OTHERS:
        return Text("can be written to by others")
    return ""
