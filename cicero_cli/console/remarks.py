"""What is said beside the result, on stderr: remarks, questions, errors, progress."""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import choice
from cicero_cli.core import clock
from cicero_cli.core.terminal import harmless_json
from cicero_cli.domain.access.actors import Actor
from cicero_cli.errors import CiceroError
from cicero_cli.words import Text

_WORD = 120
_ENDLESS = re.compile(r"\S{400,}")  # longer than an address or a path that one would copy


def say(line: str) -> None:
    """A remark for a person, on stderr; `-q` silences it."""
    if not choice.quiet:
        sys.stderr.write(f"{shown(line)}\n")


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is lost; without a terminal to ask on, only `--yes` agrees."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CiceroError(
            "{question} Nothing was done", hint="repeat the command with --yes", question=question
        )
    typer.confirm(shown(question), abort=True, err=True)


def ask(question: str, *, yes: bool) -> str:
    """What the person answers; nothing without a terminal to ask on, or with `--yes`."""
    if yes or not sys.stdin.isatty():
        return ""
    sys.stderr.write(f"{shown(question)} ")  # typer's prompt puts a blank on stdout
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def cli_actor() -> Actor:
    """Who runs this command, for the audit log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number alone
        name = str(os.getuid())
    return Actor(f"cli:{name}", clock.now())


def show_error(error: CiceroError, *, as_json: bool) -> None:
    """One line for a person, or one JSON object for a script; on stderr either way."""
    if as_json:
        body = {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "params": english_params(error.params),
        }
        sys.stderr.write(encode({"error": body}) + "\n")
        return
    sys.stderr.write(f"cicero: {on_one_line(shown(error.line))}\n")


def on_one_line(words: str) -> str:
    """What was typed or read may hold line breaks, or be a thousand letters long: neither hides what is said of it."""
    line = " ".join(line.strip() for line in words.splitlines())
    return _ENDLESS.sub(lambda word: f"{word[0][:_WORD]}…", line)


def english_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a text for a script: they never change with the language."""
    return {
        name: value if isinstance(value, int | float | bool | None) else str(value)
        for name, value in params.items()
    }


@contextmanager
def progress(description: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr while long work goes on, with how many of how many are done and how long the rest takes; nothing
    unless stderr is a terminal. It is told how many were done just now, and of how many, as far as that is known.
    """
    if choice.quiet or not sys.stderr.isatty():
        yield lambda _steps, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(shown(description), total=None)
        yield lambda steps, total: bar.update(task, advance=steps, total=total or None)


def encode(value: Any, *, indent: bool = False) -> str:
    import msgspec

    encoded = msgspec.json.encode(value, enc_hook=_encode_text)
    return harmless_json((msgspec.json.format(encoded, indent=2) if indent else encoded).decode())


def _encode_text(value: Any) -> str:
    if isinstance(value, Text):
        return shown(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
