from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from cicero_cli.errors import BusyError, ExitCode
from cicero_cli.repositories.database.store import Store, connect


@pytest.fixture
def other(database: str) -> Iterator[Store]:
    """A second run's store on the same database."""
    with connect(database, hint="") as connection:
        yield Store(connection)


def test_a_second_run_of_the_same_job_is_refused_at_once(store: Store, other: Store) -> None:
    with (
        store.job_lock("fetch insta"),
        pytest.raises(BusyError) as caught,
        other.job_lock("fetch insta"),
    ):
        pass

    assert (caught.value.message, caught.value.hint, caught.value.exit_code) == (
        "another `cicero fetch insta` is still running, so this one did nothing",
        "see: cicero status",
        ExitCode.TRY_LATER,
    )


def test_another_job_is_not_held_up(store: Store, other: Store) -> None:
    with store.job_lock("fetch insta"), other.job_lock("fetch tiktok"):
        pass


def test_a_run_that_ended_frees_its_job_even_when_it_failed(store: Store, other: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.job_lock("fetch insta"):
        raise ZeroDivisionError

    with other.job_lock("fetch insta"):
        pass


def test_a_run_that_lost_its_database_says_so_and_not_that_it_cannot_unlock(
    store: Store, other: Store
) -> None:
    def lose_the_database() -> None:
        with store.job_lock("fetch insta"):
            session = store.connection.info.backend_pid
            other.connection.execute("SELECT pg_terminate_backend(%s)", (session,))
            store.clients.list()

    with pytest.raises(psycopg.OperationalError, match="terminating connection"):
        lose_the_database()

    with other.job_lock("fetch insta"):
        pass


def test_a_killed_process_frees_its_job(database: str, store: Store) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from cicero_cli.repositories.database.store import Store, connect\n"
            "with Store(connect(sys.argv[1], hint='')).job_lock('fetch insta'):\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.read()\n",
            database,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError), store.job_lock("fetch insta"):
        pass

    holder.kill()
    holder.communicate()
    # the server looks up when its session reads nothing more; a session per database is what remains then
    store.connection.execute(
        "DO $$ BEGIN"
        " WHILE (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) > 1"
        " LOOP PERFORM pg_sleep(0.01), pg_stat_clear_snapshot(); END LOOP;"
        " END $$"
    )

    with store.job_lock("fetch insta"):
        pass
