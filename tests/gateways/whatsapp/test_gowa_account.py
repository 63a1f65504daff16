from __future__ import annotations

import pytest

from cicero_cli.errors import TryLaterError
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.gowa_account import GowaAccount
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn

LINK = "http://127.0.0.1:3000/gowa/statics/images/qrcode/scan-qr-{}.png"
NAME = "b0b7bb43-9a22-455a-814f-5a225c743310"


@pytest.fixture
def account(gowa: GowaGateway, standin: StandIn) -> GowaAccount:
    standin.set_session("SCAN_QR_CODE")
    return GowaAccount(gowa)


def answer(standin: StandIn, path: str, body: object, status: int = 200) -> None:
    standin.faults.add(Fault(kind=FaultKind.ANSWER, path=path, status=status, body=body, times=1))


def test_a_picture_is_read_from_gowas_own_address(account: GowaAccount) -> None:
    name = account.make_picture()
    assert name is not None
    picture = account.read_picture(name)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    account.make_picture()
    assert account.read_picture(name) is None


def test_a_link_below_another_path_is_understood_and_another_one_refused(
    account: GowaAccount, standin: StandIn
) -> None:
    answer(standin, "/app/login", {"code": "SUCCESS", "results": {"qr_link": LINK.format(NAME)}})
    assert account.make_picture() == f"images/qrcode/scan-qr-{NAME}.png"
    for link in ("", LINK.format("x"), f"{LINK.format(NAME)}?a", 7):
        answer(standin, "/app/login", {"code": "SUCCESS", "results": {"qr_link": link}})
        with pytest.raises(TryLaterError, match="no_qr"):
            account.make_picture()


def test_what_is_no_picture_is_none(account: GowaAccount, standin: StandIn) -> None:
    name = f"qrcode/scan-qr-{NAME}.png"
    for body in (b"<html>", b"\x89PNG\r\n\x1a\n" + b"x" * 200_000):
        answer(standin, name, body)
        assert account.read_picture(name) is None
    standin.requests.clear()
    assert account.read_picture("../app/logout") is None
    assert standin.requests == []


def test_an_account_that_is_linked_already_needs_none(
    account: GowaAccount, standin: StandIn
) -> None:
    answer(standin, "/app/login", {"code": "SESSION_SAVED_ERROR"}, status=500)
    assert account.make_picture() is None
    standin.set_session("WORKING")
    assert account.make_picture() is None
