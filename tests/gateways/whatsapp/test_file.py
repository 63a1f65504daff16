"""The file gateway: one line per message, for trials."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cicero_cli.domain.messaging.gateway_answers import Attachment, Presence, Sent, Verdict
from cicero_cli.gateways.whatsapp.file import FileGateway
from cicero_cli.services.ports import WhatsappGateway
from tests.gateways.whatsapp.conftest import ADMIN, GROUP

NOW = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)


def _gateway(path: Path) -> FileGateway:
    return FileGateway(path, now=lambda: NOW)


def test_messages_are_lines_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "messages.ndjson"
    gateway: WhatsappGateway = _gateway(path)
    text = gateway.send_text(GROUP, "Laporan\nrahasia", message_id=None)
    sheet = Attachment(filename="laphar.xlsx", mimetype="application/x", content=b"PK\x03")
    file = gateway.send_file(ADMIN, sheet, "rahasia")
    assert [text.verdict, file.verdict] == [Verdict.ACCEPTED] * 2
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "id": text.message_id,
            "time": "2026-08-10T08:00:00+00:00",
            "recipient": GROUP,
            "text": "Laporan\nrahasia",
        },
        {
            "id": file.message_id,
            "time": "2026-08-10T08:00:00+00:00",
            "recipient": ADMIN,
            "text": "rahasia",
            "filename": "laphar.xlsx",
            "mimetype": "application/x",
            "size": 3,
        },
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_that_was_open_to_all_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "messages.ndjson"
    path.touch(0o644)
    assert _gateway(path).check_session().is_ready
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_device_in_its_place_is_left_as_open_as_it_was() -> None:
    before = Path("/dev/full").stat().st_mode

    sent = _gateway(Path("/dev/full")).send_text(ADMIN, "a", message_id=None)

    assert (sent.verdict, Path("/dev/full").stat().st_mode) == (Verdict.PAUSE, before)


def test_many_writers_spoil_no_line(tmp_path: Path) -> None:
    path = tmp_path / "messages.ndjson"
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: _gateway(path).send_text(ADMIN, "x" * n, message_id=None), range(200)
            )
        )
    lengths = sorted(len(json.loads(line)["text"]) for line in path.read_text().splitlines())
    assert lengths == list(range(200))


def test_file_that_cannot_be_written_stops_the_sender(tmp_path: Path) -> None:
    gateway = _gateway(tmp_path / "missing" / "messages.ndjson")
    sent = gateway.send_text(ADMIN, "rahasia", message_id=None)
    hint = "CICERO_WA_FILE cannot be written (No such file or directory)"
    assert sent == Sent(verdict=Verdict.PAUSE, code="not_writable", hint=hint)
    assert gateway.check_session().needs_operator
    assert gateway.check_session().hint == hint


def test_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "messages.ndjson"
    gateway = _gateway(path)
    gateway.send_text(ADMIN, "satu", message_id=None)
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:10]))
    sent = gateway.send_text(ADMIN, "dua", message_id=None)
    assert sent.verdict is Verdict.PAUSE
    assert os.strerror(errno.ENOSPC) in sent.hint
    assert path.read_bytes() == before


def test_text_that_cannot_be_written_is_hopeless(tmp_path: Path) -> None:
    sent = _gateway(tmp_path / "messages.ndjson").send_text(ADMIN, "\ud83d", message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "not_unicode")


def test_message_is_looked_up_by_id_or_text(tmp_path: Path) -> None:
    gateway = _gateway(tmp_path / "messages.ndjson")

    def presence(text: str, since: datetime = NOW, message_id: str | None = None) -> Presence:
        return gateway.look_up(ADMIN, message_id=message_id, text=text, since=since).presence

    assert presence("satu") is Presence.ABSENT
    message_id = gateway.send_text(ADMIN, "satu", message_id=None).message_id
    with (tmp_path / "messages.ndjson").open("a") as file:
        file.write("no line of ours\n[]\n")
    assert presence("satu") is Presence.FOUND
    assert presence("satu", NOW + timedelta(seconds=1)) is Presence.ABSENT
    assert presence("dua", message_id=message_id) is Presence.FOUND
    assert (
        gateway.look_up(GROUP, message_id=None, text="satu", since=NOW).presence is Presence.ABSENT
    )


def test_file_knows_no_numbers_and_no_groups(tmp_path: Path) -> None:
    gateway = _gateway(tmp_path / "messages.ndjson")
    assert gateway.number_exists(ADMIN) is None
    assert gateway.list_groups() == []
    assert gateway.mint_message_id() is None
