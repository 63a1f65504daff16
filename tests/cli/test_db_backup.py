"""Backups: taken beside work, read back, kept few; brought into an empty database with equal figures."""

from __future__ import annotations

import json
import re
import stat
import threading
from datetime import date
from pathlib import Path

import psycopg
import pytest

from cicero_cli.domain.collection.posts import Engagement, UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store, connect
from tests.conftest import Run
from tests.services.fakes import at


@pytest.fixture
def polres_a(cicero: Run, store: Store) -> Store:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for number in range(20):
        handle = f"user{number}"
        cicero("user", "add", str(85010000 + number), "--client", "polres_a", "--nama", handle, "--insta", handle)  # fmt: skip
    post = UpstreamPost(post_key="p1", published_at=at("2026-11-21 02:00"), like_count=20)
    store.posts(Platform.INSTA).store("POLRES_A", [post], now=at("2026-11-21 03:00"))
    return store


def figures(cicero: Run) -> object:
    shown = cicero("absensi", "show", "insta", "--client", "polres_a", "--date", "2026-11-21", "--json")  # fmt: skip
    return json.loads(shown.stdout)


def dump(cicero: Run, folder: Path, *words: str) -> Path:
    taken = cicero("db", "backup", "--to", str(folder), "--json", *words)
    assert taken.exit_code == 0, taken.stderr
    return Path(json.loads(taken.stdout)["file"])


def test_a_backup_taken_during_a_fetch_has_equal_figures_when_it_is_restored(
    polres_a: Store, cicero: Run, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 11, 21)
    [post] = polres_a.posts(Platform.INSTA).list("POLRES_A", first_day=day, last_day=day)
    stop = threading.Event()

    def fetch() -> None:
        with connect(database, hint="") as connection:
            engagement, seen = Store(connection).engagement(Platform.INSTA), 0
            while not stop.is_set() and seen < 20:
                seen += 1
                likes = tuple(f"user{number}" for number in range(seen))
                engagement.store(
                    post.post_id, Engagement(total=20, likes=likes), now=at("2026-11-21 04:00")
                )

    fetching = threading.Thread(target=fetch)
    fetching.start()
    file = dump(cicero, tmp_path / "backups")
    stop.set()
    fetching.join()
    name = f"{psycopg.conninfo.conninfo_to_dict(database)['dbname']}_restored"
    try:
        restored = cicero("db", "restore", str(file), "--database", name)
        assert (restored.exit_code, restored.stdout) == (0, f"{file} was restored.\n")
        told = re.search(r"DATABASE_URL='(.+)'", restored.stderr)
        assert told is not None
        monkeypatch.setenv("DATABASE_URL", told[1])
        shown = figures(cicero)
        with connect(psycopg.conninfo.make_conninfo(database, dbname=name), hint="") as other:
            likes = other.execute("SELECT count(*) FROM engagement").fetchone()
        assert isinstance(shown, dict)
        assert likes == (sum(user["done"] for user in shown["users"]),)
        again = cicero("db", "restore", str(file))
        assert (again.exit_code, again.stderr) == (
            2,
            "cicero: the database holds tables already, so nothing was restored"
            " (name an empty one: cicero db restore FILE --database NAME)\n",
        )
    finally:
        with connect(database, hint="") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload] # the test's own name


@pytest.mark.usefixtures("polres_a")
def test_a_backup_is_its_owners_alone_and_only_the_newest_are_kept(
    cicero: Run, tmp_path: Path
) -> None:
    for day in range(3):
        (tmp_path / f"cicero-2026110{day + 1}T190000Z.dump").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")

    file = dump(cicero, tmp_path, "--keep", "2")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cicero-20261103T190000Z.dump",
        file.name,
        "notes.txt",
    ]
    assert cicero("db", "restore", str(file), "--check").stdout == f"{file} is whole.\n"


@pytest.mark.usefixtures("polres_a")
def test_a_file_that_is_cut_is_no_backup(cicero: Run, tmp_path: Path) -> None:
    file = dump(cicero, tmp_path)
    file.write_bytes(file.read_bytes()[:-200])

    refused = cicero("db", "restore", str(file), "--check")
    absent = cicero("db", "restore", str(tmp_path / "nothing"), "--check")

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"cicero: {file} is no whole backup: pg_restore: error: ")
    assert absent.stderr == (
        f"cicero: {tmp_path / 'nothing'} cannot be read: No such file or directory\n"
    )


@pytest.mark.usefixtures("polres_a")
def test_a_folder_that_one_cannot_write_to_gets_nothing(cicero: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    refused = cicero("db", "backup", "--to", str(tmp_path / "file"))

    assert (refused.exit_code, refused.stderr) == (
        2,
        f"cicero: {tmp_path / 'file'} cannot be written to: File exists\n",
    )


def test_somebody_elses_server_is_not_stopped(cicero: Run) -> None:
    refused = cicero("db", "stop")

    assert (refused.exit_code, refused.stderr) == (
        2,
        "cicero: the server of DATABASE_URL is not cicero's to stop (ask whoever runs it)\n",
    )


@pytest.mark.usefixtures("polres_a")
def test_cron_takes_one_a_night_into_the_folder_of_the_settings(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_BACKUP_TO", str(tmp_path / "nas"))
    monkeypatch.setenv("CICERO_BACKUP_KEEP", "1")
    (tmp_path / "nas").mkdir()
    (tmp_path / "nas" / "cicero-20261101T190000Z.dump").touch()

    first, second = (cicero("db", "backup", "--due") for _ in range(2))

    (file,) = (tmp_path / "nas").iterdir()
    assert first.stdout.startswith(f"{file}: ")
    assert first.stderr == f"removed: {tmp_path}/nas/cicero-20261101T190000Z.dump\n"
    assert (second.exit_code, second.stdout, second.stderr) == (0, "", "")
