"""Manual pages from the help that the commands show; one for cicero, one for each noun and each word beside them.

A wheel has them (`docs/_wheel.py`); `make man` puts them beside the checkout's own `cicero`.

`python -m docs._man FOLDER` writes FOLDER/man1/cicero.1, cicero-user.1, …
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cicero_cli import __version__
from cicero_cli.cli import build_app
from cicero_cli.console.exit_codes import MEANINGS
from cicero_cli.core.setting_list import SETTINGS


def man_pages() -> dict[str, str]:
    """Each page by its file's name."""
    root: Any = typer.main.get_command(build_app())
    pages = {"cicero.1": _page("cicero", root.help, _overview(root), root.commands)}
    for name, command in root.commands.items():
        word = f"cicero {name}"
        parts = [line for words, each in _walk([word], command) for line in _command(words, each)]
        pages[f"cicero-{name}.1"] = _page(f"cicero-{name}", command.help, parts, [])
    return pages


def _page(title: str, meaning: str, parts: list[str], others: Any) -> str:
    first = meaning.split("\n", maxsplit=1)[0].rstrip(".")
    see = [*(f"cicero-{name}" for name in others)] or ["cicero"]
    lines = [
        f'.TH {title.upper()} 1 "" "cicero {__version__}" "Cicero"',
        ".SH NAME",
        f"{_said(title)} \\- {_said(first)}",
        *parts,
        ".SH SEE ALSO",
        *(f".BR {_said(name)} (1)" + ("," if name != see[-1] else "") for name in see),
    ]
    return "\n".join(lines) + "\n"


def _overview(root: Any) -> list[str]:
    lines = [".SH SYNOPSIS", ".B cicero", ".I COMMAND", "[ARGUMENT]... [OPTION]...", ".SH COMMANDS"]
    for name, command in root.commands.items():
        lines += [".TP", f".B {_said(name)}", _said(command.help.split("\n")[0])]
    lines.append(".SH EXIT STATUS")
    for code, (meaning, what) in MEANINGS.items():
        lines += [".TP", f".B {int(code)}", _said(f"{meaning}: {what}")]
    lines += [
        ".SH ENVIRONMENT",
        _said("The same names may stand in the file that CICERO_ENV_FILE names, else in .env."),
    ]
    for setting in SETTINGS:
        default = f" (default: {setting.default})" if setting.default else ""
        lines += [".TP", f".B {_said(setting.name)}", _said(f"{setting.meaning}{default}")]
    return lines


def _walk(words: list[str], command: Any) -> Iterator[tuple[list[str], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in children.items():
        yield from _walk([*words, name], child)


def _command(words: list[str], command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    typed = " ".join([*words, *(each.make_metavar(typer.Context(command)) for each in arguments)])
    yield f'.SH "{_said(typed)}"'
    for paragraph in command.help.split("\n\n"):
        yield from (".PP", _said(" ".join(paragraph.split())))
    for each in command.params:
        if each.param_type_name == "argument":
            name = each.make_metavar(typer.Context(command))
            yield from (".TP", f".I {_said(name)}", _said(each.help or ""))
            continue
        names = ", ".join([*each.opts, *each.secondary_opts])
        value = "" if each.is_flag else f" {each.make_metavar(typer.Context(command))}"
        yield from (".TP", f".B {_said(names + value)}", _said(each.help or ""))
    yield from (".PP", _said(command.epilog or ""))


def _said(text: str) -> str:
    """Words in which roff finds nothing to obey."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("\n", " ")
    escaped = "".join(each if each.isascii() else f"\\[u{ord(each):04X}]" for each in escaped)
    return f"\\&{escaped}" if escaped[:1] in {".", "'"} else escaped


def write_pages(folder: Path) -> list[Path]:
    """Each page as a file in `man1` of the folder."""
    target = folder / "man1"
    target.mkdir(parents=True, exist_ok=True)
    pages = {target / name: text for name, text in man_pages().items()}
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return [*pages]


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
