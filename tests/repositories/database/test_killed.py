"""`cicero init` and `cicero db migrate`, killed at any moment. CICERO_TEST_KILLS=200 for as many moments as a change of them wants."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.clusters import is_starting
from cicero_cli.repositories.database.migrations import migrate, read_status
from cicero_cli.repositories.database.store import connect
from tests.waiting import wait_until

KILLS = int(os.environ.get("CICERO_TEST_KILLS", "5"))
MOMENTS = [random.Random(number).random() for number in range(KILLS)]  # of a whole run, 0 to 1


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("CICERO_DATA_DIR", f"{folder}/data")
        yield Path(folder) / "data"
        embedded.stop(Path(folder) / "data")


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cicero_cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(*words: str) -> str:
    process = start(*words)
    output, _ = process.communicate(timeout=90)
    assert process.returncode == 0, output
    return output


def kill_after(process: subprocess.Popen[str], seconds: float, *, with_children: bool) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if with_children:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="module")
def init_seconds() -> float:
    """How long `cicero init` takes here when nobody disturbs it."""
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "cicero_cli", "init", "-q"],
            env={**os.environ, "CICERO_DATA_DIR": f"{folder}/data"},
            check=True,
            capture_output=True,
        )
        took = time.monotonic() - began
        embedded.stop(Path(folder) / "data")
        return took


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_kept_after_a_killed_init_outlives_the_next_start(
    moment: float, data_dir: Path, init_seconds: float
) -> None:
    kill_after(start("init"), init_seconds * moment, with_children=moment < 0.3)

    run("init")
    run("client", "add", "POLRES_A", "--nama", "Polres A", "--insta", "polres.a")
    embedded.stop(data_dir)

    assert "POLRES_A" in run("client", "list")


def test_a_mark_that_an_older_cicero_left_removes_nothing(data_dir: Path) -> None:
    run("init")
    run("client", "add", "POLRES_A", "--nama", "Polres A", "--insta", "polres.a")
    (data_dir / "runtime" / "being-made").touch()
    embedded.stop(data_dir)

    assert "POLRES_A" in run("client", "list")
    assert not (data_dir / "runtime" / "being-made").exists()


def test_what_was_half_made_in_place_is_set_aside_whole(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "half").write_text("made", encoding="utf-8")

    run("init")

    (aside,) = data_dir.glob("postgres-unfinished-*")
    assert (aside / "half").read_text(encoding="utf-8") == "made"


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_migration_is_finished_by_the_next_run_at_once(
    moment: float, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = dict(part.split("=", 1) for part in empty_database.split(" "))
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    )
    kill_after(start("db", "migrate"), 0.2 + 0.8 * moment, with_children=False)

    run("db", "migrate")

    with connect(empty_database, hint="") as connection:
        assert read_status(connection).pending == ()


def test_a_migration_waits_for_the_statement_of_a_killed_one(empty_database: str) -> None:
    name = "application_name='cicero db migrate'"
    with psycopg.connect(f"{empty_database} {name}") as killed:
        killed.execute("CREATE TABLE clients (client_id text)")
        waited: list[float] = []

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            killed.close()

        with connect(empty_database, hint="") as connection:
            assert len(migrate(connection, sleep=sleep)) > 0
    assert waited != []


@pytest.mark.parametrize("lost", ["global/pg_control", "base/5", ""])
def test_what_an_older_cicero_left_half_made_is_set_aside_also_with_a_version(
    lost: str, data_dir: Path
) -> None:
    """initdb writes PG_VERSION first. Without a loss the mark of an older cicero says that it is not done."""
    run("init")
    embedded.stop(data_dir)
    cluster = data_dir / "postgres"
    (cluster / "postmaster.opts").unlink()
    if lost:
        (cluster / lost).rename(data_dir / "lost")
    else:
        (data_dir / "runtime" / "being-made").touch()

    assert not embedded.exists(data_dir)
    run("init")

    (aside,) = data_dir.glob("postgres-unfinished-*")
    assert (aside / "PG_VERSION").exists()
    assert embedded.exists(data_dir)


def test_a_copy_of_a_cluster_on_which_no_server_ever_ran_is_whole(data_dir: Path) -> None:
    """As pg_basebackup makes it: it leaves postmaster.opts out."""
    run("init")
    run("client", "add", "POLRES_A", "--nama", "Polres A", "--insta", "polres.a")
    embedded.stop(data_dir)
    (data_dir / "postgres" / "postmaster.opts").unlink()

    assert "POLRES_A" in run("client", "list")


def make_slow(data_dir: Path, seconds: int) -> None:
    """A stopped server whose next start has to recover, and asks three times in vain for a log: so many seconds each."""
    run("init")
    embedded.stop(data_dir)
    cluster = data_dir / "postgres"
    owner = cluster.stat()
    (cluster / "recovery.signal").touch()
    os.chown(cluster / "recovery.signal", owner.st_uid, owner.st_gid)
    with (cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(f"restore_command = 'sleep {seconds}; false'\nhot_standby = off\n")


def test_a_start_that_takes_longer_than_the_wheel_waits_is_waited_for(data_dir: Path) -> None:
    make_slow(data_dir, 4)
    beginning = start("db", "status")
    wait_until(lambda: is_starting(data_dir / "postgres"))
    second = start("db", "status")  # finds a server that is starting
    with pytest.raises(subprocess.TimeoutExpired):
        beginning.wait(11)

    for process in (beginning, second):
        output, _ = process.communicate(timeout=60)
        assert (process.returncode, "applied" in output) == (0, True), output


def test_a_start_that_a_killed_command_began_is_waited_for(data_dir: Path) -> None:
    make_slow(data_dir, 2)
    beginning = start("db", "status")
    wait_until(lambda: is_starting(data_dir / "postgres"))
    kill_after(beginning, 0.1, with_children=False)
    with pytest.raises(TryLaterError, match="the embedded database is still starting"):
        embedded.start(
            data_dir, seconds=5, sleep=lambda seconds: None
        )  # as `serve`, which cannot wait

    assert "applied" in run("db", "status")
