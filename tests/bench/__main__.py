"""Run every benchmark, or those named: `python -m tests.bench startup laphar`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.domain.collection.comments import CommentOrder
from cicero_cli.domain.periods import local_day
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.store import Store, connect
from tests.bench.data import load
from tests.bench.fetching import bench_fetch
from tests.bench.measuring import report, run_cicero, run_python
from tests.bench.moving import bench_move
from tests.bench.sending import bench_outbox, bench_senders
from tests.bench.workbooks import bench_workbook

Environ = dict[str, str]
_ZONE = ZoneInfo("Asia/Jakarta")


def bench_startup() -> None:
    """`--help` and `--version` against Python doing nothing."""
    with _installation() as (environ, _):
        nothing = run_python("-c", "pass", environ=environ, runs=15).seconds
        limit = 3 * nothing + 0.1
        for word in ("--help", "--version"):
            took = run_cicero(word, environ=environ, runs=15).seconds
            report(
                f"cicero {word}, of 3x `python -c pass` + 100 ms",
                f"{took / limit:.2f}",
                "at most 1",
            )


def bench_laphar() -> None:
    """All clients' reports in one process, and with ten times the data."""
    with _installation() as (environ, store):
        day = local_day(datetime.now(UTC), _ZONE)  # noqa: TID251 - a benchmark is run now
        load(store.connection, clients=40, users=700, posts=10, likes=1000, day=day)
        run_cicero("laphar", "show", "insta", environ=environ, runs=1)  # counts the day
        base = run_cicero("client", "list", environ=environ)
        small = run_cicero("laphar", "show", "insta", environ=environ)
        report("laphar of 40 x 700 x 10 x 1,000, seconds", f"{small.seconds:.2f}", "under 0.5")
        report("  of which every command pays (client list)", f"{base.seconds:.2f}")
        report("  its memory, MB", f"{small.megabytes:.0f}", "under 100")
    with _installation() as (environ, store):
        load(store.connection, clients=40, users=5000, posts=20, likes=5000, day=day)
        large = run_cicero("laphar", "show", "insta", environ=environ, runs=2)
        report(
            "laphar of 40 x 5,000 x 20 x 5,000, of the smaller one",
            f"{large.seconds / small.seconds:.1f}",
            "at most 10",
        )
        report("  its memory, MB", f"{large.megabytes:.0f}", "under 150")


def bench_reporting() -> None:
    """Whole processes over many clients."""
    from tests.bench.reporting import bench_month, bench_reports

    day = local_day(datetime.now(UTC), _ZONE)  # noqa: TID251 - as above
    for bench in (bench_month, bench_reports):
        with _installation() as (environ, store):
            bench(environ, store, day)


def bench_recap() -> None:
    """One client's recap in the database, whatever else the tables hold."""
    from tests.bench.recap import bench_recap_statements

    with _installation() as (_, store):
        bench_recap_statements(store)


def bench_serve() -> None:
    """The API's calls beside an empty route of the same server."""
    from tests.bench.api import bench_api

    with _installation() as (environ, store):
        bench_api(environ, store)


def bench_fetching() -> None:
    """A fetch of 40 clients x 10 posts at 150 ms, 10 in flight, against what the latency alone takes."""
    with _installation() as (environ, store):
        bench_fetch(environ, store)


def bench_sending() -> None:
    """1,000 messages without pacing."""
    with _installation() as (environ, store):
        bench_outbox(environ, store)
        bench_senders(environ, store)


def bench_moving() -> None:
    with _installation(is_migrated=False) as (_, store):
        bench_move(store)


def bench_requests() -> None:
    """A simulated day of hourly fetches, with comments in each order."""
    from tests.bench.quota import bench_quota

    for order in (
        CommentOrder.NEWEST_FIRST,
        CommentOrder.OLDEST_FIRST,
        CommentOrder.RANKED,
        CommentOrder.NONE,
    ):
        with _installation() as (_, store):
            bench_quota(store, order)


BENCHMARKS: dict[str, Callable[[], None]] = {
    "startup": bench_startup,
    "laphar": bench_laphar,
    "reports": bench_reporting,
    "recap": bench_recap,
    "api": bench_serve,
    "fetch": bench_fetching,
    "quota": bench_requests,
    "outbox": bench_sending,
    "move": bench_moving,
    "workbook": bench_workbook,
}


@contextmanager
def _installation(*, is_migrated: bool = True) -> Iterator[tuple[Environ, Store]]:
    """An installation of its own, and how to reach it."""
    names = {name for setting in SETTINGS for name in (setting.name, f"{setting.name}_FILE")}
    with tempfile.TemporaryDirectory(prefix="cicero-bench-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        environ = {name: value for name, value in os.environ.items() if name not in names}
        environ["CICERO_DATA_DIR"] = folder
        environ["CICERO_ENV_FILE"] = ""
        embedded.start(data_dir)
        try:
            with connect(embedded.conninfo(data_dir), hint="") as connection:
                if is_migrated:
                    migrate(connection)
                yield environ, Store(connection)
        finally:
            embedded.stop(data_dir)


def main() -> None:
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()


main()
