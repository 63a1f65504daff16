from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql

from cicero_cli.domain.periods import day_bounds
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.repositories.roster.client_spans import ClientSpan
from tests.bench.data import load
from tests.project.test_queries import QUERIES, explained

DAY = date(2026, 1, 15)
START, END = day_bounds(DAY, ZoneInfo("Asia/Jakarta"))
LARGE = {"insta_like", "tiktok_comment", "insta_post", "tiktok_post", "done_by_day"}
VALUES: dict[str, Any] = {
    "client_id": "POLRES_3",
    "client_ids": ["POLRES_3"],
    "regional_id": None,
    "visible_ids": ["POLRES_3"],
    "user_id": None,
    "username": "polres.3",
    "day": DAY,
    "days": [DAY],
    "first_day": DAY,
    "first_days": [DAY],
    "last_day": DAY,
    "last_days": [DAY],
    "start": START,
    "end": END,
    "now": END,
    "as_of": END,
    "posts": [10],
    "unreadable": 1,
    "required": [5],
    "post_id": 1,
    "post_ids": [1, 2, 3],
    "insta_post_ids": [1, 2, 3],
    "tiktok_post_ids": [1, 2, 3],
    "post_keys": ["K3_0_1"],
    "limit": 100,
    "active_only": True,
    "recipient": "120363000000000001@g.us",
    "recipients": ["120363000000000001@g.us"],
    "scope": "semua",
    "platforms": ["insta", "tiktok"],
}
NOUNS = (
    "anev",
    "done_by_day",
    "engagement",
    "dashboard_lists",
    "posts",
    "recap",
    "sums",
    "any_account",
    "tugas",
)
STATEMENTS = {
    f"{noun}.{name}": statement
    for noun in NOUNS
    for name, statement in load_queries(noun).items()
    if not name.startswith("store_")
}

# What takes a list, or a value that may be none: what it costs without its values is guesswork.
STATEMENTS_OF_ANY = [
    name
    for name, statement in QUERIES.items()
    if re.search(r"ANY \(|IS NULL OR|unnest\(%", statement)
    and not re.match(r"\w+\.(store|add|save|set)_", name)
    and name not in {"outbox.list_messages", "outbox.list_page_of_messages"}  # never kept
]
VALUES_OF_ANY = VALUES | {
    "platform": "insta",
    "usernames": ["user_3_1", "user_3_2"],
    "before": None,
    "before_at": None,
    "message_id": None,
    "status": None,
    "statuses": None,
    "active": None,
    "name": None,
    "kind": None,
    "no_first_contacts": True,
    "sender": "default",
    "gateway": "file",
    "look_up_at": END,
    "since": END,
    "dedupe_keys": ["3-1", "3-2"],
    "gateway_message_id": "x",
    "subjects": ["3-1"],
    "user_ids": ["3-1", "3-2"],
    "free": 3,
    "job": "remind",
    "slots": [END],
    "jti": "x",
    "accepts_phone": True,
    "at": END,
    "import_id": 1,
    "proposal_id": None,
    "kept_ids": ["3-1"],
    "kept_platforms": ["insta"],
}


@pytest.fixture(scope="module")
def full(server: str, template: str) -> Iterator[Store]:
    """Forty clients of 150 people, five days: 100,000 likes and as many comments, counted; a message to each of them."""
    with connect(f"{server} dbname=postgres", hint="") as admin:
        admin.execute(f"CREATE DATABASE full_tables TEMPLATE {template} STRATEGY FILE_COPY")
    with connect(f"{server} dbname=full_tables", hint="") as connection:
        store = Store(connection)
        load(connection, clients=40, users=150, posts=5, likes=100, day=DAY, days=5)
        connection.execute(
            "INSERT INTO tiktok_post (client_id, post_key, published_at, first_seen_at)"
            " SELECT client_id, post_key, published_at, first_seen_at FROM insta_post"
        )
        connection.execute(
            "INSERT INTO tiktok_comment (client_id, post_id, first_seen_at, usernames, created_ats, comment_ids)"
            " SELECT client_id, tiktok_post.post_id, now(), usernames, array_fill(now(), ARRAY[cardinality(usernames)]), usernames"
            " FROM insta_like JOIN insta_post USING (client_id, post_id) JOIN tiktok_post USING (client_id, post_key)"
        )
        connection.execute(
            "INSERT INTO tiktok_comment_text (client_id, post_id, first_seen_at, texts)"
            " SELECT client_id, post_id, first_seen_at, usernames FROM tiktok_comment"
        )
        for platform in Platform:
            for number in range(1, 41):
                store.engagement(platform).recount(
                    f"POLRES_{number}", DAY - timedelta(days=10), DAY
                )
        connection.execute(
            "INSERT INTO outbox (dedupe_key, kind, client_id, user_id, day, recipient, body, next_attempt_at,"
            " expires_at, queued_at, status, gateway)"
            " SELECT user_id, 'reminder', client_id, user_id, %(day)s, whatsapp, 'x', %(now)s, %(now)s, %(now)s,"
            """ 'accepted', 'file' FROM "user\"""",
            {"day": DAY, "now": END},
        )
        connection.execute("VACUUM ANALYZE")
        yield store


