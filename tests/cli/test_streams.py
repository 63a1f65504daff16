"""Streams that are closed, full or of few letters: no traceback, and the exit code of the table."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CICERO = f"{sys.executable} -m cicero_cli"


def _run(words: str, **given: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CICERO_LANG": "en", **given}
    return subprocess.run(
        ["sh", "-c", f"{CICERO} {words}"], capture_output=True, env=environment, check=False
    )


@pytest.mark.parametrize(
    ("redirection", "code", "stderr"),
    [
        ("> /dev/full", 1, "No space left on device"),
        (">&-", 1, "Bad file descriptor"),
        (">&- 2>&-", 1, ""),
        ("> /dev/full 2> /dev/full", 1, ""),
        ("2>&-", 0, ""),
        ("2> /dev/full", 0, ""),
        ("<&-", 0, ""),
        ("<&- >&- 2>&-", 1, ""),
    ],
)
def test_stream_that_takes_nothing(redirection: str, code: int, stderr: str) -> None:
    done = _run(f"--version {redirection}")
    said = f"cicero: the result could not be written: {stderr}\n" if stderr else ""
    assert (done.returncode, done.stderr.decode()) == (code, said)


@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full", ">&- 2>&-"])
def test_error_that_nobody_can_read_keeps_its_code(redirection: str) -> None:
    assert _run(f"client list {redirection}", CICERO_WA_GAP="none").returncode == 78


def test_terminal_of_few_letters_shows_question_marks() -> None:
    done = _run("--help", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    done = _run("client show '“POLRES”'", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert b"Traceback" not in done.stderr
