"""What cog writes into the docs, from the code itself; `make docs` runs it, `make lint` checks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from cicero_cli.cli import build_app
from cicero_cli.console.exit_codes import MEANINGS
from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.domain.messaging.wordings import WORDINGS


def commands_markdown() -> str:
    """Every command with the help that `--help` shows."""
    root: Any = typer.main.get_command(build_app())
    parts = []
    for words, command in _walk(root, ["cicero"]):
        context = typer.Context(
            command, info_name=" ".join(words), terminal_width=80, max_content_width=80
        )
        parts.append(f"## {' '.join(words)}\n\n```\n{command.get_help(context)}\n```")
    return "\n\n".join(parts)


def exit_codes_markdown() -> str:
    """The table of exit codes."""
    rows = [f"| {int(code)} | {meaning} | {what} |" for code, (meaning, what) in MEANINGS.items()]
    return "\n".join(["| code | meaning | what to do |", "|---|---|---|", *rows])


def settings_markdown() -> str:
    """The table of settings."""
    rows = []
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        name = f"`{setting.name}`" + (f", `{setting.name}_FILE`" if setting.is_secret else "")
        rows.append(f"| {name} | {setting.meaning} | {default} |")
    return "\n".join(["| setting | meaning | default |", "|---|---|---|", *rows])


def wordings_markdown() -> str:
    """The table of variables of every template."""
    parts = []
    for wording in WORDINGS:
        rows = [f"| `{name}` | {meaning} |" for name, meaning in wording.variables.items()]
        table = "\n".join(["| variable | what it holds |", "|---|---|", *rows])
        parts.append(f"## `{wording.name}`: {wording.makes}\n\n{table}")
    return "\n\n".join(parts)


def _walk(command: Any, words: list[str]) -> Iterator[tuple[list[str], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in children.items():
        yield from _walk(child, [*words, name])
