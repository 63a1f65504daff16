"""The outbox without pacing: what claiming, sending and recording one message costs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.repositories.database.store import Store
from tests.bench.measuring import report, run_cicero

_MESSAGES = 1000
_SENDERS = ["dua", "empat", "lima", "satu", "tiga"]
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


def bench_senders(environ: dict[str, str], store: Store) -> None:
    """200 messages at 20 a second through one sender, and the same over five at once."""
    folder = Path(environ["CICERO_DATA_DIR"])
    for name in _SENDERS:
        store.senders.save(Sender(name=name, gateway="file", url=str(folder / name)))
    deliver = {
        **environ,
        "CICERO_WHATSAPP": "file",
        "CICERO_WA_FILE": str(folder / "one"),
        "CICERO_WA_GAP": "0.05",
    }
    seconds = {}
    for senders in (["default"], _SENDERS):
        store.connection.execute("TRUNCATE outbox CASCADE")
        store.connection.execute(
            "INSERT INTO outbox (dedupe_key, kind, recipient, body, sender, next_attempt_at, expires_at, queued_at)"
            " SELECT n, 'test', format('62812%%s', 1000000 + n), 'Uji', (%(senders)s::text[])[1 + n %% %(count)s],"
            " now(), now() + interval '1 hour', now() FROM generate_series(1, 200) AS n",
            {"senders": senders, "count": len(senders)},
        )
        seconds[len(senders)] = run_cicero("outbox", "deliver", environ=deliver, runs=0).seconds
        sent = store.outbox.count_by_status(since=_LONG_AGO).get("accepted", 0)
        report(
            f"200 messages at 20 a second, {len(senders)} at once, s",
            f"{seconds[len(senders)]:.1f}",
            f"{sent} sent",
        )
    report(
        "  five senders beside one, times as fast", f"{seconds[1] / seconds[5]:.1f}", "5 at most"
    )
