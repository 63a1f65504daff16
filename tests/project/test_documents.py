"""The documents keep what they promise: what they show to type is typed, in their order, in one installation each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cicero_cli.cli import build_app
from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.rosters import choose_engaged, read_handles
from cicero_cli.standins.upstream.accounts import plan_account
from cicero_cli.standins.upstream.server import StandIn
from cicero_cli.standins.whatsapp import StandIn as WhatsappStandIn
from tests.conftest import Run
from tests.project.test_help import walk

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = [
    CHECKOUT / "README.md",
    *sorted(
        path
        for path in (CHECKOUT / "docs").glob("*.md")
        if path.name not in {"changelog.md", "commands.md"}
    ),
]
PEOPLE = re.search(
    r"<<END\n(.*?)    END$",
    (CHECKOUT / "docs" / "tutorial.md").read_text(encoding="utf-8"),
    flags=re.DOTALL | re.MULTILINE,
)
_CONTINUES = r"(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?cicero "


def typed(document: str) -> list[str]:
    """The lines of a document that somebody types, without what is explained behind them."""
    lines = re.findall(rf"^ {{4,}}({_CONTINUES}.*)$", document, flags=re.MULTILINE)
    return [re.split(r"  +| +# ", line)[0].strip() for line in lines]


def mentioned(document: str) -> list[str]:
    """Everything of cicero that stands in a document as something to type, in a sentence too."""
    lines = re.findall(r"^ {4,}(?:.* )?(cicero [a-z].*)$", document, flags=re.MULTILINE)
    return [
        *(re.split(r"  +| +# ", line)[0] for line in lines),
        *re.findall(r"`(cicero [a-z][^`]*)`", document),
    ]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder with the tutorial's people, where the documents' accounts are followed."""
    assert PEOPLE is not None
    people = re.sub(r"^    ", "", PEOPLE[1], flags=re.MULTILINE)
    (tmp_path / "practice").mkdir()
    for name in ("practice/people.csv", "people.csv", "personel.csv"):
        (tmp_path / name).write_text(people, encoding="utf-8")
    accounts = [
        plan_account(
            platform,
            username,
            now=clock.now(),
            chosen=choose_engaged(read_handles(tmp_path / "people.csv", platform), 3),
        )
        for platform in Platform
        for username in ("polres.000", "polres.a", "polres_a")
    ]
    with StandIn(accounts) as upstream, WhatsappStandIn() as whatsapp:
        monkeypatch.setenv("CICERO_INSTAGRAM_URL", upstream.url)
        monkeypatch.setenv("CICERO_TIKTOK_URL", upstream.url)
        monkeypatch.setenv("RAPIDAPI_KEY", "practice")
        monkeypatch.setenv("CICERO_RATE", "1000")
        monkeypatch.setenv("CICERO_WA_GAP", "0")
        monkeypatch.setenv("CICERO_WA_GAP_USER", "0")
        monkeypatch.setenv("CICERO_WHATSAPP", "file")
        monkeypatch.setenv("CICERO_WA_FILE", str(tmp_path / "sent.jsonl"))
        monkeypatch.setenv("CICERO_WAHA_URL", whatsapp.url)
        yield tmp_path


@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md", "docs/panduan.md"])
@pytest.mark.usefixtures("place")
def test_a_guide_can_be_followed_to_its_end(name: str, cicero: Run) -> None:
    lines = typed((CHECKOUT / name).read_text(encoding="utf-8"))

    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line[line.index("cicero ") :])[1:]
        if words == ["db", "stop"]:  # the tests' server is everybody's
            continue
        result = cicero(*words)
        assert (line, result.exit_code, result.stderr) == (line, 0, result.stderr)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_is_there_with_its_options(path: Path) -> None:
    commands = dict(walk(typer.main.get_command(build_app())))
    for text in mentioned(path.read_text(encoding="utf-8")):
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


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text):
        assert (target, (path.parent / target).exists()) == (target, True)
