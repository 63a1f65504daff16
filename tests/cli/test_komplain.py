from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.complaints import file_complaint
from cicero_cli.services.messaging.complaint_answers import prove_complaints
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost
from cicero_cli.standins.upstream.server import StandIn
from tests.conftest import Run
from tests.services.fakes import BY, at, likes, shown


def test_what_people_said_is_listed(cicero: Run, database: str) -> None:
    for letter in "ab":
        cicero("client", "add", f"polres_{letter}", "--nama", f"Polres {letter}")
        cicero("user", "add", f"1{letter}", "--client", f"polres_{letter}", "--nama", "Ani")
    assert "nobody has complained" in cicero("komplain", "list").stderr
    with connect(database, hint="") as connection:
        for user_id, platform in (("1a", Platform.INSTA), ("1b", Platform.TIKTOK)):
            file_complaint(
                Store(connection), user_id, platform, client_id=None, visible_ids=None,
                home_id=None, username="ani.s", issue="sudah like", by=BY,
            )  # fmt: skip
    rows = json.loads(cicero("komplain", "list", "--json").stdout)
    assert [(row["user_id"], row["nama"], row["platform"], row["issue"]) for row in rows] == [
        ("1b", "Ani", "tiktok", "sudah like"),
        ("1a", "Ani", "insta", "sudah like"),
    ]
    assert rows[0]["filed_at"].endswith("+07:00")
    listed = cicero("komplain", "list", "--client", "polres_a", "--limit", "5").stdout
    assert ("POLRES_A" in listed, "POLRES_B" in listed) == (True, False)
    assert cicero("komplain", "list", "--client", "nowhere").exit_code == 2


