"""Keeps the catalogues of words: `make words` collects the English texts and updates and compiles each catalogue.

`python -m docs._words --check` says what `make words` would change and what has no translation; `make lint` runs it.
tests/project/test_words.py looks at what the sentences hold.
"""

from __future__ import annotations

import ast
import builtins
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import cicero_cli
from cicero_cli.cli import build_app
from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.words import LOCALE, Language

SOURCE = Path(cicero_cli.__file__).parent
_SILENT = ("standins", "web")  # the one speaks to machines, the other Indonesian by itself
_SPOKEN_CALLS = {"Text", "template", "text_of", "shown", "say", "confirm", "progress"}
_SPOKEN_ARGUMENTS = {"found", "remedy", "notes", "columns", "hint", "plural"}
_TYPERS_OWN = ("Arguments", "Commands", "Options", "default: {default}", "required", "No such command {name!r}.", "Show this message and exit.")  # fmt: skip
_HEAD = "# The words of cicero in Indonesian; the English ones are in the code. `make words` keeps this file.\n"
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


def collect_texts() -> dict[str, str]:
    """Every English text that people read, with its plural where it has one."""
    texts = dict.fromkeys((*_TYPERS_OWN, *collect_help_texts()), "")
    texts |= dict.fromkeys((setting.meaning for setting in SETTINGS), "")
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_silent = path.relative_to(SOURCE).parts[0] in _SILENT
        for text, plural in _spoken(tree, only_texts=is_silent):
            texts[text] = plural or texts.get(text, "")
    return {text: plural for text, plural in texts.items() if _has_words(text)}


def collect_help_texts() -> Iterator[str]:
    """What `--help` shows, from the commands themselves."""
    waiting: list[Any] = [typer.main.get_command(build_app(word)) for word in (None, "")]
    for command in waiting:
        waiting += getattr(command, "commands", {}).values()
        yield command.help or ""
        yield from (getattr(parameter, "help", None) or "" for parameter in command.params)


def update_catalogue(language: Language) -> tuple[str, bytes]:
    """The catalogue as `make words` leaves it: the .po's text and the .mo's bytes."""
    path = _po_path(language)
    with path.open("rb") as file:
        known = read_po(file, locale=language)
    current = Catalog(locale=language, fuzzy=False)
    for text, plural in collect_texts().items():
        told = known.get(text)
        words: Any = told.string if told is not None and told.id in (text, (text, plural)) else ""
        current.add((text, plural) if plural else text, (words or ("",)) if plural else words)
    current.creation_date = current.revision_date = _UNDATED
    written, compiled = io.BytesIO(), io.BytesIO()
    write_po(written, current, width=120, no_location=True, sort_output=True, omit_header=True)
    write_mo(compiled, current)
    head = f'{_HEAD}msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    return head + written.getvalue().decode().lstrip("\n"), compiled.getvalue()


def untranslated(language: Language) -> list[str]:
    """The texts that this catalogue has no words for."""
    with _po_path(language).open("rb") as file:
        known = read_po(file, locale=language)
    told = {_key(message.id) for message in known if message.id and _is_told(message.string)}
    return sorted(set(collect_texts()) - told)


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for part, *_ in string.Formatter().parse(text) for letter in part)


def _is_told(words: str | tuple[str, ...]) -> bool:
    return bool(words) and all((words,) if isinstance(words, str) else words)


def _key(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _po_path(language: Language) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "cicero.po"


def _spoken(tree: ast.AST, *, only_texts: bool) -> Iterator[tuple[str, str]]:
    """The texts in the code: of errors, of `Text`s, of remarks, of tables' headings."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in {
                "Text",
                "template",
                "text_of",
                "shown",
            } or (not only_texts and (name in _SPOKEN_CALLS or _is_own_error(name))):
                plural = next((word.value for word in node.keywords if word.arg == "plural"), None)
                for first in node.args[:1]:
                    for text in _literals(first):
                        yield text, next(_literals(plural), "") if plural else ""
                for word in node.keywords:
                    if word.arg == "hint":
                        yield from ((text, "") for text in _literals(word.value))
            case ast.Call(keywords=words) if not only_texts:
                for word in words:
                    if word.arg in _SPOKEN_ARGUMENTS:
                        yield from ((text, "") for text in _literals(word.value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                "COLUMNS" in name or name == "notes"
            ) and not only_texts:
                yield from ((text, "") for text in _literals(value))
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="notes"), attr="append"), args=[value]
            ) if not only_texts:
                yield from ((text, "") for text in _literals(value))


def _is_own_error(name: str) -> bool:
    return name.endswith("Error") and not hasattr(builtins, name)


def _literals(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may be; an f-string is none, for nobody could translate it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _literals(body)
            yield from _literals(other)
        case ast.BoolOp(values=nodes) | ast.List(elts=nodes) | ast.Tuple(elts=nodes):
            for inner in nodes:
                yield from _literals(inner)
        case ast.Dict(values=nodes):
            for inner in nodes:
                yield from _literals(inner)
        case ast.JoinedStr(lineno=line):
            raise ValueError(f"line {line}: {ast.unparse(node)}: write a template with parameters")


def main(words: list[str]) -> int:
    """Write the catalogues, or with --check say what is wrong with them."""
    problems = []
    for language in set(Language) - {Language.ENGLISH}:
        path = _po_path(language)
        text, compiled = update_catalogue(language)
        if "--check" not in words:
            path.write_text(text, encoding="utf-8")
            path.with_suffix(".mo").write_bytes(compiled)
        elif (path.read_text(encoding="utf-8"), path.with_suffix(".mo").read_bytes()) != (
            text,
            compiled,
        ):
            problems.append(f"{path.name} is out of date: run make words")
        problems += [f"{language}: no words for {text!r}" for text in untranslated(language)]
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
