"""Sums made in the database must be what the domain would say, day by day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.sums import sum_up_month, sum_up_today
from tests.services.fakes import at, comments, likes, shown

NOW = at("2026-11-21 15:30")  # 22:30 of the 21st in Jakarta, 00:30 of the 22nd in Jayapura
ZONES = ("Asia/Jakarta", "Asia/Jayapura")


def fill(store: Store) -> list[Client]:
    """Two clients in two zones; people with every status; posts around midnight; hidden and unread ones."""
    choose = random.Random(5)
    for number, zone in enumerate(ZONES):
        client_id = f"POLRES_{number}"
        store.clients.add(
            Client(
                client_id=client_id, nama=client_id, client_insta=f"p{number}",
                client_tiktok=f"p{number}", timezone=zone, threshold=0.6,
            )
        )  # fmt: skip
        handles = [f"u{number}.{n}" for n in range(12)]
        for n, handle in enumerate(handles):
            has_none = n in {3, 4}
            user = User(
                user_id=f"{number}{n:02}", client_id=client_id, nama=handle, exception=n in {4, 5},
                insta=None if has_none else handle, tiktok=None if n == 6 else handle, status=n != 7,
            )  # fmt: skip
            store.users.add(user)
        for platform in Platform:
            posts = [
                shown(
                    f"{platform}{number}{day}{hour}",
                    f"2026-11-{day} {hour}:10",
                    None if hour == "14" else 9,
                )
                for day in ("17", "20", "21")
                for hour in ("01", "05", "14", "15")
            ]
            store.posts(platform).store(client_id, posts, now=NOW)
            ids = store.connection.execute(
                f"SELECT post_id FROM {platform}_post WHERE client_id = %s ORDER BY post_key",
                [client_id],
            ).fetchall()
            for place, (post_id,) in enumerate(ids):
                seen = choose.sample(handles, 6)
                if place % 4 == 3:
                    continue  # never read
                engagement = (
                    likes(*seen, total=None if place % 4 == 2 else 8)
                    if platform is Platform.INSTA
                    else comments(*seen)
                )
                store.engagement(platform).store(post_id, engagement, now=NOW)
    return store.clients.list()


def test_todays_sums_are_those_of_the_report(store: Store) -> None:
    clients = fill(store)
    for platform in Platform:
        today = sum_up_today(store, clients, platform, now=NOW)
        for client in clients:
            found = today[client.client_id]
            report = read_attendance(store, client, platform, Moment(found.day, None))
            assert found.summary == report.summary
            assert report.summary.posts
            assert found.is_listed
            reads = [post.fetched_at for post in report.posts if post.fetched_at]
            assert found.read_at == max(reads, default=None)
            assert (found.listed, found.total) == (report.coverage.listed, report.coverage.total)


def test_the_overview_of_many_clients_takes_no_more_statements_than_that_of_one(
    store: Store, tmp_path: Path
) -> None:
    clients = fill(store)
    for number in range(10):
        store.clients.add(Client(client_id=f"LEER_{number}", nama="Leer"))

    def count_statements(some: list[Client]) -> int:
        with (tmp_path / "trace").open("w+") as trace:
            store.connection.pgconn.trace(trace.fileno())
            sum_up_today(store, some, Platform.INSTA, now=NOW)
            store.connection.pgconn.untrace()
            trace.seek(0)
            return trace.read().count("CommandComplete")

    count_statements(clients)  # counts anew what is stale
    assert 0 < count_statements(store.clients.list()) == count_statements(clients[:1])


def test_a_day_without_posts_or_users(store: Store) -> None:
    store.clients.add(Client(client_id="LEER", nama="Leer", client_insta="leer"))
    clients = store.clients.list()
    today = sum_up_today(store, clients, Platform.INSTA, now=NOW)["LEER"]
    assert (today.summary.users, today.summary.posts, today.is_listed, today.total) == (
        0,
        0,
        False,
        0,
    )
    assert sum_up_today(store, [], Platform.INSTA, now=NOW) == {}
    month = sum_up_month(store, clients[0], Platform.INSTA, date(2026, 11, 1), now=NOW)
    assert (month.days, month.attendance.users) == ((), ())


def test_a_month_is_the_sum_of_its_days(store: Store) -> None:
    for client in fill(store):
        for platform in Platform:
            month = sum_up_month(store, client, platform, date(2026, 11, 1), now=NOW)
            reports = {
                day: read_attendance(store, client, platform, Moment(day, None))
                for day in (date(2026, 11, 1) + timedelta(days=n) for n in range(22))
            }
            with_posts = {day: report for day, report in reports.items() if report.posts}
            assert {day.day: (day.posts, day.sudah, day.users) for day in month.days} == {
                day: (report.summary.posts, report.summary.sudah, report.summary.users)
                for day, report in with_posts.items()
            }
            assert month.attendance.summary.posts == sum(len(r.posts) for r in with_posts.values())
            for user in month.attendance.users:
                days = [
                    u for r in with_posts.values() for u in r.users if u.user_id == user.user_id
                ]
                assert user.done == sum(day.done for day in days)
            last = store.posts(platform).list(
                client.client_id, first_day=month.last_day, last_day=month.last_day
            )
            assert last
