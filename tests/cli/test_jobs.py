"""What cron's jobs did is kept and told to a health check; what people type is not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import time_machine

from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at

GROUP = "120363000000000001@g.us"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """A health check: what it was told."""
    told: list[tuple[str, str]] = []

    class Check(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Check) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        monkeypatch.setenv("CICERO_PING_URL", f"http://127.0.0.1:{server.server_port}/key?create=1")
        yield told
        server.shutdown()


@pytest.fixture(autouse=True)
def travel(cicero: Run, store: Store) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(at("2026-11-21 06:01"), tick=False) as travel:
        cicero(
            "client", "add", "east", "--nama", "East", "--group", GROUP, "--timezone", "WIT",
            "--insta", "east",
        )  # fmt: skip
        store.connection.execute(
            "UPDATE clients SET scheduled_since = %s", [at("2026-11-01 00:00")]
        )
        yield travel


def listed(cicero: Run) -> list[tuple[str, str, str | None]]:
    rows = json.loads(cicero("run", "list", "--json").stdout)
    return [(row["job"], row["status"], row["error"]) for row in rows]


def test_what_a_job_did_is_listed_and_told(
    cicero: Run,
    check: list[tuple[str, str]],
    travel: time_machine.Coordinates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    for _ in range(2):  # the second time nothing is due
        assert cicero("laphar", "send", "semua", "--due").exit_code == 0
    cicero("laphar", "send", "semua")  # by hand
    monkeypatch.delenv("CICERO_WHATSAPP")
    for _ in range(2):  # CICERO_WHATSAPP is not set: kept once an hour
        assert cicero("outbox", "deliver", "-q").exit_code == 78
    travel.shift(3600)
    assert cicero("outbox", "deliver", "-q").exit_code == 78

    failed = ("outbox deliver", "failed", "CICERO_WHATSAPP is not set, so no message can be sent")
    assert listed(cicero) == [failed, failed, ("laphar send semua", "done", None)]
    assert check == [
        ("/key/laphar?create=1", "exit code 0"),
        ("/key/laphar?create=1", "exit code 0"),
        *[("/key/outbox/fail?create=1", "exit code 78")] * 3,
    ]
    shown = cicero("run", "list", "--status", "done").stdout
    assert shown.splitlines()[1].split()[1:7] == [
        "laphar", "send", "semua", "2026-11-21", "13:01", "WIB"
    ]  # fmt: skip


def test_a_run_beside_another_is_no_failure(
    cicero: Run, store: Store, check: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    with store.job_lock("outbox deliver"), store.job_lock("db backup"):
        assert cicero("outbox", "deliver", "-q").exit_code == 75
        assert cicero("db", "backup", "--due").exit_code == 0
    assert (check, listed(cicero)) == ([], [])


def test_a_health_check_that_is_not_there_fails_nothing(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_PING_URL", "http://127.0.0.1:9/key")
    done = cicero("remind", "--due")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.endswith("ping of remind not taken: ConnectionError\n")


def test_a_fetch_is_listed_by_its_clients_clock(cicero: Run, store: Store) -> None:
    from cicero_cli.domain.platforms import Platform

    store.runs.start("EAST", Platform.INSTA, now=at("2026-11-21 05:30"))
    (line,) = cicero("run", "list").stdout.splitlines()[1:]
    assert line.split()[1:7] == ["fetch", "insta", "EAST", "2026-11-21", "14:30", "WIT"]
    assert cicero("fetch", "insta", "--due").exit_code == 78  # no key: nothing was begun
    assert listed(cicero)[0][:2] == ("fetch insta", "failed")
