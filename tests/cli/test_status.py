from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from cicero_cli.domain.collection.runs import Run as FetchRun
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at


@pytest.fixture(autouse=True)
def a_saturday_noon() -> Iterator[None]:
    with time_machine.travel(at("2026-11-21 05:00")):
        yield


def test_an_empty_installation_says_what_comes_next(cicero: Run) -> None:
    result = cicero("status")

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "No active client is followed anywhere yet.\n",
        "next: cicero client add POLRES_A --nama 'Polres A' --insta polres.a\n",
    )


def test_runs_what_is_overdue_and_the_quota_are_shown(cicero: Run, store: Store) -> None:
    cicero("client", "add", "a", "--nama", "A", "--insta", "a", "--tiktok", "a")
    run_id = store.runs.start("A", Platform.INSTA, now=at("2026-11-21 04:32"))
    failed = FetchRun(
        client_id="A", platform=Platform.INSTA, status=RunStatus.FAILED, error="a is private"
    )
    store.runs.finish(run_id, failed, now=at("2026-11-21 04:32"))
    meter = Meter()
    meter.count(size=1_500_000, quota=Quota(limit=200_000, remaining=1234, reset_seconds=60))
    store.usage.add(
        "fake.test", meter, exhausted_until=at("2026-11-22 00:00"), now=at("2026-11-21 04:32")
    )

    result = cicero("status")

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "client    platform    last run    at                      posts    new  overdue\n"
        "A         insta       failed      2026-11-21 11:32 WIB        0      0  yes\n"
        "A         tiktok      never ran                                         yes\n"
        "\n"
        "Upstream requests\n"
        "host         today    month    MB month    left       of\n"
        "fake.test        1        1         1.5   1,234  200,000\n",
        "A insta: a is private\n"
        "fake.test: quota used up, nothing is asked before 2026-11-22 07:00 WIB\n"
        "overdue: no fetch went well in the last hour of the schedule; is cron running? (cicero doctor)\n",
    )

    document = json.loads(cicero("status", "--json").stdout)
    assert document["runs"][1] == {
        "client_id": "A",
        "platform": "tiktok",
        "status": None,
        "started_at": None,
        "posts": None,
        "new": None,
        "error": None,
        "error_code": None,
        "good_at": None,
        "overdue": True,
    }
    assert document["hosts"][0]["exhausted_until"] == "2026-11-22T00:00:00Z"


def test_on_the_first_of_a_month_the_quota_of_the_month_before_is_known(
    cicero: Run, store: Store
) -> None:
    cicero("client", "add", "a", "--nama", "A", "--insta", "a")
    meter = Meter()
    meter.count(size=1_500_000, quota=Quota(limit=200_000, remaining=1234))
    store.usage.add("fake.test", meter, exhausted_until=None, now=at("2026-10-31 14:32"))
    with time_machine.travel(at("2026-11-01 01:00")):
        result = cicero("status")
    assert (
        "host         today    month    MB month    left       of\n"
        "fake.test                 0           0   1,234  200,000\n"
    ) in result.stdout


def test_costs_are_shown_with_a_forecast(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cicero("client", "add", "a", "--nama", "A", "--insta", "a")
    run_id = store.runs.start("A", Platform.INSTA, now=at("2026-11-21 04:32"))
    done = FetchRun(
        client_id="A", platform=Platform.INSTA, status=RunStatus.DONE, requests=300, bytes=4_000_000
    )
    store.runs.finish(run_id, done, now=at("2026-11-21 04:32"))
    monkeypatch.setenv("CICERO_PRICE_REQUEST", "insta=0.002")

    result = cicero("status", "--cost")

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "client      today    MB    cost    month    MB    cost\n"
        "A             300     4     0.6      300     4     0.6\n"
        "others          0     0                0     0\n"
        "all           300     4     0.6      300     4     0.6\n",
        "at this rate 2026-11 comes to 445 requests and 6 MB, which cost 0.89\n"
        "days are UTC, as the upstream bills; others: profiles and the dashboards' calls\n",
    )
    assert json.loads(cicero("status", "--cost", "--json").stdout)["forecast"]["requests"] == 445
