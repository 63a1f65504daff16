"""The fields of every JSON that a command writes in the tests, held against docs/json_fields.txt: docs/json.md is made of it.

A field that is not there fails the test in which it comes up; `RECORD_JSON=1 pytest -n 0 …` writes it in.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer

from cicero_cli.cli import build_app

LIST = Path(__file__).parent.parent / "docs" / "json_fields.txt"
_LARGEST = 1_000_000  # letters; a larger document has nothing that a smaller one has not
_PLATFORMS = {"insta", "tiktok"}
_VARIANTS = dict.fromkeys(("user import", "client import"), ("--list", "--undo"))
"""Options with which a command writes another document."""
_KEYS = {
    "changed": "field",
    "changes": "field",
    "mapped_columns": "heading",
    "units": "file",
    "outbox": "status",
}
"""Objects whose keys are data: what each key is."""
_OPEN = {"params", "details"}
"""Objects that are another for every code or action."""


def note(words: Sequence[str], output: str) -> None:
    """Assert that every field of what a command wrote is documented; or write it down, if that is asked for."""
    is_json = "--json" in words or ("--output", "json") in pairwise(words)
    if not is_json or not output.strip() or len(output) > _LARGEST:
        return
    name = command_of(words)
    known = documented().get(name, set())
    seen = {path for path in fields(json.loads(output)) if not _is_known(path, known)}
    if seen and os.environ.get("RECORD_JSON"):
        _write(name, seen)
        documented.cache_clear()
    elif seen:
        raise AssertionError(
            f"{name}: {sorted(seen)} not in {LIST.name}: record it with RECORD_JSON=1 pytest -n 0 …, then `make docs`"
        )


def command_of(words: Sequence[str]) -> str:
    """`client list`, `status`, `user import --list`."""
    name = next(" ".join(words[:n]) for n in (2, 1) if tuple(words[:n]) in _commands())
    return " ".join([name, *(each for each in _VARIANTS.get(name, ()) if each in words)])


def fields(document: Any) -> Iterator[str]:
    """Every field by its path; `.` or `[]` says that the whole is an object or a list."""
    if isinstance(document, list):
        yield "[]"
        for each in document:
            yield from _below(each, "")
    elif document.keys() <= _PLATFORMS:  # `semua`
        for each in document.values():
            yield from _below(each, "")
    else:
        yield "."
        yield from _below(document, "")


def _below(value: Any, path: str) -> Iterator[str]:
    name = path.rpartition(".")[2]
    if isinstance(value, dict) and value and name not in _OPEN:
        for key, each in value.items():
            is_platform = isinstance(each, dict) and key in _PLATFORMS
            field = f"{{{_KEYS[name]}}}" if name in _KEYS else "{platform}" if is_platform else key
            yield from _below(each, f"{path}.{field}" if path else field)
    elif isinstance(value, list) and not _is_value(path):
        for each in value or [None]:
            yield from _below(each, f"{path}[]")
    elif path:
        yield path


def _is_value(path: str) -> bool:
    """Whether this is what a field of a person or client holds."""
    return "{field}" in path


def _is_known(path: str, known: Iterable[str]) -> bool:
    """Whether it is there, or something below it: it was empty or null then."""
    return any(each == path or each.startswith((f"{path}.", f"{path}[")) for each in known)


@cache
def documented() -> dict[str, set[str]]:
    """What docs/json_fields.txt has of each command."""
    names: dict[str, set[str]] = {" ".join(path): set() for path in _commands()}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        name, path = line.split(": ")
        names.setdefault(name, set()).add(path)
    return names


@cache
def _commands() -> frozenset[tuple[str, ...]]:
    root: Any = typer.main.get_command(build_app())
    return frozenset(
        path
        for noun, command in root.commands.items()
        for path in [(noun,), *((noun, verb) for verb in getattr(command, "commands", {}))]
        if path != (noun,) or not hasattr(command, "commands")
    )


def _write(name: str, seen: set[str]) -> None:
    with LIST.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = {*file.read().splitlines(), *(f"{name}: {path}" for path in seen)}
        file.seek(0)
        file.write("".join(f"{line}\n" for line in sorted(lines)))
