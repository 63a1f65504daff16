from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# spelled so that this file does not hold them itself
FOREIGN = [
    "\x2e./shared",  # what one machine had beside the checkout
    "/work\x2f",
    "/opt/\x70ypi",
    "/roo\x74/",
    "pypi\x2eorg",
    "pythonhosted\x2eorg",
    "index-url=\x68ttp",
]


def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in files()
        for word in FOREIGN
        if word.encode() in path.read_bytes()
    ]

    assert found == []


@pytest.mark.parametrize("lock", ["dev.txt", "run.txt", "serve.txt"])
def test_locks_hold_names_versions_and_hashes_alone(lock: str) -> None:
    """So that pip takes nothing but what was looked at, wherever it comes from."""
    text = (ROOT / ".locks" / lock).read_text(encoding="utf-8").replace("\\\n", " ")

    pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    pin = r"[a-z0-9.-]+(\[[a-z,]+\])?==[0-9][\w.]*(\s+--hash=sha256:[0-9a-f]{64})+"
    odd = [line for line in pins if not re.fullmatch(pin, line.rstrip())]
    assert (bool(pins), odd) == (True, [])


def test_what_runs_is_locked_to_the_same_versions_as_what_tests() -> None:
    def pins(lock: str) -> dict[str, str]:
        text = (ROOT / ".locks" / lock).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", text, flags=re.MULTILINE))

    dev = pins("dev.txt")
    for lock in ("run.txt", "serve.txt"):
        run = pins(lock)
        assert {name: dev.get(name) for name in run} == run


def test_migrations_are_numbered_without_a_gap_and_only_go_forwards() -> None:
    paths = sorted((ROOT / "sql" / "migrations").glob("*.sql"))

    assert [path.name[:4] for path in paths] == [f"{n:04d}" for n in range(1, len(paths) + 1)]
    for path in paths:
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)+\.sql", path.name)
        before, _, down = path.read_text(encoding="utf-8").partition("\n-- migrate:down\n")
        assert before.startswith("-- migrate:up\n")
        assert all(line.startswith("--") or not line for line in down.splitlines())


WINGS = {"roster", "collection", "attendance", "messaging", "access", "operations"}


@pytest.mark.parametrize("floor", ["domain", "services", "repositories"])
def test_every_floor_has_the_same_wings(floor: str) -> None:
    entries = [*(ROOT / "cicero_cli" / floor).iterdir()]

    wings = {entry.name for entry in entries if (entry / "__init__.py").is_file()}
    outside = {entry.name for entry in entries if entry.suffix == ".py"} - {"__init__.py"}
    assert wings - {"database"} == WINGS
    assert len(outside) <= 5


def test_tests_stand_where_the_code_does() -> None:
    """A folder of tests has the name of the folder that it tests."""
    tested = {"domain", "services", "repositories", "gateways", "standins", "web", "core"}
    folders = {
        path.relative_to(ROOT / "tests").parent
        for floor in tested
        for path in (ROOT / "tests" / floor).rglob("test_*.py")
    }

    assert [f"{folder}" for folder in folders if not (ROOT / "cicero_cli" / folder).is_dir()] == []


def test_no_module_is_longer_than_one_sitting() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "cicero_cli").rglob("*.py")
    }

    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}
