from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.conftest import Run


def test_a_demo_that_finds_no_place_for_its_database_says_which_setting_to_change(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    result = cicero("demo")
    assert (result.exit_code, result.stdout) == (78, "")
    assert result.stderr.endswith("(set TMPDIR to a shorter path)\n")
    assert list(long.iterdir()) == []
