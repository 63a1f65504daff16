from __future__ import annotations

import pkgutil
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from cicero_cli import commands
from cicero_cli.cli import COMMANDS, CONTINUED, NOUNS, build_app, main


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group below this one."""
    for name, child in getattr(command, "commands", {}).items():
        yield (*path, name), child
        yield from walk(child, (*path, name))


EVERYTHING = dict(walk(typer.main.get_command(build_app())))
GROUPS = {path: command for path, command in EVERYTHING.items() if hasattr(command, "commands")}
LEAVES = {path: command for path, command in EVERYTHING.items() if path not in GROUPS}


def test_every_module_of_commands_is_registered() -> None:
    modules = {module.name for module in pkgutil.iter_modules(commands.__path__)}

    beside = (module for module, _ in COMMANDS.values())
    assert modules == {*NOUNS, *(module for more in CONTINUED.values() for module in more), *beside}


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_help_with_an_example_that_it_understands(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*path, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())

    command = LEAVES[path]
    example = command.epilog.removeprefix("Example: ")
    assert command.help
    assert example.startswith(" ".join(("cicero", *path)))
    assert f"Example: {example}" in shown
    assert main([*path, "-h"]) == 0
    assert " ".join(capsys.readouterr().out.split()) == shown
    known = {
        option
        for parameter in command.params
        for option in parameter.opts + parameter.secondary_opts
    }
    typed = [word.split("=")[0] for word in shlex.split(example) if word.startswith("-")]
    assert set(typed) <= known


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_option_and_argument_says_what_it_means(path: tuple[str, ...]) -> None:
    silent = [
        parameter.name for parameter in LEAVES[path].params if not getattr(parameter, "help", "")
    ]

    assert silent in ([], ["help"])


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_the_shared_options(path: tuple[str, ...]) -> None:
    options = {option for parameter in LEAVES[path].params for option in parameter.opts}

    assert {"--output", "--json", "-q", "--quiet", "-v", "--verbose"} <= options


def test_the_first_page_names_every_noun_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out

    for word, line in {**NOUNS, **{name: line for name, (_, line) in COMMANDS.items()}}.items():
        assert f"  {word} " in shown
        assert line.split(",")[0][:40] in shown
        assert line in " ".join(shown.split()), "no line is cut short"
    headings = [line for line in shown.splitlines() if line.endswith(":") and line[0] != " "]
    assert headings[1:6] == [
        "To begin with:",
        "Clients and people:",
        "Posts and who engaged:",
        "Reports and messages:",
        "Keeping it running:",
    ]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_says_the_same_of_itself_on_both_pages(noun: str) -> None:
    assert GROUPS[noun,].help == NOUNS[noun]
