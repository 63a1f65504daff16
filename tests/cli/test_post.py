"""`post list|exclude` and `absensi accept`: what no list can prove, decided by a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, comments, likes, shown

DAY = "2026-01-15"
WITH_REASON = ("--reason", "bukti layar")


@pytest.fixture(autouse=True)
def unit(cicero: Run, store: Store) -> None:
    """Two posts on Instagram, which Ani has liked, and one on TikTok."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for user_id, nama in (("1", "Ani"), ("2", "Budi")):
        cicero(
            "user", "add", user_id, "--client", "polres_a", "--nama", nama,
            "--insta", nama, "--tiktok", nama,
        )  # fmt: skip
    people = {Platform.INSTA: likes("ani"), Platform.TIKTOK: comments("ani")}
    for platform, keys in ((Platform.INSTA, ("p1", "p2")), (Platform.TIKTOK, ("7501",))):
        posts = store.posts(platform)
        posts.store("POLRES_A", [shown(key, f"{DAY} 03:00") for key in keys], now=at(DAY))
        for post in posts.list("POLRES_A", first_day=at(DAY).date(), last_day=at(DAY).date()):
            store.engagement(platform).store(post.post_id, people[platform], now=at(DAY))


def absensi(cicero: Run, *words: str) -> dict[str, Any]:
    found = cicero(
        "absensi", "show", "insta", "--client", "polres_a", "--date", DAY, "--json", *words
    )
    assert found.exit_code == 0, found.stderr
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def done(cicero: Run, *words: str) -> dict[str, str]:
    users = absensi(cicero, *words)["users"]
    return {user["nama"]: f"{user['done']}/{user['total']}" for user in users}


def test_an_excluded_post_is_out_of_the_day_and_back_with_undo(cicero: Run) -> None:
    before = absensi(cicero)
    assert done(cicero) == {"Ani": "2/2", "Budi": "0/2"}

    excluded = cicero("post", "exclude", "https://www.instagram.com/reel/p1/?x=1", *WITH_REASON)
    assert (excluded.exit_code, excluded.stdout) == (
        0,
        "p1 of POLRES_A, 2026-01-15, is left out of reports\n",
    )
    assert done(cicero) == {"Ani": "1/1", "Budi": "0/1"}
    [entry] = absensi(cicero)["excluded"]
    assert (entry["post"], entry["reason"]) == ("p1", "bukti layar")
    assert done(cicero, "--as-of", f"{DAY} 12:00") == {"Ani": "2/2", "Budi": "0/2"}
    listed = cicero("post", "list", "--client", "polres_a", "--date", DAY)
    assert [line.split()[3:] for line in listed.stdout.splitlines()[1:]] == [
        ["p1", "1/1", "excluded", "bukti", "layar"],
        ["p2", "1/1", "counted"],
        ["7501", "1/1", "counted"],
    ]
    assert cicero("post", "exclude", "p1", *WITH_REASON).exit_code == 2

    assert cicero("post", "exclude", "p1", "--undo").exit_code == 0
    assert absensi(cicero) == before
    assert cicero("post", "exclude", "p1", "--undo").exit_code == 2
    log = cicero("account", "log", "--json")
    assert {"client.post_excluded", "client.exclusion_ended"} <= {
        entry["action"] for entry in json.loads(log.stdout)
    }


def test_a_listing_that_shows_it_again_leaves_an_excluded_post_out(
    cicero: Run, store: Store
) -> None:
    cicero("post", "exclude", "p1", *WITH_REASON)
    store.posts(Platform.INSTA).store("POLRES_A", [shown("p1", f"{DAY} 03:00")], now=at(DAY))
    assert done(cicero) == {"Ani": "1/1", "Budi": "0/1"}


def test_an_accepted_post_counts_for_one_person_from_now_on(cicero: Run) -> None:
    accepted = cicero("absensi", "accept", "budi", "--post", "p1", *WITH_REASON)
    assert (accepted.exit_code, accepted.stdout) == (0, "accepted for Budi: p1\n")
    assert done(cicero) == {"Ani": "2/2", "Budi": "1/2"}
    assert done(cicero, "--as-of", f"{DAY} 12:00") == {"Ani": "2/2", "Budi": "0/2"}
    [entry] = absensi(cicero)["accepted"]
    assert (entry["user_id"], entry["post"], entry["reason"]) == ("2", "p1", "bukti layar")
    explained = cicero("absensi", "explain", "2", "--date", DAY, "--platform", "insta")
    assert "ACCEPTED by cli:" in explained.stdout
    assert "liked 1 of 2 posts" in explained.stdout

    rest = cicero("absensi", "accept", "2", "--date", DAY, *WITH_REASON)
    assert rest.stdout == "accepted for Budi: p2, 7501\n"
    assert cicero("absensi", "accept", "2", "--date", DAY, *WITH_REASON).exit_code == 2
    assert cicero("absensi", "accept", "2", "--date", DAY, "--undo").exit_code == 0
    assert done(cicero) == {"Ani": "2/2", "Budi": "0/2"}


def test_an_acceptance_follows_another_id_and_goes_with_an_erased_user(
    cicero: Run, store: Store
) -> None:
    cicero("absensi", "accept", "2", "--post", "p1", *WITH_REASON)
    store.connection.execute("UPDATE \"user\" SET user_id = '20' WHERE user_id = '2'")
    assert done(cicero)["Budi"] == "1/2"
    cicero("user", "remove", "20", "--erase", "--yes")
    assert store.connection.execute("SELECT count(*) FROM correction").fetchone() == (0,)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("absensi", "accept", "1", "--post", "p1", *WITH_REASON), "Ani has done it already"),
        (("absensi", "accept", "2", "--post", "p9", *WITH_REASON), "there is no post p9"),
        (("absensi", "accept", "2", "--post", "p1"), "--reason is needed"),
        (("absensi", "accept", "2", *WITH_REASON), "say which: --post CODE"),
        (("absensi", "accept", "2", "--post", "p1", "--undo"), "has no accepted post"),
        (("absensi", "accept", "2", "--post", "p1", "--undo", *WITH_REASON), "no --reason"),
        (
            ("absensi", "accept", "3", "--post", "p1", *WITH_REASON, "--client", "polres_a"),
            "Citra was expected on no such post",
        ),
        (("post", "exclude", "p1"), "--reason is needed"),
        (("post", "exclude", "p3", *WITH_REASON), "p3 is a post of several clients"),
    ],
)
def test_what_cannot_be_corrected_is_one_line_and_changes_nothing(
    cicero: Run, store: Store, words: tuple[str, ...], said: str
) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B", "--insta", "polres.b")
    cicero("user", "add", "3", "--client", "polres_b", "--nama", "Citra", "--insta", "citra")
    for client_id in ("POLRES_A", "POLRES_B"):
        store.posts(Platform.INSTA).store(client_id, [shown("p3", f"{DAY} 04:00")], now=at(DAY))

    refused = cicero(*words)

    assert (refused.exit_code, said in refused.stderr) in {(2, True), (1, True)}, refused.stderr
    assert refused.stderr.count("\n") <= 2
    assert store.connection.execute("SELECT count(*) FROM correction").fetchone() == (0,)
