"""`cicero rekap` on the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import likes, shown


@pytest.fixture(autouse=True)
def unit(cicero: Run, store: Store) -> None:
    """Two posts of yesterday on Instagram; Ani likes both, Budi none."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for user_id, nama in (("1", "Ani"), ("2", "Budi")):
        cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama)
    yesterday = local_day(clock.now(), HOME_ZONE) - timedelta(days=1)
    store.posts(Platform.INSTA).store(
        "POLRES_A",
        [shown(key, f"{yesterday} 0{hour}:00", 1) for hour, key in enumerate("pq", start=1)],
        now=clock.now(),
    )
    for post in store.posts(Platform.INSTA).list(
        "POLRES_A", first_day=yesterday, last_day=yesterday
    ):
        store.engagement(Platform.INSTA).store(post.post_id, likes("ani"), now=clock.now())


def test_a_period_is_shown_as_message_json_and_rows(cicero: Run) -> None:
    words = ("rekap", "show", "insta", "--period", "hari-lalu")
    told = cicero(*words)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "*Konten: 2, personel: 2*\nTerlaksana: *50%*\n" in told.stdout
    assert "1. Ani 2/2 (100%)\n2. Budi 0/2 (0%)\n" in told.stdout
    document = json.loads(cicero(*words, "--client", "polres_a", "--json").stdout)
    assert (document["client_id"], document["posts"]) == ("POLRES_A", 2)
    assert [user["share"] for user in document["users"]] == [1.0, 0.0]
    (same,) = json.loads(cicero(*words, "--json").stdout)
    assert same == document
    rows = csv.DictReader(io.StringIO(cicero(*words, "--output", "csv").stdout))
    assert [(row["platform"], row["user_id"], row["done"], row["total"]) for row in rows] == [
        ("insta", "1", "2", "2"),
        ("insta", "2", "0", "2"),
    ]


def test_both_platforms_are_an_object_with_both(cicero: Run) -> None:
    words = ("rekap", "show", "semua", "--client", "polres_a", "--period", "hari-lalu")
    document = json.loads(cicero(*words, "--json").stdout)
    assert {name: part["posts"] for name, part in document.items()} == {"insta": 2, "tiktok": 0}
    assert "*TIKTOK*\nKonten: 0. Tidak ada yang wajib" in cicero(*words).stdout


@pytest.mark.parametrize("period", ["tahun", "2026-11-20..2026-11-19", "2999-01-01", ""])
def test_what_is_no_period_gets_one_line(cicero: Run, period: str) -> None:
    refused = cicero("rekap", "show", "insta", "--period", period)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert refused.stderr.startswith(f"cicero: --period {period}: expected a ")
