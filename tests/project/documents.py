"""What stands in a document: the lines that somebody types, and what is then seen."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
_MADE = {"changelog.md", "commands.md"}  # the past; tests/project/test_examples.py
DOCUMENTS = {
    str(path.relative_to(CHECKOUT)): path.read_text(encoding="utf-8")
    for path in [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
    if path.name not in _MADE
}
_SETTING = re.compile(r"([A-Z][A-Z_]+)=(.*)")
_LINE = re.compile(r"(?P<typed>.*?)(?:(?: {2,}| +# ?)(?P<remark>\S.*))?")


@dataclass(frozen=True)
class Typed:
    """A line of the shell: `words` of cicero, behind settings; without words the settings hold from here on.

    `into` is the file behind `>`; `exit_code` is 0, or what a remark behind the line tells: `# exit code 3`.
    """

    line: str
    settings: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    into: str | None = None
    exit_code: int = 0


@dataclass(frozen=True)
class Seen:
    """A block fenced as `text`: what the command above it writes; `…` stands for anything."""

    lines: tuple[str, ...]

    def missing_from(self, output: str) -> str | None:
        """The first of its lines that the output has not, in their order; blanks count as one."""
        left = iter([" ".join(line.split()) for line in output.splitlines()])
        for line in self.lines:
            wanted = re.escape(" ".join(line.split())).replace("…", ".*")
            if not any(re.fullmatch(wanted, each) for each in left):
                return line
        return None


def read(document: str) -> Iterator[Typed | Seen]:
    """What is typed and seen, in the document's order."""
    for language, lines in blocks(document):
        if language == "text":
            yield Seen(tuple(lines))
        else:
            yield from filter(None, map(read_line, lines))


def blocks(document: str) -> Iterator[tuple[str, list[str]]]:
    """What stands in fences (with their language) or is indented, but for the files of other programs."""
    fence: str | None = None
    lines = list[str]()
    for line in [*document.splitlines(), ""]:
        mark = re.match(r" *```(\w*)", line)
        if fence is None and not mark and line.startswith("    "):
            lines.append(line.strip())
        elif fence is not None and not mark:
            lines.append(line)
        else:
            if lines and fence in {None, "", "sh", "text"}:
                yield fence or "", lines
            fence, lines = (mark[1] if mark and fence is None else None), []


def read_line(line: str) -> Typed | None:
    """None for what is nothing of cicero's."""
    found = _LINE.fullmatch(line)
    assert found is not None
    text = re.sub(r"^su cicero -c '(.*)'$", r"\1", found["typed"]).removeprefix("export ")
    try:
        words = shlex.split(text)
    except ValueError:  # no line of a shell
        return None
    settings = {}
    while words and (setting := _SETTING.fullmatch(words[0])):
        settings[setting[1]] = setting[2]
        words = words[1:]
    if words and Path(words[0]).name != "cicero":
        return None
    if not words and not settings:
        return None
    into = words[-1] if ">" in words else None
    words = words[: words.index(">")] if into else words
    told = re.search(r"exit code (\d+)", found["remark"] or "")
    return Typed(line, settings, tuple(words[1:]), into, int(told[1]) if told else 0)


def mentioned(document: str) -> list[str]:
    """Everything of cicero that stands in a document as something to type, in a sentence too."""
    return [*in_blocks(document), *re.findall(r"`(cicero [a-z][^`]*)`", document)]


def in_blocks(document: str) -> list[str]:
    """What stands in blocks alone."""
    lines = [line for language, lines in blocks(document) if language != "text" for line in lines]
    found = [re.match(r"(?:.*[ '/])?(cicero [a-z].*)", line) for line in lines]
    return [re.split(r"  +| +# |' ", each[1])[0] for each in found if each]
