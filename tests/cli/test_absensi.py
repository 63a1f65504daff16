from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, comments, likes, shown


@pytest.fixture(autouse=True)
def a_saturday_noon(store: Store, cicero: Run) -> Iterator[None]:
    """12:00 in Jakarta: Polres A has posted twice on Instagram and once on TikTok; Ani has done all of it."""
    with time_machine.travel(at("2026-11-21 05:00")):
        cicero(
            "client",
            "add",
            "polres_a",
            "--nama",
            "Polres A",
            "--insta",
            "polres.a",
            "--tiktok",
            "polres_a",
        )
        for user_id, nama, handle in (
            ("1", "Ani", "ani"),
            ("2", "Budi", "budi"),
            ("3", "Citra", ""),
        ):
            cicero(
                "user", "add", user_id, "--client", "polres_a", "--nama", nama, "--title", "IPDA",
                "--divisi", "SAT LANTAS", "--insta", handle, "--tiktok", handle,
            )  # fmt: skip
        fill(store)
        yield


def fill(store: Store) -> None:
    now = at("2026-11-21 04:32")
    people = {
        Platform.INSTA: {"p1": likes("ani", "budi"), "p2": likes("ani", total=4)},
        Platform.TIKTOK: {"7501": comments("ani", "ani")},
    }
    for platform, engagements in people.items():
        posts = [
            shown(key, f"2026-11-21 0{hour}:00", engagement.total)
            for hour, (key, engagement) in enumerate(engagements.items(), start=1)
        ]
        store.posts(platform).store("POLRES_A", posts, now=now)
        rows = store.connection.execute(f"SELECT post_key, post_id FROM {platform}_post")
        for key, post_id in rows.fetchall():
            store.engagement(platform).store(post_id, engagements[key], now=now)


def test_a_table_has_a_line_for_each_user_and_a_remark_on_stderr(cicero: Run) -> None:
    result = cicero("absensi", "show", "insta", "--client", "polres_a")

    assert (result.exit_code, result.stdout) == (
        0,
        "user    nama    title    divisi      username    done    status\n"
        "1       Ani     IPDA     SAT LANTAS  ani         2/2     lengkap\n"
        "2       Budi    IPDA     SAT LANTAS  budi        1/2     kurang\n"
        "3       Citra   IPDA     SAT LANTAS              0/2     tanpa_username\n",
    )
    assert result.stderr == (
        "POLRES_A insta 2026-11-21: 2 posts, 3 users, 2 sudah (lengkap 1, kurang 1, belum 0,"
        " tanpa_username 1, dikecualikan 0); 50.0% of the likes or comments are listed\n"
    )
    assert cicero("absensi", "show", "insta", "--client", "polres_a", "-q").stderr == ""


def test_the_json_has_the_documented_fields(cicero: Run) -> None:
    document = json.loads(
        cicero("absensi", "show", "insta", "--client", "polres_a", "--json").stdout
    )

    ani = {
        "user_id": "1",
        "nama": "Ani",
        "title": "IPDA",
        "divisi": "SAT LANTAS",
        "username": "ani",
        "done": 2,
        "total": 2,
        "status": "lengkap",
        "sudah": True,
    }
    expected = {
        "client_id": "POLRES_A",
        "date": "2026-11-21",
        "timezone": "Asia/Jakarta",
        "platform": "insta",
        "posts": [
            {
                "id": "p1",
                "url": "https://www.instagram.com/p/p1/",
                "published_at": "2026-11-21T08:00:00+07:00",
                "listed": 2,
                "total": 2,
            },
            {
                "id": "p2",
                "url": "https://www.instagram.com/p/p2/",
                "published_at": "2026-11-21T09:00:00+07:00",
                "listed": 1,
                "total": 4,
            },
        ],
        "users": [
            ani,
            {
                **ani,
                "user_id": "2",
                "nama": "Budi",
                "username": "budi",
                "done": 1,
                "status": "kurang",
            },
            {
                **ani,
                "user_id": "3",
                "nama": "Citra",
                "username": None,
                "done": 0,
                "status": "tanpa_username",
                "sudah": False,
            },
        ],
        "summary": {
            "users": 3,
            "posts": 2,
            "sudah": 2,
            "lengkap": 1,
            "kurang": 1,
            "belum": 0,
            "tanpa_username": 1,
            "dikecualikan": 0,
        },
    }
    assert {key: document[key] for key in expected} == expected  # fields may be added


