"""The documents keep what they promise: what they show to type is typed, in their order, in one installation each."""

from __future__ import annotations

import re

import pytest
import typer
from babel.messages.pofile import read_po

from cicero_cli.cli import build_app
from tests.project.documents import CHECKOUT, DOCUMENTS, Typed, in_blocks, mentioned, read
from tests.project.prepared import Place, import_story, moving_story, operations_story
from tests.project.test_help import walk

APART = {"docs/whatsapp.md": "tests/project/test_whatsapp_document.py"}
FOLLOWED = [
    name
    for name, text in DOCUMENTS.items()
    if name not in APART and any(isinstance(part, Typed) for part in read(text))
]


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_document_can_be_followed_to_its_end(
    name: str, place: Place, empty_database: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match name:
        case "docs/import.md":
            import_story(place)
        case "docs/moving-in.md":
            moving_story(place, empty_database)
        case "docs/operations.md":
            operations_story(place, empty_database, monkeypatch)
    output = ""
    for part in read(DOCUMENTS[name]):
        if not isinstance(part, Typed):
            assert part.missing_from(output) is None, output
        elif part.words[:1] == ("serve",):
            continue  # until it is interrupted: tests/cli/test_serve.py
        else:
            result = place.follow(part, monkeypatch)
            output = result.stdout + result.stderr
            assert result.exit_code == part.exit_code, f"{part.line}\n{output}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_command_in_a_block_is_overlooked(name: str) -> None:
    typed = [part for part in read(DOCUMENTS[name]) if isinstance(part, Typed) and part.words]

    assert len(typed) == len(in_blocks(DOCUMENTS[name]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_document_names_is_there_with_its_options(name: str) -> None:
    commands = dict(walk(typer.main.get_command(build_app())))
    for text in mentioned(DOCUMENTS[name]):
        words = [word for word in re.split(r"[\s|=]+", text)[1:] if word]
        noun = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in commands), None)
        options = {word for word in words if re.match(r"--?[a-z]", word)}
        if noun is None:
            assert (text, options <= {"--help", "--version", "-h"}) == (text, True)
            continue
        known = {
            option
            for parameter in commands[noun].params
            for option in parameter.opts + parameter.secondary_opts
        }
        assert (text, options - known - {"-h", "--help"}) == (text, set())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_links_to_is_there(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", DOCUMENTS[name]):
        assert (target, ((CHECKOUT / name).parent / target).exists()) == (target, True)


def test_what_a_table_says_that_cicero_says_it_says() -> None:
    catalogue = CHECKOUT / "cicero_cli" / "locale" / "id" / "LC_MESSAGES" / "cicero.po"
    with catalogue.open("rb") as file:
        told = [
            text
            for message in read_po(file)
            for text in (message.id if isinstance(message.id, tuple) else [message.id])
        ]
    sentences = "\n".join(" ".join(each.split()) for each in told)
    tables = [
        table
        for text in DOCUMENTS.values()
        for table in re.findall(r"^\|[^|\n]* says \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    ]
    assert len(tables) >= 2
    for row in "".join(tables).splitlines():
        said = re.sub(r"\(.*?\)", "", row.split("|")[1])
        parts = [part.strip() for part in re.split(r"…|; ", said)]
        assert [part for part in parts if part not in sentences] == []
