"""Several senders at once, each with a stand-in of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.errors import BusyError, ExitCode, SettingError
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.messaging.deliveries import deliver_each
from cicero_cli.services.messaging.delivery import Delivered
from tests.services.fakes import at
from tests.services.fakes_whatsapp import (
    Clock,
    FakeGateway,
    new_message,
    one_database_for_all,
    queue,
    run,
)

NOON = at("2026-11-21 05:00")
NAMES = ["dua", "satu", "tiga"]

shared_database, database = one_database_for_all()


def add(store: Store, folder: Path) -> None:
    for name in NAMES:
        url = str(folder / f"{name}.ndjson")
        store.senders.save(Sender(name=name, gateway="file", url=url, in_pool=True))


def test_one_that_hangs_holds_up_no_other(store: Store, database: str, tmp_path: Path) -> None:
    add(store, tmp_path)
    for name in NAMES:
        queue(store, f"62812111100{NAMES.index(name):02}", name, now=NOON, sender=name)
    others_are_done = threading.Semaphore(0)
    inboxes: dict[str, list[str]] = {}

    def deliver(name: str) -> Delivered:
        gateway = FakeGateway(Clock(NOON))
        if name == "satu":  # its gateway answers when the others have long ended
            hangs = gateway.check_session
            gateway.check_session = (
                lambda: (  # type: ignore[method-assign] - one gateway's own
                    [others_are_done.acquire(timeout=20) for _ in NAMES[1:]],
                    hangs(),
                )[1]
            )
        with connect(database, hint="") as connection:
            delivered = run(Store(connection), gateway, sender=name)
        inboxes[name] = [text for _, text in gateway.inbox]
        others_are_done.release()
        return delivered

    deliveries = deliver_each(NAMES, deliver)

    assert sorted(deliveries.done) == NAMES
    assert list(inboxes) in (["dua", "tiga", "satu"], ["tiga", "dua", "satu"])
    assert inboxes == {name: [name] for name in NAMES}


def test_who_fails_or_is_at_work_elsewhere_leaves_the_others_alone() -> None:
    def deliver(name: str) -> Delivered:
        if name == "satu":
            raise SettingError("its key is gone")
        if name == "dua":
            raise BusyError("another run")
        return Delivered(Counter(accepted=1))

    deliveries = deliver_each(NAMES, deliver)
    assert (list(deliveries.done), list(deliveries.failed)) == (["tiga"], ["satu"])
    with pytest.raises(SettingError):
        deliver_each(["satu"], deliver)
    with pytest.raises(BusyError):
        deliver_each(["dua", "dua"], deliver)


def test_two_runs_share_the_senders_but_never_one(store: Store, database: str) -> None:
    queue(store, "6281211110001", "1", now=NOON, sender="satu")
    queue(store, "6281211110002", "2", now=NOON)
    with connect(database, hint="") as other, Store(other).job_lock("outbox deliver", "satu"):
        with pytest.raises(BusyError, match="another `cicero outbox deliver`"):
            run(store, FakeGateway(Clock(NOON)), sender="satu")
        gateway = FakeGateway(Clock(NOON))
        run(store, gateway)
    assert gateway.inbox == [("6281211110002", "2")]


def test_runs_over_several_senders_that_are_killed_send_each_message_once(
    store: Store, database: str, tmp_path: Path
) -> None:
    add(store, tmp_path)
    people = [f"62812111100{number:02}" for number in range(30)]
    messages = [
        new_message(person, f"{person} {number}", now=clock.now())
        for number in range(5)
        for person in people
    ]
    store.outbox.add(messages, now=clock.now())
    chosen = dict(store.connection.execute("SELECT recipient, sender FROM outbox").fetchall())
    parts = dict(part.split("=", 1) for part in database.split(" "))
    environ = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}",
        "CICERO_DATA_DIR": str(tmp_path),
        "CICERO_WA_GAP": "0",
        "CICERO_QUIET_HOURS": "00:00-00:00",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-m", "cicero_cli", "outbox", "deliver"]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            env=environ,
            text=True,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=tmp_path,
        )

    moments = random.Random(5)
    seen = 0
    for _ in range(3):
        runs = [start(), start()]
        until = time.monotonic() + 20
        while _count(tmp_path) < min(seen + 10, len(messages)) and time.monotonic() < until:
            time.sleep(0.01)  # noqa: TID251 - other processes are waited for
        time.sleep(moments.uniform(0, 0.05))  # noqa: TID251 - at a random moment of their work
        for one in runs:
            one.kill()
            one.communicate()
        seen = _count(tmp_path)
    store.connection.execute(  # the look-ups of what was under way are due
        "UPDATE outbox SET next_attempt_at = now() WHERE status IN ('queued', 'sending')"
    )
    while (last := start()).wait(timeout=60) == ExitCode.TRY_LATER:
        last.communicate()  # the server has not yet noticed the end of the one before
    assert last.communicate()[1] == ""

    arrived = Counter(one["text"] for name in NAMES for one in _read(tmp_path, name))
    assert (set(arrived), max(arrived.values())) == ({one.body for one in messages}, 1)
    statuses = {status for (status,) in store.connection.execute("SELECT status FROM outbox")}
    assert statuses == {"accepted"}
    for name in NAMES:
        to = {one["recipient"] for one in _read(tmp_path, name)}
        assert to == {person for person in people if chosen[person] == name}
    assert DEFAULT not in chosen.values()


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    file = folder / f"{name}.ndjson"
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def _count(folder: Path) -> int:
    return sum(len(_read(folder, name)) for name in NAMES)
