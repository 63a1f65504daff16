"""A stand-in with everybody that the tests write to, and a gateway of each kind before it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator

import pytest

from cicero_cli.domain.messaging.gateway_answers import Sent
from cicero_cli.gateways.whatsapp.cloud import CloudGateway
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.standins.whatsapp import Fault, FaultKind, Phones, StandIn

ADMIN = "6281200000001"  # has a chat with the account
STRANGER = "6281200000002"  # has none yet
NOBODY = "6281200000003"  # is not on WhatsApp
GROUP = "120363000000000001@g.us"
KEY = "stand-in-key"
TIMEOUTS = (2.0, 2.0)
SHORT = (2.0, 0.15)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    phones = Phones(known={ADMIN}, groups={GROUP: "Polres Contoh"}, invalid={NOBODY})
    with StandIn(phones) as standin:
        yield standin


@pytest.fixture
def waha(standin: StandIn) -> WahaGateway:
    return WahaGateway(standin.url, key=KEY, timeouts=TIMEOUTS)


@pytest.fixture
def gowa(standin: StandIn) -> GowaGateway:
    return GowaGateway(
        standin.url, user="cicero", password="stand-in", device="stand-in", timeouts=TIMEOUTS
    )


@pytest.fixture
def cloud(standin: StandIn) -> CloudGateway:
    return CloudGateway(
        phone_id="100200300", token="stand-in-token", base_url=standin.url, timeouts=TIMEOUTS
    )


@pytest.fixture
def answer(standin: StandIn) -> Callable[..., None]:
    """The next sends are answered like this, and go nowhere: `answer(502, b"<html>")`."""

    def answer(status: int, body: object = b"<html>", **headers: str) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        standin.faults.add(
            Fault(kind=FaultKind.ANSWER, status=status, body=body, headers=names, times=1)
        )

    return answer


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(autouse=True)
def nothing_private_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No number, text or key in any line of anybody's log, however much of it is wanted."""
    caplog.set_level(logging.DEBUG)
    yield
    lines = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    for private in (ADMIN, STRANGER, NOBODY, GROUP, "rahasia", KEY, "stand-in-token"):
        assert private not in lines


def is_discreet(sent: Sent) -> bool:
    """Whether an outcome keeps the number, the text and the key to itself."""
    shown = f"{sent.code} {sent.hint}"
    return not any(p in shown for p in (ADMIN, STRANGER, NOBODY, GROUP, "rahasia", KEY))
