"""`absensi idle`: who has done nothing, and since when."""

from __future__ import annotations

import json
from datetime import timedelta

from cicero_cli.core import clock
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import likes, set_clock, shown

INSTA = Platform.INSTA


def test_who_has_done_nothing_is_listed_with_the_last_day_of_doing(
    cicero: Run, store: Store
) -> None:
    today = local_day(clock.now(), HOME_ZONE)
    long_ago, yesterday = today - timedelta(days=40), today - timedelta(days=1)
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for user_id, nama in (("1", "Ani"), ("2", "Budi"), ("3", "Citra"), ("4", "Dodi"), ("5", "Eko")):
        cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama)
    cicero("user", "set", "4", "--exception", "--from", f"{long_ago}")
    for day, who in ((long_ago, ("ani", "budi")), (yesterday, ("ani",))):
        read = clock.now()
        store.posts(INSTA).store("POLRES_A", [shown(f"p{day}", f"{day} 03:00", 1)], now=read)
        (post,) = store.posts(INSTA).list("POLRES_A", first_day=day, last_day=day)
        store.engagement(INSTA).store(post.post_id, likes(*who), now=read)
    set_clock(store, f"{today} 03:00")
    cicero(
        "user", "leave", "5", "--from", f"{yesterday}", "--until", f"{today}", "--reason", "cuti"
    )

    told = cicero("absensi", "idle", "--client", "polres_a")
    assert (told.exit_code, told.stderr) == (
        0,
        f"POLRES_A: 2 of 3 people have done nothing from {today - timedelta(days=29)} to {today}\n",
    )
    rows = json.loads(cicero("absensi", "idle", "--days", "7", "--json").stdout)
    assert rows == [
        {
            "client_id": "POLRES_A", "unit_id": "POLRES_A", "user_id": user_id, "nama": nama,
            "title": None, "divisi": None, "posts": 1, "last_day": last_day,
        }
        for user_id, nama, last_day in (("2", "Budi", f"{long_ago}"), ("3", "Citra", None))
    ]  # fmt: skip
    longer = json.loads(cicero("absensi", "idle", "--days", "60", "--json").stdout)
    assert [(row["nama"], row["posts"]) for row in longer] == [("Citra", 2), ("Eko", 1)]
    assert json.loads(cicero("absensi", "idle", "--platform", "tiktok", "--json").stdout) == []
