"""The example in every command's help (docs/commands.md) does what it says, on a day that has what it speaks of."""

from __future__ import annotations

import os
import shlex
import sys

import psycopg
import pytest

from cicero_cli.cli import main
from tests.json_fields import documented
from tests.project import village
from tests.project.documents import read_line
from tests.project.prepared import (
    HEADINGS,
    VILLAGERS,
    Agreeing,
    Place,
    as_url,
    moving_story,
    write_sheet,
)
from tests.project.test_help import LEAVES

BEFORE = {
    ("client", "add"): ("client", "remove", "POLRES_A", "--erase", "--yes"),
    ("user", "add"): ("user", "remove", "85010001", "--erase", "--yes"),
    ("account", "add"): ("account", "remove", "budi.humas", "--yes"),
    ("wa", "add"): ("wa", "remove", "humas-2", "--yes"),
    ("holiday", "remove"): ("holiday", "add", "2026-12-25", "--name", "Natal"),
    ("db", "restore"): ("db", "backup"),
}
"""What somebody does first: the village has already what these add, and no backup."""


@pytest.fixture(scope="module")
def template(server: str, template: str) -> str:
    """Every test's database is a copy of the village."""
    name = "cicero_village"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setenv("DATABASE_URL", as_url(f"{server} dbname={name}"))
        meanwhile.setenv("CICERO_WHATSAPP", "file")
        meanwhile.setenv("CICERO_WA_FILE", os.devnull)

        def run(*words: str) -> None:
            assert main(words) == 0, words

        village.fill(f"{server} dbname={name}", run)
    return name


@pytest.mark.parametrize("path", [path for path in LEAVES if path != ("serve",)], ids=" ".join)
def test_the_example_of_a_command_works(
    path: tuple[str, ...],
    place: Place,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    example = read_line(LEAVES[path].epilog.removeprefix("Example: "))
    assert example is not None
    if path[-1] in {"remove", "prune", "merge"}:  # they ask first
        monkeypatch.setattr(sys, "stdin", Agreeing("y\n"))
    if path in BEFORE:
        first = place.run(*BEFORE[path])
        assert first.exit_code == 0, first.stderr
    if path == ("migrate-v2",):
        moving_story(place, request.getfixturevalue("empty_database"))
    write_sheet(place.folder, "personel.xlsx", {"Personel": [HEADINGS, *VILLAGERS]})
    write_sheet(
        place.folder, "satker.xlsx", {"Satker": [["KODE", "NAMA SATKER"], ["Z", "Polres Z"]]}
    )
    key = place.folder / "etc" / "cicero" / "humas-2.key"
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_text("KEY")
    place.meant["cicero-20261127T190000Z.dump"] = lambda: str(max(place.folder.rglob("*.dump")))

    result = place.follow(example, monkeypatch)

    assert result.exit_code == 0, result.stdout + result.stderr


SCRIPTED = """
    init
    config show
    config check
    help
    help exit-codes
    template check
    template show laphar --example
    template export --to templates
    cron show
    cron show --systemd
    cron install --logs logs
    cron remove
    wa setup --client polres_a --group 120363012345678901@g.us
    wa test 081234567890
    post list --client POLRES_A --date 2026-11-21
    absensi accept 75020201 --post DExampleKey1 --reason phone
    absensi changes --client POLRES_A --date 2026-11-21
    user set 75020202 --insta some.one
    absensi explain 75020202 --date 2026-11-21
    post exclude DExampleKey1 --reason mistake
    client import other.xlsx --dry-run
    fetch profile insta --client POLRES_A
    outbox mark-sent 17
    outbox retry 18
    outbox cancel 18
    user template --file people.xlsx
    laphar export --client POLRES_A --date 2026-11-21 --file laphar.xlsx
    rekap export --client POLRES_A --period hari --file rekap.xlsx
    user add 85010009 --client POLRES_A --nama Eka
    user remove 85010009 --yes
    client add Z --nama Z
    client remove Z --yes
    account remove budi.humas --yes
    db backup
    db restore FILE --check
"""
"""What no other test writes as JSON."""


def test_every_command_says_which_fields_its_json_has(place: Place) -> None:
    place.meant["FILE"] = lambda: str(max(place.folder.rglob("*.dump")))
    write_sheet(
        place.folder,
        "other.xlsx",
        {"Satker": [["KODE", "NAMA SATKER"], ["POLRES_A", "Kantor Lain"]]},
    )
    for line in SCRIPTED.strip().splitlines():
        result = place.run(*shlex.split(place.here(line.strip())), "--json")
        assert result.exit_code == 0, f"{line}\n{result.stderr}"

    without = {" ".join(path) for path in LEAVES if not documented().get(" ".join(path))}
    assert without == {"db stop", "demo", "serve"}, "what these do, no script reads"
