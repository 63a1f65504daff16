from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from cicero_cli.bootstrap import Cicero
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import FakeSource, at, complete, likes, shown

AFTERNOON = at("2026-11-21 08:00")  # 15:00 in Jakarta
GROUP, OPERATOR, ADMIN = "120363000000000001@g.us", "6281211110001", "6281211110003"


@pytest.fixture(autouse=True)
def two_clients(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Coordinates]:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    monkeypatch.setenv("ADMIN_WHATSAPP", "081211110003")
    with time_machine.travel(AFTERNOON, tick=False) as travel:
        cicero(
            "client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a",
            "--group", GROUP, "--operator", OPERATOR,
        )  # fmt: skip
        cicero("client", "add", "polres_b", "--nama", "Polres B", "--insta", "polres.b")
        yield travel


def test_every_clients_report_is_queued_once_in_its_slot(
    cicero: Run, store: Store, two_clients: time_machine.Coordinates
) -> None:
    first, second = cicero("laphar", "send", "insta"), cicero("laphar", "send", "insta")
    assert (first.exit_code, first.stdout) == (
        0,
        "client      recipients    parts    queued    known\n"
        "POLRES_A             3        1         3        0\n"
        "POLRES_B             1        1         1        0\n",
    )
    assert second.stdout.splitlines()[1].split() == ["POLRES_A", "3", "1", "0", "3"]
    assert len(store.outbox.list_newest()) == 4

    two_clients.move_to(at("2026-11-21 11:00"))
    cicero("laphar", "send", "insta")
    assert len(store.outbox.list_newest()) == 8


def test_a_workbook_goes_along_into_the_file_gateway(cicero: Run) -> None:
    words = ("laphar", "send", "insta", "--client", "polres_b", "--attach", "xlsx")
    tried = cicero(*words, "--dry-run")
    assert (
        f"POLRES_B to {ADMIN}, 1 part(s) each and laphar-POLRES_B-2026-11-21-15.00.xlsx:"
        in tried.stdout
    )
    sent = cicero(*words)
    assert sent.stdout.splitlines()[0].split() == [
        "client", "recipients", "parts", "file", "queued", "known",
    ]  # fmt: skip
    cicero("outbox", "deliver")
    text, file = map(json.loads, Path("messages.ndjson").read_text().splitlines())
    assert text["text"].startswith("Selamat sore")
    assert file["filename"] == "laphar-POLRES_B-2026-11-21-15.00.xlsx"
    assert file["text"] == "Laphar *Polres B*\nSabtu, 21 November 2026, pukul 15.00 WIB"
    assert file["size"] > 5_000


def test_again_sends_it_again(cicero: Run, store: Store) -> None:
    cicero("laphar", "send", "insta", "--client", "polres_b")
    cicero("laphar", "send", "insta", "--client", "polres_b", "--again")
    assert len(store.outbox.list_newest()) == 2


def test_a_dry_run_shows_recipients_and_text_and_queues_nothing(cicero: Run, store: Store) -> None:
    result = cicero("laphar", "send", "insta", "--client", "polres_a", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        f"POLRES_A to {GROUP}, {OPERATOR}, {ADMIN}, 1 part(s) each:\n\nSelamat sore, izin melaporkan"
    )
    assert result.stderr == "nothing was queued\n"
    assert store.outbox.list_newest() == []


def test_to_names_the_only_recipient(cicero: Run, store: Store) -> None:
    cicero("laphar", "send", "insta", "--client", "polres_a", "--to", "0812-3456-7890")
    assert [row["recipient"] for row in store.outbox.list_newest()] == ["6281234567890"]


@pytest.mark.parametrize(
    "words",
    [
        ["--to", "abc"],
        ["--date", "2026-11-22"],
        ["--date", "kemarin"],
        ["--client", "polres_x"],
        ["--mode", "apa"],
    ],
    ids=" ".join,
)
def test_what_is_typed_wrongly_queues_nothing(cicero: Run, store: Store, words: list[str]) -> None:
    result = cicero("laphar", "send", "insta", *words)
    assert (result.exit_code, result.stdout, store.outbox.list_newest()) == (2, "", [])


def test_a_number_that_is_none_is_named_and_the_others_get_it(cicero: Run, store: Store) -> None:
    store.connection.execute(
        "UPDATE clients SET client_operator = '0812abc' WHERE client_id = 'POLRES_A'"
    )
    result = cicero("laphar", "send", "insta", "--client", "polres_a")
    assert (result.exit_code, result.stderr) == (
        3,
        "POLRES_A operator: expected a phone number such as 081234567890 (cicero client set POLRES_A)\n",
    )
    assert {row["recipient"] for row in store.outbox.list_newest()} == {GROUP, ADMIN}


