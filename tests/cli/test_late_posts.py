"""`client set --posts-until` on the command line: where a post of the evening is shown, and why."""

from __future__ import annotations

import json

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, likes, shown


@pytest.fixture(autouse=True)
def a_post_of_the_evening(cicero: Run, store: Store) -> None:
    """Of Saturday at 20:55 in Makassar, where posts are for the day until 20:00; Ani likes it."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "a", "--timezone", "WITA")
    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Ani", "--insta", "ani")
    told = cicero("client", "set", "polres_a", "--posts-until", "20.00", "--from", "2026-11-01")
    assert (told.exit_code, told.stdout.splitlines()[1]) == (0, "  posts_until: - > 20:00")
    posts, read_at = store.posts(Platform.INSTA), at("2026-11-22 03:00")
    posts.store("POLRES_A", [shown("late", "2026-11-21 12:55", 1)], now=read_at)
    [(post_id,)] = store.connection.execute("SELECT post_id FROM insta_post").fetchall()
    store.engagement(Platform.INSTA).store(post_id, likes("ani"), now=read_at)


def test_each_command_says_on_which_day_it_counts_and_why(cicero: Run) -> None:
    words = ("--client", "polres_a", "--date")
    saturday = cicero("absensi", "show", "insta", *words, "2026-11-21")
    assert saturday.stderr.endswith(
        "POLRES_A insta 2026-11-21: 1 post after 20:00 counts on the next day\n"
    )
    said = json.loads(cicero("absensi", "show", "insta", *words, "2026-11-21", "--json").stdout)
    assert (said["posts"], said["posts_until"]) == ([], "20:00")
    late = {
        "id": "late",
        "url": "https://www.instagram.com/p/late/",
        "published_at": "2026-11-21T20:55:00+08:00",
    }
    assert said["late_posts"] == [late]
    said = json.loads(cicero("laphar", "show", "insta", *words, "2026-11-21", "--json").stdout)
    assert said["late_posts"] == [late]
    assert cicero("post", "list", *words, "2026-11-21").stdout.count("late") == 0
    listed = cicero("post", "list", *words, "2026-11-22").stdout
    assert "2026-11-22  21 Nov 20:55   late " in listed

    explained = cicero("absensi", "explain", "1", "--platform", "insta", "--date", "2026-11-21")
    assert explained.stdout.splitlines()[3:7] == [
        "  no posts that day, so nobody is absent"
        if "no posts" in explained.stdout
        else "  this day was never fetched (cicero fetch insta)",
        "  https://www.instagram.com/p/late/",
        "    published 20:55, after 20:00, so it counts on the next day",
        "",
    ]
    explained = cicero("absensi", "explain", "1", "--platform", "insta", "--date", "2026-11-22")
    assert explained.stdout.splitlines()[2:7] == [
        "Instagram: @ani; liked 1 of 1 posts",
        "  https://www.instagram.com/p/late/",
        "    published 21 Nov 20:55; 1 of 1 likers listed at 22 Nov 11:00",
        "    of the evening before, after the last time for posts, so it counts on this day",
        "    SEEN, first at 22 Nov 11:00",
    ]
    document = json.loads(
        cicero("absensi", "explain", "1", "--platform", "insta", "--date", "2026-11-21", "--json").stdout
    )  # fmt: skip
    assert document["insta"]["late_posts"] == [late]
    cicero("user", "set", "1", "--whatsapp", "081211110001")
    answers = [
        cicero("absensi", "explain", "1", "--date", f"2026-11-{day}", "--send", "--dry-run").stdout
        for day in (21, 22)
    ]
    assert "\n1 konten setelah pukul 20.00 masuk laporan hari berikutnya.\n" in answers[0]
    assert "1. https://www.instagram.com/p/late/ (Sabtu, 20.55 WITA)\n" in answers[1]


@pytest.mark.parametrize("typed", ["8:00", "24:00", "malam"])
def test_what_is_no_time_of_an_evening_changes_nothing(typed: str, cicero: Run) -> None:
    refused = cicero("client", "set", "polres_a", "--posts-until", typed)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        2,
        "",
        f"cicero: --posts-until {typed!r}: expected a time from 12:00 to 23:59, such as 20:00; nothing was changed\n",
    )
    cleared = cicero("client", "set", "polres_a", "--posts-until", "", "--json")
    assert json.loads(cleared.stdout)["posts_until"] is None
