"""The fields of every command's JSON: those that the tests saw (json_fields.txt), with what each means."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from _json_meanings import MEANINGS

_LIST = Path(__file__).with_name("json_fields.txt")
_WHOLE = {".": "An object:", "[]": "An array of objects:"}


def json_markdown() -> str:
    """A chapter for each document; commands that write the same one share it.

    LookupError for a field without a meaning, and for a meaning that no field has.
    """
    left = set(MEANINGS)
    sharing: dict[str, list[str]] = defaultdict(list)
    for command, paths in _read_fields().items():
        sharing[_table(command, paths, left)].append(command)
    if left:
        raise LookupError(f"docs/_json_meanings.py: no field is called {sorted(left)}")
    chapters = sorted((commands, table) for table, commands in sharing.items())
    return "\n\n".join(f"## {', '.join(commands)}\n\n{table}" for commands, table in chapters)


def _read_fields() -> dict[str, list[str]]:
    """By command; what was empty once is told by what it holds."""
    fields = defaultdict(list)
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        command, path = line.split(": ")
        fields[command].append(path)
    return {
        command: [
            path
            for path in paths
            if not any(each.startswith((f"{path}.", f"{path}[")) for each in paths)
        ]
        for command, paths in fields.items()
    }


def _table(command: str, paths: list[str], left: set[str]) -> str:
    whole = " Or: ".join(_WHOLE[path] for path in paths if path in _WHOLE)
    rows = [
        f"| `{path}` | {_meaning(command, path, left)} |" for path in paths if path not in _WHOLE
    ]
    return "\n".join([whole, "", "| field | meaning |", "|---|---|", *rows] if rows else [whole])


def _meaning(command: str, path: str, left: set[str]) -> str:
    """By the command and the name, else by what the name stands in, else by the noun, else by the name alone."""
    *above, name = path.replace("[]", "").split(".")
    within = [".".join(above[index:]) for index in range(len(above))]
    for place in (command, *within, *reversed(above), command.split(maxsplit=1)[0]):
        if (key := f"{place}.{name}") in MEANINGS:
            break
    else:
        key = name
    if key not in MEANINGS:
        raise LookupError(f"docs/_json_meanings.py does not say what {path} of `{command}` is")
    left.discard(key)
    return MEANINGS[key]
