"""Times are told in UTC: 08:00 is 15:00 in Jakarta (WIB) and 17:00 in Jayapura (WIT)."""

from __future__ import annotations

from datetime import time

import pytest

from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import DueSlot
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import needs_now
from cicero_cli.services.operations.due import (
    Job,
    find_due,
    find_due_fetches,
    mark_done,
)
from cicero_cli.services.operations.due_fetches import collect_due, outlives_slot
from tests.services.fakes import FakeSource, at, complete

WEST = Client(client_id="POLRES_W", nama="West", client_insta="w")
EAST = Client(client_id="POLRES_E", nama="East", client_insta="e", timezone="Asia/Jayapura")
LAPHAR = Job("laphar semua belum", (time(15), time(18)))


@pytest.fixture(autouse=True)
def clients(store: Store) -> None:
    for client in (WEST, EAST):
        store.clients.add(client)
    since(store, "2026-11-01 00:00")


def since(store: Store, moment: str) -> None:
    store.connection.execute("UPDATE clients SET scheduled_since = %s", [at(moment)])


def due(store: Store, moment: str, job: Job = LAPHAR) -> dict[str, str]:
    found = find_due(store, [WEST, EAST], job, now=at(moment))
    return {client_id: f"{slot.starts_at:%a %H:%M}" for client_id, slot in found.items()}


def test_each_client_is_due_in_its_own_zone_and_once(store: Store) -> None:
    assert due(store, "2026-11-21 05:59") == {}
    assert due(store, "2026-11-21 06:00") == {"POLRES_E": "Sat 15:00"}
    mark_done(store, LAPHAR, find_due(store, [EAST], LAPHAR, now=at("2026-11-21 06:00")))
    assert due(store, "2026-11-21 06:10") == {}
    assert due(store, "2026-11-21 08:00") == {"POLRES_W": "Sat 15:00"}
    assert due(store, "2026-11-21 09:10") == {"POLRES_W": "Sat 15:00", "POLRES_E": "Sat 18:00"}


def test_what_a_machine_that_was_down_has_missed_for_too_long_is_not_caught_up(
    store: Store,
) -> None:
    assert due(store, "2026-11-21 09:29")["POLRES_W"] == "Sat 15:00"
    assert "POLRES_W" not in due(store, "2026-11-21 09:30")


def test_a_job_without_times_is_never_due(store: Store) -> None:
    assert due(store, "2026-11-21 08:00", Job("laphar semua belum", ())) == {}


def test_no_slot_is_started_that_began_before_the_client_came_or_the_upgrade(store: Store) -> None:
    since(store, "2026-11-21 08:05")
    assert due(store, "2026-11-21 08:10") == {}
    assert due(store, "2026-11-21 11:00") == {"POLRES_W": "Sat 18:00"}


def test_no_slot_is_started_that_began_before_the_times_were_changed(store: Store) -> None:
    due(store, "2026-11-21 07:50")
    changed = Job(LAPHAR.name, (time(14, 30), time(15, 30)))
    assert due(store, "2026-11-21 08:00", changed) == {}
    assert due(store, "2026-11-21 08:30", changed) == {"POLRES_W": "Sat 15:30"}


def test_times_that_are_changed_within_a_wake_up_of_their_slot_start_it(store: Store) -> None:
    due(store, "2026-11-21 07:50")
    assert due(store, "2026-11-21 08:00", Job(LAPHAR.name, (time(15),))) == {
        "POLRES_W": "Sat 15:00"
    }


def test_a_clock_that_was_ahead_holds_nothing_up(store: Store) -> None:
    due(store, "2026-11-21 08:00")
    mark_done(store, LAPHAR, {"POLRES_W": DueSlot(at("2026-12-24 08:00"), is_first=False)})
    assert due(store, "2026-11-21 08:10") == {"POLRES_W": "Sat 15:00"}


def run(store: Store, moment: str, status: RunStatus | None) -> None:
    run_id = store.runs.start(WEST.client_id, Platform.INSTA, now=at(moment))
    if status is not None:
        ended = Run(client_id=WEST.client_id, platform=Platform.INSTA, status=status)
        store.runs.finish(run_id, ended, now=at(moment))


def fetches(store: Store, moment: str) -> dict[str, DueSlot]:
    times = (time(6, 30), time(7, 30))
    return find_due_fetches(store, [WEST], Platform.INSTA, times, now=at(moment))


@pytest.mark.parametrize(
    ("started_at", "status", "is_due"),
    [
        ("2026-11-21 00:29", RunStatus.DONE, True),  # of the slot before
        ("2026-11-21 00:30", RunStatus.DONE, False),
        ("2026-11-21 00:31", RunStatus.PARTIAL, False),
        ("2026-11-21 00:31", RunStatus.FAILED, True),
        ("2026-11-21 00:31", RunStatus.INTERRUPTED, True),
        ("2026-12-24 00:31", RunStatus.DONE, True),  # by a clock that was ahead
    ],
)
def test_a_fetch_is_done_when_a_run_that_began_after_its_slot_brought_something(
    store: Store, started_at: str, status: RunStatus, *, is_due: bool
) -> None:
    run(store, started_at, status)
    assert (fetches(store, "2026-11-21 00:40") != {}) is is_due


def test_the_days_first_fetch_reads_two_days(store: Store) -> None:
    source = FakeSource(listings={"POLRES_W": complete()})
    days = []
    for moment in ("2026-11-20 23:30", "2026-11-21 00:30"):
        now = at(moment)
        collect_due(
            store, source, [WEST], fetches(store, moment),
            needs_of=needs_now, parallel=1, clock=lambda now=now: now, ignore_quota=False,
        )  # fmt: skip
        rows = store.connection.execute("SELECT count(*) FROM listed_day").fetchone()
        days.append(rows)
    assert days == [(2,), (2,)]


def test_a_fetch_that_outlives_its_next_slot_is_told_of_once(store: Store) -> None:
    run(store, "2026-11-20 23:31", None)
    told = [
        outlives_slot(store, Platform.INSTA, fetches(store, moment), now=at(moment))
        for moment in ("2026-11-20 23:40", "2026-11-21 00:30", "2026-11-21 00:40")
    ]
    assert told == [False, True, False]
