"""WAHA: what is sent to it, and what each of its answers means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import (
    Ack,
    Attachment,
    Group,
    Presence,
    Sent,
    Session,
    Verdict,
)
from cicero_cli.errors import SettingError, TryLaterError
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.gateways.whatsapp.conftest import (
    ADMIN,
    GROUP,
    KEY,
    NOBODY,
    SHORT,
    STRANGER,
    TIMEOUTS,
    is_discreet,
)

TEXT = "*Laporan* rahasia\n1. SAT LANTAS ✅"
CHART = Attachment(filename="grafik.png", mimetype="image/png", content=bytes(range(256)))
SHEET = Attachment(
    filename="laphar.xlsx", mimetype="application/vnd.ms-excel", content=b"PK\x03\x04"
)


def _exception(message: str) -> dict[str, object]:
    return {
        "statusCode": 500,
        "exception": {"message": message, "name": "Error"},
        "request": {"body": {"chatId": f"{ADMIN}@c.us", "text": TEXT}},
    }


def test_text_arrives_at_the_phone_under_the_minted_id(waha: WahaGateway, standin: StandIn) -> None:
    gateway: WhatsappGateway = waha
    message_id = gateway.mint_message_id()
    sent = gateway.send_text(ADMIN, TEXT, message_id=message_id)
    assert sent == Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=message_id)
    arrived = standin.inbox[0]
    assert (arrived.recipient, arrived.text, arrived.message_id) == (ADMIN, TEXT, message_id)


def test_the_same_text_under_the_same_id_arrives_once(waha: WahaGateway, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.CUT, is_taken=True, times=1))
    message_id = waha.mint_message_id()
    first = waha.send_text(GROUP, TEXT, message_id=message_id)
    second = waha.send_text(GROUP, TEXT, message_id=message_id)
    assert [first.verdict, second.verdict] == [Verdict.AMBIGUOUS, Verdict.ACCEPTED]
    assert len(standin.inbox) == 1


def test_text_without_an_id_gets_one_from_waha(waha: WahaGateway, standin: StandIn) -> None:
    sent = waha.send_text(GROUP, TEXT, message_id=None)
    assert sent.message_id == standin.inbox[0].message_id


@pytest.mark.parametrize("shape", ["text", "serialized", "key"])
def test_the_bare_id_is_found_wherever_the_engine_puts_it(
    waha: WahaGateway, standin: StandIn, shape: str
) -> None:
    standin.waha.id_shape = shape
    assert waha.send_text(GROUP, TEXT, message_id="3EB0ABCDEF").message_id == "3EB0ABCDEF"


@pytest.mark.parametrize("attachment", [CHART, SHEET], ids=["image", "file"])
def test_file_arrives_whole_with_its_caption(
    waha: WahaGateway, standin: StandIn, attachment: Attachment
) -> None:
    assert waha.send_file(GROUP, attachment, "rahasia").verdict is Verdict.ACCEPTED
    arrived = standin.inbox[0]
    assert (arrived.filename, arrived.mimetype, arrived.content, arrived.text) == (
        attachment.filename,
        attachment.mimetype,
        attachment.content,
        "rahasia",
    )


def test_one_call_is_one_request(waha: WahaGateway, standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SERVER_ERROR))
    waha.send_text(ADMIN, TEXT, message_id=None)
    assert standin.requests == [("POST", "/api/sendText")]


@pytest.mark.parametrize(
    ("status", "body", "verdict", "code"),
    [
        (401, {"message": "Unauthorized"}, Verdict.PAUSE, "unauthorised"),
        (403, {"message": "Forbidden"}, Verdict.PAUSE, "forbidden"),
        (404, {"message": "Session not found"}, Verdict.PAUSE, "no_session"),
        (422, {"message": "invalid chat"}, Verdict.PERMANENT, "unprocessable"),
        (
            422,
            {"message": "WAHA Core support only 'default' session."},
            Verdict.PAUSE,
            "no_session",
        ),
        (500, _exception("2 UNKNOWN: server returned error 400"), Verdict.AMBIGUOUS, "http_500"),
        (500, _exception("No sessions"), Verdict.PAUSE, "no_sessions"),
        (500, _exception("async-lock timed out in queue auth"), Verdict.AMBIGUOUS, "timeout"),
        (500, _exception("Request timeout of 60000 ms"), Verdict.AMBIGUOUS, "timeout"),
        (500, _exception("at 146300463000 ms"), Verdict.AMBIGUOUS, "http_500"),
        (500, b"<html>", Verdict.AMBIGUOUS, "http_500"),
        (500, {"exception": "broken"}, Verdict.AMBIGUOUS, "http_500"),
        (502, b"<html>", Verdict.AMBIGUOUS, "http_502"),
        (503, b"<html>", Verdict.AMBIGUOUS, "http_503"),
        (504, b"<html>", Verdict.AMBIGUOUS, "http_504"),
        (400, {"message": "text must be a string"}, Verdict.PERMANENT, "http_400"),
        (408, b"<html>", Verdict.AMBIGUOUS, "http_408"),
        (413, b"<html>", Verdict.PERMANENT, "too_large"),
        (429, b"<html>", Verdict.RETRY, "rate_limited"),
        (405, b"<html>", Verdict.PAUSE, "not_a_gateway"),
        (200, b"<html>", Verdict.AMBIGUOUS, "no_message_id"),
        (201, {"id": None, "key": 5}, Verdict.AMBIGUOUS, "no_message_id"),
        (204, b"", Verdict.AMBIGUOUS, "no_message_id"),
    ],
)
def test_answer_decides_what_happens_next(
    waha: WahaGateway,
    answer: Callable[..., None],
    *,
    status: int,
    body: object,
    verdict: Verdict,
    code: str,
) -> None:
    answer(status, body)
    sent = waha.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (verdict, code)
    assert is_discreet(sent)
    assert bool(sent.hint) == (verdict is Verdict.PAUSE)


def test_media_answers_are_judged_like_those_of_texts(
    waha: WahaGateway, answer: Callable[..., None]
) -> None:
    answer(502)
    assert waha.send_file(ADMIN, CHART, "").verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [
        ("STARTING", Verdict.RETRY, "session_starting"),
        ("STOPPED", Verdict.RETRY, "session_stopped"),
        ("SCAN_QR_CODE", Verdict.PAUSE, "session_scan_qr_code"),
        ("FAILED", Verdict.PAUSE, "session_failed"),
        ("PASSKEY_REQUIRED", Verdict.PAUSE, "session_passkey_required"),
    ],
)
def test_session_that_may_not_send_pauses_only_where_the_operator_must_act(
    waha: WahaGateway, standin: StandIn, status: str, verdict: Verdict, code: str
) -> None:
    standin.set_session(status)
    sent = waha.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (verdict, code)
    assert sent.hint


def test_refusal_that_names_no_status_makes_us_ask_for_it(
    waha: WahaGateway, standin: StandIn, answer: Callable[..., None]
) -> None:
    answer(422, {"error": "Session status is not as expected. Try again later"})
    assert waha.send_text(ADMIN, TEXT, message_id=None).verdict is Verdict.RETRY
    assert ("GET", "/api/sessions/default") in standin.requests


def test_463_stops_first_contacts_until_the_lock_ends(waha: WahaGateway, standin: StandIn) -> None:
    standin.phones.lock_new_chats(timedelta(hours=5))
    sent = waha.send_text(STRANGER, TEXT, message_id=None)
    assert sent.verdict is Verdict.PAUSE_FIRST_CONTACTS
    ends = standin.phones.timelock_ends
    assert ends is not None
    assert sent.until == ends.replace(microsecond=0)
    assert waha.send_text(GROUP, TEXT, message_id=None).verdict is Verdict.ACCEPTED
    assert waha.send_text(ADMIN, TEXT, message_id=None).verdict is Verdict.ACCEPTED


def test_463_from_a_server_that_cannot_tell_the_end(
    waha: WahaGateway, answer: Callable[..., None]
) -> None:
    answer(500, _exception("2 UNKNOWN: server returned error 463"))
    sent = waha.send_text(STRANGER, TEXT, message_id=None)
    assert (sent.verdict, sent.until) == (Verdict.PAUSE_FIRST_CONTACTS, None)


def test_number_that_whatsapp_does_not_know_was_certainly_not_sent_to(waha: WahaGateway) -> None:
    sent = waha.send_text(NOBODY, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "no_such_number")
    assert is_discreet(sent)


def test_group_that_the_account_is_not_in_is_hopeless(waha: WahaGateway) -> None:
    sent = waha.send_text("120363000000000009@g.us", TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "not_in_group")


def test_connection_cut_after_the_message_was_taken_is_ambiguous(
    waha: WahaGateway, standin: StandIn
) -> None:
    standin.faults.add(Fault(kind=FaultKind.CUT, is_taken=True))
    sent = waha.send_file(ADMIN, CHART, "")
    assert (sent.verdict, sent.code) == (Verdict.AMBIGUOUS, "connection_cut")
    assert len(standin.inbox) == 1


def test_answer_that_comes_too_late_is_ambiguous(standin: StandIn) -> None:
    standin.faults.add(Fault(kind=FaultKind.SLOW))
    waha = WahaGateway(standin.url, key=KEY, timeouts=SHORT)
    sent = waha.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.AMBIGUOUS, "timeout")


def test_gateway_that_is_down_took_nothing_and_comes_back(
    waha: WahaGateway, standin: StandIn
) -> None:
    standin.go_down()
    sent = waha.send_text(ADMIN, TEXT, message_id="3EB0ABCDEF")
    assert (sent.verdict, sent.code) == (Verdict.RETRY, "no_connection")
    assert waha.mint_message_id() is None
    assert waha.check_session().state == "no_connection"
    assert not waha.check_session().needs_operator
    standin.come_back()
    assert waha.send_text(ADMIN, TEXT, message_id="3EB0ABCDEF").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("status", "is_ready", "needs_operator"),
    [
        ("WORKING", True, False),
        ("STARTING", False, False),
        ("STOPPED", False, False),
        ("SCAN_QR_CODE", False, True),
        ("FAILED", False, True),
        ("PASSKEY_CONFIRMATION_REQUIRED", False, True),
        ("SOMETHING_NEW", False, False),
    ],
)
def test_only_a_working_session_is_ready(
    waha: WahaGateway, standin: StandIn, *, status: str, is_ready: bool, needs_operator: bool
) -> None:
    standin.set_session(status)
    session = waha.check_session()
    assert (session.is_ready, session.needs_operator) == (is_ready, needs_operator)
    assert bool(session.hint) is not is_ready
    assert session.number == ("62811000000" if is_ready else None)


def test_wrong_key_or_session_is_the_operators(standin: StandIn) -> None:
    keyless = WahaGateway(standin.url, key="wrong", timeouts=TIMEOUTS)
    assert keyless.check_session() == Session(
        is_ready=False,
        state="unauthorised",
        hint="check CICERO_WAHA_KEY: WAHA refuses it",
        needs_operator=True,
        is_known=False,
    )
    with pytest.raises(SettingError, match="unauthorised"):
        keyless.list_groups()
    elsewhere = WahaGateway(standin.url, key=KEY, session="polres ngawi", timeouts=TIMEOUTS)
    assert elsewhere.check_session().state == "no_session"


def test_key_that_no_header_can_carry_is_refused_at_once() -> None:
    with pytest.raises(SettingError, match="CICERO_WAHA_KEY"):
        WahaGateway("http://127.0.0.1:3000", key="abc…")


def test_number_exists_as_far_as_waha_can_tell(waha: WahaGateway, standin: StandIn) -> None:
    assert waha.number_exists(ADMIN) is True
    assert waha.number_exists(NOBODY) is False
    standin.set_session("STARTING")
    assert waha.number_exists(NOBODY) is None


def test_message_is_looked_up_by_its_id(waha: WahaGateway, standin: StandIn) -> None:
    waha.send_text(GROUP, TEXT, message_id="3EB0ABCDEF")
    standin.acknowledge(4)
    found = waha.look_up(GROUP, message_id="3EB0ABCDEF", text="", since=clock.now())
    assert (found.presence, found.message_id, found.ack) == (
        Presence.FOUND,
        "3EB0ABCDEF",
        Ack.READ,
    )
    missing = waha.look_up(GROUP, message_id="3EB0FEDCBA", text=TEXT, since=clock.now())
    assert missing.presence is Presence.ABSENT


def test_media_is_looked_up_by_its_caption(waha: WahaGateway, standin: StandIn) -> None:
    since = clock.now()
    standin.faults.add(Fault(kind=FaultKind.CUT, is_taken=True))
    waha.send_file(ADMIN, CHART, "Grafik 10-08")

    def presence(text: str, after: timedelta = timedelta()) -> Presence:
        return waha.look_up(ADMIN, message_id=None, text=text, since=since + after).presence

    assert presence("Grafik 10-08") is Presence.FOUND
    assert presence("Grafik 11-08") is Presence.ABSENT
    assert presence("Grafik 10-08", timedelta(hours=1)) is Presence.ABSENT
    assert presence("") is Presence.UNKNOWN


def test_look_up_that_fails_says_so(waha: WahaGateway, standin: StandIn) -> None:
    standin.phones.session = "STARTING"
    for message_id in ("3EB0ABCDEF", None):
        looked = waha.look_up(ADMIN, message_id=message_id, text=TEXT, since=clock.now())
        assert looked.presence is Presence.UNKNOWN
    standin.go_down()
    for message_id in ("3EB0ABCDEF", None):
        looked = waha.look_up(ADMIN, message_id=message_id, text=TEXT, since=clock.now())
        assert looked.presence is Presence.UNKNOWN


def test_look_up_on_a_session_that_does_not_exist_proves_nothing(standin: StandIn) -> None:
    waha = WahaGateway(standin.url, key=KEY, session="other", timeouts=TIMEOUTS)
    looked = waha.look_up(ADMIN, message_id="3EB0ABCDEF", text="", since=clock.now())
    assert looked.presence is Presence.UNKNOWN


def test_groups_are_listed_by_name(waha: WahaGateway, standin: StandIn) -> None:
    standin.phones.groups["120363000000000002@g.us"] = "Bagops"
    assert waha.list_groups() == [
        Group(group_id="120363000000000002@g.us", name="Bagops"),
        Group(group_id=GROUP, name="Polres Contoh"),
    ]
    standin.go_down()
    with pytest.raises(TryLaterError, match="no_connection"):
        waha.list_groups()


def test_engine_that_has_no_ids_to_choose_says_so_when_it_is_asked(
    waha: WahaGateway, standin: StandIn
) -> None:
    standin.faults.add(
        Fault(kind=FaultKind.ANSWER, path="/new-message-id", status=501, body={"statusCode": 501})
    )
    assert waha.takes_message_id
    assert waha.mint_message_id() is None
    assert not waha.takes_message_id
    assert waha.send_text(ADMIN, TEXT, message_id=None).verdict is Verdict.ACCEPTED
