"""An installation of before likes were kept by reading moves with equal figures."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database import migrations
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import Store, connect
from tests.services.fakes import at

DAY = date(2026, 11, 21)
MOVE = "keep_likes_by_reading"

# Before the move: a like and a comment of their own rows, of two readings.
BEFORE = """
INSERT INTO clients (client_id, nama, client_insta, client_tiktok) VALUES ('A', 'Polres A', 'a', 'a');
INSERT INTO "user" (user_id, client_id, nama, insta, tiktok)
VALUES ('1', 'A', 'Ani', 'ani', 'ani'), ('2', 'A', 'Budi', 'budi', 'budi'), ('3', 'A', 'Citra', 'citra', NULL);
INSERT INTO insta_post (client_id, post_key, published_at, like_count, listed, total, fetched_at, first_seen_at)
SELECT 'A', 'p' || n, '2026-11-21 08:00+7', 3, 3, 3, '2026-11-21 13:00+7', '2026-11-21 09:00+7'
FROM generate_series(1, 3) AS n;
INSERT INTO tiktok_post (client_id, post_key, published_at, comment_count, listed, total, fetched_at, first_seen_at)
SELECT 'A', 't' || n, '2026-11-21 08:00+7', 3, 3, 3, '2026-11-21 13:00+7', '2026-11-21 09:00+7'
FROM generate_series(1, 2) AS n;
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id, username, seen::timestamptz
FROM insta_post, (VALUES ('ani', '2026-11-21 10:00+7'), ('budi', '2026-11-21 13:00+7'), ('orang', '2026-11-21 10:00+7'))
    AS given (username, seen)
WHERE (post_key, username) <> ('p3', 'budi');
INSERT INTO tiktok_comment (post_id, comment_id, username, text, created_at, first_seen_at)
SELECT post_id, comment_id, username, text, made::timestamptz, seen::timestamptz
FROM tiktok_post, (VALUES
    ('c2', 'ani', 'Siap', '2026-11-21 08:30+7', '2026-11-21 10:00+7'),
    ('c1', 'ani', 'Mantap 👍', '2026-11-21 08:40+7', '2026-11-21 10:00+7'),
    ('c3', 'budi', '', '2026-11-21 12:30+7', '2026-11-21 13:00+7')
) AS given (comment_id, username, text, made, seen);
"""
PEOPLE_BEFORE = """
SELECT post_key, username, '' AS comment_id, '' AS text, insta_like.first_seen_at, insta_like.first_seen_at
FROM insta_like JOIN insta_post USING (post_id)
UNION ALL
SELECT post_key, username, comment_id, text, created_at, tiktok_comment.first_seen_at
FROM tiktok_comment JOIN tiktok_post USING (post_id)
ORDER BY 1, 2, 3
"""
PEOPLE_AFTER = """
SELECT post_key, username, '' AS comment_id, '' AS text, insta_like.first_seen_at, insta_like.first_seen_at
FROM insta_like JOIN insta_post USING (client_id, post_id), unnest(usernames) AS username
UNION ALL
SELECT post_key, username, comment_id, text, created_at, tiktok_comment.first_seen_at
FROM tiktok_comment JOIN tiktok_comment_text USING (client_id, post_id, first_seen_at)
JOIN tiktok_post USING (client_id, post_id),
    unnest(usernames, comment_ids, texts, created_ats) AS comment (username, comment_id, text, created_at)
ORDER BY 1, 2, 3
"""


def copy_migrations(root: Path, *, before_the_move: bool) -> None:
    names = sorted((sql_root() / "migrations").glob("*.sql"))
    end = next(place for place, path in enumerate(names) if path.stem.endswith(MOVE))
    for path in names[:end] if before_the_move else names:
        shutil.copy(path, root / "migrations")


def standings_of(store: Store, platform: Platform, moment: str) -> dict[str, int]:
    """Posts of the day that each user had done by then."""
    engagement = store.engagement(platform)
    posts = [post.post_id for post in store.posts(platform).list("A", first_day=DAY, last_day=DAY)]
    return {
        person.user_id: person.done
        for person in engagement.list_standings_as_of("A", DAY, posts, at(moment))
    }


def test_the_move_keeps_every_like_its_moment_and_the_figures(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "migrations").mkdir()
    monkeypatch.setattr(migrations, "sql_root", lambda: tmp_path)
    with connect(empty_database, hint="") as connection:
        copy_migrations(tmp_path, before_the_move=True)
        migrate(connection)
        connection.execute(BEFORE)
        people = connection.execute(PEOPLE_BEFORE).fetchall()

        copy_migrations(tmp_path, before_the_move=False)
        migrate(connection)

        assert len(people) == 14
        assert connection.execute(PEOPLE_AFTER).fetchall() == people
        assert connection.execute("SELECT count(*) FROM insta_like").fetchone() == (5,)
        store = Store(connection)
        for platform, ani in ((Platform.INSTA, 3), (Platform.TIKTOK, 2)):
            eleven, late = {"1": ani, "2": 0, "3": 0}, {"1": ani, "2": 2, "3": 0}
            assert standings_of(store, platform, "2026-11-21 04:00") == eleven
            assert standings_of(store, platform, "2026-11-21 07:00") == late
            store.engagement(platform).recount("A", DAY, DAY)
            assert {
                person.user_id: person.done
                for person in store.engagement(platform).list_standings("A", DAY)
            } == late
