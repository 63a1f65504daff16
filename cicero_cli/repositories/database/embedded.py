"""The embedded PostgreSQL: cicero's own server from the wheel, in the data directory, reached over a Unix socket.

The server outlives the command that started it (docs/adr/0002): a cron job finds it running and pays nothing.
Its cluster, and the socket inside it, are readable by their owner alone.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cicero_cli.core import clock
from cicero_cli.core.trust import check_folder
from cicero_cli.errors import DatabaseError, SettingError
from cicero_cli.repositories.database.clusters import (
    PATIENCE_SECONDS,
    end_orphan,
    full_disk,
    is_starting,
    is_whole,
    read_own,
    wait_for_initdb,
    wait_until_ready,
)
from cicero_cli.repositories.database.server_programs import (
    Owner,
    open_way,
    run_program,
    server_owner,
)

_SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107
_START_SECONDS, _MAKE_SECONDS = 10, 300  # then it is looked at; a slow disk's
_STOP_SECONDS = 60
_NO_SPACE, _START = "No space left on device", "starting PostgreSQL"
_NEW_CLUSTER_BYTES = 100_000_000  # initdb writes 40 MB, the first minutes of WAL as much again


def conninfo(data_dir: Path) -> str:
    """How to connect to the server of this data directory, running or not."""
    return f"host={_cluster(data_dir)} user=postgres dbname=postgres"


def exists(data_dir: Path) -> bool:
    """Whether a cluster was made in this data directory, to its end; SettingError when one may not look."""
    try:
        return is_whole(_cluster(data_dir), mark=_old_mark(data_dir))
    except OSError as error:
        raise _unusable(data_dir, error) from error


def check_name(data_dir: Path, *, setting: str = "CICERO_DATA_DIR") -> None:
    """SettingError when the server's socket cannot lie in a folder of this name; `setting` is what chose it."""
    if re.search(r"[\s,'\"\\$`]", str(data_dir)):
        raise SettingError(
            "the data directory {data_dir} has a blank, comma or quote in its name, which "
            "PostgreSQL's socket cannot",
            hint="set {setting} to a path without",
            data_dir=data_dir,
            setting=setting,
        )
    if len(os.fsencode(_cluster(data_dir) / ".s.PGSQL.5432")) > _SOCKET_PATH_LIMIT:
        raise SettingError(
            "the data directory {data_dir} has too long a name for PostgreSQL's socket",
            hint="set {setting} to a shorter path",
            data_dir=data_dir,
            setting=setting,
        )


def start(
    data_dir: Path,
    *,
    seconds: float = PATIENCE_SECONDS,
    sleep: Callable[[float], None] = clock.sleep,
) -> None:
    """Make the cluster if there is none, start its server, wait until it lets us in, and leave it running.

    What recovers after a power cut may need longer than the `seconds` that one can wait: TryLaterError.

    SettingError says what is wrong with the data directory: not writable, not a directory, no space, too long a name.
    """
    check_name(data_dir)
    cluster = _cluster(data_dir)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(data_dir).free
        if not exists(data_dir) and free < _NEW_CLUSTER_BYTES:
            raise SettingError(
                "the embedded database needs {needed} MB in {data_dir}, and {free} MB are free",
                hint="free some space or set CICERO_DATA_DIR to another disk",
                needed=_NEW_CLUSTER_BYTES // 1_000_000,
                data_dir=data_dir,
                free=free // 1_000_000,
            )
        owner = server_owner()
        if owner is not None:
            check_folder(
                data_dir
            )  # root does not make or open anything where somebody else may put a link
        with _one_start_at_a_time(data_dir):
            open_way(cluster, owner)
            if not exists(data_dir):
                _make_cluster(data_dir, owner, sleep=sleep)
            _start_server(cluster, owner, seconds=seconds, sleep=sleep)
            _old_mark(data_dir).unlink(missing_ok=True)
    except OSError as error:
        raise _unusable(data_dir, error) from error
    except subprocess.SubprocessError as error:
        raise _not_started(cluster) from error


def _not_started(cluster: Path) -> DatabaseError:
    if any(_NO_SPACE in line for line in _log_lines(cluster)):
        return full_disk()
    return DatabaseError(
        "the embedded database did not start: {reason}",
        hint="its log is {log}; is the disk full?",
        reason=_last_log_line(cluster),
        log=cluster / "log",
    )


