"""Cicero_V2's databases of June 2025 and of 2026, made here, move in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import psycopg
import pytest

from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.log_in import LoginRefusedError, log_in_with_password
from tests.conftest import Run

JUNE_2025 = """
CREATE TABLE clients (client_id varchar PRIMARY KEY, nama varchar NOT NULL, client_type varchar,
    client_status boolean DEFAULT true, client_insta varchar, client_tiktok varchar, client_operator varchar);
CREATE TABLE "user" (user_id varchar PRIMARY KEY, nama varchar, title varchar, divisi varchar, insta varchar,
    tiktok varchar, whatsapp varchar, client_id varchar, status boolean DEFAULT true, ditbinmas boolean);
CREATE TABLE insta_post (shortcode varchar PRIMARY KEY, client_id varchar, caption text, comment_count int,
    created_at timestamp);
CREATE TABLE insta_like (shortcode varchar PRIMARY KEY, likes jsonb, updated_at timestamp);
CREATE TABLE tiktok_post (video_id varchar PRIMARY KEY, client_id varchar, caption text, like_count int,
    comment_count int, created_at timestamp);
CREATE TABLE tiktok_comment (video_id varchar PRIMARY KEY, comments jsonb, updated_at timestamp);
"""
YEAR_2026 = """
CREATE TABLE roles (role_id serial PRIMARY KEY, role_name varchar UNIQUE);
CREATE TABLE user_roles (user_id varchar, role_id int, PRIMARY KEY (user_id, role_id));
CREATE TABLE dashboard_user (dashboard_user_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), username text UNIQUE,
    password_hash text, role_id int, status boolean DEFAULT true, whatsapp varchar);
CREATE TABLE dashboard_user_clients (dashboard_user_id uuid, client_id varchar);
CREATE TABLE insta_comment (shortcode varchar PRIMARY KEY, comments jsonb, updated_at timestamp);
CREATE TABLE instagram_user (user_id varchar PRIMARY KEY, username varchar, full_name varchar, is_verified boolean);
ALTER TABLE clients ADD client_group varchar, ADD regional_id varchar, ADD parent_client_id varchar,
    ADD client_amplify_status boolean DEFAULT true;
ALTER TABLE "user" DROP ditbinmas, ADD jabatan varchar, ADD email varchar, ADD exception boolean DEFAULT false,
    ADD wa_notification_opt_in boolean DEFAULT false;
