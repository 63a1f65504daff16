from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from cicero_cli import errors
from cicero_cli.cli import main
from cicero_cli.core import clock
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.errors import CiceroError, DatabaseError, ExitCode
from cicero_cli.repositories.database.refusals import translated_errors
from cicero_cli.repositories.database.store import Store, connect
from tests.conftest import Run


def all_errors() -> list[type[CiceroError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, CiceroError)
    ]


def test_every_error_has_a_word_of_its_own_for_scripts() -> None:
    words = [kind.code for kind in all_errors()]

    assert len(words) == len(set(words))
    assert all(word == word.lower() and word.isidentifier() for word in words)


def error_of(result_stderr: str) -> dict[str, str]:
    """The one error that a script reads."""
    [line] = result_stderr.splitlines()
    document = json.loads(line)
    assert list(document) == ["error"]
    assert list(document["error"]) == ["code", "message", "hint", "params"]
    return {name: said for name, said in document["error"].items() if name != "params"}


@pytest.fixture
def polres_a(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (
            ["client", "show", "polres_b", "--json"],
            2,
            {
                "code": "not_found",
                "message": "there is no client POLRES_B",
                "hint": "there are: POLRES_A",
            },
        ),
        (
            ["client", "set", "polres_a", "--timezone", "UTC", "--output", "json"],
            2,
            {
                "code": "bad_input",
                "message": "--timezone 'UTC': expected Asia/Jakarta (WIB), Asia/Makassar (WITA) or"
                " Asia/Jayapura (WIT); nothing was changed",
                "hint": "",
            },
        ),
        (
            ["client", "remove", "polres_a", "--output=json"],
            1,
            {
                "code": "failed",
                "message": "Remove POLRES_A (Polres A) and its users from today on?"
                " Nothing was done",
                "hint": "repeat the command with --yes",
            },
        ),
        (
            ["fetch", "insta", "--json"],
            78,
            {
                "code": "bad_setting",
                "message": "RAPIDAPI_KEY is not set, so nothing can be fetched",
                "hint": "put RAPIDAPI_KEY=… into the environment or into .env"
                " (rapidapi.com, your app, Security)",
            },
        ),
        (
            ["client", "list", "--json", "--zz"],
            2,
            {
                "code": "bad_input",
                "message": "No such option: --zz",
                "hint": "see: cicero client list --help",
            },
        ),
        (
            ["client", "add", "--json"],
            2,
            {
                "code": "bad_input",
                "message": "Missing argument 'CLIENT_ID'.",
                "hint": "see: cicero client add --help",
            },
        ),
        (
            ["klien", "--json"],
            2,
            {
                "code": "bad_input",
                "message": "No such command 'klien'. Did you mean 'client', 'komplain'?",
                "hint": "see: cicero --help",
            },
        ),
    ],
)
def test_an_error_is_one_json_object_for_a_script_and_one_line_for_a_person(
    words: list[str], code: int, error: dict[str, str], cicero: Run, polres_a: None
) -> None:
    result = cicero(*words)
    assert (result.exit_code, result.stdout, error_of(result.stderr)) == (code, "", error)

    for_a_person = cicero(*(word for word in words if "json" not in word and word != "--output"))
    hint = f" ({error['hint']})" if error["hint"] else ""
    assert (for_a_person.exit_code, for_a_person.stderr) == (
        code,
        f"cicero: {error['message']}{hint}\n",
    )


