from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import StandIn
from tests.conftest import Run
from tests.services.fakes import at
from tests.services.fakes_whatsapp import queue

NOON = at("2026-11-21 05:00")  # in Jakarta
GROUP, SITI, BUDI = "120363000000000001@g.us", "6281211110001", "6281211110002"


@pytest.fixture(autouse=True)
def travel() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn() as server:
        monkeypatch.setenv("CICERO_WHATSAPP", "waha")
        monkeypatch.setenv("CICERO_WAHA_URL", server.url)
        monkeypatch.setenv("CICERO_WAHA_KEY", "stand-in-key")
        monkeypatch.setenv("CICERO_WA_GAP", "0")
        server.phones.groups[GROUP] = "Humas Polres A"
        yield server


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "satu.key"
    path.write_text("stand-in-key\n")
    path.chmod(0o600)
    return str(path)


def test_a_second_account_is_added_used_paused_and_removed(
    cicero: Run, store: Store, standin: StandIn, key: str
) -> None:
    with StandIn() as second:
        added = cicero(
            "wa", "add", "satu", "--gateway", "waha", "--url", second.url, "--key-file", key, "--json"
        )  # fmt: skip
        assert (added.exit_code, json.loads(added.stdout)["key_file"]) == (0, key)
        cicero("client", "add", "a", "--nama", "A")
        unknown = cicero("client", "set", "a", "--sender", "dua")
        assert (unknown.exit_code, "there is no such sender" in unknown.stderr) == (2, True)
        chosen = cicero("client", "set", "a", "--sender", "SATU", "--json")
        assert json.loads(chosen.stdout)["sender"] == "satu"
        second.phones.groups[GROUP] = "Humas Polres A"
        queue(store, GROUP, "A", now=NOON, client_id="A")
        queue(store, SITI, "B", now=NOON)

        delivered = cicero("outbox", "deliver", "--json")
        assert (delivered.exit_code, json.loads(delivered.stdout)) == (
            0,
            {
                "accepted": 2,
                "waiting": 0,
                "paused": None,
                "senders": [
                    {"sender": "default", "sent": 1, "waiting": 0, "paused": None},
                    {"sender": "satu", "sent": 1, "waiting": 0, "paused": None},
                ],
            },
        )
        assert ([one.text for one in standin.inbox], [one.text for one in second.inbox]) == (
            ["B"],
            ["A"],
        )
        tested = cicero("wa", "test", BUDI, "--sender", "satu")
        assert (tested.exit_code, len(second.inbox)) == (0, 2)
        ready = json.loads(cicero("wa", "status", "--sender", "satu", "--json").stdout)
        assert (ready["sender"], ready["is_ready"], ready["sent_today"]) == ("satu", True, 2)
        assert cicero("wa", "groups", "--sender", "satu").exit_code == 0

        paused = cicero("wa", "pause", "satu", "--reason", "nomor diblokir")
        assert (paused.exit_code, paused.stdout) == (0, "Paused: satu.\n")
        queue(store, GROUP, "C", now=NOON, client_id="A")
        said = [cicero("outbox", "deliver") for _ in range(2)]
        assert [(one.exit_code, one.stdout) for one in said] == [(75, ""), (75, "")]
        assert said[0].stderr.startswith(
            "sender satu: nothing is sent for now (paused): satu is paused since 2026-11-21 12:00 WIB by cli:"
        )
        assert "(nomor diblokir); go on with: cicero wa resume satu" in said[0].stderr
        assert said[1].stderr == ""
        again = json.loads(
            cicero("wa", "pause", "satu", "--reason", "nomor diblokir", "--json").stdout
        )
        assert again == {"paused": ["satu"]}
        status = cicero("wa", "status", "--sender", "satu")
        assert (status.exit_code, "nomor diblokir" in status.stderr) == (75, True)
        listed = cicero("wa", "list")
        assert [line.split()[:5] for line in listed.stdout.splitlines()[1:]] == [
            ["default", "waha", "no", "ready", "0"],
            ["satu", "waha", "no", "paused", "1"],
        ]
        assert "nomor diblokir" in listed.stderr
        [_, row] = json.loads(cicero("wa", "list", "--json").stdout)
        assert (row["sent_today"], row["pause_reason"]) == (2, "nomor diblokir")
        assert "nomor diblokir" in cicero("status").stderr
        assert "satu: waha working" in cicero("doctor").stdout


