"""gowa: what is sent to it, and what each of its answers means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import Attachment, Group, Presence, Sent, Verdict
from cicero_cli.errors import SettingError, TryLaterError
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.gateways.whatsapp.conftest import (
    ADMIN,
    GROUP,
    NOBODY,
    SHORT,
    STRANGER,
    TIMEOUTS,
    is_discreet,
)

TEXT = "*Laporan* rahasia\n1. SAT LANTAS ✅"
CHART = Attachment(filename="grafik.png", mimetype="image/png", content=bytes(range(256)) * 9)
SHEET = Attachment(
    filename="laphar é.xlsx", mimetype="application/vnd.ms-excel", content=b"PK\r\n\x03\n"
)


def _gowa(standin: StandIn, **changes: str) -> GowaGateway:
    settings = {"user": "cicero", "password": "stand-in", "device": "stand-in", **changes}
    return GowaGateway(standin.url, **settings, timeouts=TIMEOUTS)


def test_text_arrives_at_the_phone(gowa: GowaGateway, standin: StandIn) -> None:
    gateway: WhatsappGateway = gowa
    assert gateway.mint_message_id() is None
    sent = gateway.send_text(GROUP, TEXT, message_id=None)
    arrived = standin.inbox[0]
    assert sent == Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=arrived.message_id)
    assert (arrived.recipient, arrived.text) == (GROUP, TEXT)
    assert standin.requests == [("POST", "/send/message")]


@pytest.mark.parametrize(
    ("attachment", "path"),
    [
        (CHART, "/send/image"),
        (SHEET, "/send/file"),
        (Attachment(filename="a.gif", mimetype="image/gif", content=b"GIF89a"), "/send/file"),
    ],
    ids=["image", "file", "image that gowa refuses as one"],
)
def test_file_arrives_whole_with_its_caption(
    gowa: GowaGateway, standin: StandIn, attachment: Attachment, path: str
) -> None:
    assert gowa.send_file(ADMIN, attachment, "rahasia ✅").verdict is Verdict.ACCEPTED
    arrived = standin.inbox[0]
    assert (arrived.filename, arrived.content, arrived.text) == (
        attachment.filename,
        attachment.content,
        "rahasia ✅",
    )
    assert standin.requests == [("POST", path)]


def test_caption_that_cannot_be_written_is_hopeless(gowa: GowaGateway, standin: StandIn) -> None:
    sent = gowa.send_file(ADMIN, SHEET, "\ud83d")
    assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "not_unicode")
    assert standin.requests == []


def test_handle_of_digits_notifies_nobody(gowa: GowaGateway, standin: StandIn) -> None:
    since = clock.now()
    gowa.send_text(GROUP, "belum: @62812345 dan @budi", message_id=None)
    assert standin.inbox[0].text == "belum: @\u206062812345 dan @budi"
    assert standin.gowa.mentions == []
    found = gowa.look_up(GROUP, message_id=None, text="belum: @62812345 dan @budi", since=since)
    assert found.presence is Presence.FOUND


def _error(code: str, message: str = f"Phone {ADMIN}@s.whatsapp.net, rahasia") -> dict[str, str]:
    return {"code": code, "message": message}


@pytest.mark.parametrize(
    ("status", "body", "verdict", "code"),
    [
        (400, _error("VALIDATION_ERROR"), Verdict.PERMANENT, "validation_error"),
        (400, _error("INVALID_JID"), Verdict.RETRY, "invalid_jid"),
        (400, _error("DEVICE_ID_REQUIRED"), Verdict.PAUSE, "device_required"),
        (400, _error("BAD_REQUEST"), Verdict.PERMANENT, "http_400"),
        (400, b"<html>", Verdict.PAUSE, "not_a_gateway"),
        (401, _error("AUTHENTICATION_ERROR"), Verdict.PAUSE, "not_logged_in"),
        (401, b"Unauthorized", Verdict.PAUSE, "unauthorised"),
        (403, b"Forbidden", Verdict.PAUSE, "forbidden"),
        (404, _error("DEVICE_NOT_FOUND"), Verdict.PAUSE, "no_device"),
        (404, b"Cannot POST", Verdict.PAUSE, "not_a_gateway"),
        (413, b"<html>", Verdict.PERMANENT, "too_large"),
        (429, _error("WA_REACHOUT_TIMELOCK"), Verdict.PAUSE_FIRST_CONTACTS, "reachout_timelock"),
        (429, b"<html>", Verdict.RETRY, "rate_limited"),
        (500, _error("UPLOAD_MEDIA_ERROR"), Verdict.RETRY, "upload_failed"),
        (500, _error("INTERNAL_SERVER_ERROR"), Verdict.AMBIGUOUS, "http_500"),
        (
            500,
            _error("INTERNAL_SERVER_ERROR", f"no LID found for {ADMIN}@s.whatsapp.net from server"),
            Verdict.PERMANENT,
            "no_such_number",
        ),
        (
            500,
            _error("INTERNAL_SERVER_ERROR", f"No LID for user {ADMIN}"),
            Verdict.PERMANENT,
            "no_such_number",
        ),
        (
            500,
            _error("INTERNAL_SERVER_ERROR", f"phone {ADMIN} is not on WhatsApp"),
            Verdict.PERMANENT,
            "no_such_number",
        ),
        (500, b"<html>", Verdict.AMBIGUOUS, "http_500"),
        (502, b"<html>", Verdict.AMBIGUOUS, "http_502"),
        (503, _error("DEVICE_MANAGER_UNAVAILABLE"), Verdict.RETRY, "device_manager"),
        (503, b"<html>", Verdict.AMBIGUOUS, "http_503"),
        (504, _error("GATEWAY_TIMEOUT"), Verdict.AMBIGUOUS, "http_504"),
        (200, {"code": "SUCCESS", "results": {"status": "x"}}, Verdict.AMBIGUOUS, "no_message_id"),
        (200, {"code": "SUCCESS", "results": None}, Verdict.AMBIGUOUS, "no_message_id"),
        (200, b"<html>", Verdict.AMBIGUOUS, "no_message_id"),
    ],
)
def test_answer_decides_what_happens_next(
    gowa: GowaGateway,
    answer: Callable[..., None],
    *,
    status: int,
    body: object,
    verdict: Verdict,
    code: str,
) -> None:
    answer(status, body)
    sent = gowa.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (verdict, code)
    assert is_discreet(sent)
    assert bool(sent.hint) == (verdict in {Verdict.PAUSE, Verdict.PAUSE_FIRST_CONTACTS})


def test_401_means_two_things(standin: StandIn) -> None:
    wrong = _gowa(standin, password="wrong").send_text(ADMIN, TEXT, message_id=None)
    assert (wrong.verdict, wrong.code) == (Verdict.PAUSE, "unauthorised")
    standin.set_session("SCAN_QR_CODE")
    lost = _gowa(standin).send_text(ADMIN, TEXT, message_id=None)
    assert (lost.verdict, lost.code) == (Verdict.PAUSE, "not_logged_in")


def test_401_with_a_challenge_is_a_matter_of_the_password(
    gowa: GowaGateway, answer: Callable[..., None]
) -> None:
    answer(401, _error("AUTHENTICATION_ERROR"), WWW_Authenticate='Basic realm="gowa"')
    assert gowa.send_text(ADMIN, TEXT, message_id=None).code == "unauthorised"


def test_account_that_is_only_connecting_again_needs_nobody(
    gowa: GowaGateway, standin: StandIn
) -> None:
    standin.set_session("STARTING")
    sent = gowa.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.RETRY, "session_disconnected")


def test_wrong_or_missing_device_is_the_operators(standin: StandIn) -> None:
    assert (
        _gowa(standin, device="other").send_text(ADMIN, TEXT, message_id=None).code == "no_device"
    )
    bare = GowaGateway(
        standin.url, user="cicero", password="stand-in", device=None, timeouts=TIMEOUTS
    )
    assert bare.send_file(ADMIN, CHART, "").code == "device_required"
    assert bare.check_session().needs_operator


def test_time_lock_spares_known_chats_and_groups(gowa: GowaGateway, standin: StandIn) -> None:
    standin.phones.lock_new_chats()
    sent = gowa.send_text(STRANGER, TEXT, message_id=None)
    assert (sent.verdict, sent.until) == (Verdict.PAUSE_FIRST_CONTACTS, None)
    assert gowa.send_text(ADMIN, TEXT, message_id=None).verdict is Verdict.ACCEPTED
    assert gowa.send_text(GROUP, TEXT, message_id=None).verdict is Verdict.ACCEPTED


def test_number_without_whatsapp_and_group_without_us(gowa: GowaGateway) -> None:
    assert gowa.send_text(NOBODY, TEXT, message_id=None).code == "invalid_jid"
    gone = gowa.send_text("120363000000000009@g.us", TEXT, message_id=None)
    assert (gone.verdict, gone.code) == (Verdict.PERMANENT, "not_in_group")


def test_cut_and_late_answers_are_ambiguous(standin: StandIn) -> None:
    gowa = GowaGateway(
        standin.url, user="cicero", password="stand-in", device="stand-in", timeouts=SHORT
    )
    standin.faults.add(Fault(kind=FaultKind.CUT, times=1))
    assert gowa.send_text(ADMIN, TEXT, message_id=None).code == "connection_cut"
    assert standin.inbox == []
    standin.faults.add(Fault(kind=FaultKind.SLOW))
    assert gowa.send_text(ADMIN, TEXT, message_id=None).code == "timeout"
    assert len(standin.inbox) == 1


@pytest.mark.parametrize(
    ("status", "state", "needs_operator"),
    [
        ("WORKING", "working", False),
        ("STARTING", "disconnected", False),
        ("SCAN_QR_CODE", "not_logged_in", True),
    ],
)
def test_session_is_ready_when_connected_and_logged_in(
    gowa: GowaGateway, standin: StandIn, *, status: str, state: str, needs_operator: bool
) -> None:
    standin.set_session(status)
    session = gowa.check_session()
    assert (session.state, session.needs_operator) == (state, needs_operator)
    assert session.is_ready == (status == "WORKING")
    assert session.number == ("62811000000" if session.is_ready else None)


def test_session_of_a_gateway_that_is_down(gowa: GowaGateway, standin: StandIn) -> None:
    standin.go_down()
    session = gowa.check_session()
    assert (session.is_ready, session.state, session.needs_operator) == (
        False,
        "no_connection",
        False,
    )


def test_gowa_never_says_that_a_number_does_not_exist(gowa: GowaGateway) -> None:
    assert gowa.number_exists(ADMIN) is True
    assert gowa.number_exists(NOBODY) is None


def test_message_is_looked_up_by_its_text(gowa: GowaGateway, standin: StandIn) -> None:
    since = clock.now()
    standin.faults.add(Fault(kind=FaultKind.CUT, is_taken=True))
    gowa.send_text(ADMIN, TEXT, message_id=None)
    gowa.send_file(ADMIN, CHART, "Grafik 10-08")

    def presence(text: str, after: timedelta = timedelta()) -> Presence:
        return gowa.look_up(ADMIN, message_id=None, text=text, since=since + after).presence

    assert presence(TEXT) is Presence.FOUND
    assert presence("Grafik 10-08") is Presence.FOUND
    assert presence("lain") is Presence.ABSENT
    assert presence(TEXT, timedelta(hours=1)) is Presence.ABSENT
    assert presence("") is Presence.UNKNOWN
    standin.go_down()
    assert presence(TEXT) is Presence.UNKNOWN


def test_message_in_a_chat_too_long_to_list_is_not_called_absent(
    gowa: GowaGateway, standin: StandIn
) -> None:
    since = clock.now()
    for number in range(101):
        gowa.send_text(ADMIN, f"pesan {number}", message_id=None)
    looked = gowa.look_up(ADMIN, message_id=None, text="pesan 0", since=since)
    assert looked.presence is Presence.UNKNOWN


def test_groups_are_listed_by_name(gowa: GowaGateway, standin: StandIn) -> None:
    assert gowa.list_groups() == [Group(group_id=GROUP, name="Polres Contoh")]
    standin.phones.groups.clear()
    assert gowa.list_groups() == []
    with pytest.raises(SettingError, match="no_device"):
        _gowa(standin, device="other").list_groups()
    standin.go_down()
    with pytest.raises(TryLaterError, match="no_connection"):
        gowa.list_groups()