def test_when_nobody_gets_a_report_the_command_has_failed(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADMIN_WHATSAPP")
    result = cicero("laphar", "send", "insta", "--client", "polres_b")
    assert result.exit_code == 1
    assert result.stderr.startswith("POLRES_B: nobody gets the report: cicero client set POLRES_B")


def test_scripts_get_the_counts(cicero: Run) -> None:
    result = cicero("laphar", "send", "insta", "--client", "polres_b", "--json")
    assert json.loads(result.stdout) == {
        "reports": [
            {
                "client_id": "POLRES_B",
                "unit_id": None,
                "divisi": [],
                "mode": None,
                "file": None,
                "recipients": [ADMIN],
                "parts": 1,
                "queued": 1,
                "known": 0,
                "to": 1,
            }
        ]
    }


def test_a_report_is_sent_post_by_post_and_as_of_a_moment_or_a_report_as_show_says_it(
    cicero: Run, store: Store, two_clients: time_machine.Coordinates
) -> None:
    cicero("user", "add", "1", "--client", "polres_b", "--nama", "Ani", "--insta", "ani")
    store.posts(Platform.INSTA).store(
        "POLRES_B", [shown("p1", "2026-11-21 01:00", 1)], now=at("2026-11-21 06:00")
    )
    unit = ("insta", "--client", "polres_b")
    cicero("laphar", "send", *unit)
    two_clients.move_to(at("2026-11-21 09:00"))
    (post,) = store.posts(Platform.INSTA).list(
        "POLRES_B", first_day=AFTERNOON.date(), last_day=AFTERNOON.date()
    )
    store.engagement(Platform.INSTA).store(post.post_id, likes("ani"), now=at("2026-11-21 08:30"))
    told = []
    for how in (
        (), ("--per-konten",), ("--as-of", "2026-11-21T15:00"), ("--as-of", "laphar:1"),
        ("--mode", "akumulasi"),
    ):  # fmt: skip
        said = cicero("laphar", "show", *unit, *how).stdout
        for queued in (1, 0) if how else (0,):
            sent = json.loads(cicero("laphar", "send", *unit, *how, "--json").stdout)
            assert sent["reports"][0]["queued"] == queued, how
        if how:
            ((body,),) = store.connection.execute(
                "SELECT body FROM outbox ORDER BY message_id DESC LIMIT 1"
            ).fetchall()
            assert body == said.rstrip("\n")
        told.append("Sudah: 1" in said)
    assert told == [True, True, False, False, False]
    of = "SELECT report_id, made_at FROM report JOIN outbox USING (report_id) ORDER BY message_id"
    assert [moment.hour for _, moment in store.connection.execute(of)] == [8, 9, 8, 8, 9]
    for words, said in (
        (("--per-konten", "--mode", "akumulasi"), "choose one"),
        (("--per-konten", "--as-of", "laphar:1"), "not with a sent report"),
        (("--due", "--as-of", "laphar:1"), "leave --as-of out"),
        (("--as-of", "laphar:1", "--date", "2026-11-20"), "is of 2026-11-21"),
        (("--as-of", "2026-11-21T23:00"), "--as-of 2026-11-21T23:00"),
    ):
        refused = cicero("laphar", "send", "insta", *words)
        assert (refused.exit_code, refused.stdout, said in refused.stderr) == (2, "", True), said
    assert len(store.outbox.list_newest()) == 5


def test_fetch_refreshes_the_platform_first(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = FakeSource(
        listings={"POLRES_A": complete(shown("p1", "2026-11-21 01:00", 1))},
        people={"p1": likes("ani")},
    )
    monkeypatch.setattr(Cicero, "source", lambda _self, _platform: source)
    result = cicero("laphar", "send", "insta", "--client", "polres_a", "--fetch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert source.asked == ["POLRES_A", "p1"]
    (body,) = store.connection.execute("SELECT DISTINCT body FROM outbox").fetchone() or ("",)
    assert "Konten: 1." in body


def test_a_fetch_that_fails_leaves_the_report_of_before(cicero: Run, store: Store) -> None:
    result = cicero("laphar", "send", "insta", "--client", "polres_b", "--fetch")
    assert result.exit_code == 0
    assert "so the report tells an earlier state: RAPIDAPI_KEY is not set" in result.stderr
    assert len(store.outbox.list_newest()) == 1


def test_a_dry_run_fetches_nothing(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    source = FakeSource()
    monkeypatch.setattr(Cicero, "source", lambda _self, _platform: source)
    cicero("laphar", "send", "insta", "--fetch", "--dry-run")
    assert source.asked == []