def test_the_tables_are_large(full: Store) -> None:
    likes = full.connection.execute("SELECT sum(cardinality(usernames)) FROM insta_like").fetchone()
    assert likes is not None
    assert likes[0] >= 90_000


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_reads_a_large_table_from_end_to_end(name: str, full: Store) -> None:
    """What is asked for one client costs what that client holds, whatever else is in the tables."""
    statement = STATEMENTS[name]
    plans = {
        platform: full.connection.execute(
            f"EXPLAIN {statement}", {**VALUES, "platform": platform}
        ).fetchall()
        for platform in Platform
    }
    plans["whatever the values"] = full.connection.execute(explained(statement)).fetchall()
    for plan in plans.values():
        text = "\n".join(line for (line,) in plan)
        assert set(re.findall(r"Seq Scan on (\w+)", text)) & LARGE == set(), text


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize(
    "name", [name for name in STATEMENTS if "%(platform)s" in STATEMENTS[name]]
)
def test_the_other_platforms_tables_are_not_read(
    name: str, platform: Platform, full: Store
) -> None:
    """Also when the plan was made for either: a view's other branch is there and never runs."""
    values = {**VALUES, "platform": platform}
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    full.connection.execute("DEALLOCATE ALL")
    full.connection.execute("SET plan_cache_mode = force_generic_plan")
    full.connection.execute(
        explained(STATEMENTS[name]).replace(b"EXPLAIN (GENERIC_PLAN)", b"PREPARE one AS")
    )
    given = sql.SQL(", ").join(sql.Literal(values[each]) for each in names)
    with full.connection.transaction(force_rollback=True):
        plan = full.connection.execute(
            sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE one ({})").format(given)
        ).fetchall()
    full.connection.execute("RESET plan_cache_mode")
    other = {Platform.INSTA: "tiktok", Platform.TIKTOK: "insta"}[platform]
    run = [line for (line,) in plan if re.search(rf" on {other}_", line)]
    assert [line for line in run if "never executed" not in line] == []


@pytest.mark.parametrize("name", STATEMENTS_OF_ANY)
def test_a_plan_for_any_values_reads_little_more_than_one_for_these(name: str, full: Store) -> None:
    """PostgreSQL may keep such a plan from the sixth time on, as for `remind`, which asks client after client."""
    read = {
        mode: pages_read(full, name, VALUES_OF_ANY, mode=mode)
        for mode in ("force_custom_plan", "force_generic_plan")
    }

    assert read["force_generic_plan"] <= 4 * read["force_custom_plan"] + 40, read


def pages_read(store: Store, name: str, values: dict[str, Any], *, mode: str) -> int:
    """How many pages of tables and indexes the statement looks at, planned with its values or without."""
    statement = QUERIES[name]
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    store.connection.execute("DEALLOCATE ALL")
    store.connection.execute(f"SET plan_cache_mode = {mode}")
    store.connection.execute(
        explained(statement).replace(b"EXPLAIN (GENERIC_PLAN)", b"PREPARE one AS")
    )
    given = sql.SQL(", ").join(sql.Literal(values[each]) for each in names)
    with store.connection.transaction(force_rollback=True):
        ((plan,),) = store.connection.execute(
            sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE one ({})").format(given)
        )
    store.connection.execute("RESET plan_cache_mode")
    top = plan[0]["Plan"]
    return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])


def test_what_a_person_filters_is_planned_for_the_filter(full: Store) -> None:
    """A plan for any filter would read the whole outbox."""
    full.connection.execute("DEALLOCATE ALL")
    for _ in range(10):
        full.outbox.list_newest(status="queued", client_id=None, kind=None, limit=5)

    kept = full.connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()

    assert kept == (0,)


def test_what_a_dashboard_asks_again_and_again_is_planned_once(full: Store) -> None:
    """PostgreSQL keeps a plan when it is not dearer than planning anew each time, which takes as long as the stats."""
    (choice,) = full.recap.choices(["POLRES_3"], regional_id=None)
    spans = [ClientSpan(choice, Span(DAY, DAY))]
    full.connection.execute("DEALLOCATE ALL")
    for _ in range(20):
        full.recap.stats(spans)
        for platform in Platform:
            full.recap.stale_clients(platform, {"POLRES_3": Span(DAY, DAY)})
            full.recap.recap(platform, spans)
            full.dashboard_lists.posts(platform, spans, limit=100)

    planned = full.connection.execute(
        "SELECT custom_plans, statement FROM pg_prepared_statements WHERE statement ~ 'client_spans|stale_day'"
    ).fetchall()

    assert len(planned) == 4
    assert [(times, text) for times, text in planned if times > 5] == []


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    "name", ["recap.read_recap", "anev.read_anev", "anev.list_anev_rows", "sums.sum_standings"]
)
def test_a_month_in_which_everybody_changed_joins_nobody_with_everybody(
    name: str, mode: str, full: Store
) -> None:
    """The planner believes in a handful of people, whose loops of 150 by 150 would be none."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    values = VALUES | {"platform": "insta", "first_day": DAY - timedelta(days=4)}
    values["first_days"] = [values["first_day"]]
    full.connection.execute("DEALLOCATE ALL")
    full.connection.execute(f"SET plan_cache_mode = {mode}")
    full.connection.execute(
        explained(STATEMENTS[name]).replace(b"EXPLAIN (GENERIC_PLAN)", b"PREPARE one AS")
    )
    given = sql.SQL(", ").join(sql.Literal(values[each]) for each in names)
    with full.connection.transaction(force_rollback=True):
        for ago, title in ((3, "AKBP"), (1, "KOMBES")):
            moment = f"{DAY - timedelta(days=ago)} 05:00+07"
            full.connection.execute("SELECT set_config('cicero.now', %s, true)", (moment,))
            full.connection.execute(
                "UPDATE \"user\" SET title = %s WHERE client_id = 'POLRES_3'", (title,)
            )
        plan = full.connection.execute(
            sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE one ({})").format(given)
        ).fetchall()
    full.connection.execute("RESET plan_cache_mode")
    text = "\n".join(line for (line,) in plan)
    removed = [int(n) for n in re.findall(r"Rows Removed by Join Filter: (\d+)", text)]
    assert sum(removed) < 150 * 5 * 3 * 2, text  # each day of each, with each of three parts
