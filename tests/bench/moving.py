"""The move of likes from a row each to a row for each reading: what it takes, and what they take afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database import migrations
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import Store
from tests.bench.measuring import report

MOVE = "keep_likes_by_reading"
LIKES = int(os.environ.get("CICERO_BENCH_LIKES", "3000000"))
PER_POST, POSTS_A_DAY, CLIENTS, READINGS = 1000, 10, 10, 5
LAST_DAY = date(2026, 11, 21)
# Each post was read five times: 600 of its likes at the first reading, 100 at each of the others.
_BEFORE = """
INSERT INTO clients (client_id, nama, client_insta)
SELECT 'POLRES_' || c, 'Polres ' || c, 'polres.' || c FROM generate_series(1, %(clients)s) AS c;
INSERT INTO "user" (user_id, client_id, nama, divisi, insta)
SELECT format('%%s-%%s', c, u), 'POLRES_' || c, 'Nama ' || u, 'SAT LANTAS', format('user_%%s_%%s', c, u)
FROM generate_series(1, %(clients)s) AS c, generate_series(1, 700) AS u;
INSERT INTO insta_post (client_id, post_key, published_at, like_count, listed, total, fetched_at, first_seen_at)
SELECT 'POLRES_' || c, format('K%%s_%%s_%%s', c, d, p), %(last)s::date - d + time '08:00' + p * interval '20 minutes',
    1000, 1000, 1000, now(), now()
FROM generate_series(0, %(days)s - 1) AS d, generate_series(1, %(clients)s) AS c, generate_series(1, %(posts)s) AS p;
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id,
    CASE WHEN n <= 600 THEN format('user_%%s_%%s', split_part(client_id, '_', 2), 1 + (n + post_id * 13) %% 700)
        ELSE format('stranger_%%s', (n * 31 + post_id * 17) %% 200000) END,
    published_at + (GREATEST(n - 501, 0) / 100) * interval '1 hour'
FROM insta_post, generate_series(1, 1000) AS n
ON CONFLICT DO NOTHING;
"""


def bench_move(store: Store) -> None:
    """The database is empty, not even migrated."""
    connection, days = store.connection, LIKES // PER_POST // POSTS_A_DAY // CLIENTS
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(migrations, "sql_root", lambda: Path(folder))
        (Path(folder) / "migrations").mkdir()
        names = sorted((sql_root() / "migrations").glob("*.sql"))
        move = next(place for place, path in enumerate(names) if path.stem.endswith(MOVE))
        for path in names[:move]:
            shutil.copy(path, Path(folder) / "migrations")
        migrations.migrate(connection)
        sizes = {"clients": CLIENTS, "posts": POSTS_A_DAY, "days": days, "last": LAST_DAY}
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(_BEFORE, sizes)
        connection.execute("VACUUM ANALYZE")
        likes = _count(connection, "SELECT count(*) FROM insta_like")
        report(f"{likes:,} likes, bytes a like before", f"{_size(connection) / likes:.0f}")
        for path in names[move : move + 1]:
            shutil.copy(path, Path(folder) / "migrations")
        report("the move, seconds", f"{_seconds(lambda: migrations.migrate(connection)):.0f}")
        for path in names[move + 1 :]:
            shutil.copy(path, Path(folder) / "migrations")
        migrations.migrate(connection)
    connection.execute("VACUUM ANALYZE")
    assert _count(connection, "SELECT sum(cardinality(usernames)) FROM insta_like") == likes
    report("bytes a like afterwards", f"{_size(connection) / likes:.0f}", "25")
    engagement = store.engagement(Platform.INSTA)
    took = _seconds(lambda: engagement.recount("POLRES_3", LAST_DAY, LAST_DAY))
    report("recount of a day of 10 posts, ms", f"{took * 1000:.0f}")
    posts = [
        post.post_id
        for post in store.posts(Platform.INSTA).list(
            "POLRES_3", first_day=LAST_DAY, last_day=LAST_DAY
        )
    ]
    look = """
        SELECT post_id, first_seen_at FROM engagement_at
        WHERE platform = 'insta' AND client_id = 'POLRES_3' AND post_id = ANY (%s) AND username = 'user_3_7'
    """
    took = min(_seconds(lambda: connection.execute(look, [posts]).fetchall()) for _ in range(5))
    report("one handle in a day's posts, ms", f"{took * 1000:.1f}", "under 5")
    month = (
        "DELETE FROM insta_like USING insta_post AS post WHERE insta_like.client_id = post.client_id"
        " AND insta_like.post_id = post.post_id AND post.day < %s"
    )
    first = _count(connection, "SELECT min(day) FROM insta_post")
    took = _seconds(lambda: connection.execute(month, [date.fromordinal(first.toordinal() + 30)]))
    report("removing the oldest 30 days, seconds", f"{took:.1f}")
    report(
        "  and the vacuum after it",
        f"{_seconds(lambda: connection.execute('VACUUM insta_like')):.1f}",
    )


def _count(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _size(connection: psycopg.Connection) -> int:
    return _count(connection, "SELECT pg_total_relation_size('insta_like')")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
