from __future__ import annotations

from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.status import read_status
from tests.services.fakes import FETCH_AT, at

INSTA = Platform.INSTA


def run_at(
    store: Store, client_id: str, moment: str, status: RunStatus, error: str | None = None
) -> None:
    run_id = store.runs.start(client_id, INSTA, now=at(moment))
    run = Run(client_id=client_id, platform=INSTA, status=status, posts=2, new=7, error=error)
    store.runs.finish(run_id, run, now=at(moment))


def test_the_last_run_of_every_client_is_shown_and_what_is_overdue(store: Store) -> None:
    for name, zone in {"A": "Asia/Jakarta", "B": "Asia/Jakarta", "C": "Asia/Jayapura"}.items():
        store.clients.add(
            Client(client_id=name, nama=name, client_insta=name.lower(), timezone=zone)
        )
    run_at(store, "A", "2026-11-21 04:30", RunStatus.DONE)
    run_at(store, "B", "2026-11-21 02:30", RunStatus.DONE)
    run_at(store, "B", "2026-11-21 04:30", RunStatus.FAILED, "private")

    document = read_status(store, fetch_at=FETCH_AT, now=at("2026-11-21 05:20")).document()

    good = {
        "client_id": "A",
        "platform": "insta",
        "status": "done",
        "posts": 2,
        "new": 7,
        "error": None,
        "error_code": None,
    }
    assert document["runs"] == [
        {
            **good,
            "started_at": at("2026-11-21 04:30"),
            "good_at": at("2026-11-21 04:30"),
            "overdue": False,
        },
        {
            **good,
            "client_id": "B",
            "status": "failed",
            "error": "private",
            "error_code": None,
            "started_at": at("2026-11-21 04:30"),
            "good_at": at("2026-11-21 02:30"),
            "overdue": True,
        },
        {
            "client_id": "C",
            "platform": "insta",
            "status": None,
            "started_at": None,
            "posts": None,
            "new": None,
            "error": None,
            "error_code": None,
            "good_at": None,
            "overdue": True,
        },
    ]


def test_the_night_has_no_fetches_so_nothing_is_overdue(store: Store) -> None:
    store.clients.add(Client(client_id="A", nama="A", client_insta="a"))
    run_at(store, "A", "2026-11-21 13:30", RunStatus.DONE)  # 20:30 in Jakarta, the last of the day

    def is_overdue(moment: str) -> bool:
        return read_status(store, fetch_at=FETCH_AT, now=at(moment)).runs[0].overdue

    assert not is_overdue("2026-11-21 22:59")  # 05:59
    assert not is_overdue("2026-11-22 00:14")  # 07:14: the one of 06:30 may still be going on
    assert is_overdue("2026-11-22 00:15")


def test_a_fetch_that_failed_is_overdue_but_was_not_missed(store: Store) -> None:
    for name in "AB":
        store.clients.add(Client(client_id=name, nama=name, client_insta=name.lower()))
    run_at(store, "A", "2026-11-21 04:30", RunStatus.FAILED, "private")
    run_at(store, "B", "2026-11-20 04:30", RunStatus.FAILED, "private")
    now = at("2026-11-21 05:20")
    [failed, missed] = read_status(store, fetch_at=FETCH_AT, now=now).runs
    assert (failed.overdue, failed.is_missed) == (True, False)
    assert (missed.overdue, missed.is_missed) == (True, True)
    assert [
        state.run.client_id
        for state in read_status(store, fetch_at=FETCH_AT, now=now, client_ids=["B"]).runs
    ] == ["B"]


def test_every_host_that_was_asked_this_month_is_shown(store: Store) -> None:
    meter = Meter()
    meter.count(size=700_000, quota=Quota(limit=200_000, remaining=199_999, reset_seconds=60))
    store.usage.add("fake.test", meter, exhausted_until=None, now=at("2026-11-20 05:00"))
    store.usage.add(
        "fake.test", meter, exhausted_until=at("2026-11-22 00:00"), now=at("2026-11-21 05:00")
    )

    assert read_status(store, fetch_at=FETCH_AT, now=at("2026-11-21 06:00")).document()[
        "hosts"
    ] == [
        {
            "host": "fake.test",
            "requests_today": 1,
            "bytes_today": 700_000,
            "requests_month": 2,
            "bytes_month": 1_400_000,
            "quota_remaining": 199_999,
            "quota_limit": 200_000,
            "exhausted_until": at("2026-11-22 00:00"),
            "comment_order": None,
            "comments_a_page": None,
        }
    ]


def test_an_installation_without_clients_has_nothing_to_show(store: Store) -> None:
    document = read_status(store, fetch_at=FETCH_AT, now=at("2026-11-21 06:00")).document()

    assert (document["runs"], document["hosts"]) == ([], [])
