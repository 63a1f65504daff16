"""The states in which the documents find a machine: what is on file, and what stands in for the outside."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.google.server import StandIn as GoogleStandIn
from cicero_cli.standins.google.spreadsheets import Cell, Spreadsheet, Tab, as_workbook
from cicero_cli.standins.rosters import choose_engaged, read_handles
from cicero_cli.standins.upstream.accounts import plan_account
from cicero_cli.standins.upstream.server import StandIn
from cicero_cli.standins.whatsapp import StandIn as WhatsappStandIn
from tests.cli.test_migrate_v2 import JUNE_2025, add_people, add_post
from tests.conftest import Result, Run
from tests.programs import give_crontab, running_cron
from tests.project.documents import DOCUMENTS, Typed

SHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
HEADINGS: list[Cell] = ["NRP", "Nama", "Instagram"]
BUDI: list[Cell] = ["85010001", "Budi", "budi"]
ANI: list[Cell] = ["85010002", "Ani", "ani"]
CITRA: list[Cell] = ["85010003", "Citra", "citra"]
DEWI: list[Cell] = ["85010004", "Dewi", "dewi"]
VILLAGE_SHEET = "1VillageEfGhIjKlMnOpQrStUvWxYz"
VILLAGERS: list[list[Cell]] = [
    ["85010001", "Budi Santoso", "budi.s"],
    ["9985010001", "Budi S", "budi.dua"],
    ["75020201", "Citra", "citra"],
    ["75020202", "Dewi", "dewi"],
]
GROUPS = ("120363000000000001@g.us", "120363012345678901@g.us")
PEOPLE = re.sub(
    "^    ",
    "",
    *re.findall(r"<<END\n(.*?)    END$", DOCUMENTS["docs/tutorial.md"], re.S | re.M),
    flags=re.M,
)
_ACCOUNTS = ("polres.000", "polres.a", "polres_a", "ditbinmas.contoh")


@dataclass
class Place:
    """A folder and an installation: what a document calls a thing, and what that is here."""

    folder: Path
    run: Run
    meant: dict[str, str | Callable[[], str]] = field(default_factory=dict)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)

    def follow(self, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Result:
        """Do what the line says."""
        if step := self.before.get(typed.line):
            step()
        settings = {name: self.here(value) for name, value in typed.settings.items()}
        for name, value in settings.items() if not typed.words else ():
            monkeypatch.setenv(name, value)
        if not typed.words:
            return Result(0, "", "")
        with pytest.MonkeyPatch.context() as meanwhile:
            for name, value in settings.items():
                meanwhile.setenv(name, value)
            if typed.words == ("db", "stop"):  # not the tests' server, which is everybody's
                meanwhile.delenv("DATABASE_URL")
            if typed.into:
                return self._keep(typed, meanwhile)
            return self.run(*map(self.here, typed.words))

    def here(self, text: str) -> str:
        """The text with what its names mean in this place."""
        for name, meaning in self.meant.items():
            if name in text:
                text = text.replace(name, meaning if isinstance(meaning, str) else meaning())
        return re.sub(r"(?<!\S)/(etc|var|mnt)/", rf"{self.folder}/\1/", text)

    def _keep(self, typed: Typed, meanwhile: pytest.MonkeyPatch) -> Result:
        """A result that may be no text goes into a file."""
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        meanwhile.setattr(sys, "stdout", out)
        result = self.run(*map(self.here, typed.words))
        (self.folder / str(typed.into)).write_bytes(out.buffer.getvalue())
        return result


@dataclass(frozen=True)
class Outside:
    """What stands in for Instagram, TikTok, Google and a gateway: the settings that lead there, and what documents call it."""

    settings: dict[str, str]
    meant: dict[str, str | Callable[[], str]]


@contextmanager
def outside() -> Iterator[Outside]:
    """The tutorial's people have engaged with every account that a document names."""
    with TemporaryDirectory() as folder:
        people = Path(folder) / "people.csv"
        people.write_text(PEOPLE, encoding="utf-8")
        accounts = [
            plan_account(
                platform,
                username,
                now=clock.now(),
                chosen=choose_engaged(read_handles(people, platform), 3),
            )
            for platform in Platform
            for username in _ACCOUNTS
        ]
    with (
        StandIn(accounts) as upstream,
        WhatsappStandIn() as whatsapp,
        GoogleStandIn(
            [_spreadsheet(SHEET, [BUDI, ANI, CITRA]), _spreadsheet(VILLAGE_SHEET, VILLAGERS)]
        ) as google,
    ):
        whatsapp.phones.groups |= dict.fromkeys(GROUPS, "Humas Polres A")
        yield Outside(
            {
                "CICERO_INSTAGRAM_URL": upstream.url,
                "CICERO_TIKTOK_URL": upstream.url,
                "RAPIDAPI_KEY": "practice",
                "CICERO_RATE": "1000",
                "CICERO_WA_GAP": "0",
                "CICERO_WA_GAP_USER": "0",
                "CICERO_WHATSAPP": "waha",
                "CICERO_WAHA_URL": whatsapp.url,
                "CICERO_WAHA_KEY": "stand-in-key",
                "CICERO_GOOGLE_DOCS_URL": google.url,
                "CICERO_GOOGLE_SHEETS_URL": google.url,
            },
            {
                "http://127.0.0.1:8091": upstream.url,
                "/d/KEY/": f"/d/{SHEET}/",
                "…": "practice",
            },
        )


