from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = ROOT / "sql" / "schema.sql"


def test_the_page_of_the_schema_is_current(database: str) -> None:
    program = (
        "import sys; from docs._schema import dump_schema; print(dump_schema(sys.argv[1]), end='')"
    )
    dumped = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert dumped.stdout == SCHEMA.read_text(encoding="utf-8"), "run: make schema"


def test_the_page_of_the_schema_leaves_nothing_out(database: str) -> None:
    page = SCHEMA.read_text(encoding="utf-8")
    with psycopg.connect(database) as connection:
        names = {
            name
            for (name,) in connection.execute(
                """
                SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
                    AND relname <> 'schema_migrations' AND NOT attisdropped
                UNION SELECT conname FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
                UNION SELECT relname FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'i')
                UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
                UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                """
            )
        }

    missing = {name for name in names if not re.search(rf"\b{re.escape(name)}\b", page)}
    assert missing == {"schema_migrations", "schema_migrations_pkey"}