def test_one_that_something_waits_for_is_emptied_before_it_is_removed(
    cicero: Run, store: Store, standin: StandIn, key: str
) -> None:
    cicero("client", "add", "a", "--nama", "A")
    cicero(
        "wa", "add", "satu", "--gateway", "waha", "--url", "http://127.0.0.1:9", "--key-file", key
    )
    cicero("client", "set", "a", "--sender", "satu")
    cicero("wa", "pause", "satu")
    (waiting,) = queue(store, GROUP, "C", now=NOON, client_id="A")
    refused = cicero("wa", "remove", "satu", "--yes")
    assert (refused.exit_code, "satu is the sender of A" in refused.stderr) == (2, True)
    cicero("client", "set", "a", "--sender", "")
    refused = cicero("wa", "remove", "satu", "--yes")
    assert "cicero outbox move --from satu --to OTHER" in refused.stderr
    moved = cicero("outbox", "move", "--from", "satu", "--to", "default")
    assert (moved.exit_code, moved.stdout.split()) == (0, ["sender", "moved", "default", "1"])
    back = cicero("outbox", "move", "--from", "default", "--to", "satu", "--client", "a", "--json")
    assert json.loads(back.stdout) == [{"sender": "satu", "moved": 1}]
    cicero("outbox", "move", "--from", "satu", "--to", "default")
    nothing = cicero("outbox", "move", "--from", "satu", "--to", "default")
    assert nothing.stdout == "Nothing waits that could move.\n"
    assert "satu" not in cicero("outbox", "list").stdout
    assert cicero("outbox", "list", "--sender", "default", "--status", "queued").stdout
    cicero("outbox", "deliver")
    assert (store.outbox.get(waiting) or {})["status"] == "accepted"
    assert [one.text for one in standin.inbox] == ["C"]
    assert cicero("wa", "resume").stdout == "Resumed: satu.\n"
    assert json.loads(cicero("wa", "resume", "--json").stdout) == {"resumed": []}
    gone = cicero("wa", "remove", "satu", "--yes")
    assert (gone.stdout, gone.stderr) == (
        "Sender satu is removed.\n",
        "its key file is left where it is\n",
    )


def test_one_whose_key_is_gone_fails_alone(
    cicero: Run, store: Store, standin: StandIn, key: str
) -> None:
    cicero(
        "wa", "add", "satu", "--gateway", "waha", "--url", "http://127.0.0.1:9", "--key-file", key
    )
    Path(key).unlink()
    queue(store, SITI, "1", now=NOON, sender="satu")
    queue(store, GROUP, "2", now=NOON)
    result = cicero("outbox", "deliver")
    assert (result.exit_code, result.stdout) == (3, "1 accepted\n")
    assert result.stderr.startswith(f"sender satu: {key} of sender satu cannot be used")
    assert len(standin.inbox) == 1
    assert "satu" in cicero("doctor").stdout
    store.connection.execute("DELETE FROM outbox")
    removed = cicero("wa", "remove", "satu", "--yes", "--json")
    assert json.loads(removed.stdout) == {"removed": "satu"}


def test_without_the_settings_a_sender_of_its_own_is_enough(
    cicero: Run, store: Store, tmp_path: Path
) -> None:
    cicero("wa", "add", "satu", "--gateway", "file", "--url", str(tmp_path / "m"), "--pool")
    queue(store, SITI, "1", now=NOON)
    assert cicero("outbox", "deliver").stdout == "1 accepted\n"
    queue(store, GROUP, "2", now=NOON)  # no group is the pool's
    result = cicero("outbox", "deliver")
    assert (result.exit_code, "CICERO_WHATSAPP is not set" in result.stderr) == (78, True)
    changed = cicero("wa", "set", "satu", "--no-pool", "--gap", "1-2", "--json")
    assert json.loads(changed.stdout)["in_pool"] is False
    assert cicero("wa", "set", "satu").exit_code == 2
