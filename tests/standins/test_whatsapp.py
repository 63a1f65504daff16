"""The WhatsApp stand-in: that it refuses what the gateways refuse, and shows what arrived as a phone would."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from rich.cells import cell_len

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import Ack, AckEvent
from cicero_cli.gateways.whatsapp.webhooks import (
    is_from_gowa,
    is_from_waha,
    read_acks,
    read_session,
)
from cicero_cli.standins.whatsapp import (
    Fault,
    FaultKind,
    Message,
    Phones,
    StandIn,
    Webhook,
    render_inbox,
)
from cicero_cli.standins.whatsapp.rendering import plain_text

ADMIN = "6281200000001"
GROUP = "120363000000000001@g.us"
TEXT = {"session": "default", "chatId": f"{ADMIN}@c.us", "text": "halo"}
NOW = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(Phones(known={ADMIN}, groups={GROUP: "Polres Contoh"})) as standin:
        yield standin


def _waha(standin: StandIn, body: Any, path: str = "/api/sendText") -> requests.Response:
    headers = {"X-Api-Key": "stand-in-key", "Connection": "close"}
    return requests.post(standin.url + path, json=body, headers=headers, timeout=5)


def _gowa(standin: StandIn, **kwargs: Any) -> requests.Response:
    headers = {"X-Device-Id": "stand-in", "Connection": "close"}
    return requests.post(
        f"{standin.url}/send/message",
        auth=("cicero", "stand-in"),
        headers=headers,
        timeout=5,
        **kwargs,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": None}, "text is no str"),
        ({"chatId": ADMIN}, "chatId is neither"),
        ({"linkPreview": "no"}, "linkPreview is no bool"),
        ({"colour": "red"}, "colour is unknown"),
    ],
)
def test_request_that_the_specification_forbids_is_refused(
    standin: StandIn, change: dict[str, Any], words: str
) -> None:
    response = _waha(standin, TEXT | change)
    assert response.status_code == 400
    assert words in response.json()["message"]
    assert standin.inbox == []


def test_missing_fields_are_named(standin: StandIn) -> None:
    assert "text is missing" in _waha(standin, {"session": "default"}).json()["message"]
    body = {"session": "default", "chatId": GROUP, "file": {"data": "%%"}}
    assert "mimetype is missing" in _waha(standin, body, "/api/sendFile").json()["message"]
    body["file"] = {"mimetype": "image/png", "data": "%%"}
    assert "no base64" in _waha(standin, body, "/api/sendImage").json()["message"]


@pytest.mark.parametrize(
    "kwargs",
    [
        {"json": {"phone": f"{ADMIN}@s.whatsapp.net"}},
        {"json": {"phone": f"{ADMIN}@c.us", "message": "halo"}},
        {"json": {"phone": GROUP, "message": "halo", "id": "3EB0"}},
        {"data": {"phone": GROUP, "message": "halo"}},
    ],
)
def test_gowa_refuses_what_its_specification_forbids(
    standin: StandIn, kwargs: dict[str, Any]
) -> None:
    response = _gowa(standin, **kwargs)
    assert (response.status_code, response.json()["code"]) == (400, "VALIDATION_ERROR")


def test_second_message_with_the_same_id_in_the_same_chat_is_dropped(standin: StandIn) -> None:
    _waha(standin, TEXT | {"id": "3EB0ABCDEF"})
    _waha(standin, TEXT | {"id": "3EB0ABCDEF"})
    _waha(standin, TEXT | {"id": "3EB0ABCDEF", "chatId": GROUP})
    assert [message.recipient for message in standin.inbox] == [ADMIN, GROUP]


def test_500_of_waha_repeats_the_request(standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR, first=2, every=3))
    statuses = [_waha(standin, TEXT).status_code for _ in range(5)]
    assert statuses == [201, 500, 201, 201, 500]
    standin.faults.clear()
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR))
    assert _waha(standin, TEXT).json()["request"]["body"] == TEXT


def test_lost_message_has_an_id_and_never_arrives(standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.LOST, recipient=ADMIN))
    assert _waha(standin, TEXT).status_code == 201
    assert standin.inbox == []
    assert [message.ack for message in standin.phones.messages] == [0]


def test_message_without_an_id_in_the_answer_arrives(standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.NO_ID))
    assert "id" not in _waha(standin, TEXT).json()
    assert len(standin.inbox) == 1


def test_lock_is_over_when_its_time_has_come(standin: StandIn) -> None:
    standin.phones.known.clear()
    standin.phones.lock_new_chats(timedelta(hours=1))
    assert "463" in _waha(standin, TEXT).json()["exception"]["message"]
    standin.phones.now = lambda: clock.now() + timedelta(hours=2)
    assert _waha(standin, TEXT).status_code == 201


class _Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((body, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    """Somebody who hears webhooks, in `heard`."""
    with HTTPServer(("127.0.0.1", 0), _Listener) as server:
        server.heard = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_acks_of_waha_are_reported_with_a_signature(standin: StandIn, listener: HTTPServer) -> None:
    standin.webhook = Webhook(f"http://127.0.0.1:{listener.server_port}/", "kunci")
    _waha(standin, TEXT | {"id": "3EB0ABCDEF"})
    _waha(standin, TEXT | {"chatId": GROUP})
    standin.acknowledge(3, "3EB0ABCDEF")
    standin.set_session("FAILED")
    heard: list[tuple[bytes, dict[str, str]]] = listener.heard  # type: ignore[attr-defined]
    assert all(is_from_waha(body, head, key="kunci", now=clock.now()) for body, head in heard)
    assert read_acks(heard[0][0]) == [AckEvent(message_id="3EB0ABCDEF", ack=Ack.READ)]
    session = read_session(heard[1][0], session="default")
    assert session is not None
    assert session.needs_operator


def test_acks_of_gowa_are_reported_with_a_signature(standin: StandIn, listener: HTTPServer) -> None:
    standin.webhook = Webhook(f"http://127.0.0.1:{listener.server_port}/", "kunci", "gowa")
    _gowa(standin, json={"phone": GROUP, "message": "halo"})
    for ack in (1, 2):
        standin.acknowledge(ack)
    heard: list[tuple[bytes, dict[str, str]]] = listener.heard  # type: ignore[attr-defined]
    assert len(heard) == 1
    assert is_from_gowa(*heard[0], key="kunci", now=clock.now())
    assert read_acks(heard[0][0]) == [
        AckEvent(message_id=standin.inbox[0].message_id, ack=Ack.DELIVERED)
    ]


def test_stand_in_of_its_own_process_takes_faults_and_shows_its_inbox() -> None:
    command = [sys.executable, "-m", "cicero_cli.standins.whatsapp", "--known", ADMIN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        headers = {"X-Api-Key": "stand-in-key"}
        fault = {"kind": "answer", "status": 502, "body": "", "times": 1}
        assert requests.post(f"{url}/standin/faults", json=fault, timeout=5).status_code == 204
        codes = [
            requests.post(f"{url}/api/sendText", json=TEXT, headers=headers, timeout=5).status_code
            for _ in range(2)
        ]
        inbox = requests.get(f"{url}/standin/inbox", timeout=5).json()
        shown = requests.get(f"{url}/standin/inbox.txt", timeout=5).text
        process.terminate()
    assert codes == [502, 201]
    assert [(message["recipient"], message["text"]) for message in inbox] == [(ADMIN, "halo")]
    assert "+62 812-0000-0001" in shown
    assert json.dumps(inbox)


def _message(recipient: str, text: str, **changes: Any) -> Message:
    minutes = changes.pop("minutes", 0)
    return Message(
        recipient=recipient,
        text=text,
        message_id="3EB0ABCDEF",
        time=NOW + timedelta(minutes=minutes),
        **changes,
    )


def test_inbox_reads_as_on_a_phone() -> None:
    messages = [
        _message(GROUP, "*LAPHAR* _10-08_\n\n1. ~SAT~ `*LANTAS*`\n```a_b_c```", ack=3),
        _message(ADMIN, "Mohon like:\nhttps://www.instagram.com/p/C_a_b/", minutes=1),
        _message(GROUP, "Grafik", minutes=2, filename="grafik.png", content=b"x" * 3000, ack=0),
    ]
    shown = render_inbox(messages, names={GROUP: "Polres Contoh"}, zone=ZoneInfo("Asia/Jakarta"))
    assert shown == (
        "── Polres Contoh ─────────────────────────────────────────────────────────────\n"
        "\n"
        "  10-08-2026 15:00 ✓✓ read\n"
        "  │ LAPHAR 10-08\n"
        "  │\n"
        "  │ 1. SAT *LANTAS*\n"
        "  │ a_b_c\n"
        "\n"
        "  10-08-2026 15:02 …\n"
        "  │ [grafik.png, 3 KB]\n"
        "  │ Grafik\n"
        "\n"
        "── +62 812-0000-0001 ─────────────────────────────────────────────────────────\n"
        "\n"
        "  10-08-2026 15:01 ✓\n"
        "  │ Mohon like:\n"
        "  │ https://www.instagram.com/p/C_a_b/\n"
    )


@pytest.mark.parametrize("is_styled", [False, True])
def test_no_line_is_wider_than_the_terminal(*, is_styled: bool) -> None:
    text = "✅ *" + "BRIPKA BUDI SANTOSO " * 12 + "x* " + "📊" * 50 + " " + "y" * 200
    shown = render_inbox([_message(GROUP, text)], names={GROUP: "Polres " * 20})
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    assert "".join(shown.split()).count("y") == 200
    assert not is_styled or "\x1b[1m" in render_inbox([_message(GROUP, text)], is_styled=True)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*tebal* dan _miring_", "tebal dan miring"),
        ("*_keduanya_*", "keduanya"),
        ("nama_akun_polisi", "nama_akun_polisi"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("*baris\nlain*", "*baris\nlain*"),
        ("(*benar*)", "(benar)"),
        ("", ""),
    ],
)
def test_marks_go_where_a_phone_takes_them_away(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_empty_inbox_shows_nothing() -> None:
    assert render_inbox([]) == ""
