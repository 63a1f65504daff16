from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.conftest import Run
from tests.services.fakes import at, likes, shown

INSTA = Platform.INSTA
POST = StandInPost(key="p", published_at=at("2026-11-20 01:00"))
PEOPLE = (  # nama, handle, division
    ("Ani", "ani.s", "BAG OPS"),
    ("*Budi*", "_budi_", "BAG OPS"),
    ("Citra", "citra.gone", "BAG OPS"),
    ("Dewi", "dewi.lama", "SAT LANTAS"),
    ("Eka", "eka.kosong", "SAT LANTAS"),
    ("Fajar", "fajar.ada", "SAT LANTAS"),
    ("Gita", None, None),
)


@pytest.fixture
def unit(store: Store) -> Store:
    """Seven people of POLRES_A, of whom a reading has shown Ani; a namesake of hers is at POLRES_B."""
    store.clients.add(Client(client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_operator="6281100000001"))  # fmt: skip
    store.clients.add(Client(client_id="POLRES_B", nama="Polres B"))
    for number, (nama, handle, divisi) in enumerate(PEOPLE, start=1):
        store.users.add(
            User(user_id=f"7501000{number}", client_id="POLRES_A", nama=nama, insta=handle,
                 divisi=divisi, whatsapp=f"628120000000{number}" if handle else None)
        )  # fmt: skip
    store.users.add(User(user_id="8", client_id="POLRES_B", nama="Ani", insta="ani.s", whatsapp="6281"+"2"*8))  # fmt: skip
    now = at("2026-11-21 05:00")
    store.posts(INSTA).store("POLRES_A", [shown("K1", "2026-11-21 01:05", 2)], now=now)
    [(post_id,)] = store.connection.execute("SELECT post_id FROM insta_post").fetchall()
    store.engagement(INSTA).store(post_id, likes("ani.s", "stranger"), now=now)
    return store


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    accounts = (
        StandInAccount(platform=INSTA, username="_budi_", is_private=True, posts=(POST,)),
        StandInAccount(platform=INSTA, username="dewi.baru", former=("dewi.lama",), posts=(POST,)),
        StandInAccount(platform=INSTA, username="eka.kosong"),
        StandInAccount(platform=INSTA, username="fajar.ada", posts=(POST,)),
    )
    with StandIn(accounts) as server:
        for name, value in {
            "CICERO_INSTAGRAM_URL": server.url, "CICERO_TIKTOK_URL": server.url,
            "RAPIDAPI_KEY": "a-key", "CICERO_RATE": "1000", "CICERO_PARALLEL": "1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        yield server


def asked(upstream: StandIn) -> list[str]:
    found = [one.query["username_or_id_or_url"] for one in upstream.requests]
    upstream.requests.clear()
    return found


def test_what_is_missing_or_shared_is_listed_by_division_and_sent_once_a_day(
    cicero: Run, unit: Store
) -> None:
    lines = cicero("user", "check", "--client", "polres_a").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["client", "divisi", "user"],
        ["POLRES_A", "BAG", "OPS"],
        ["POLRES_A", "75010007", "Gita"],
    ]
    assert "@ani.s is also of Ani (8, POLRES_B)" in lines[1]
    assert lines[2].endswith("no Instagram handle; no number; no division")
    [document] = json.loads(cicero("user", "check", "--client", "polres_a", "--json").stdout)["clients"]  # fmt: skip
    assert (document["people"], document["to_mend"]) == (7, 2)
    assert document["counts"] == {
        "no_handle": 1, "no_number": 1, "shared_handle": 1, "unlikely_handle": 0, "account": 0, "division": 1,
    }  # fmt: skip
    assert [(one["divisi"], one["people"], one["to_mend"]) for one in document["divisions"]] == [
        ("BAG OPS", 3, 1), ("SAT LANTAS", 3, 0), (None, 1, 1),
    ]  # fmt: skip
    assert document["users"][0]["problems"][0]["value"] == "ani.s"
    counted = cicero("user", "check", "--client", "polres_a", "--per-divisi", "--output", "csv")
    assert counted.stdout.splitlines()[1] == "POLRES_A,BAG OPS,3,1,0,0,1,0,0,0"

    tried = cicero("user", "check", "--send", "--dry-run", "--client", "polres_a")
    day = tried.stdout.split("\n")[1].removeprefix("Polres A, ")
    assert tried.stdout == (
        "*Data personel yang perlu dibetulkan*\n"
        f"Polres A, {day}\n"
        "\n"
        "2 dari 7 personel:\n"
        "- Tanpa username: 1\n"
        "- Tanpa nomor WhatsApp: 1\n"
        "- Username dipakai juga orang lain: 1\n"
        "- Satfung kosong atau salah ketik: 1\n"
        "\n"
        "*BAG OPS (1 dari 3)*\n"
        "1. Ani: @ani.s juga dipakai Ani (8, POLRES B)\n"
        "\n"
        "*TANPA SATFUNG (1 dari 1)*\n"
        "1. Gita: tanpa username Instagram; tanpa nomor; tanpa satfung\n"
    )
    unit.clients.update(Client(client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_operator="6281100000001", client_group="120363012345678901@g.us"))  # fmt: skip
    sent = cicero("user", "check", "--send")
    assert (
        sent.exit_code == 3
    )  # POLRES_B's namesake shares the handle, and nobody there could be told
    assert "POLRES_B: nobody gets it" in sent.stderr
    assert "queued for 6281100000001, 120363012345678901@g.us" in sent.stderr
    assert "had today's already" in cicero("user", "check", "--send", "--client", "polres_a").stderr
    again = json.loads(cicero("user", "check", "--send", "--client", "polres_a", "--json").stdout)
    assert again["clients"][0]["sent"]["queued"] == 0
    kinds = [row["kind"] for row in json.loads(cicero("outbox", "list", "--json").stdout)]
    assert kinds == ["check", "check"]


