"""A state has its colour from one table; the word stands there without it just as well."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pytest

from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.states import STYLES, style_of
from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.domain.messaging.gateway_answers import Verdict as Answer
from cicero_cli.domain.messaging.messages import MessageStatus
from cicero_cli.domain.operations.findings import Verdict
from cicero_cli.gateways.whatsapp import waha_states
from cicero_cli.words import Text
from tests.conftest import Run


@pytest.mark.parametrize(
    "states",
    [
        *(RunStatus, MessageStatus, Verdict, Answer, Status),
        [state.lower() for state in {**waha_states._OPERATOR, **waha_states._PASSING}],
    ],
)
def test_every_state_has_a_style(states: Iterable[str]) -> None:
    assert [state for state in states if not STYLES.get(state)] == []


def test_only_a_column_of_states_is_coloured() -> None:
    assert style_of("status", RunStatus.FAILED) == style_of("status", Text("never ran")) == "red"
    assert (
        style_of("nama", "failed") == style_of("status", "Budi") == style_of("active", "yes") == ""
    )
    assert style_of("overdue", bool("yes")) == "red"


def test_colour_is_for_a_terminal_and_never_the_only_carrier(
    cicero: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    finish(Outcome(rows=[{"field": "status", "value": "failed"}]))
    assert "status  \x1b[31mfailed\x1b[0m" in capsys.readouterr().out

    cicero("client", "add", "a", "--nama", "A", "--insta", "a")
    coloured = {
        ("status",): "\x1b[31mnever ran\x1b[0m",
        ("doctor",): "\x1b[31mbad\x1b[0m   fetch",
    }
    for words, state in coloured.items():
        assert state in cicero(*words).stdout
        assert "\x1b" not in cicero(*words, "--json").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    plain = cicero("status").stdout + cicero("doctor").stdout
    assert "\x1b[3" not in plain
    assert "never ran" in plain
    assert "bad   fetch" in plain

    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b" not in cicero("status").stdout + cicero("doctor").stdout
