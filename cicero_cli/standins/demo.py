"""A day of cicero, played on a database of its own that is gone afterwards: what `cicero demo` shows.

Each step is the real command in a process of its own, so the output is what an admin would see.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shlex import quote

from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database import embedded
from cicero_cli.standins.rosters import choose_engaged, read_handles, write_workbook
from cicero_cli.standins.upstream.accounts import StandInAccount, plan_account
from cicero_cli.standins.upstream.server import StandIn
from cicero_cli.standins.whatsapp import Message, Phones, render_inbox
from cicero_cli.standins.whatsapp import StandIn as WhatsappStandIn

_SAMPLE = Path(__file__).resolve().parent / "sample"
_POSTS_A_DAY = 3
_GROUP = "120363012345678901@g.us"
_CLIENTS = {
    "POLRES_ALFA": ("Polres Alfa", "polres.alfa", "polres_alfa", "WIB", "polres_alfa.csv"),
    "POLRES_BRAVO": ("Polres Bravo", "polres.bravo", "polres_bravo", "WITA", "polres_bravo.csv"),
}
# on file with a letter too many: what `absensi explain` finds out
_MISTYPED = {"sari.saputra1x": "sari.saputra1"}

Say = Callable[[str], None]


def play_day(say: Say, *, now: datetime) -> None:
    """Set two clients up and play one day of theirs; `say` gets every line.

    Nothing outside a temporary folder is read or written: no setting, no `.env`, no installation's data.
    SettingError when TMPDIR holds no place for a database's socket; CiceroError names the step that failed.
    """
    with tempfile.TemporaryDirectory(prefix="cicero-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        embedded.check_name(home, setting="TMPDIR")
        phones = Phones(groups={_GROUP: "Humas Polres Alfa"})
        with (
            StandIn(_plan_accounts(now), is_padded=True) as upstream,
            WhatsappStandIn(phones) as whatsapp,
            _database(home),
        ):
            environ = {
                **_bare_environment(),
                "CICERO_DATA_DIR": str(home),
                "CICERO_INSTAGRAM_URL": upstream.url,
                "CICERO_TIKTOK_URL": upstream.url,
                "CICERO_RATE": "100",
                "RAPIDAPI_KEY": "demo",
                "CICERO_WHATSAPP": "waha",
                "CICERO_WAHA_URL": whatsapp.url,
                "CICERO_WAHA_KEY": "stand-in-key",
                "CICERO_WA_GAP": "0",  # nobody is banned here
                "CICERO_WA_GAP_USER": "0",
                "CICERO_QUIET_HOURS": "00:00-00:00",
                "NO_COLOR": "1",
            }
            say("A day of cicero, on a database of its own and made-up accounts.")
            for title, steps in _chapters(home):
                say(f"\n== {title}")
                for words in steps:
                    say(f"\n$ cicero {' '.join(quote(_short(word)) for word in words)}")
                    say(_run(words, environ, home).rstrip("\n"))
            say("\n== What arrives on their phones\n")
            say(_show_inbox(whatsapp.inbox))
    say(_NEXT)


def _show_inbox(messages: Sequence[Message]) -> str:
    """The group's chat and one person's; the others look alike."""
    reports = [message for message in messages if message.recipient == _GROUP]
    reminders = [message for message in messages if message.recipient != _GROUP]
    shown = render_inbox(
        [*reports, *reminders[:1]],
        names={_GROUP: "Humas Polres Alfa"},
        zone=HOME_ZONE,
    )
    return f"{shown.rstrip()}\n\n… and {len(reminders) - 1} more reminders, each with its own list"


def _chapters(home: Path) -> Iterator[tuple[str, list[list[str]]]]:
    set_up = [["init"]]
    for client_id, (nama, insta, tiktok, zone, roster) in _CLIENTS.items():
        words = ["client", "add", client_id, "--nama", nama, "--insta", insta, "--tiktok", tiktok]
        if client_id == "POLRES_ALFA":
            words += ["--group", _GROUP]
        people = _SAMPLE / roster
        if client_id == "POLRES_BRAVO":
            people = home / "Data Personel.xlsx"
            people.write_bytes(write_workbook(_SAMPLE / roster, f"Daftar Personel {nama}"))
        set_up += [
            [*words, "--timezone", zone],
            ["user", "import", str(people), "--client", client_id],
        ]
    yield "Set-up: two clients and their people, from a CSV and from an Excel workbook", set_up
    yield "What cron does every hour", [["fetch", "insta"], ["fetch", "tiktok"]]
    yield "Who has engaged", [["absensi", "show", "insta", "--client", "polres_alfa"]]
    yield "The report for the admins", [["laphar", "show", "semua", "--client", "polres_alfa"]]
    yield '"I did like it!"', [["absensi", "explain", "92061017", "--platform", "insta"]]
    send = [
        ["tugas", "send", "--client", "polres_alfa"],
        ["laphar", "send", "semua", "--client", "polres_alfa"],
        ["remind", "--client", "polres_alfa"],
        ["outbox", "deliver"],
    ]
    yield "New tasks, reports and reminders go out over WhatsApp", send
    yield "What it cost", [["status"]]


_NEXT = """
== Next, with your own accounts

  cicero init                                  the database, kept this time
  export RAPIDAPI_KEY=...                      subscribe to social-api4 and tiktok-api23 at RapidAPI
  cicero client add MY_UNIT --nama 'My unit' --insta my.unit --tiktok my_unit
  cicero user import people.xlsx --client MY_UNIT --dry-run   CSV, Excel, LibreOffice or a Google Sheet's address
  cicero user import people.xlsx --client MY_UNIT
  cicero fetch insta && cicero laphar show insta

WhatsApp: run WAHA or gowa, set CICERO_WHATSAPP and its settings, then cicero wa test 0812...
Then cron does it all: crontab.example. What is still missing: cicero doctor. All commands: cicero --help,
docs/commands.md. A page to look at: cicero serve (docs/operations.md)."""


def _short(word: str) -> str:
    return Path(word).name if word.endswith((".csv", ".xlsx")) else word


def _run(words: list[str], environ: Mapping[str, str], home: Path) -> str:
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "cicero_cli", *words],
        env=dict(environ),
        cwd=home,  # no .env of the user's is read
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CiceroError(
            f"the demo stopped at `cicero {' '.join(words)}`, exit {done.returncode}: {done.stderr.strip()}"
        )
    return done.stdout + done.stderr


def _bare_environment() -> dict[str, str]:
    ours = {name for setting in SETTINGS for name in (setting.name, f"{setting.name}_FILE")}
    return {
        name: value for name, value in os.environ.items() if name not in {*ours, "CICERO_ENV_FILE"}
    }


@contextmanager
def _database(home: Path) -> Iterator[None]:
    try:
        yield
    finally:
        embedded.stop(home)


def _plan_accounts(now: datetime) -> list[StandInAccount]:
    accounts = []
    for _, insta, tiktok, zone, roster in _CLIENTS.values():
        place = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar"}[zone]
        for platform, username in ((Platform.INSTA, insta), (Platform.TIKTOK, tiktok)):
            handles = [
                _MISTYPED.get(handle, handle) for handle in read_handles(_SAMPLE / roster, platform)
            ]
            accounts.append(
                plan_account(
                    platform,
                    username,
                    now=now,
                    posts_a_day=_POSTS_A_DAY,
                    chosen=choose_engaged(handles, _POSTS_A_DAY),
                    zone=place,
                    strangers=180,
                )
            )
    return accounts
