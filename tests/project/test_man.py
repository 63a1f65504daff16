"""The manual pages say what the help says."""

from __future__ import annotations

from typing import Any

import typer

from cicero_cli.cli import COMMANDS, NOUNS, build_app
from docs._man import man_pages

REQUESTS = {".TH", ".SH", ".TP", ".PP", ".B", ".I", ".BR"}


def test_every_command_and_option_has_its_place() -> None:
    pages = man_pages()
    root: Any = typer.main.get_command(build_app())

    assert {*pages} == {"cicero.1", *(f"cicero-{name}.1" for name in (*NOUNS, *COMMANDS))}
    for name, noun in root.commands.items():
        page = pages[f"cicero-{name}.1"].replace("\\-", "-")
        verbs = getattr(noun, "commands", {})
        for verb, command in verbs.items() or [("", noun)]:
            assert f'.SH "cicero {name} {verb}'.rstrip() in page
            for parameter in command.params:
                for option in (*parameter.opts, *parameter.secondary_opts):
                    assert option in page or parameter.param_type_name == "argument"
        assert f".B {name}\n" in pages["cicero.1"].replace("\\-", "-")


def test_a_line_is_words_or_a_request_of_the_macros() -> None:
    for name, page in man_pages().items():
        for line in page.splitlines():
            assert line, name
            assert not line.startswith("'"), line
            assert not line.startswith(".") or line.split()[0] in REQUESTS, line
