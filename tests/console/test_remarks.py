"""The bar of a fetch counts posts and says how long the rest takes."""

from __future__ import annotations

import sys

import pytest

from cicero_cli.console.remarks import progress


def test_the_bar_counts_what_is_done_of_what_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("Instagram posts") as on_step:
        on_step(1, 40)
    assert capsys.readouterr().err == ""  # no terminal, no bar

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress("Instagram posts") as on_step:
        on_step(0, 0)  # a listing is asked: nobody knows yet
        for _ in range(12):
            on_step(1, 40)
    drawn = capsys.readouterr().err
    assert "Instagram posts" in drawn
    assert "12/40" in drawn
    assert "-:--:--" in drawn or "0:00:" in drawn
