"""The settings as they hold: shown without their secrets, checked, and misspelt ones told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cicero_cli.cli import main


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "env"
    path.write_text("RAPIDAPI_KEY=0123456789abcdef\nCICERO_RATE=2\n")
    path.chmod(0o600)
    monkeypatch.setenv("CICERO_ENV_FILE", str(path))
    monkeypatch.setenv("CICERO_RATE", "7")
    return path


@pytest.mark.usefixtures("env_file")
def test_each_setting_is_shown_with_where_it_comes_from_and_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["config", "show", "--json"]) == 0
    out = capsys.readouterr().out
    rows = {row["name"]: row for row in json.loads(out)}

    assert rows["CICERO_RATE"] == {"name": "CICERO_RATE", "value": "7", "source": "environment"}
    assert rows["RAPIDAPI_KEY"] == {"name": "RAPIDAPI_KEY", "value": "***", "source": "file"}
    assert rows["CICERO_PARALLEL"] == {"name": "CICERO_PARALLEL", "value": "8", "source": "default"}
    assert "0123456789abcdef" not in out


@pytest.mark.usefixtures("env_file")
def test_settings_that_are_right_are_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == "The settings are in order.\n"


def test_a_misspelt_setting_is_told_with_the_one_that_it_may_be(
    env_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with env_file.open("a") as file:
        file.write("CICERO_WA_GAP_USERS=5\nCICERO_SOMETHING_ELSE=1\n")

    assert main(["config", "check"]) == 3
    assert capsys.readouterr().err == (
        "CICERO_SOMETHING_ELSE: no such setting; docs/settings.md lists every one\n"
        "CICERO_WA_GAP_USERS: no such setting; is it CICERO_WA_GAP_USER?\n"
    )


@pytest.mark.usefixtures("env_file")
def test_a_value_that_cannot_be_read_is_told_by_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_RATE", "fast")

    assert main(["config", "check"]) == 78
    assert capsys.readouterr().err == (
        "cicero: CICERO_RATE: expected a number above 0, such as 5 or 0.5"
        " (docs/settings.md lists every setting)\n"
    )
