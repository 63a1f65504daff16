from __future__ import annotations

from dataclasses import replace

import pytest

from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.operations.status import HostUsage, LastRun
from tests.services.fakes import at

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOW, LATER = at("2026-11-21 05:00"), at("2026-11-21 06:00")
POLRES_A = Client(client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="a")
NEVER = LastRun(
    client_id="POLRES_A",
    timezone="Asia/Jakarta",
    fetch_at=None,
    platform=INSTA,
    status=None,
    started_at=None,
    posts=None,
    new=None,
    error=None,
    error_code=None,
    good_at=None,
)


@pytest.fixture(autouse=True)
def client(store: Store) -> None:
    store.clients.add(POLRES_A)


def test_a_client_that_never_was_fetched_is_listed_without_a_run(store: Store) -> None:
    assert store.status.list_last_runs() == [NEVER, replace(NEVER, platform=TIKTOK)]


def test_the_newest_run_is_listed_with_the_last_one_that_went_well(store: Store) -> None:
    first = store.runs.start("POLRES_A", INSTA, now=NOW)
    done = Run(client_id="POLRES_A", platform=INSTA, status=RunStatus.DONE, posts=3, new=40)
    store.runs.finish(first, done, now=NOW)
    second = store.runs.start("POLRES_A", INSTA, now=LATER)
    failed = Run(
        client_id="POLRES_A", platform=INSTA, status=RunStatus.FAILED, error="private", seconds=1.5
    )
    store.runs.finish(second, failed, now=LATER)

    assert store.status.list_last_runs()[0] == LastRun(
        client_id="POLRES_A",
        timezone="Asia/Jakarta",
        fetch_at=None,
        platform=INSTA,
        status="failed",
        started_at=LATER,
        posts=0,
        new=0,
        error="private",
        error_code=None,
        good_at=NOW,
    )


def test_what_is_not_followed_is_not_listed(store: Store) -> None:
    store.clients.update(replace(POLRES_A, client_insta=None, client_tiktok_status=False))
    assert store.status.list_last_runs() == []

    store.clients.update(replace(POLRES_A, client_status=False))
    assert store.status.list_last_runs() == []


def test_a_run_that_was_killed_is_closed_by_the_next_of_its_platform(store: Store) -> None:
    store.runs.start("POLRES_A", INSTA, now=NOW)
    store.runs.start("POLRES_A", TIKTOK, now=NOW)

    store.runs.interrupt_abandoned(INSTA)

    assert [(run.status, run.error) for run in store.status.list_last_runs()] == [
        ("interrupted", "was killed before it finished"),
        ("running", None),
    ]


def test_usage_adds_up_by_host_and_day_in_utc(store: Store) -> None:
    meter = Meter()
    meter.count(size=1000, quota=Quota(limit=500, remaining=499, reset_seconds=60))
    meter.count(size=500, quota=Quota())
    for moment in ("2026-11-20 23:59", "2026-11-21 00:00", "2026-11-21 23:59"):
        store.usage.add("one.test", meter, exhausted_until=None, now=at(moment))
    store.usage.add("one.test", meter, exhausted_until=None, now=at("2026-10-31 23:59"))
    store.usage.add("two.test", Meter(), exhausted_until=LATER, now=NOW)

    assert store.status.list_usage(now=at("2026-11-21 23:59")) == [
        HostUsage(
            host="one.test",
            requests_today=4,
            bytes_today=3000,
            requests_month=6,
            bytes_month=4500,
            quota_remaining=499,
            quota_limit=500,
            exhausted_until=None,
        ),
        HostUsage(
            host="two.test",
            requests_today=0,
            bytes_today=0,
            requests_month=0,
            bytes_month=0,
            quota_remaining=None,
            quota_limit=None,
            exhausted_until=LATER,
        ),
    ]


def test_an_exhausted_quota_is_remembered_until_an_answer_came_again(store: Store) -> None:
    assert store.usage.exhausted_until("one.test") is None

    store.usage.add("one.test", Meter(), exhausted_until=LATER, now=NOW)
    assert store.usage.exhausted_until("one.test") == LATER
    assert store.usage.exhausted_until("two.test") is None

    store.usage.add("one.test", Meter(), exhausted_until=None, now=at("2026-11-22 05:00"))
    assert store.usage.exhausted_until("one.test") is None
