"""Processes that deliver are killed with SIGKILL at every step; the stand-in tells what arrived."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from cicero_cli.core import clock
from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.domain.messaging.gateway_answers import Attachment
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.services.fakes_whatsapp import queue, statuses

DRIVER = """
import random, sys
from datetime import timedelta
from cicero_cli.core import clock
from cicero_cli.errors import BusyError
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.messaging.delivery import deliver
from tests.services.fakes_whatsapp import settings

conninfo, kind, url, offset = sys.argv[1:]
if kind == "waha":
    gateway = WahaGateway(url, key="stand-in-key")
else:
    gateway = GowaGateway(url, user="cicero", password="stand-in", device="stand-in")
with connect(conninfo, hint="") as connection:
    while True:
        try:
            deliver(
                Store(connection), gateway, settings(), refresh=lambda message: message.body,
                clock=lambda: clock.now() + timedelta(seconds=float(offset)), sleep=clock.sleep,
                uniform=random.uniform,
            )
            break
        except BusyError:
            clock.sleep(0.05)
"""

SHEET = Attachment(filename="laphar.xlsx", mimetype=FileKind.XLSX.mimetype, content=b"PK\x03" * 99)

# where a process is stopped: a statement that it cannot finish
STEPS = {
    "claim": "OLD.status = 'queued' AND NEW.status = 'sending'",
    "before the call": "OLD.status = 'sending' AND NEW.status = 'sending'",
    "after the answer": "OLD.status = 'sending' AND NEW.status = 'accepted'",
}


class Cron:
    """Starts delivering processes, each a hundred seconds later than the one before: all look-ups are due."""

    def __init__(self, conninfo: str, kind: str, standin: StandIn) -> None:
        self.conninfo, self.kind, self.standin = conninfo, kind, standin
        self.offset = 0.0
        standin.phones.now = lambda: clock.now() + timedelta(seconds=self.offset)

    def start(self, count: int = 1) -> list[subprocess.Popen[str]]:
        self.offset += 100
        words = [self.conninfo, self.kind, self.standin.url, str(self.offset)]
        return [
            subprocess.Popen(
                [sys.executable, "-c", DRIVER, *words],
                stderr=subprocess.PIPE,
                text=True,
                cwd=f"{__file__.rsplit('/tests/', 1)[0]}",
            )
            for _ in range(count)
        ]

    def run(self) -> None:
        (process,) = self.start()
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")

    def run_until_empty(self, store: Store) -> None:
        for _ in range(20):
            if not store.outbox.count_by_status(since=clock.now()).keys() & {"queued", "sending"}:
                return
            self.run()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture(params=["waha", "gowa"])
def cron(request: pytest.FixtureRequest, database: str, standin: StandIn) -> Cron:
    return Cron(database, request.param, standin)


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it never came that far"
        time.sleep(0.01)  # noqa: TID251 - another process is waited for


def count_sends(standin: StandIn) -> int:
    return sum(method == "POST" for method, _ in standin.requests)


def kill(process: subprocess.Popen[str], conninfo: str) -> None:
    process.kill()
    process.communicate()
    with psycopg.connect(conninfo, autocommit=True) as other:
        backends = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE %s"
        found = ["%UPDATE outbox%"]
        other.execute(
            f"SELECT pg_terminate_backend(pid, 30000) {backends} AND pid <> pg_backend_pid()", found
        )


@contextmanager
def stopped_at(conninfo: str, condition: str) -> Iterator[Callable[[], bool]]:
    """Nobody gets past an update of this kind; the answer says whether somebody has come there."""
    with psycopg.connect(conninfo, autocommit=True) as gate:
        gate.execute("SELECT pg_advisory_lock(42)")
        gate.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END'"
        )
        gate.execute(
            f"CREATE TRIGGER gate BEFORE UPDATE ON outbox FOR EACH ROW WHEN ({condition})"
            " EXECUTE FUNCTION wait()"
        )
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        yield lambda: gate.execute(waiting).fetchone() != (0,)
        gate.execute("DROP TRIGGER gate ON outbox")
        gate.execute("DROP FUNCTION wait")


def test_a_process_that_is_killed_at_any_step_neither_loses_nor_doubles(
    cron: Cron, standin: StandIn, store: Store, database: str
) -> None:
    for number in range(3):
        for person in ("6281211110001", "6281211110002"):
            queue(
                store, person, f"{number}", now=clock.now(), attachment=(SHEET, None, SHEET)[number]
            )

    for condition in STEPS.values():
        with stopped_at(database, condition) as somebody_came:
            (process,) = cron.start()
            wait_for(somebody_came)
            kill(process, database)

    standin.faults.add(Fault(kind=FaultKind.SLOW, times=1))
    before = count_sends(standin)
    (process,) = cron.start()
    wait_for(lambda: count_sends(standin) > before)  # no answer follows for 45 s
    kill(process, database)

    cron.run_until_empty(store)
    assert {status for _, status in statuses(store)} == {"accepted"}
    for person in ("6281211110001", "6281211110002"):
        assert [m.text for m in standin.inbox if m.recipient == person] == ["0", "1", "2"]


def test_two_processes_that_are_killed_again_and_again_deliver_each_message_once(
    cron: Cron, standin: StandIn, store: Store, database: str
) -> None:
    texts = [f"Laporan {number}" for number in range(200)]
    for number, text in enumerate(texts):
        file = SHEET if number % 4 == 0 else None
        queue(store, f"62812111100{number % 20:02}", text, now=clock.now(), attachment=file)

    moments = random.Random(3)
    kills = 0
    while kills < 6 and len(standin.inbox) < len(texts):
        processes = cron.start(2)
        seen = len(standin.inbox)
        wait_for(lambda seen=seen: len(standin.inbox) >= min(seen + 8, len(texts)))
        time.sleep(moments.uniform(0, 0.05))  # noqa: TID251 - at a random moment of its work
        for process in processes:
            process.kill()
            _, errors = process.communicate()
            assert errors == ""
        kills += 1
    cron.run_until_empty(store)

    arrived = Counter(message.text for message in standin.inbox)
    fates = dict(statuses(store))
    assert kills >= 3
    assert max(arrived.values()) == 1
    assert set(fates.values()) <= {"accepted", "unknown"}
    assert set(arrived) >= {text for text, status in fates.items() if status == "accepted"}
    unknown = [status for status in fates.values() if status == "unknown"]
    assert store.outbox.count_by_status(since=clock.now()).get("unknown", 0) == len(unknown)
    assert len(arrived) + len(unknown) >= len(texts)
