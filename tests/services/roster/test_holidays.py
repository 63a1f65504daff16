from __future__ import annotations

from datetime import date

import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import set_client
from cicero_cli.services.roster.history import set_client_since
from cicero_cli.services.roster.holidays import add_holidays, remove_holidays
from tests.services.fakes import BY, at, set_clock

FIRST, LAST = date(2026, 11, 14), date(2026, 11, 22)  # from a Saturday to a Sunday


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura"])
def test_a_day_off_is_a_fact_of_its_day_and_as_of_stands(store: Store, zone: str) -> None:
    def days_off(as_of: str | None = None) -> dict[int, str]:
        found = store.clients.holidays.days_off("A", FIRST, LAST, at(as_of) if as_of else None)
        return {one.day.day: one.name for one in found}

    set_clock(store, "2026-11-01 03:00")
    store.clients.add(Client(client_id="A", nama="A", timezone=zone))
    store.clients.add(Client(client_id="B", nama="B"))
    add_holidays(store, ["2026-11-16"], name="Nasional", client_id=None, by=BY)
    assert days_off() == {}

    # the rule holds from the local today on: 15:30 UTC is the 16th in Jayapura alone
    set_clock(store, "2026-11-15 15:30")
    set_client(store, "A", {"days_off": "sun,holidays"}, by=BY)
    sunday = {} if zone == "Asia/Jayapura" else {15: "Minggu"}
    first = {**sunday, 16: "Nasional", 22: "Minggu"}
    assert days_off() == first

    set_clock(store, "2026-11-20 03:00")
    add_holidays(store, ["2026-11-16", "2026-11-18"], name="HUT", client_id="A", by=BY)
    add_holidays(store, ["2026-11-17"], name="Lain", client_id="B", by=BY)
    second = {**first, 16: "HUT", 18: "HUT"}
    assert (days_off(), days_off("2026-11-19 00:00")) == (second, first)
    # before anything was known of the client, it is as at first
    assert days_off("2026-10-01 00:00") == {}

    set_clock(store, "2026-11-21 03:00")
    remove_holidays(store, ["2026-11-16"], client_id="A", by=BY)
    set_client_since(
        store, "A", {"days_off": "sat"}, from_day="2026-11-15", by=BY, now=at("2026-11-21 03:00")
    )
    assert days_off() == {21: "Sabtu"}
    assert (days_off("2026-11-20 12:00"), days_off("2026-11-19 00:00")) == (second, first)
    set_client(store, "A", {"days_off": ""}, by=BY)
    assert days_off() == {}
