"""Debian's programs that some tests need: skipped with the reason where one is absent, a failure in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_CRONTAB = """#!/bin/sh
# What `crontab` does, of one file.
case $1 in
-l) cat "$CRONTAB_FILE" 2>/dev/null || { echo "no crontab for tester" >&2; exit 1; } ;;
-) cat >"$CRONTAB_FILE" ;;
*) exit 1 ;;
esac
"""


def require_program(name: str) -> str:
    """Where the program is."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        skip(f"{name} is not installed")
    return str(found)


def skip(reason: str) -> None:
    """Skip the test, or fail it in CI, where everything is there."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def give_crontab(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `crontab` program of the test's own; gives the file that it keeps."""
    programs, kept = folder / "programs", folder / "the-crontab"
    programs.mkdir()
    (programs / "crontab").write_text(_CRONTAB, encoding="utf-8")
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("CRONTAB_FILE", str(kept))
    return kept


@contextmanager
def running_cron(folder: Path) -> Iterator[None]:
    """A process that is called as Debian's."""
    program = folder / "programs" / "cron"
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o755)
    with subprocess.Popen([program, "60"]) as process:
        yield
        process.kill()
