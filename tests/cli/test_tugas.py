"""`cicero tugas` on the command line, and as cron runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, shown

GROUP = "120363000000000001@g.us"
ZONES = {"west": "WIB", "middle": "WITA", "east": "WIT"}
SILENT = (0, "", "")


@pytest.fixture(autouse=True)
def travel(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Coordinates]:
    """One client in each zone, all with a group; noon in Jakarta."""
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    with time_machine.travel(at("2026-11-21 05:00"), tick=False) as travel:
        for name, zone in ZONES.items():
            cicero(
                "client", "add", name, "--nama", name, "--insta", name, "--group", GROUP, "--timezone", zone,
            )  # fmt: skip
        yield travel


def posts(store: Store, client_id: str, *moments: str) -> None:
    """An Instagram post at each of these times, called as its hour."""
    store.posts(Platform.INSTA).store(
        client_id.upper(),
        [
            replace(shown(moment[-5:-3], moment), caption=f"Pukul {moment[-5:]}\n*UTC*")
            for moment in moments
        ],
        now=at("2026-11-21 04:00"),
    )


def due(cicero: Run) -> tuple[int, str, str]:
    result = cicero("tugas", "send", "semua", "--due")
    return result.exit_code, result.stdout, result.stderr


def told(cicero: Run) -> list[str]:
    """Whom a wake-up tells; it is silent when that is nobody."""
    code, shown_clients, said = due(cicero)
    assert (code, said) == (0, "")
    return [line.split()[0] for line in shown_clients.splitlines()[1:]]


def test_the_day_is_shown_as_message_and_json(cicero: Run, store: Store) -> None:
    posts(store, "west", "2026-11-21 01:00")
    words = ("tugas", "show", "--client", "west")
    assert cicero(*words).stdout == (
        "Selamat siang, rekan-rekan *west*.\n"
        "Sabtu, 21 November 2026, 12.00 WIB\n"
        "\n"
        "*TUGAS HARI INI: 1 KONTEN*\n"
        "\n"
        "*Like Instagram (1)*\n"
        "\n"
        "1. 08.00 WIB\n"
        "_Pukul 01:00 UTC_\n"
        "https://www.instagram.com/p/01/\n"
        "\n"
        "Mohon segera dikerjakan. Terima kasih.\n"
    )
    document = json.loads(cicero(*words, "insta", "--json").stdout)
    assert document.pop("text").startswith("Selamat siang")
    assert document == {
        "client_id": "WEST",
        "date": "2026-11-21",
        "posts": [
            {
                "platform": "insta",
                "post": "01",
                "published_at": "2026-11-21T08:00:00+07:00",
                "caption": "Pukul 01:00\n*UTC*",
                "url": "https://www.instagram.com/p/01/",
                "is_new": True,
            }
        ],
        "gone": [],
        "not_listed": [],
        "unreadable": 0,
    }
    assert (
        "Tidak ada tugas konten pada hari tersebut."
        in cicero(*words, "--date", "2026-11-20").stdout
    )
    assert [one["client_id"] for one in json.loads(cicero("tugas", "show", "--json").stdout)] == [
        "EAST", "MIDDLE", "WEST",
    ]  # fmt: skip
    cicero("tugas", "send", "--client", "west")
    cicero("post", "exclude", "01", "--client", "west", "--reason", "salah")
    left = json.loads(cicero(*words, "--json").stdout)
    assert (left["posts"], [one["post"] for one in left["gone"]]) == ([], ["01"])


def test_midnight_is_each_clients_own(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    for name in ZONES:
        posts(
            store,
            name,
            "2026-11-20 14:30",
            "2026-11-20 15:30",
            "2026-11-20 16:30",
            "2026-11-20 17:30",
        )
    documents = json.loads(cicero("tugas", "show", "--json").stdout)
    assert {one["client_id"]: [post["post"] for post in one["posts"]] for one in documents} == {
        "WEST": ["17"],
        "MIDDLE": ["16", "17"],
        "EAST": ["15", "16", "17"],
    }


def test_what_was_queued_for_whom_is_said_and_why_not(cicero: Run, store: Store) -> None:
    posts(store, "west", "2026-11-21 01:00")
    cicero("client", "set", "east", "--group", "")
    tried = cicero("tugas", "send", "--dry-run")
    assert (tried.exit_code, tried.stdout.splitlines()[0]) == (
        3,
        f"WEST to {GROUP}, 1 part(s) each:",
    )
    no_group = "EAST: there is no group to get its task list: cicero client set EAST --group ID@g.us (cicero wa groups)\n"
    assert tried.stderr == f"no posts today: MIDDLE\nnothing was queued\n{no_group}"
    (as_json,) = json.loads(cicero("tugas", "send", "--dry-run", "--json").stdout)["reports"]
    assert as_json["text"].startswith("Selamat siang, rekan-rekan *west*.")
    first, second = (cicero("tugas", "send") for _ in range(2))
    assert [line.split() for line in first.stdout.splitlines()] == [
        ["client", "recipients", "parts", "queued", "known"],
        ["MIDDLE", "1", "0", "0", "0"],
        ["WEST", "1", "1", "1", "0"],
    ]
    assert (first.exit_code, first.stderr) == (3, f"no posts today: MIDDLE\n{no_group}")
    unchanged = "nothing has changed since its last list: WEST\n"
    assert (second.exit_code, second.stderr) == (
        3,
        f"no posts today: MIDDLE\n{unchanged}{no_group}",
    )
    assert cicero("tugas", "send", "--client", "west", "--dry-run").stderr == (
        f"{unchanged}nothing was queued\n"
    )
    assert len(store.outbox.list_newest()) == 1


def test_cron_tells_news_once_until_the_clients_time_and_not_in_quiet_hours(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    cicero("client", "set", "middle", "--tugas-until", "8:00")
    cicero("client", "set", "east", "--group", "")
    for name in ZONES:
        posts(store, name, "2026-11-20 20:30")  # in the night
    seen = []
    for moment, posted in (
        (
            "2026-11-20 20:45",
            "",
        ),  # 03:45 in Jakarta, 04:45 and 05:45: only the east is awake, and has no group
        ("2026-11-20 21:05", ""),
        ("2026-11-20 22:05", ""),
        ("2026-11-20 22:15", ""),  # nothing is new
        ("2026-11-21 00:00", "middle"),  # its last minute
        ("2026-11-21 01:00", "west"),
        ("2026-11-21 02:00", "middle"),
        ("2026-11-21 10:15", "west"),  # 17:15
        ("2026-11-21 11:16", "west"),
        ("2026-11-21 14:35", ""),
    ):
        travel.move_to(at(moment))
        if posted:
            posts(store, posted, moment)
        seen.append(told(cicero))
    assert seen == [
        [], ["MIDDLE"], ["WEST"], [], ["MIDDLE"], ["WEST"], [], ["WEST"], [], [],
    ]  # fmt: skip
    assert "no group that gets its task list: EAST" in cicero("doctor").stdout


def test_without_a_time_cron_tells_nobody(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts(store, "west", "2026-11-21 01:00")
    for wrong in ("noon", "12:00,13:00", "25:00"):
        refused = cicero("client", "set", "west", "--tugas-until", wrong)
        assert (refused.exit_code, refused.stderr) == (
            2,
            f"cicero: --tugas-until '{wrong}': expected a time of the day such as 17:15, or nothing for never; nothing was changed\n",
        )
    monkeypatch.setenv("CICERO_TUGAS_UNTIL", "")
    assert due(cicero) == SILENT
    cicero("client", "set", "west", "--tugas-until", "13:00")
    assert told(cicero) == ["WEST"]
    posts(store, "west", "2026-11-21 02:00")
    cicero("client", "set", "west", "--tugas-until", "")
    assert due(cicero) == SILENT
    assert json.loads(cicero("client", "show", "west", "--json").stdout)["tugas_until"] == ""


def test_a_group_that_cron_forgot_is_named(
    cicero: Run, store: Store, travel: time_machine.Coordinates
) -> None:
    posts(store, "west", "2026-11-21 01:00")
    told_of = "posts that the group should have been told of: WEST (cicero doctor)\n"
    assert told_of in cicero("status").stderr
    assert "tugas send should have told these groups of new posts: WEST" in " ".join(
        cicero("doctor").stdout.split()
    )
    cicero("tugas", "send", "--due")
    assert told_of not in cicero("status").stderr


def test_what_due_decides_cannot_be_said_beside_it(cicero: Run) -> None:
    for option in (["--again"], ["--to", "081211110001"]):
        refused = cicero("tugas", "send", "--due", *option)
        assert (refused.exit_code, refused.stderr) == (
            2,
            f"cicero: --due decides by itself what is due: leave {option[0]} out\n",
        )
