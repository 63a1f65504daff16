"""Every command, with a wrong word in every place in turn: one line that a terminal survives, the right exit code, no change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from cicero_cli.cli import build_app
from tests.conftest import Run

WRONG_WORD = "\x1b[31mwrong\n\tword" + "\N{RIGHT-TO-LEFT OVERRIDE}x" * 400
WRONG_NUMBER = "9" * 25
FITS = {"CLIENT_ID": "polres_a", "USER": "1", "USER_ID": "1", "DAY": "2026-11-21", "NAME": "laphar"}
NOT_TRIED = {
    "demo",
    "serve",
    "init",
    "migrate-v2",
    "wa setup",
    "db restore",
}  # these have their own
TAKES_ANY = {"--search", "--logs", "--limit"}
SHARED = {"--output", "--json", "--quiet", "--verbose", "--help"}


def commands(words: list[str], command: Any) -> Iterator[tuple[list[str], list[Any]]]:
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from commands([*words, name], child)
    elif " ".join(words) not in NOT_TRIED:
        yield words, command.params


def typed(parameter: Any, value: str) -> list[str]:
    return [value] if parameter.param_type_name == "argument" else [parameter.opts[-1], value]


def attempts() -> Iterator[list[str]]:
    for words, parameters in commands([], typer.main.get_command(build_app())):
        for wrong in parameters:
            if getattr(wrong, "is_flag", False) or {*wrong.opts} & (TAKES_ANY | SHARED):
                continue
            fitting = [
                word
                for each in parameters
                if each.required and each is not wrong
                for word in typed(each, FITS.get(each.metavar or "", "insta"))
            ]
            is_number = wrong.type.name.startswith("int")
            yield [*words, *fitting, *typed(wrong, WRONG_NUMBER if is_number else WRONG_WORD)]


def test_it_is_told_in_one_line_and_changes_nothing(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Budi")
    told = [*attempts()]
    assert len(told) > 150
    faults = []
    for words in told:
        result = cicero(*words)
        is_one_line = re.fullmatch(
            r"(cicero|message 9+): [^\x00-\x1f\u202e]{5,900}", result.stderr.removesuffix("\n")
        )
        if result.exit_code not in {1, 2, 75, 78} or result.stdout or not is_one_line:
            faults.append(f"{words[:2]} {[word[:9] for word in words[2:]]} {result.exit_code}")
    assert faults == [
        "['account', 'log'] ['\\x1b[31mwron'] 0"
    ]  # a name that is gone is asked for too