def test_the_upstream_is_asked_within_a_budget_and_what_it_said_is_remembered(
    cicero: Run, unit: Store, upstream: StandIn
) -> None:
    ask = ("user", "check", "--client", "polres_a", "--handles")
    tried = cicero(*ask, "--dry-run")
    assert "handles never seen: 5; to be asked about: 5, now 5" in tried.stderr
    assert asked(upstream) == []
    first = cicero(*ask, "--budget", "2")
    assert first.exit_code == 0, first.stderr
    assert "asked about now: 2 (2 requests); left for another run: 3" in first.stderr
    assert asked(upstream) == ["_budi_", "citra.gone"]
    second = json.loads(cicero(*ask, "--json").stdout)
    assert asked(upstream) == ["dewi.lama", "eka.kosong", "fajar.ada"]
    states = [(one["username"], one["state"], one["called"]) for one in second["handles"]["checks"]]
    assert states == [
        ("dewi.lama", "renamed", "dewi.baru"), ("eka.kosong", "no_posts", None), ("fajar.ada", "open", None),
    ]  # fmt: skip
    third = cicero(*ask)
    assert asked(upstream) == []
    for words in (
        "Instagram @_budi_ is private",
        "Instagram knows no @citra.gone",
        "Instagram @dewi.lama is called @dewi.baru now",
        "Instagram @eka.kosong has no posts: is it the right one?",
    ):
        assert words in third.stdout
    assert "fajar" not in third.stdout
    told = cicero("user", "check", "--client", "polres_a", "--send", "--dry-run").stdout
    assert "1. Budi: Instagram `@_budi_` privat" in told
    usage = unit.connection.execute("SELECT sum(requests) FROM upstream_usage").fetchone()
    assert usage == (5,)

    month_ago = clock.now() - timedelta(days=31)
    unit.connection.execute("UPDATE handle_check SET checked_at = %s WHERE username IN ('eka.kosong', 'citra.gone')", (month_ago,))  # fmt: skip
    unit.connection.execute("UPDATE handle_check SET checked_at = checked_at - interval '1 day' WHERE username = 'eka.kosong'")  # fmt: skip
    assert cicero(*ask).exit_code == 0
    assert asked(upstream) == ["eka.kosong", "citra.gone"]  # the longest ago first
    unit.connection.execute("""UPDATE "user" SET insta = 'budi.s' WHERE insta = '_budi_'""")
    assert cicero(*ask).exit_code == 0
    assert asked(upstream) == ["budi.s"]
    known = unit.connection.execute("SELECT username FROM handle_check WHERE username = '_budi_'")
    assert known.fetchall() == []


def test_used_up_quota_and_failures_keep_what_is_known_and_say_so(
    cicero: Run, unit: Store, upstream: StandIn
) -> None:
    ask = ("user", "check", "--client", "polres_a", "--handles")
    upstream.faults.add(Fault(kind=FaultKind.DETAIL_LIST, about="_budi_"))
    upstream.faults.add(Fault(kind=FaultKind.NO_CONTENT, about="citra.gone"))
    upstream.faults.add(Fault(kind=FaultKind.MONTHLY_QUOTA, about="dewi.lama"))
    stopped = cicero(*ask)
    assert stopped.exit_code == 75
    assert "stopped: " in stopped.stderr
    assert "insta citra.gone: " in stopped.stderr
    assert "asked about now: 2" in stopped.stderr  # one was under way
    assert "Instagram shows nothing of @_budi_" in stopped.stdout
    upstream.faults.clear()
    refused = cicero(*ask)
    assert (refused.exit_code, "is used up until" in refused.stderr) == (75, True)
    before = len(upstream.requests)
    again = cicero(*ask, "--ignore-quota")
    assert (again.exit_code, len(upstream.requests) - before) == (0, 3)
    for words in (("--budget", "2"), ("--dry-run",), ("--per-divisi", "--send"), ("--client", "x")):
        wrong = cicero("user", "check", *words)
        assert (wrong.exit_code, len(wrong.stderr.splitlines())) == (2, 1), words
