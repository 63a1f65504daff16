from __future__ import annotations

import ast
import re
from pathlib import Path

import psycopg
import pytest

import cicero_cli
from cicero_cli.repositories.database.sql_files import load_queries, sql_root

QUERIES = {
    f"{path.stem}.{name}": statement
    for path in sorted((sql_root() / "queries").glob("*.sql"))
    for name, statement in load_queries(path.stem).items()
}
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def test_every_query_plans_against_the_schema(database: str) -> None:
    problems = {}
    with psycopg.connect(database) as connection:
        for name, statement in QUERIES.items():
            try:
                connection.execute(explained(statement))
            except psycopg.Error as error:
                problems[name] = str(error)
            connection.rollback()

    assert problems == {}


def explained(statement: str) -> bytes:
    """The statement with `%(named)s` values as $1, $2 …, planned without any; a setting is just set."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    for number, name in enumerate(names, start=1):
        kind = (
            "::timestamptz" if name == "now" else ""
        )  # the driver says so; arithmetic alone does not
        statement = statement.replace(f"%({name})s", f"${number}{kind}")
    statement = statement.replace("%%", "%")
    first = without_comments(statement).split(maxsplit=1)[0].upper()
    return (f"EXPLAIN (GENERIC_PLAN) {statement}" if first in PLANNED else statement).encode()


def without_comments(statement: str) -> str:
    return re.sub(r"^\s*--.*$", "", statement, flags=re.MULTILINE).strip()


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_says_what_it_is_for(name: str) -> None:
    assert re.match(r"-- \S", QUERIES[name]), f"{name} begins without a comment line"


def test_every_query_is_used() -> None:
    words = [pattern for path in sources() for pattern in names_in(path)]
    known = re.compile("|".join(words))

    unused = [name for name in QUERIES if not known.fullmatch(name.partition(".")[2])]

    assert unused == []


def test_no_query_is_asked_for_that_there_is_not() -> None:
    """`_SQL["name"]` is looked up when it runs; this looks it up now."""
    names = {name.partition(".")[2] for name in QUERIES}

    missing = [
        f"{path.name}: {node.slice.value}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id.isupper()
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
        and "repositories" in path.parts
        and node.slice.value not in names
    ]

    assert missing == []


def sources() -> list[Path]:
    return sorted(Path(cicero_cli.__file__).parent.rglob("*.py"))


def names_in(path: Path) -> list[str]:
    """Patterns of what the file's texts may spell: f"list_{platform}_posts" is any platform's, with any `_suffix`."""
    texts, formats, suffixes = set(), set(), {""}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"[a-z]+(_[a-z]+)+", node.value):
                texts.add(node.value)
            elif re.fullmatch(r"(_[a-z]+)+", node.value):
                suffixes.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "" for part in node.values]
            if len(parts) > 1 and re.fullmatch(r"[a-z_]+", "".join(parts)):
                formats.add("".join(part or "[a-z]+" for part in parts))
    return [*texts, *(f"{text}(?:{'|'.join(sorted(suffixes))})" for text in formats)]
