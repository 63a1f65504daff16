from __future__ import annotations

from dataclasses import replace

from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.costs import Cost, Prices, read_costs
from tests.services.fakes import at

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
HOSTS = {INSTA: "insta.test", TIKTOK: "tiktok.test"}
NOW = at("2026-11-16 00:00")  # half of the month is over
RUN = Run(client_id="A", platform=INSTA, status=RunStatus.DONE)


def add_run(store: Store, run: Run, moment: str) -> None:
    run_id = store.runs.start(run.client_id, run.platform, now=at(moment))
    store.runs.finish(run_id, run, now=at(moment))
    meter = Meter(requests=run.requests, bytes=run.bytes)
    store.usage.add(HOSTS[run.platform], meter, exhausted_until=None, now=at(moment))


def test_costs_are_told_by_client_day_and_month_with_a_forecast(store: Store) -> None:
    for name in ("A", "B"):
        store.clients.add(Client(client_id=name, nama=name))
    add_run(store, replace(RUN, requests=900, bytes=9_000_000), "2026-10-31 23:59")
    add_run(store, replace(RUN, requests=100, bytes=2_000_000), "2026-11-01 00:00")
    add_run(store, replace(RUN, requests=10, bytes=1_000_000), "2026-11-16 00:00")
    add_run(store, replace(RUN, client_id="B", platform=TIKTOK, requests=50), "2026-11-03 00:00")
    store.usage.add("insta.test", Meter(requests=7, bytes=70), exhausted_until=None, now=NOW)

    costs = read_costs(store, HOSTS, Prices({INSTA: 0.01}, {INSTA: 1.0}), now=NOW)

    assert costs.month == "2026-11"
    a = Cost(
        requests_today=10, bytes_today=1_000_000, money_today=1.1,
        requests_month=110, bytes_month=3_000_000, money_month=4.1,
    )  # fmt: skip
    assert costs.clients == {"A": a, "B": Cost(requests_month=50)}
    assert (costs.other.requests_today, costs.other.requests_month) == (7, 7)
    assert (costs.total.requests_today, costs.total.requests_month) == (17, 167)
    assert costs.forecast.requests_month == 334
    assert costs.document()["forecast"]["bytes"] == 6_000_140


def test_without_prices_nothing_is_said_of_money(store: Store) -> None:
    costs = read_costs(store, HOSTS, Prices({}, {}), now=NOW)

    assert costs.document() == {
        "month": "2026-11",
        "clients": [],
        "other": NOTHING,
        "total": NOTHING,
        "forecast": {"requests": 0, "bytes": 0, "money": None},
    }


NOTHING = {
    "requests_today": 0, "bytes_today": 0, "money_today": None,
    "requests_month": 0, "bytes_month": 0, "money_month": None,
}  # fmt: skip
