"""What goes out about many clients: a month's recap of 40 units, and the daily report of 300."""

from __future__ import annotations

from datetime import date

from cicero_cli.repositories.database.store import Store
from tests.bench.data import load
from tests.bench.measuring import report, run_cicero

Environ = dict[str, str]
_DAYS = 31


def bench_month(environ: Environ, store: Store, day: date) -> None:
    """`rekap show` of 31 days of 40 units beside the same days' reports, one after the other."""
    load(store.connection, clients=40, users=700, posts=10, likes=100, day=day, days=_DAYS)
    words = ("insta", "--period", f"{date.fromordinal(day.toordinal() - _DAYS + 1)}..{day}")
    counted = run_cicero("rekap", "show", *words, environ=environ, runs=0)
    report(
        f"rekap of {_DAYS} days of 40 units, days counted anew, seconds", f"{counted.seconds:.1f}"
    )
    one_day = run_cicero("laphar", "show", "insta", environ=environ, runs=2)
    month = run_cicero("rekap", "show", *words, environ=environ, runs=2)
    report(
        f"rekap of {_DAYS} days of 40 units, of so many laphars",
        f"{month.seconds / one_day.seconds / _DAYS:.2f}",
        "at most 0.3",
    )
    report("  its memory, MB", f"{month.megabytes:.0f}", "under 200")


def bench_reports(environ: Environ, store: Store, day: date) -> None:
    """`laphar send` for 300 clients beside showing the same reports."""
    load(store.connection, clients=300, users=100, posts=5, likes=100, day=day)
    store.connection.execute(
        "UPDATE clients SET client_group = '1203630000' || split_part(client_id, '_', 2) || '@g.us'"
    )
    sending = {
        **environ,
        "CICERO_WHATSAPP": "file",
        "CICERO_WA_FILE": f"{environ['CICERO_DATA_DIR']}/out",
    }
    run_cicero("laphar", "show", "insta", environ=environ, runs=0)  # counts the day
    shown = run_cicero("laphar", "show", "insta", environ=environ, runs=2)
    sent = run_cicero("laphar", "send", "insta", "--again", environ=sending, runs=2)
    report("laphar send for 300 clients, seconds", f"{sent.seconds:.1f}", "under 10")
    report("  of showing the same reports", f"{sent.seconds / shown.seconds:.2f}", "at most 3")
