"""Meta's Cloud API: what reaches it, and what each of its error codes means."""

from __future__ import annotations

from collections.abc import Callable
from importlib import util

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import Attachment, Presence, Verdict
from cicero_cli.errors import SettingError
from cicero_cli.gateways.whatsapp.cloud import CloudGateway
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.gateways.whatsapp.conftest import ADMIN, GROUP, NOBODY, SHORT, STRANGER, is_discreet

TEXT = "rahasia ✅"
CHART = Attachment(filename="grafik.png", mimetype="image/png", content=bytes(range(256)))
SHEET = Attachment(filename="laphar.xlsx", mimetype="application/vnd.ms-excel", content=b"PK")


def test_text_arrives_at_the_phone(cloud: CloudGateway, standin: StandIn) -> None:
    gateway: WhatsappGateway = cloud
    sent = gateway.send_text(ADMIN, TEXT, message_id=None)
    arrived = standin.inbox[0]
    assert (sent.verdict, sent.message_id) == (Verdict.ACCEPTED, f"wamid.{arrived.message_id}")
    assert (arrived.recipient, arrived.text) == (ADMIN, TEXT)
    assert standin.requests == [("POST", "/v23.0/100200300/messages")]


@pytest.mark.parametrize("attachment", [CHART, SHEET], ids=["image", "document"])
def test_file_arrives_with_its_caption(
    cloud: CloudGateway, standin: StandIn, attachment: Attachment
) -> None:
    assert cloud.send_file(ADMIN, attachment, TEXT).verdict is Verdict.ACCEPTED
    arrived = standin.inbox[0]
    assert (arrived.filename, arrived.content, arrived.text) == (
        attachment.filename,
        attachment.content,
        TEXT,
    )


def test_groups_cannot_be_reached(cloud: CloudGateway, standin: StandIn) -> None:
    for sent in (
        cloud.send_text(GROUP, TEXT, message_id=None),
        cloud.send_file(GROUP, CHART, TEXT),
    ):
        assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "no_groups")
    assert standin.requests == []
    with pytest.raises(SettingError, match="cannot reach groups"):
        cloud.list_groups()


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (401, 190, Verdict.PAUSE),
        (403, 10, Verdict.PAUSE),
        (403, 200, Verdict.PAUSE),
        (403, 99, Verdict.PAUSE),
        (400, 130429, Verdict.RETRY),
        (400, 80007, Verdict.RETRY),
        (400, 131056, Verdict.RETRY),
        (429, 99, Verdict.RETRY),
        (400, 131026, Verdict.PERMANENT),
        (400, 131047, Verdict.PERMANENT),
        (400, 131048, Verdict.PAUSE),
        (403, 368, Verdict.PAUSE),
        (403, 131031, Verdict.PAUSE),
        (500, 131000, Verdict.RETRY),
        (500, 131016, Verdict.RETRY),
        (400, 100, Verdict.PERMANENT),
        (500, 1, Verdict.AMBIGUOUS),
    ],
)
def test_error_code_decides_what_happens_next(
    cloud: CloudGateway, answer: Callable[..., None], status: int, code: int, verdict: Verdict
) -> None:
    answer(status, {"error": {"code": code, "message": f"{ADMIN} rahasia"}})
    sent = cloud.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (verdict, f"meta_{code}")
    assert is_discreet(sent)
    assert sent.hint or verdict is not Verdict.PAUSE


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"<html>", "odd_answer"),
        (200, {"messages": []}, "odd_answer"),
        (200, [], "odd_answer"),
        (502, b"<html>", "meta_502"),
        (400, {"error": {}}, "odd_answer"),
    ],
)
def test_answer_of_another_shape_is_ambiguous(
    cloud: CloudGateway, answer: Callable[..., None], status: int, body: object, code: str
) -> None:
    answer(status, body)
    sent = cloud.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.AMBIGUOUS, code)


def test_person_who_did_not_write_lately_gets_no_free_text(cloud: CloudGateway) -> None:
    sent = cloud.send_text(STRANGER, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.PERMANENT, "meta_131047")
    assert "24 hours" in sent.hint


def test_number_without_whatsapp(cloud: CloudGateway, standin: StandIn) -> None:
    standin.phones.known.add(NOBODY)
    assert cloud.send_text(NOBODY, TEXT, message_id=None).code == "meta_131026"


def test_token_or_number_that_meta_does_not_know_is_the_operators(standin: StandIn) -> None:
    wrong = CloudGateway(phone_id="100200300", token="wrong", base_url=standin.url)
    assert wrong.send_text(ADMIN, TEXT, message_id=None).verdict is Verdict.PAUSE
    assert wrong.check_session().needs_operator
    other = CloudGateway(phone_id="1", token="stand-in-token", base_url=standin.url)
    sent = other.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.PAUSE, "no_phone_id")


def test_cut_late_and_refused_connections(standin: StandIn) -> None:
    cloud = CloudGateway(
        phone_id="100200300", token="stand-in-token", base_url=standin.url, timeouts=SHORT
    )
    standin.faults.add(Fault(kind=FaultKind.CUT, times=1))
    assert cloud.send_text(ADMIN, TEXT, message_id=None).code == "connection_cut"
    standin.faults.add(Fault(kind=FaultKind.SLOW, times=1))
    assert cloud.send_text(ADMIN, TEXT, message_id=None).code == "timeout"
    standin.go_down()
    sent = cloud.send_text(ADMIN, TEXT, message_id=None)
    assert (sent.verdict, sent.code) == (Verdict.RETRY, "no_connection")
    assert not cloud.check_session().needs_operator


def test_upload_that_fails_sent_nothing(cloud: CloudGateway, standin: StandIn) -> None:
    standin.cloud._upload = standin.cloud.fail  # type: ignore[method-assign]
    sent = cloud.send_file(ADMIN, CHART, TEXT)
    assert (sent.verdict, sent.code) == (Verdict.RETRY, "upload_meta_1")


def test_session_is_ready_when_the_token_sees_the_number(cloud: CloudGateway) -> None:
    assert cloud.check_session().is_ready


def test_what_meta_does_not_tell(cloud: CloudGateway, standin: StandIn) -> None:
    looked = cloud.look_up(ADMIN, message_id="wamid.1", text=TEXT, since=clock.now())
    assert looked.presence is Presence.UNKNOWN
    assert cloud.number_exists(ADMIN) is None
    assert cloud.mint_message_id() is None
    assert standin.requests == []


def test_missing_package_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cicero_cli.gateways.whatsapp.cloud.find_spec", lambda name: None)
    assert util.find_spec("pywa") is not None
    with pytest.raises(SettingError, match="not installed"):
        CloudGateway(phone_id="1", token="x")
