"""Where the SQL is: `sql/` beside the package in a checkout, `_sql/` inside it in a wheel."""

from __future__ import annotations

import functools
import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def sql_root() -> Path:
    """The folder that holds `queries/` and `migrations/`."""
    packed = _PACKAGE / "_sql"
    return packed if packed.is_dir() else _PACKAGE.parent / "sql"


@functools.cache
def load_queries(noun: str) -> dict[str, str]:
    """The statements of sql/queries/<noun>.sql by the name above each (`-- name: list_clients`)."""
    text = (sql_root() / "queries" / f"{noun}.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {
        name: body.strip().rstrip(";") for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
