"""What state a folder of PostgreSQL is in: half made, being made, starting, ready (docs/adr/0012)."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cicero_cli.errors import DatabaseError, TryLaterError

if TYPE_CHECKING:
    import psutil

_DATABASES = 3  # what initdb makes: template1, template0, postgres
PATIENCE_SECONDS = 600.0  # reading a day's log again after a power cut
_WAIT_SECONDS = 0.1
_STATUS_LINE = 7  # of postmaster.pid


def is_whole(cluster: Path, *, mark: Path) -> bool:
    """Whether a server can run on this folder. `mark` is what a cicero before docs/adr/0012 left beside one in the making.

    PG_VERSION alone says little: initdb writes it first. What a server has ever run on, has postmaster.opts, and is whole
    whatever else there is; so is a copy without it that has all that initdb makes.
    """
    if not (cluster / "PG_VERSION").exists():
        return False
    if (cluster / "postmaster.opts").exists():
        return True
    if mark.exists() or not (cluster / "global" / "pg_control").exists():
        return False
    return sum(path.name.isdecimal() for path in (cluster / "base").iterdir()) >= _DATABASES


def wait_for_initdb(cluster: Path, *, sleep: Callable[[float], None]) -> None:
    """Wait for the initdb of a killed run, which works on: when it fails it empties whatever lies under that name by then."""
    for _ in range(round(PATIENCE_SECONDS / _WAIT_SECONDS)):
        if not any(_processes("initdb", cluster)):
            return
        sleep(_WAIT_SECONDS)
    raise TryLaterError("an initdb still works in {folder}", folder=cluster)


def is_starting(cluster: Path) -> bool:
    """Whether a server has been started on this folder and lets nobody in yet."""
    return any(_processes("postgres", cluster)) and not _is_ready(cluster)


def wait_until_ready(cluster: Path, *, seconds: float, sleep: Callable[[float], None]) -> bool:
    """Wait for the server that has been started; False when it has ended instead, TryLaterError when it takes longer."""
    for _ in range(round(seconds / _WAIT_SECONDS)):
        if not any(_processes("postgres", cluster)):
            return False
        if _is_ready(cluster):
            return True
        sleep(_WAIT_SECONDS)
    raise TryLaterError(
        "the embedded database is still starting",
        hint="its log is {log}",
        log=cluster / "log",
    )


def end_orphan(cluster: Path, *, sleep: Callable[[float], None]) -> None:
    """End the server of a folder that had this name and was deleted: it would take its successor's socket along when it goes."""
    for process in _processes("postgres", cluster):
        try:
            is_orphan = os.stat(f"/proc/{process.pid}/cwd").st_nlink == 0  # noqa: PTH116 - a link that Path would read
        except OSError:
            continue  # gone by now, or no Linux: it notices by itself within a minute
        if is_orphan:
            process.send_signal(signal.SIGQUIT)
            while process in _processes("postgres", cluster):
                sleep(_WAIT_SECONDS)


def _is_ready(cluster: Path) -> bool:
    try:
        lines = read_own(cluster / "postmaster.pid").splitlines()
    except OSError:
        return False
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def _processes(name: str, cluster: Path) -> Iterator[psutil.Process]:
    """The programs of this name that were started on this folder."""
    import psutil

    for process in psutil.process_iter(["name", "cmdline", "status"]):
        seen = process.info
        is_alive = seen["status"] != psutil.STATUS_ZOMBIE
        if seen["name"] == name and is_alive and str(cluster) in (seen["cmdline"] or ()):
            yield process


def full_disk() -> DatabaseError:
    """One answer, whether a statement meets the full disk, or the server that it stopped and that cannot start."""
    return DatabaseError("the database's disk is full", hint="free some space and run it again")


def read_own(path: Path) -> str:
    """The text of a file of the server's; OSError for a link or a pipe, which a server that was broken into could lay there."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a handle, not a path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path} is no file")
        return file.read()
