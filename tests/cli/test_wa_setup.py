from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.conftest import Run

GROUP = "120363000000000001@g.us"
RESTART = "/api/sessions/default/restart"
SECRET = "a-signing-key-of-more-than-32-characters"
ACKS = {
    "url": "https://cicero.example.org/webhooks/whatsapp/waha",
    "events": ["message", "message.ack", "message.ack.group"],
    "hmac": {"key": SECRET},
}


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch, cicero: Run) -> Iterator[StandIn]:
    """A WAHA that has just been installed, and a client."""
    with StandIn() as server:
        monkeypatch.setenv("CICERO_WHATSAPP", "waha")
        monkeypatch.setenv("CICERO_WAHA_URL", server.url)
        monkeypatch.setenv("CICERO_WAHA_KEY", "stand-in-key")
        monkeypatch.setenv("CICERO_WA_WEBHOOK_SECRET", SECRET)
        monkeypatch.setenv("CICERO_PUBLIC_URL", "https://cicero.example.org")
        server.phones.groups[GROUP] = "Humas Polres A"
        server.phones.session, server.phones.is_linked = "ABSENT", False
        cicero("client", "add", "polres_a", "--nama", "Polres A")
        yield server


def test_from_an_empty_gateway_to_a_message_in_the_group(
    cicero: Run, standin: StandIn, store: Store
) -> None:
    standin.phones.scanned_after = 1

    result = cicero("wa", "setup", "--group", GROUP, "--test", GROUP)

    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (0, "Message 1: accepted.\n")
    assert [line for line in lines if line.isascii()] == [
        "WAHA has no such session yet: it is made now.",
        f"WAHA reports now to {ACKS['url']} who got and who read a message, and what people write.",
        "On the phone of the account: WhatsApp, Linked devices, Link a device; scan this:",
        "The account is linked.",
        "Reports of POLRES_A go to this group.",
    ]
    assert len([line for line in lines if "█" in line]) > 10
    assert standin.waha.sessions.webhooks == [ACKS]
    assert [message.recipient for message in standin.inbox] == [GROUP]
    client = store.clients.get("POLRES_A")
    assert client is not None
    assert client.client_group == GROUP


def test_a_second_run_changes_nothing_at_the_gateway(cicero: Run, standin: StandIn) -> None:
    standin.phones.scanned_after = 1
    cicero("wa", "setup")
    standin.requests.clear()

    result = cicero("wa", "setup")

    assert (result.exit_code, result.stdout) == (0, "WhatsApp is set up.\n")
    assert {method for method, _ in standin.requests} == {"GET"}


def test_other_webhooks_and_settings_of_the_session_stay(cicero: Run, standin: StandIn) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    other = {"url": "https://other.example.org", "events": ["message"]}
    old = {**ACKS, "hmac": {"key": "the one before"}}
    standin.waha.sessions.config = {"debug": True, "webhooks": [other, old]}

    assert cicero("wa", "setup").exit_code == 0
    assert standin.waha.sessions.config == {"debug": True, "webhooks": [other, ACKS]}


@pytest.mark.parametrize("state", ["STOPPED", "FAILED"])
def test_a_session_that_stands_still_is_started(cicero: Run, standin: StandIn, state: str) -> None:
    standin.phones.session, standin.phones.is_linked = state, True

    assert cicero("wa", "setup").exit_code == 0
    assert standin.phones.session == "WORKING"


def test_a_session_that_gives_up_meanwhile_is_restarted(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_scans(_seconds: float) -> None:
        """WAHA ends after six codes; the second time somebody is there."""
        standin.phones.session = "WORKING" if ("POST", RESTART) in standin.requests else "FAILED"

    monkeypatch.setattr("cicero_cli.core.clock.sleep", nobody_scans)
    result = cicero("wa", "setup")

    assert (result.exit_code, result.stdout) == (0, "WhatsApp is set up.\n")
    assert "Nobody has scanned in time: the session is restarted now." in result.stderr


def test_a_code_that_nobody_scans_is_a_matter_of_time(cicero: Run, standin: StandIn) -> None:
    result = cicero("wa", "setup", "--wait", "0", "--test", GROUP)

    assert (result.exit_code, standin.inbox) == (75, [])
    assert "the account is not linked yet (scan_qr_code)" in result.stderr


def test_a_wrong_key_and_a_wrong_session_are_settings(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WAHA_KEY", "wrong")
    refused = cicero("wa", "setup")
    assert refused.exit_code == 78
    assert "WAHA cannot be asked (unauthorised) (check CICERO_WAHA_KEY" in refused.stderr

    monkeypatch.setenv("CICERO_WAHA_KEY", "stand-in-key")
    monkeypatch.setenv("CICERO_WAHA_SESSION", "another")
    other = cicero("wa", "setup")
    assert (other.exit_code, standin.phones.session) == (78, "ABSENT")
    assert "CICERO_WAHA_SESSION" in other.stderr


def test_a_gateway_that_is_not_there_is_named(cicero: Run, standin: StandIn) -> None:
    standin.go_down()
    result = cicero("wa", "setup", "--wait", "0")
    standin.come_back()

    assert result.exit_code == 75
    assert "is the gateway running at 127.0.0.1" in result.stderr


def test_a_refusal_never_repeats_the_webhooks_key(cicero: Run, standin: StandIn) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR, path="/api/sessions/default", first=3))
    result = cicero("wa", "setup", "--wait", "0")

    assert result.exit_code == 75
    assert SECRET not in result.stdout + result.stderr


