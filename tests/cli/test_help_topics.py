"""`cicero help`: topics, and a command's own help."""

from __future__ import annotations

import json

import pytest

from cicero_cli.cli import main
from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.errors import ExitCode


def test_a_topic_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CICERO_LAPHAR_AT", "14:00")
    monkeypatch.setenv("CICERO_REMIND_AT", "")

    def rows(*words: str) -> list[dict[str, str]]:
        assert main(["help", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert [row["topic"] for row in rows()] == ["exit-codes", "settings", "schedule"]
    assert {row["code"] for row in rows("exit-codes")} == set(ExitCode)
    assert [row["name"] for row in rows("settings")] == [each.name for each in SETTINGS]
    schedule = {row["command"]: (row["due"], row["zone"]) for row in rows("schedule")}
    assert schedule["laphar send semua --due"] == ("14:00", "each client's zone")
    assert schedule["remind --due"] == ("never", "each client's zone")
    assert schedule["db backup --due"] == ("02:00", "WIB")
    assert schedule["tugas send semua --due"] == ("until 17:15", "each client's zone")
    assert schedule["outbox deliver -q"] == ("", "")


def test_a_commands_help_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "user", "import"]) == 0
    asked = capsys.readouterr().out
    assert main(["user", "import", "--help"]) == 0
    assert capsys.readouterr().out == asked
    assert main(["help", "nothing"]) == 2
