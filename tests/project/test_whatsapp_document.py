"""Each gateway's chapter leads from nothing to a report, in an installation of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cicero_cli.standins.whatsapp import StandIn
from tests.conftest import Run
from tests.project.documents import DOCUMENTS, Typed, read
from tests.project.prepared import Place

GUIDE = DOCUMENTS["docs/whatsapp.md"]
GROUP = "120363000000000001@g.us"
BEGINNING, WAHA, GOWA, SEVERAL, *_ = re.split(r"^## .*\n", GUIDE, flags=re.MULTILINE)


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A gateway to which somebody comes with a phone at once, where the guide's settings lead."""
    with StandIn(waha_key="KEY", gowa_password="PASSWORD", gowa_device="DEVICE") as server:
        server.phones.groups[GROUP] = "Humas Polres A"
        monkeypatch.setattr("cicero_cli.core.clock.sleep", lambda _seconds: None)
        yield server


def follow(text: str, run: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set what it says to set, run what it says to run; what was seen."""
    place = Place(Path.cwd(), run, {"http://127.0.0.1:3000": standin.url, "SECRET": "s" * 48})
    seen = []
    for typed in read(text):
        assert isinstance(typed, Typed)
        result = place.follow(typed, monkeypatch)
        assert result.exit_code == 0, f"{typed.line}\n{result.stderr}"
        seen.append(result.stdout + result.stderr)
    return "\n".join(seen)


def quoted(text: str) -> list[str]:
    """The sentences of cicero that the guide says one sees."""
    sentences = re.findall(r"`([A-Z][^`]*\.)`", text)
    return [" ".join(sentence.split()) for sentence in sentences]


def test_waha_from_nothing_to_a_report_in_the_group(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = standin.phones
    phones.session, phones.is_linked, phones.scanned_after = "ABSENT", False, 2

    seen = follow(BEGINNING + WAHA, cicero, standin, monkeypatch)

    assert [sentence for sentence in quoted(WAHA) if sentence not in seen] == []
    assert [message.recipient for message in standin.inbox] == [GROUP, GROUP]
    assert "Polres A" in standin.inbox[-1].text


def test_gowa_from_nothing_to_a_report_in_the_group(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = standin.phones
    phones.session, phones.is_linked, phones.scanned_after = "ABSENT", False, 1

    seen = follow(BEGINNING + GOWA, cicero, standin, monkeypatch)

    assert [sentence for sentence in quoted(GOWA) if sentence not in seen] == []
    assert [message.recipient for message in standin.inbox] == [GROUP, GROUP]


def test_a_second_account_beside_the_first(
    cicero: Run, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Path.cwd() / "etc" / "cicero" / "humas-2.key"
    key.parent.mkdir(parents=True)
    key.write_text("KEY")
    with StandIn(waha_key="KEY") as second:
        place = Place(Path.cwd(), cicero, {"http://127.0.0.1:3001": second.url})
        cicero("client", "add", "polres_a", "--nama", "Polres A")
        for typed in read(SEVERAL):
            assert isinstance(typed, Typed)
            result = place.follow(typed, monkeypatch)
            assert result.exit_code == 0, f"{typed.line}\n{result.stderr}"
        assert [message.recipient for message in second.inbox] == ["6281234567890"]


def test_each_gateway_takes_eight_steps() -> None:
    for text in (WAHA, GOWA):
        assert re.findall(r"^\*\*(\d)\.", text, flags=re.MULTILINE) == list("12345678")