def test_a_missing_database_an_absent_one_and_a_wrong_address_are_told_apart(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(empty_database)
    addresses = {
        "database": f"postgresql://postgres@/{parts['dbname']}?host={parts['host']}",
        "try_later": f"postgresql://postgres@/postgres?host={parts['host']}/nowhere",
        "bad_setting": f"postgresql://postgres@/nowhere?host={parts['host']}",
    }
    codes = {}
    for word, address in addresses.items():
        monkeypatch.setenv("DATABASE_URL", address)
        exit_code = main(["client", "list", "--json"])
        codes[error_of(capsys.readouterr().err)["code"]] = exit_code
        assert word in codes

    assert codes == {"database": 1, "try_later": 75, "bad_setting": 78}


@pytest.mark.parametrize(
    ("job", "words"), [("laphar send", ["laphar", "send", "insta"]), ("remind", ["remind"])]
)
def test_of_two_at_once_the_second_says_try_later(
    job: str, words: list[str], cicero: Run, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    with connect(database, hint="") as connection, Store(connection).job_lock(job):
        assert cicero(*words).exit_code == 75
        assert cicero(*words, "--dry-run").exit_code != 75
    assert cicero(*words).exit_code != 75


def test_busy_and_quota_are_told_apart(
    cicero: Run, polres_a: None, database: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPIDAPI_KEY", "geheim-1234567890")
    monkeypatch.setenv("CICERO_INSTAGRAM_URL", "http://127.0.0.1:9")
    with connect(database, hint="") as connection, Store(connection).job_lock("fetch insta"):
        busy = cicero("fetch", "insta", "--json")
    until = clock.now().replace(year=2999)
    store.usage.add("127.0.0.1:9", Meter(), exhausted_until=until, now=clock.now())
    quota = cicero("fetch", "insta", "--json")

    assert (busy.exit_code, error_of(busy.stderr)["code"]) == (75, "busy")
    assert (quota.exit_code, error_of(quota.stderr)["code"]) == (75, "quota")


def test_a_noun_without_a_verb_shows_its_help(cicero: Run) -> None:
    result = cicero("client")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: cicero client ")


@pytest.fixture
def many_clients(store: Store, cicero: Run) -> None:
    """More than a pipe holds."""
    store.connection.execute(
        "INSERT INTO clients (client_id, nama) SELECT 'C' || n, repeat('Polres', 20) || n"
        " FROM generate_series(1, 1000) AS n"
    )


@pytest.mark.parametrize("words", [(), ("--json",), ("--output", "ndjson"), ("--output", "csv")])
def test_a_reader_that_has_seen_enough_is_no_error(
    words: tuple[str, ...], many_clients: None
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cicero_cli", "client", "list", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()  # as `| head -1` does
        stderr = running.stderr.read()

    assert (running.returncode, stderr) == (0, "")


def test_quiet_leaves_only_errors_on_stderr(cicero: Run) -> None:
    loud = cicero("client", "list")
    quiet = cicero("client", "list", "-q")

    assert loud.stderr == "there are no clients yet; add one with: cicero client add\n"
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, loud.stdout, "")
    assert cicero("client", "show", "x", "-q").stderr.startswith("cicero: there is no client X")


def test_a_terminal_that_wants_no_colours_gets_none(
    cicero: Run, polres_a: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")

    shown = on_a_terminal("client", "list")

    assert re.search(r"POLRES_A +Polres A +yes +polres\.a +Asia/Jakarta", shown)
    assert not re.search(r"\x1b\[[0-9;]*[349][0-8]", shown)  # bold is no colour


def test_a_pipe_gets_neither_colours_nor_boxes(cicero: Run, polres_a: None) -> None:
    result = cicero("client", "list")

    assert result.stdout.isascii()
    assert "\x1b" not in result.stdout


def on_a_terminal(*words: str) -> str:
    """What a command writes to a terminal of its own."""
    ours, theirs = os.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "cicero_cli", *words], stdout=theirs, stdin=theirs
    )
    os.close(theirs)
    chunks = []
    try:
        while chunk := os.read(ours, 65536):
            chunks.append(chunk)
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    finally:
        os.close(ours)
        running.wait(timeout=30)
    return b"".join(chunks).decode()


@pytest.mark.parametrize(
    ("state", "kind", "message"),
    [
        ("53100", DatabaseError, "the database's disk is full"),
        ("57P01", errors.TryLaterError, "the database stopped answering: went away"),
        ("42501", errors.SettingError, "the database user may not do this: went away"),
    ],
)
def test_what_the_database_complains_of_leaves_as_one_line(
    state: str, kind: type[CiceroError], message: str, store: Store
) -> None:
    complain = f"DO $$ BEGIN RAISE EXCEPTION 'went away' USING ERRCODE = '{state}'; END $$"

    def ask() -> None:
        with translated_errors():
            store.connection.execute(complain)

    with pytest.raises(kind) as caught:
        ask()

    assert type(caught.value) is kind
    assert caught.value.message == message


def test_help_and_version_need_no_database(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cicero ")
    assert main(["--help"]) == 0
    assert not (tmp_path / "data").exists()


def test_an_exit_code_means_one_thing() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "PARTIAL": 3,
        "TRY_LATER": 75,
        "SETTING": 78,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize("words", [["--help"], ["client", "list", "--output", "csv"], ["status"]])
def test_a_result_that_cannot_be_written_is_said_in_one_line(
    words: list[str], cicero: Run, polres_a: None
) -> None:
    with Path("/dev/full").open("w") as full_disk:
        done = subprocess.run(
            [sys.executable, "-m", "cicero_cli", *words],
            stdout=full_disk,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = [line for line in done.stderr.splitlines() if line.startswith("cicero:")]
    assert (done.returncode, said) == (
        1,
        ["cicero: the result could not be written: No space left on device"],
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
