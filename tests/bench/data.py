"""Data of any size, made in the database: clients with users, posts, and likes of which 600 in 1,000 are users'."""

from __future__ import annotations

from datetime import date

import psycopg

_CLIENTS = """
INSERT INTO clients (client_id, nama, client_insta, client_tiktok)
SELECT format('POLRES_%%s', n), format('Polres %%s', n), format('polres.%%s', n), format('polres.%%s', n)
FROM generate_series(1, %(clients)s) AS n
"""
_USERS = """
INSERT INTO "user" (user_id, client_id, nama, title, divisi, insta, tiktok, whatsapp)
SELECT format('%%s-%%s', c, u), format('POLRES_%%s', c), format('Nama Orang %%s', u),
    (ARRAY['AKP', 'IPTU', 'IPDA', 'AIPTU', 'AIPDA', 'BRIPKA', 'BRIGADIR', 'BRIPTU', 'BRIPDA'])[1 + u %% 9],
    (ARRAY['BAG OPS', 'SAT LANTAS', 'SAT BINMAS', 'SI HUMAS', 'POLSEK KOTA', 'POLSEK DESA'])[1 + u %% 6],
    format('user_%%s_%%s', c, u), format('user_%%s_%%s', c, u), format('62812%%s', 1000000 + c * 10000 + u)
FROM generate_series(1, %(clients)s) AS c, generate_series(1, %(users)s) AS u
"""
_POSTS = """
INSERT INTO insta_post (client_id, post_key, published_at, like_count, listed, total, fetched_at, fetched_count,
    first_seen_at)
SELECT format('POLRES_%%s', c), format('K%%s_%%s_%%s', c, day.n, p),
    (%(day)s::date - day.n + time '08:00' + p * interval '20 minutes') AT TIME ZONE 'Asia/Jakarta',
    %(likes)s, %(likes)s, %(likes)s, now(), %(likes)s, now()
FROM generate_series(0, %(days)s - 1) AS day (n), generate_series(1, %(clients)s) AS c,
    generate_series(1, %(posts)s) AS p
ORDER BY 3, 1
"""
_LIKES = """
INSERT INTO insta_like (client_id, post_id, first_seen_at, usernames)
SELECT client_id, post_id, published_at, array_agg(DISTINCT
    CASE
        WHEN n <= %(likes)s * 6 / 10 AND n <= %(users)s
            THEN format('user_%%s_%%s', split_part(client_id, '_', 2), 1 + (n * 11 + post_id * 13) %% %(users)s)
        ELSE format('stranger_%%s', (n * 31 + post_id * 17) %% 200000)
    END)
FROM insta_post, generate_series(1, %(likes)s) AS n
GROUP BY client_id, post_id
"""


def load(
    connection: psycopg.Connection,
    *,
    clients: int,
    users: int,
    posts: int,
    likes: int,
    day: date,
    days: int = 1,
) -> None:
    """Fill the migrated, empty database with `days` days up to `day`; counts are stale afterwards, as after a fetch."""
    sizes = {
        "clients": clients,
        "users": users,
        "posts": posts,
        "likes": likes,
        "day": day,
        "days": days,
    }
    for statement in (_CLIENTS, _USERS, _POSTS, _LIKES):
        connection.execute(statement, sizes)
    connection.execute("VACUUM ANALYZE")