@contextmanager
def settle(
    world: Outside, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """A folder with the tutorial's people, on a machine with cron, from which the world is reached."""
    (folder / "practice").mkdir()
    for name in ("practice/people.csv", "people.csv", "personel.csv"):
        (folder / name).write_text(PEOPLE, encoding="utf-8")
    alike = {
        "LANGUAGE": "",
        "CICERO_QUIET_HOURS": "00:00-00:00",
    }  # at night too; CICERO_LANG=id changes the one
    for name, value in {**world.settings, **alike}.items():
        monkeypatch.setenv(name, value)
    give_crontab(folder, monkeypatch)
    with running_cron(folder):
        yield Place(folder, run, {**world.meant, "$PWD": str(folder)})


def import_story(place: Place) -> None:
    """Two clients with people, one import, and the sheets that the document names."""
    for client_id in ("X", "Y"):
        place.run("client", "add", client_id, "--nama", f"Polres {client_id}")
    write_sheet(place.folder, "first.xlsx", {"Personel": [HEADINGS, BUDI, ANI]})
    write_sheet(
        place.folder, "all.xlsx", {"Personel": [[*HEADINGS, "SATKER"], [*BUDI, "Polres X"]]}
    )
    write_sheet(place.folder, "tabs.xlsx", {"X": [HEADINGS, BUDI], "Polres Y": [HEADINGS, DEWI]})
    write_sheet(place.folder, "mutasi.xlsx", {"Personel": [HEADINGS, ["85010009", "Eka", "eka"]]})
    write_sheet(
        place.folder, "satker.xlsx", {"Satker": [["KODE", "NAMA SATKER"], ["Z", "Polres Z"]]}
    )
    place.run("user", "add", "85010009", "--client", "Y", "--nama", "Eka")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("ALTER SEQUENCE user_import_import_id_seq RESTART WITH 11")
    place.run("user", "import", "first.xlsx", "--client", "X")
    filled = [[*HEADINGS, "Kolom Sheet"], [*BUDI, "BAG OPS"], [*CITRA, "SAT LANTAS"]]
    place.before["cicero user import people.xlsx --client X --map 'Kolom Sheet=divisi'"] = lambda: (
        write_sheet(place.folder, "people.xlsx", {"Personel": filled})
    )


def moving_story(place: Place, empty: str) -> None:
    """A database of Cicero_V2's."""
    with psycopg.connect(empty, autocommit=True) as old:
        old.execute(JUNE_2025.encode())
        add_people(old)
        old.execute('UPDATE "user" SET whatsapp = NULL')
        add_post(old, ["Budi.Ops", "sari", "stranger"])
    for name in ("postgresql://user@host/cicero", "postgresql://v2@db/cicero"):
        place.meant[name] = as_url(empty)


def operations_story(place: Place, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client, a file of settings, a terminal where somebody agrees, an empty database for the restored one."""
    place.meant["FILE"] = lambda: str(max(place.folder.rglob("*.dump")))
    (place.folder / "etc").mkdir()
    settings = place.folder / "etc" / "cicero.env"
    settings.write_text("RAPIDAPI_KEY=practice\n", encoding="utf-8")
    settings.chmod(0o600)
    place.run("client", "add", "POLRES_A", "--nama", "Polres A", "--insta", "polres.a")
    restore = (
        "cicero db restore FILE                   into the configured one, which must be empty"
    )
    prune = "cicero db prune --keep 400d              at once; asks first, --yes for scripts"
    place.before = {
        restore: lambda: monkeypatch.setenv("DATABASE_URL", as_url(empty)),
        prune: lambda: monkeypatch.setattr(sys, "stdin", Agreeing("y\n")),
    }


class Agreeing(io.StringIO):
    """A terminal where somebody says what it is made with."""

    def isatty(self) -> bool:
        return True


def as_url(conninfo: str) -> str:
    """The address of a test's database."""
    parts = dict(part.split("=", 1) for part in conninfo.split(" "))
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


def write_sheet(folder: Path, name: str, tabs: dict[str, Sequence[Sequence[Cell]]]) -> None:
    """A workbook, by the titles of its tabs."""
    sheet = Spreadsheet(
        key=SHEET, tabs=[Tab(title=title, rows=rows) for title, rows in tabs.items()]
    )
    (folder / name).write_bytes(as_workbook(sheet))


def _spreadsheet(key: str, people: Sequence[Sequence[Cell]]) -> Spreadsheet:
    return Spreadsheet(key=key, tabs=[Tab(title="Personel", gid=7, rows=[HEADINGS, *people])])
