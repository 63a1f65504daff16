"""`cicero user merge`: a person who is on file twice."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, comments, likes, shown

DAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def twice(cicero: Run, store: Store) -> None:
    """Ani is there as 1 with ani, and as 99 with ani.baru, formerly ani.lama; each has done another post of the day."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Ani", "--insta", "ani")
    cicero("user", "add", "99", "--client", "polres_a", "--nama", "Ani S", "--insta", "ani.lama",
           "--tiktok", "ani_tt", "--whatsapp", "081213150001")  # fmt: skip
    cicero("user", "set", "99", "--insta", "ani.baru")
    cicero(
        "user", "leave", "99", "--from", "2026-01-12", "--until", "2026-01-12", "--reason", "cuti"
    )
    for platform, people in ((Platform.INSTA, likes), (Platform.TIKTOK, comments)):
        posts = [shown(f"{platform}{n}", f"{DAY} 03:00", 1) for n in range(3)]
        store.posts(platform).store("POLRES_A", posts, now=at(f"{DAY} 04:00"))
        kept = store.posts(platform).list("POLRES_A", first_day=DAY, last_day=DAY)
        names = ["ani", "ani.lama", "ani.baru"] if platform is Platform.INSTA else ["ani_tt"] * 3
        for post, name in zip(kept, names, strict=True):
            store.engagement(platform).store(post.post_id, people(name), now=at(f"{DAY} 05:00"))


def people(cicero: Run, platform: str, day: date = DAY) -> dict[str, tuple[str, Any]]:
    told = cicero("absensi", "show", platform, "--client", "polres_a", "--date", f"{day}", "--json")
    assert told.exit_code == 0, told.stderr
    return {
        user["user_id"]: (user["status"], user["done"]) for user in json.loads(told.stdout)["users"]
    }


def test_what_both_did_counts_for_the_one_that_stays(cicero: Run) -> None:
    before = people(cicero, "insta")
    assert before == {"1": ("kurang", 1), "99": ("kurang", 2)}

    merged = cicero("user", "merge", "1", "99", "--yes", "--json")

    assert merged.exit_code == 0, merged.stderr
    user = json.loads(merged.stdout)
    assert (user["insta"], user["extra_insta"], user["tiktok"]) == ("ani", ["ani.baru"], "ani_tt")
    assert (user["nama"], user["whatsapp"]) == ("Ani", "6281213150001")
    assert people(cicero, "insta") == {"1": ("lengkap", 3)}
    assert people(cicero, "tiktok") == {"1": ("lengkap", 3)}
    assert people(cicero, "insta", day=date(2026, 1, 12)) == {"1": ("dikecualikan", 0)}
    assert cicero("user", "show", "99").exit_code == 2
    (line,) = json.loads(cicero("account", "log", "--limit", "1", "--json").stdout)
    assert (line["action"], line["subject"], line["details"]["twin"]) == ("user.merged", "1", "99")


def test_a_merge_says_who_is_gone(cicero: Run) -> None:
    merged = cicero("user", "merge", "1", "99", "--yes")
    assert (merged.exit_code, merged.stderr, merged.stdout) == (
        0,
        "",
        "99 is gone; all that was theirs is 1's now (Ani, POLRES_A).\n",
    )


def test_what_cannot_be_merged_changes_nothing(cicero: Run) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    cicero("user", "add", "5", "--client", "polres_b", "--nama", "Budi")
    before = people(cicero, "insta")

    elsewhere = cicero("user", "merge", "1", "5", "--yes")
    assert (elsewhere.exit_code, elsewhere.stderr) == (
        2,
        "cicero: 1 is of POLRES_A, 5 of POLRES_B; nothing was changed"
        " (transfer one first: cicero user set 5 --client POLRES_A)\n",
    )
    assert cicero("user", "merge", "1", "1", "--yes").exit_code == 2
    assert cicero("user", "merge", "1", "77", "--yes").exit_code == 2
    unsure = cicero("user", "merge", "1", "99")
    assert (unsure.exit_code, unsure.stderr.startswith("cicero: Merge 99 (Ani S) into 1")) == (
        1,
        True,
    )
    assert people(cicero, "insta") == before