@pytest.fixture
def liked_late(cicero: Run, store: Store) -> Store:
    """Ani of POLRES_A, and a post of 21 November whose likers were read without her."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("user", "add", "1a", "--client", "polres_a", "--nama", "Ani", "--insta", "ani.s", "--whatsapp", "081200000001")  # fmt: skip
    store.posts(Platform.INSTA).store("POLRES_A", [shown("K1", "2026-11-21 01:05", 2)], now=at("2026-11-21 05:00"))  # fmt: skip
    read(store, "2026-11-21 05:00", "ani_s")
    return store


def read(store: Store, moment: str, *handles: str) -> None:
    [(post_id,)] = store.connection.execute("SELECT post_id FROM insta_post").fetchall()
    store.engagement(Platform.INSTA).store(post_id, likes(*handles, total=2), now=at(moment))


def test_a_complaint_keeps_the_figures_and_shows_them_beside_those_of_now(
    cicero: Run, liked_late: Store
) -> None:
    day = ("--date", "2026-11-21")
    kept = cicero("komplain", "add", "1a", "--issue", "sudah  like", "--username", "@Ani.S", "--platform", "insta", *day)  # fmt: skip
    assert kept.stdout == "complaint 1 of Ani about POLRES_A 2026-11-21 is kept: insta 0/1\n"
    again = cicero(
        "komplain", "add", "1a", "--issue", "sudah like", "--platform", "insta", *day, "--json"
    )
    assert json.loads(again.stdout)["complaint_id"] == 1
    read(liked_late, "2026-11-21 07:00", "ani_s", "ani.s")
    proved = prove_complaints(liked_late, ["POLRES_A"], now=at("2026-11-21 07:01"))
    assert [one.complaint_id for one in proved] == [1]
    shown_now = cicero("komplain", "show", "1")
    lines = shown_now.stdout.splitlines()
    filed = lines.pop(1)
    assert filed.startswith("  filed ")
    assert filed.endswith(": sudah like")
    assert lines == [
        "Complaint 1, proved: Ani (1a) about POLRES_A, 2026-11-21; times in WIB",
        "  handle that was told: @ani.s",
        "  proved 21 Nov 14:01 by 1 post; the person was told (message 1)",
        "",
        "Instagram: 0 of 1 then, 1 of 1 now",
        "  https://www.instagram.com/p/K1/",
        "    then: not seen; 1 of 2 listed at 21 Nov 12:00",
        "    now:  SEEN, first at 21 Nov 14:00",
    ]
    document = json.loads(cicero("komplain", "show", "1", "--json").stdout)
    assert (document["was"], document["is"]) == (
        {"insta": {"done": 0, "posts": 1}}, {"insta": {"done": 1, "posts": 1}},
    )  # fmt: skip
    assert document["proof"][0]["id"] == "K1"
    closed = cicero("komplain", "close", "1", "--reason", "benar, sudah terbaca", "--json")
    assert json.loads(closed.stdout)["answer"] == "benar, sudah terbaca"
    again = cicero("komplain", "close", "1", "--reason", "lagi")
    assert (again.exit_code, "closed already" in again.stderr) == (2, True)
    assert "benar, sudah terbaca" in cicero("komplain", "show", "1").stdout
    assert cicero("komplain", "list", "--status", "open", "--json").stdout.strip() == "[]"
    [row] = json.loads(cicero("komplain", "list", "--status", "closed", "--json").stdout)
    assert (row["via"], row["was"]) == ("command", {"insta": {"done": 0, "posts": 1}})


def test_wrong_input_changes_nothing(cicero: Run, liked_late: Store) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    for words in (
        ("add", "nobody", "--issue", "x"),
        ("add", "1a", "--issue", "  "),
        ("add", "1a", "--issue", "x" * 2001),
        ("add", "1a", "--issue", "\x1b[31mx"),
        ("add", "1a", "--issue", "x", "--username", "\x1b[31mx"),
        ("add", "1a", "--issue", "x", "--date", "2999-01-01"),
        ("add", "1a", "--issue", "x", "--client", "polres_b"),
        ("add", "1a", "--issue", "x", "--client", "nowhere"),
        ("show", "7"),
        ("close", "7", "--reason", "x"),
        ("close", "1", "--reason", " "),
    ):
        refused = cicero("komplain", *words)
        assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1), words
    assert cicero("komplain", "list", "--json").stdout.strip() == "[]"


def test_an_explanation_is_sent_to_the_person_once(cicero: Run, liked_late: Store) -> None:
    explain = ("absensi", "explain", "ani", "--date", "2026-11-21", "--send")
    tried = cicero(*explain, "--dry-run")
    assert tried.stdout.startswith("*Data absensi Anda*\nAni\nPolres A, Sabtu, 21 November 2026\n")
    assert "nothing was queued" in tried.stderr
    assert cicero("outbox", "list", "--json").stdout.strip() == "[]"
    sent = json.loads(cicero(*explain, "--json").stdout)["answer"]
    assert (sent["recipient"], sent["parts"], sent["queued"]) == ("6281200000001", 1, 1)
    assert "this very answer" in cicero(*explain).stdout
    [message] = json.loads(cicero("outbox", "list", "--json").stdout)
    assert (message["kind"], message["user_id"], message["day"]) == (
        "explanation",
        "1a",
        "2026-11-21",
    )
    cicero("user", "set", "1a", "--opt-out")
    refused = cicero(*explain)
    assert (refused.exit_code, "--opt-in" in refused.stderr) == (1, True)
    assert cicero(*explain, "--as-of", "12:00").exit_code == 2
    assert cicero(*explain[:-1], "--dry-run").exit_code == 2


def test_the_fetch_that_shows_the_like_proves_the_complaint_and_tells_once(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = (clock.now() - timedelta(minutes=10)).replace(microsecond=0)
    day = posted.astimezone(ZoneInfo("Asia/Jakarta")).date().isoformat()
    post = StandInPost(key="K1", published_at=posted, people=("someone",))
    account = StandInAccount(platform=Platform.INSTA, username="polres.a", posts=(post,))
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("user", "add", "1a", "--client", "polres_a", "--nama", "Ani", "--insta", "ani.s", "--whatsapp", "081200000001")  # fmt: skip
    fetch = ("fetch", "insta", "--days", "2")
    with StandIn([account]) as upstream:
        for name, value in {"CICERO_INSTAGRAM_URL": upstream.url, "RAPIDAPI_KEY": "a-key", "CICERO_RATE": "1000"}.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        assert cicero(*fetch).exit_code == 0
        cicero("komplain", "add", "1a", "--issue", "sudah like", "--date", day)
        assert "proved" not in cicero(*fetch).stderr
        upstream.content.add_people("K1", "ani.s")
        assert "1 complaint is proved right: 1" in cicero(*fetch).stderr
        assert "proved" not in cicero(*fetch).stderr
    assert [row["status"] for row in json.loads(cicero("komplain", "list", "--json").stdout)] == ["proved"]  # fmt: skip
    [message] = json.loads(cicero("outbox", "list", "--json").stdout)
    assert (message["kind"], message["recipient"]) == ("explanation", "6281200000001")