def stop(data_dir: Path) -> None:
    """Stop the server of this data directory, if it runs."""
    if not exists(data_dir):
        return
    cluster = _cluster(data_dir)
    if not _forget_dead_server(cluster):
        return
    wait = str(_STOP_SECONDS)
    run_program(
        "pg_ctl", "stop", "-D", str(cluster), "-m", "fast", "-w", "-t", wait,
        owner=server_owner(), seconds=2 * _STOP_SECONDS,
    )  # fmt: skip


def _cluster(data_dir: Path) -> Path:
    return data_dir / "postgres"


def _old_mark(data_dir: Path) -> Path:
    """By which a cicero before docs/adr/0012 knew what it would remove."""
    return data_dir / "runtime" / "being-made"


def _unusable(data_dir: Path, error: OSError) -> SettingError:
    return SettingError(
        "the embedded database cannot use {data_dir}: {reason}",
        hint="set CICERO_DATA_DIR to a folder that you can write to",
        data_dir=data_dir,
        reason=error.strerror or str(error),
    )


@contextmanager
def _one_start_at_a_time(data_dir: Path) -> Iterator[None]:
    from fasteners import InterProcessLock

    runtime = data_dir / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    with InterProcessLock(runtime / "start.lock"):
        yield


def _make_cluster(data_dir: Path, owner: Owner | None, *, sleep: Callable[[float], None]) -> None:
    """Make the cluster under a name of its own and give it the right one when it is whole, in one step.

    Whatever kills that leaves either no cluster or a whole one, beside a folder that nothing reads (docs/adr/0012): never is
    a cluster removed, for one that looks half-made may hold everything.
    """
    cluster = _cluster(data_dir)
    if cluster.exists() and any(
        cluster.iterdir()
    ):  # by a cicero that made it in place, and was killed
        wait_for_initdb(cluster, sleep=sleep)
        cluster.rename(_unfinished(data_dir))
    unfinished = _unfinished(data_dir)
    unfinished.mkdir(mode=0o700)
    if owner is not None:
        os.chown(unfinished, owner.user, owner.group, follow_symlinks=False)
    run_program(
        "initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "-D", str(unfinished),
        owner=owner, seconds=_MAKE_SECONDS,
    )  # fmt: skip
    unfinished.rename(cluster)


def _start_server(
    cluster: Path, owner: Owner | None, *, seconds: float, sleep: Callable[[float], None]
) -> None:
    """Start it, or wait for the one that another command started: what recovers needs long, and gets it."""
    end_orphan(cluster, sleep=sleep)
    if not _forget_dead_server(cluster) and not is_starting(cluster):
        options = f'-h "" -k {shlex.quote(str(cluster))}'  # pg_ctl hands them to a shell
        log, wait = str(cluster / "log"), str(_START_SECONDS)
        try:
            run_program(
                "pg_ctl", "start", "-D", str(cluster), "-o", options, "-l", log, "-w", "-t", wait,
                owner=owner, seconds=2 * _START_SECONDS,
            )  # fmt: skip
        except subprocess.SubprocessError:
            if not is_starting(cluster):
                raise
    if not wait_until_ready(cluster, seconds=seconds, sleep=sleep):
        raise _not_started(cluster)


def _unfinished(data_dir: Path) -> Path:
    """A name that no other start takes, not even that of a killed one whose initdb still works."""
    return data_dir / f"postgres-unfinished-{clock.now():%Y%m%dT%H%M%S.%f}-{os.getpid()}"


def _forget_dead_server(cluster: Path) -> bool:
    """Whether its server runs; what a killed one left behind to say so is removed.

    It is believed when the number in it is another process's by now, as after a power cut, or a zombie's. Beside a living server PostgreSQL does not start even then: it looks at the shared memory too.
    """
    import psutil

    try:
        pid = int(read_own(cluster / "postmaster.pid").split()[0])
        if Path(psutil.Process(pid).cwd()).samefile(cluster):
            return True
    except (ValueError, IndexError, OSError, psutil.Error):
        pass  # no number, or of a process that is none or somebody else's
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    (cluster / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    return False


def _last_log_line(cluster: Path) -> str:
    lines = _log_lines(cluster)
    if not lines:
        return "initdb failed"
    return next(
        (line for line in reversed(lines) if "FATAL" in line or "PANIC" in line),
        "no reason in its log",
    )


def _log_lines(cluster: Path) -> list[str]:
    """What the last start wrote."""
    try:
        lines = read_own(cluster / "log").splitlines()
    except OSError:
        return []
    begun = max((number for number, line in enumerate(lines) if _START in line), default=0)
    return lines[begun:]
