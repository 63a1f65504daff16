"""The data dictionary: every table and view with its columns, read from sql/schema.sql, which is made from the migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SCHEMA = Path(__file__).resolve().parent.parent / "sql" / "schema.sql"
_COLUMN = re.compile(r"    \"?(\w+)\"? ([a-z]\w*(?:\(\d+\))?(?: \w*precision)?(?:\[\])?)(.*?),?")


def dictionary_markdown() -> str:
    """A chapter for each table: what it is for, then a row for each column; the views at the end."""
    schema = _SCHEMA.read_text(encoding="utf-8")
    said = {
        name: text.replace("''", "'")
        for name, text in re.findall(r"COMMENT ON (?:TABLE|VIEW) (\S+) IS '(.*)';", schema)
    }
    chapters = [
        f"## {_plain(name)}\n\n{_sentence(said.get(name, ''))}{_columns(body)}"
        for name, body in re.findall(
            r"CREATE TABLE (\S+) \((.*?)^\)", schema, re.DOTALL | re.MULTILINE
        )
    ]
    views = "\n".join(
        f"| {name} | {said.get(name, '')} |" for name in re.findall(r"CREATE VIEW (\S+) AS", schema)
    )
    return "\n".join(chapters) + f"\n## Views\n\n| view | what it shows |\n|---|---|\n{views}"


def _columns(body: str) -> str:
    rows = "\n".join(
        f"| {name} | {kind} | {meaning} |" for name, kind, meaning in _read_columns(body)
    )
    return f"| column | type | meaning |\n|---|---|---|\n{rows}\n"


def _read_columns(body: str) -> Iterator[tuple[str, str, str]]:
    keys = {
        word.strip('" ')
        for listed in re.findall(r"PRIMARY KEY \((.*?)\)", body)
        for word in listed.split(",")
    }
    points = dict(re.findall(r"FOREIGN KEY \((\w+)\) REFERENCES \"?(\w+)", body))
    comment = ""
    for line in body.splitlines():
        if line.startswith("    -- "):
            comment = line.removeprefix("    -- ")
            continue
        column = None if line.startswith("    CONSTRAINT") else _COLUMN.fullmatch(line)
        if column is None:
            continue
        name, kind, rest = column.groups()
        remarks = [
            "key" if name in keys else "",
            f"of {points[name]}" if name in points else "",
            "" if "NOT NULL" in rest or name in keys or "GENERATED" in rest else "may be absent",
            comment.replace("|", "\\|"),
        ]
        yield name, kind, "; ".join(remark for remark in remarks if remark)
        comment = ""


def _plain(name: str) -> str:
    return name.strip('"')


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}.\n\n" if text else ""