def test_a_group_that_the_account_is_not_in_is_refused(
    cicero: Run, standin: StandIn, store: Store
) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    result = cicero("wa", "setup", "--client", "polres_a", "--group", "120363000000000009@g.us")

    assert result.exit_code == 2
    assert "the account is not in the group 120363000000000009@g.us" in result.stderr
    client = store.clients.get("POLRES_A")
    assert client is not None
    assert client.client_group is None


def test_with_two_clients_the_group_needs_its_own(cicero: Run, standin: StandIn) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    cicero("client", "add", "polres_b", "--nama", "Polres B")

    result = cicero("wa", "setup", "--group", GROUP)

    assert result.exit_code == 2
    assert "say it with --client CLIENT_ID" in result.stderr


def test_acks_need_a_secret_and_an_address(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    monkeypatch.delenv("CICERO_WA_WEBHOOK_SECRET")
    result = cicero("wa", "setup")

    assert result.exit_code == 0
    assert "Acks are not reported: set CICERO_WA_WEBHOOK_SECRET" in result.stderr


@pytest.fixture
def gowa(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The same, for a gowa without a device."""
    monkeypatch.setenv("CICERO_WHATSAPP", "gowa")
    monkeypatch.setenv("CICERO_GOWA_URL", standin.url)
    monkeypatch.setenv("CICERO_GOWA_USER", "cicero")
    monkeypatch.setenv("CICERO_GOWA_PASSWORD", "stand-in")
    monkeypatch.setenv("CICERO_GOWA_DEVICE", "stand-in")
    return standin


def test_gowa_is_linked_by_a_code_that_is_typed_on_the_phone(cicero: Run, gowa: StandIn) -> None:
    gowa.phones.scanned_after = 1

    result = cicero("wa", "setup", "--phone", "0812-3456-7890", "--group", GROUP, "--test", GROUP)

    url = "https://cicero.example.org/webhooks/whatsapp/gowa"
    assert (result.exit_code, result.stdout) == (0, "Message 1: accepted.\n")
    assert result.stderr.splitlines() == [
        "gowa has no such session yet: it is made now.",
        f"gowa reports now to {url} who got and who read a message, and what people write.",
        "On the phone of the account: WhatsApp, Linked devices, Link a device, Link with phone number"
        " instead; type ABCD-1234",
        "The account is linked.",
        "Reports of POLRES_A go to this group.",
    ]
    told = {"webhook_url": url, "webhook_secret": SECRET, "webhook_events": "message,message.ack"}
    assert gowa.gowa.webhook == told

    gowa.requests.clear()
    again = cicero("wa", "setup")
    assert (again.exit_code, again.stdout) == (0, "WhatsApp is set up.\n")
    assert {method for method, _ in gowa.requests} == {"GET"}


def test_gowa_asks_for_the_number_or_says_how_to_give_it(
    cicero: Run, gowa: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = cicero("wa", "setup")
    assert (silent.exit_code, silent.stderr.splitlines()[-1]) == (
        2,
        "cicero: gowa gives a terminal no QR code"
        " (take a code for the account's number: cicero wa setup --phone NUMBER; or scan one on the page, under WhatsApp)",
    )

    gowa.phones.scanned_after = 1
    monkeypatch.setattr("sys.stdin", Terminal("081234567890\n\n\n"))
    asked = cicero("wa", "setup")
    assert (asked.exit_code, asked.stdout) == (0, "WhatsApp is set up.\n")
    assert "type ABCD-1234" in asked.stderr


def test_gowa_without_a_device_in_the_settings_names_the_setting(
    cicero: Run, gowa: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CICERO_GOWA_DEVICE")
    result = cicero("wa", "setup", "--phone", "081234567890")

    assert result.exit_code == 78
    assert "set CICERO_GOWA_DEVICE" in result.stderr


def test_waha_gives_a_code_too(cicero: Run, standin: StandIn) -> None:
    standin.phones.scanned_after = 1

    result = cicero("wa", "setup", "--phone", "081234567890")

    assert (result.exit_code, result.stdout) == (0, "WhatsApp is set up.\n")
    assert "type ABCD-1234" in result.stderr
    assert "█" not in result.stderr


def test_a_number_that_is_none_is_refused(cicero: Run, standin: StandIn) -> None:
    result = cicero("wa", "setup", "--phone", "kantor")

    assert (result.exit_code, result.stderr.splitlines()[-1][:16]) == (2, "cicero: --phone:")


class Terminal(StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_questions_are_asked(
    cicero: Run, standin: StandIn, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    monkeypatch.setattr("sys.stdin", Terminal("1\npolres_a\n081234567890\n"))

    result = cicero("wa", "setup")

    assert (result.exit_code, result.stdout) == (0, "Message 1: accepted.\n")
    assert f"  1  Humas Polres A  {GROUP}\n" in result.stderr
    assert [message.recipient for message in standin.inbox] == ["6281234567890"]
    assert [client.client_group for client in store.clients.list()] == [GROUP]


def test_a_group_is_chosen_by_its_number_alone(
    cicero: Run, standin: StandIn, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    for typed in ("0\n", "2\n", "Humas\n"):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        result = cicero("wa", "setup")
        assert (result.exit_code, "is not in the list" in result.stderr) == (2, True)
    assert [client.client_group for client in store.clients.list()] == [None]


def test_whoever_wants_no_questions_gets_none(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.phones.session, standin.phones.is_linked = "WORKING", True
    monkeypatch.setattr("sys.stdin", Terminal(""))

    assert cicero("wa", "setup", "--yes").stdout == "WhatsApp is set up.\n"