ALTER TABLE insta_post ADD is_video boolean, ADD is_carousel boolean, ADD thumbnail_url text;
"""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MOMENT = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)  # 3 March in Jakarta
PASSWORD = "humas-polres-2026"


def shortcode(moment: datetime, serial: int = 0) -> str:
    number = (int(moment.timestamp() * 1000) - 1_314_220_021_721 << 23) + serial
    letters = ""
    while number:
        number, rest = divmod(number, 64)
        letters = LETTERS[rest] + letters
    return letters


def video_id(moment: datetime, serial: int = 0) -> str:
    return str((int(moment.timestamp()) << 32) + serial)


@pytest.fixture
def old(empty_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(JUNE_2025.encode())
        yield connection


@pytest.fixture
def old_2026(old: psycopg.Connection) -> psycopg.Connection:
    old.execute(YEAR_2026.encode())
    return old


def add_people(old: psycopg.Connection) -> None:
    old.execute(
        "INSERT INTO clients (client_id, nama, client_type, client_insta, client_tiktok, client_operator)"
        " VALUES ('polres_a', 'Polres A', 'org', 'Polres.A', '@polres_a', '081234567890')"
    )
    old.execute(
        'INSERT INTO "user" (user_id, nama, title, divisi, insta, tiktok, whatsapp, client_id) VALUES'
        " ('85010001', 'Budi', 'AKP', 'BAG OPS', 'Budi.Ops', '@budi_ops', '08123456789', 'polres_a'),"
        " ('85010002', 'Sari', 'IPDA', 'SAT LANTAS', 'sari', NULL, 'nomor lama', 'polres_a')"
    )


def add_post(
    old: psycopg.Connection, likes: list[object], *, hours: int = 0, serial: int = 0
) -> None:
    code = shortcode(MOMENT, serial)
    old.execute(
        "INSERT INTO insta_post (shortcode, client_id, caption, created_at) VALUES (%s, 'polres_a', 'Apel', %s)",
        (code, MOMENT.replace(tzinfo=None) + timedelta(hours=hours)),
    )
    old.execute(
        "INSERT INTO insta_like VALUES (%s, %s, %s)",
        (code, json.dumps(likes), MOMENT.replace(tzinfo=None) + timedelta(hours=9)),
    )


def add_video(old: psycopg.Connection, comments: list[object]) -> None:
    key = video_id(MOMENT)
    old.execute(
        "INSERT INTO tiktok_post VALUES (%s, 'polres_a', 'Apel', 5, 3, %s)",
        (key, MOMENT.replace(tzinfo=None)),
    )
    old.execute("INSERT INTO tiktok_comment VALUES (%s, %s, NULL)", (key, json.dumps(comments)))


def address(old: psycopg.Connection) -> str:
    info = old.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"


def test_database_of_june_2025_moves_in_and_attendance_agrees_by_day(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    old.execute("UPDATE \"user\" SET ditbinmas = true WHERE user_id = '85010001'")
    add_post(old, ["budi.ops", "sari", "stranger"])
    add_video(old, ["budi_ops", "@BUDI_OPS", "somebody"])

    moved = cicero("migrate-v2", "--from", address(old), "--json")

    assert moved.exit_code == 3  # a number that is none
    document = json.loads(moved.stdout)
    assert [
        (row["table"], row["read"], row["new"], row["refused"]) for row in document["tables"]
    ] == [
        ("clients", 1, 1, 0),
        ("user", 2, 2, 0),
        ("user_roles", 1, 1, 0),
        ("insta_post", 1, 1, 0),
        ("insta_like", 3, 3, 0),
        ("tiktok_post", 1, 1, 0),
        ("tiktok_comment", 2, 2, 0),
    ]
    assert [row["item"] for row in document["refused"]] == ["user 85010002"]
    assert document["days"] == [
        {
            "client_id": "POLRES_A", "platform": "insta", "day": "2026-03-03", "posts": 1, "v2": 1, "here": 2,
            "letters": 1, "roster": 0, "since": 0, "lost": 0, "capped": 0,
        },
        {
            "client_id": "POLRES_A", "platform": "tiktok", "day": "2026-03-03", "posts": 1, "v2": 1, "here": 1,
            "letters": 0, "roster": 0, "since": 0, "lost": 0, "capped": 0,
        },
    ]  # fmt: skip
    budi = store.users.get("85010001")
    assert budi is not None
    assert (budi.insta, budi.tiktok, budi.whatsapp) == ("budi.ops", "budi_ops", "628123456789")
    roles = store.connection.execute("SELECT user_id, role FROM user_role").fetchall()
    assert roles == [("85010001", "ditbinmas")]
    shown = cicero("absensi", "show", "insta", "--client", "polres_a", "--date", "2026-03-03")
    assert shown.exit_code == 0


def test_moving_in_again_changes_nothing_and_takes_what_came_since(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    add_post(old, ["budi.ops"])
    cicero("migrate-v2", "--from", address(old))

    again = json.loads(cicero("migrate-v2", "--from", address(old), "--json").stdout)
    assert [(row["new"], row["changed"]) for row in again["tables"]] == [(0, 0)] * 4

    old.execute(
        "UPDATE insta_like SET likes = '[\"budi.ops\", \"sari\"]', updated_at = updated_at + interval '1 hour'"
    )
    old.execute("UPDATE \"user\" SET title = 'KOMPOL' WHERE user_id = '85010001'")
    later = json.loads(cicero("migrate-v2", "--from", address(old), "--json").stdout)

    written = {row["table"]: (row["new"], row["changed"]) for row in later["tables"]}
    assert written == {
        "clients": (0, 0), "user": (0, 1), "insta_post": (0, 1), "insta_like": (1, 0),
    }  # fmt: skip


def test_dry_run_says_the_same_and_writes_nothing(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    add_post(old, ["budi.ops"])

    tried = json.loads(cicero("migrate-v2", "--from", address(old), "--dry-run", "--json").stdout)

    assert store.clients.list() == []
    done = json.loads(cicero("migrate-v2", "--from", address(old), "--json").stdout)
    assert {**tried, "dry_run": False} == done


@pytest.mark.parametrize(("hours", "clock"), [(0, "UTC"), (7, "Asia/Jakarta")])
def test_times_without_zone_are_read_as_the_ids_of_posts_say(
    old: psycopg.Connection, cicero: Run, store: Store, hours: int, clock: str
) -> None:
    add_people(old)
    add_post(old, ["sari"], hours=hours)

    moved = cicero("migrate-v2", "--from", address(old))

    assert f"insta_post: times without zone are {clock}" in moved.stderr
    row = store.connection.execute("SELECT published_at FROM insta_post").fetchone()
    assert row == (MOMENT,)


def test_its_cap_of_1000_likers_is_said_and_likes_seen_since_explain_the_rest(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    add_post(old, [f"stranger{number}" for number in range(1_000)])
    cicero("migrate-v2", "--from", address(old))
    store.connection.execute(
        "INSERT INTO insta_like (client_id, post_id, first_seen_at, usernames)"
        " SELECT client_id, post_id, now(), '{sari}' FROM insta_post"
    )

    moved = cicero("migrate-v2", "--from", address(old))

    assert (
        "POLRES_A insta 2026-03-03: 0 in Cicero_V2, 1 here; capital letters and @ +0, people or handles not on file"
        " here +0, seen here since +1, unexplained 0; posts at its cap of 1,000 likers: 1"
    ) in moved.stderr


def test_database_of_2026_brings_objects_roles_and_log_ins(
    old_2026: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old_2026)
    add_post(old_2026, [{"username": "budi.ops", "pk": "1"}, {"user": {"username": "sari"}}])
    add_video(
        old_2026,
        [
            {
                "cid": "7",
                "text": "Siap",
                "create_time": 1772500000,
                "user": {"unique_id": "Budi_Ops"},
                "replies": [{"cid": "8", "text": "86", "user": {"unique_id": "kapolres"}}],
            }
        ],
    )
    old_2026.execute("INSERT INTO roles VALUES (1, 'ditbinmas'), (2, 'admin')")
    old_2026.execute("INSERT INTO user_roles VALUES ('85010001', 1), ('404', 1)")
    secret = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    old_2026.execute(
        "INSERT INTO dashboard_user (username, password_hash, role_id) VALUES ('Humas.A', %s, 2), ('b', 'plain', 1)",
        (secret,),
    )
    old_2026.execute(
        "INSERT INTO dashboard_user_clients SELECT dashboard_user_id, 'polres_a' FROM dashboard_user"
    )
    old_2026.execute("INSERT INTO insta_comment VALUES ('x', '[]', now())")
    old_2026.execute("INSERT INTO instagram_user VALUES ('9', 'Polres.A', 'Polres A', true)")

    moved = cicero("migrate-v2", "--from", address(old_2026))

    assert "admins of Cicero_V2 came as operators of their clients: humas.a" in moved.stderr
    assert "insta_comment: 1 rows are not taken" in moved.stderr
    assert "account b: " in moved.stderr
    comments = store.connection.execute(
        "SELECT comment_ids, usernames, texts"
        " FROM tiktok_comment JOIN tiktok_comment_text USING (client_id, post_id, first_seen_at)"
    ).fetchall()
    assert comments == [(["7", "8"], ["budi_ops", "kapolres"], ["Siap", "86"])]
    account = store.accounts.get("humas.a")
    assert account is not None
    assert (account.role.word, account.client_ids) == ("operator", ("POLRES_A",))


def test_password_of_cicero_v2_works_and_is_hashed_anew_at_the_log_in(
    old_2026: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old_2026)
    secret = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    old_2026.execute("INSERT INTO roles VALUES (1, 'operator')")
    old_2026.execute(
        "INSERT INTO dashboard_user (username, password_hash, role_id) VALUES ('humas', %s, 1)",
        (secret,),
    )
    old_2026.execute(
        "INSERT INTO dashboard_user_clients SELECT dashboard_user_id, 'polres_a' FROM dashboard_user"
    )
    cicero("migrate-v2", "--from", address(old_2026))

    with pytest.raises(LoginRefusedError):
        log_in_with_password(store, "humas", "wrong", address="192.0.2.1", now=MOMENT)
    for _ in range(2):
        begun = log_in_with_password(
            store, "humas", PASSWORD, address="192.0.2.1", now=MOMENT + timedelta(hours=1)
        )
        assert begun.client_id == "POLRES_A"
        found = store.accounts.find_password("humas")
        assert found is not None
        assert found.secret_hash.startswith("$argon2id$")


def test_two_people_with_one_handle_get_none_and_are_named(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    old.execute("UPDATE \"user\" SET insta = 'sari', whatsapp = NULL")
    add_post(old, ["sari"])

    moved = cicero("migrate-v2", "--from", address(old))

    assert moved.exit_code == 3
    assert (
        "85010001, 85010002 of POLRES_A: they have the same handle sari; say whose it is"
        in moved.stderr
    )
    assert (
        "2 in Cicero_V2, 0 here; capital letters and @ +0, people or handles not on file here -2"
        in moved.stderr
    )


def test_what_cannot_be_kept_is_named_and_costs_itself(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    old.execute(
        "INSERT INTO \"user\" (user_id, nama, client_id) VALUES ('1', NULL, 'polres_a'), ('2', 'X', 'gone')"
    )
    add_post(old, ["sari"])
    old.execute("INSERT INTO insta_post (shortcode, client_id) VALUES ('nodate', 'polres_a')")

    moved = cicero("migrate-v2", "--from", address(old))

    assert moved.exit_code == 3
    assert "user 1: expected a name" in moved.stderr
    assert "user 2: there is no client GONE" in moved.stderr
    assert "insta_post nodate: it has no time of publication" in moved.stderr
    assert [user.user_id for user in store.users.list()] == ["85010001", "85010002"]


def test_nothing_is_written_over_there(old: psycopg.Connection, cicero: Run) -> None:
    old.execute("DROP TABLE clients")

    assert cicero("migrate-v2", "--from", address(old)).exit_code == 0
    assert cicero("migrate-v2", "--from", "postgresql:///nowhere?host=/nonexistent").exit_code == 75
    assert cicero("migrate-v2", "--from", "nonsense").exit_code == 78


def test_post_of_two_rows_is_written_once(
    old: psycopg.Connection, cicero: Run, store: Store
) -> None:
    add_people(old)
    add_post(old, ["sari"])
    old.execute(
        "INSERT INTO insta_post SELECT shortcode || ' ', client_id, caption, 1, created_at FROM insta_post"
    )

    assert cicero("migrate-v2", "--from", address(old)).exit_code == 3
    assert store.connection.execute("SELECT count(*) FROM insta_post").fetchone() == (1,)
