"""A fetch against the stand-in in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cicero_cli.repositories.database.store import Store
from tests.bench.measuring import report, run_cicero

_CLIENTS, _POSTS, _LIKES, _LATENCY, _PARALLEL = 40, 10, 1000, 0.15, 10


def bench_fetch(environ: dict[str, str], store: Store) -> None:
    """`fetch insta` with nothing known yet: 40 listings and 400 posts."""
    store.connection.execute(
        "INSERT INTO clients (client_id, nama, client_insta)"
        " SELECT format('POLRES_%%s', n), 'Polres', format('polres.%%s', lpad(n::text, 3, '0'))"
        " FROM generate_series(0, %s - 1) AS n",
        [_CLIENTS],
    )
    with _standin() as url:
        fetch = {
            **environ,
            "CICERO_INSTAGRAM_URL": url,
            "CICERO_RATE": "10000",
            "CICERO_PARALLEL": str(_PARALLEL),
            "RAPIDAPI_KEY": "bench",
        }
        # one run, no warm-up: a second one would find everything known
        figures = run_cicero("fetch", "insta", "-q", environ=fetch, runs=0)
    requests = store.connection.execute("SELECT sum(requests) FROM runs").fetchone()
    ideal = requests[0] * _LATENCY / _PARALLEL if requests else 0
    report(
        f"fetch, {requests[0] if requests else 0} requests, of what the latency takes",
        f"{figures.seconds / ideal:.2f}",
        "at most 1.3",
    )
    report("  its memory, MB", f"{figures.megabytes:.0f}", "under 150")


@contextmanager
def _standin() -> Iterator[str]:
    words = [
        sys.executable,
        "-m",
        "cicero_cli.standins.upstream",
        "--latency-ms",
        str(_LATENCY * 1000),
    ]
    words += [
        "--accounts",
        str(_CLIENTS),
        "--posts",
        str(_POSTS),
        "--likes",
        str(_LIKES),
        "--days",
        "2",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
