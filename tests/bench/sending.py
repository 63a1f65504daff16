"""The outbox without pacing: what claiming, sending and recording one message costs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cicero_cli.repositories.database.store import Store
from tests.bench.measuring import report, run_cicero

_MESSAGES = 1000
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def bench_outbox(environ: dict[str, str], store: Store) -> None:
    """`outbox deliver` of 1,000 messages to 1,000 people, beside 100,000 that are settled."""
    store.connection.execute(
        "INSERT INTO outbox (dedupe_key, kind, recipient, body, status, next_attempt_at, expires_at, queued_at)"
        " SELECT format('%%s', n), 'test', format('62812%%s', 1000000 + n), 'Uji',"
        " CASE WHEN n <= 100000 THEN 'delivered' ELSE 'queued' END, now(), now() + interval '1 hour', now()"
        " FROM generate_series(1, 100000 + %s) AS n",
        [_MESSAGES],
    )
    store.connection.execute("VACUUM ANALYZE outbox")
    deliver = {
        **environ,
        "CICERO_WHATSAPP": "file",
        "CICERO_WA_FILE": str(Path(environ["CICERO_DATA_DIR"]) / "messages.ndjson"),
        "CICERO_WA_GAP": "0",
        "CICERO_WA_DAILY_CAP": str(10 * _MESSAGES),
    }
    took = run_cicero("outbox", "deliver", environ=deliver, runs=0)
    sent = store.outbox.count_by_status(since=_LONG_AGO).get("accepted", 0)
    report("outbox without pacing, messages a second", f"{sent / took.seconds:.0f}", f"{sent} sent")
    report("  of which one costs, ms", f"{took.seconds / max(sent, 1) * 1000:.1f}")
    report("  its memory, MB", f"{took.megabytes:.0f}")
