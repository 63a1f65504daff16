"""The statement behind a recap, timed on a warm database: a day, and a month of 22 such days."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import ClientSpan, arrays
from cicero_cli.services.attendance.recap import read_recap
from tests.bench.data import load
from tests.bench.measuring import report

CLIENT, DAYS = "POLRES_3", 22
# The same answer without a history: of who is on file today, with the threshold of today.
_WITHOUT_HISTORY = """
WITH span AS MATERIALIZED (
    SELECT span.client_id, span.nama, span.first_day, span.last_day,
        (
            SELECT count(*)
            FROM post
            WHERE post.client_id = span.client_id AND post.platform = %(platform)s
                AND post.day BETWEEN span.first_day AND span.last_day AND post.deleted_at IS NULL
        ) AS posts
    FROM client_spans(%(client_ids)s::text[], %(first_days)s::date[], %(last_days)s::date[]) AS span
),
done AS (
    SELECT done_by_day.user_id, sum(done_by_day.posts) AS posts
    FROM span
    JOIN done_by_day
        ON done_by_day.client_id = span.client_id AND done_by_day.platform = %(platform)s
        AND done_by_day.day BETWEEN span.first_day AND span.last_day
    GROUP BY done_by_day.user_id
)
SELECT array_agg(user_id), array_agg(title), array_agg(nama), array_agg(insta), array_agg(divisi), array_agg(jumlah),
    array_agg(exception), array_agg(display_nama), array_agg(client_id), array_agg(nama_client),
    (SELECT COALESCE(sum(posts), 0)::bigint FROM span), count(*), count(*) FILTER (WHERE standing = 'sudah'),
    count(*) FILTER (WHERE standing = 'kurang'), count(*) FILTER (WHERE standing = 'belum'),
    count(*) FILTER (WHERE standing = 'no_username'), count(*) FILTER (WHERE standing = 'no_posts'),
    count(*) FILTER (WHERE standing <> 'no_username' AND fulfils),
    count(*) FILTER (WHERE standing <> 'no_username' AND NOT fulfils)
FROM (
    SELECT person.user_id, person.title, person.nama, person.insta, person.divisi, COALESCE(done.posts, 0) AS jumlah,
        person.exception, concat_ws(' ', person.title, person.nama) AS display_nama, span.client_id,
        span.nama AS nama_client,
        CASE
            WHEN person.insta IS NULL AND NOT person.exception AND done.posts IS NULL THEN 'no_username'
            WHEN span.posts = 0 THEN 'no_posts'
            WHEN person.exception OR done.posts >= span.posts THEN 'sudah'
            WHEN done.posts > 0 THEN 'kurang'
            ELSE 'belum'
        END AS standing,
        person.exception OR span.posts = 0
            OR COALESCE(done.posts, 0) >= GREATEST(1, ceil(0.5::double precision * span.posts - 1e-9)) AS fulfils
    FROM span
    JOIN "user" AS person ON person.client_id = span.client_id AND person.status
    LEFT JOIN done ON done.user_id = person.user_id
    ORDER BY jumlah DESC, person.user_id COLLATE "C"
) AS line
"""
_TIKTOK = """
INSERT INTO tiktok_post (client_id, post_key, published_at, comment_count, listed, total, fetched_at, fetched_count,
    first_seen_at)
SELECT client_id, post_key, published_at, like_count, listed, total, fetched_at, fetched_count, first_seen_at
FROM insta_post
ORDER BY post_id
"""
_COMMENTS = """
INSERT INTO tiktok_comment (client_id, post_id, first_seen_at, usernames, created_ats, comment_ids)
SELECT client_id, tiktok_post.post_id, insta_like.first_seen_at, usernames,
    array_fill(insta_like.first_seen_at, ARRAY[cardinality(usernames)]), usernames
FROM insta_like
JOIN insta_post USING (client_id, post_id)
JOIN tiktok_post USING (client_id, post_key)
"""


def load_both(store: Store, *, clients: int, days: int) -> date:
    """Clients with 700 users, 10 posts a day and 1,000 likes and as many comments on each, up to the day it gives."""
    day = local_day(datetime.now(UTC), ZoneInfo("Asia/Jakarta"))  # noqa: TID251 - a benchmark is run now
    load(store.connection, clients=clients, users=700, posts=10, likes=1000, day=day, days=days)
    store.connection.execute(_TIKTOK)
    store.connection.execute(_COMMENTS)
    store.connection.execute("VACUUM ANALYZE")
    return day


def bench_recap_statements(store: Store) -> None:
    """One client among ten, on both platforms; what the statement takes and what carrying its answer takes."""
    day = load_both(store, clients=10, days=DAYS)
    (choice,) = store.recap.choices([CLIENT], regional_id=None)
    spans = {
        "a day": (Span(day, day), 5.0),
        f"a month of {DAYS} days": (Span(day - timedelta(days=DAYS - 1), day), 40.0),
    }
    for platform in Platform:
        for name, (span, limit) in spans.items():
            asked = [ClientSpan(choice, span)]
            cold = _milliseconds(lambda: read_recap(store, platform, asked), runs=1)  # noqa: B023 - called at once
            store.connection.execute("VACUUM ANALYZE done_by_day")
            warm = _milliseconds(lambda: store.recap.recap(platform, asked))  # noqa: B023 - as above
            check = _milliseconds(lambda: store.recap.stale_clients(platform, {CLIENT: span}))  # noqa: B023 - as above
            is_a_day = span.first_day == span.last_day
            recap = load_queries("recap")["read_day_recap" if is_a_day else "read_recap"]
            inside = _milliseconds_inside(store, platform, asked, recap)
            without = _milliseconds_inside(store, platform, asked, _WITHOUT_HISTORY)
            report(
                f"{platform.label} recap of {name}, ms", f"{min(inside):.1f}", f"under {limit:g}"
            )
            report("  of it without the history", f"{min(inside) / min(without):.2f}")
            report("  the median, ms", f"{statistics.median(inside):.1f}")
            report("  and with 700 rows read from it, ms", f"{warm:.1f}")
            report("  looking for stale days, ms", f"{check:.2f}")
            report("  the first time, counting the likes anew, ms", f"{cold:.0f}")


def _milliseconds_inside(
    store: Store, platform: Platform, spans: list[ClientSpan], query: str
) -> list[float]:
    """What PostgreSQL says that running the statement took; the least of it is what nothing else disturbed."""
    statement = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}"
    took = []
    for _ in range(30):
        row = store.connection.execute(
            statement, {**arrays(spans), "platform": platform}
        ).fetchone()
        assert row is not None
        took.append(float(row[0][0]["Execution Time"]))
    return took


def _milliseconds(call: Callable[[], object], *, runs: int = 30) -> float:
    """The median; psycopg has prepared the statement after the first five."""
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)
