"""Every command, with a wrong word in every place in turn: one line that a terminal survives, the right exit code, no change."""

from __future__ import annotations

import re
import shlex
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


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("client list --json --output csv", "--json and --output do not go together"),
        ("user import --undo --list", "--list and --undo do not go together"),
        ("user import x.csv --undo --transfer", "--undo and --transfer do not go together"),
        (
            "account set budi --new-access-code --revoke-access-code",
            "--new-access-code and --revoke-access-code do not go together",
        ),
        ("user leave 1 --end 2026-11-28 --reason cuti", "--end goes alone"),
        ("client set polres_a --sheet= --tab x", "--tab goes with the link of a sheet"),
        ("user leave 1 --note x", "leave needs --from, --until and --reason"),
        ("user show ''", "expected a user: an id, a handle or a name"),
        ("template export --client ../x --to y", "--client ../x: expected letters"),
        ("run list --client=", "there is no client"),
    ],
)
def test_two_options_that_exclude_each_other_and_empty_words_are_refused(
    cicero: Run, words: str, line: str
) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Budi")
    refused = cicero(*shlex.split(words))
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert line in refused.stderr