def test_both_platforms_are_an_object_each(cicero: Run) -> None:
    result = cicero("absensi", "show", "semua", "--client", "polres_a", "--json")

    document = json.loads(result.stdout)
    assert {key: part["summary"]["posts"] for key, part in document.items()} == {
        "insta": 2,
        "tiktok": 1,
    }


def test_a_csv_has_every_field_of_every_user(cicero: Run) -> None:
    result = cicero("absensi", "show", "tiktok", "--client", "polres_a", "--output", "csv")

    assert result.stdout == (
        "platform,user_id,nama,title,divisi,username,done,total,status,sudah,progress\n"
        "tiktok,1,Ani,IPDA,SAT LANTAS,ani,1,1,lengkap,yes,1/1\n"
        "tiktok,2,Budi,IPDA,SAT LANTAS,budi,0,1,belum,no,0/1\n"
        "tiktok,3,Citra,IPDA,SAT LANTAS,,0,1,tanpa_username,no,0/1\n"
    )


def test_ndjson_has_a_user_a_line(cicero: Run) -> None:
    result = cicero("absensi", "show", "semua", "--client", "polres_a", "--output", "ndjson")

    users = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(user["platform"], user["user_id"], user["done"]) for user in users] == [
        ("insta", "1", 2),
        ("insta", "2", 1),
        ("insta", "3", 0),
        ("tiktok", "1", 1),
        ("tiktok", "2", 0),
        ("tiktok", "3", 0),
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--client", "polres_b"], "there is no client POLRES_B (there are: POLRES_A)"),
        (
            ["--client", "polres_a", "--date", "2026-11-22"],
            "--date 2026-11-22: expected a day that has come: today is 2026-11-21",
        ),
        (
            ["--client", "polres_a", "--date", "21-11-2026"],
            "--date 21-11-2026: expected a day written YYYY-MM-DD, such as 2026-11-21",
        ),
        (
            ["--client", "polres_a", "--as-of", "12:01"],
            "--as-of 12:01: expected a moment that has come: it is 2026-11-21 12:00 WIB",
        ),
    ],
)
def test_wrong_input_gets_one_line(words: list[str], line: str, cicero: Run) -> None:
    result = cicero("absensi", "show", "insta", *words)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"cicero: {line}\n")


def test_a_day_that_was_never_fetched_is_not_called_a_day_without_posts(cicero: Run) -> None:
    result = cicero("absensi", "show", "insta", "--client", "polres_a", "--date", "2026-11-20")

    assert result.stderr == (
        "POLRES_A insta 2026-11-20: this day was never fetched, so nothing is known of it"
        " (cicero fetch insta)\n"
    )


def test_a_past_moment_shows_what_was_seen_by_then(cicero: Run) -> None:
    before = cicero(
        "absensi", "show", "insta", "--client", "polres_a", "--as-of", "11:31", "--json"
    )
    after = cicero("absensi", "show", "insta", "--client", "polres_a", "--as-of", "11:32", "--json")

    assert json.loads(before.stdout)["posts"] == []
    assert [post["listed"] for post in json.loads(after.stdout)["posts"]] == [2, 1]


def test_a_users_posts_are_explained(cicero: Run) -> None:
    result = cicero("absensi", "explain", "2", "--platform", "tiktok")

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "Budi (2), POLRES_A, 2026-11-21; times in WIB\n"
        "\n"
        "TikTok: @budi; commented 0 of 1 posts\n"
        "  https://www.tiktok.com/@polres_a/video/7501\n"
        "    published 08:00; 2 of 2 comments listed at 21 Nov 11:32\n"
        "    NOT SEEN\n"
        "\n"
        "History\n"
        "  ..: POLRES_A, SAT LANTAS\n"
        "  insta @budi counts at POLRES_A: ..\n"
        "  tiktok @budi counts at POLRES_A: ..\n",
        "",
    )
    document = json.loads(cicero("absensi", "explain", "1", "--json").stdout)
    seen = {
        name: [post["seen_at"] for post in document[name]["posts"]] for name in ("insta", "tiktok")
    }
    moment = "2026-11-21T11:32:00+07:00"
    assert seen == {"insta": [moment, moment], "tiktok": [moment]}


def test_a_user_that_there_is_not_gets_one_line(cicero: Run) -> None:
    result = cicero("absensi", "explain", "9")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cicero: there is no user '9'")
    assert result.stderr.count("\n") == 1
