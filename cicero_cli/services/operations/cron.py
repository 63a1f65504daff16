"""`cicero cron`: what wakes the jobs is put into the user's crontab or among systemd's units, and taken out again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cicero_cli.domain.operations.cron import (
    Places,
    cron_block,
    find_block,
    foreign_lines,
    logrotate_config,
    places_of_block,
    replace_block,
    systemd_units,
)
from cicero_cli.domain.operations.cron_jobs import JOBS
from cicero_cli.errors import CiceroError, SettingError
from cicero_cli.words import Text

_NONE_YET = "no crontab for"


def find_places(environ: Mapping[str, str], logs: Path | None = None) -> Places:
    """What the lines name on this machine: this very cicero, the settings that it reads, and where logs go."""
    program = Path(sysconfig.get_path("scripts")) / "cicero"
    words = (str(program),) if program.exists() else (sys.executable, "-m", "cicero_cli")
    env_file = Path(environ.get("CICERO_ENV_FILE", "").strip() or ".env")
    return Places(
        command=words,
        env_file=env_file.absolute() if env_file.is_file() else None,
        logs=(logs or _default_logs()).absolute(),
    )


def _default_logs() -> Path:
    if os.geteuid() == 0:
        return Path("/var/log/cicero")
    from platformdirs import user_log_path

    return user_log_path("cicero")


def read_crontab() -> str:
    """The user's crontab as it is, empty when there is none; SettingError where no cron is installed."""
    program = shutil.which("crontab")
    if program is None:
        raise SettingError(
            "cron is not installed: there is no `crontab`",
            hint="apt install cron, or use systemd's timers: cicero cron install --systemd",
        )
    done = _run([program, "-l"])
    if done.returncode != 0 and _NONE_YET not in done.stderr:
        raise CiceroError("the crontab cannot be read: {reason}", reason=_reason(done))
    return done.stdout if done.returncode == 0 else ""


def install_block(places: Places) -> bool:
    """Make the folder of logs and put our block into the crontab; False when it was there already, to the letter."""
    before = read_crontab()
    after = _checked(replace_block, before, cron_block(places))
    _make_logs(places)
    if after == before:
        return False
    _write_crontab(after)
    return True


def remove_block() -> bool:
    """Take our block out; False when there was none. The logs stay."""
    before = read_crontab()
    after = _checked(foreign_lines, before)
    if after == before:
        return False
    _write_crontab(after)
    return True


def other_lines_of_ours(crontab: str) -> list[str]:
    """Lines outside of our block that run cicero too, as from an older crontab.example: each job would run twice."""
    from crontab import CronTab  # only who looks into a crontab pays for it

    return [
        f"{job.slices} {job.command}"
        for job in CronTab(tab=_checked(foreign_lines, crontab))
        if job.is_enabled() and _runs_cicero(str(job.command), crontab)
    ]


def _runs_cicero(command: str, crontab: str) -> bool:
    words = command.replace("{", "").replace("}", "").split()
    named = {"cicero"} | ({"$CICERO"} if "\nCICERO=" in f"\n{crontab}" else set())
    return any(word in named or word.endswith("/cicero") for word in words)


def has_current_block(crontab: str, places: Places) -> bool | None:
    """Whether our block is what this cicero would install with the block's own folder of logs and file of settings; None
    when there is none.
    """
    block = _checked(find_block, crontab)
    return block == cron_block(places_of_block(block, places)) if block else None


def unit_folder() -> Path:
    """Where units of this user's systemd lie, or the system's for root."""
    if os.geteuid() == 0:
        return Path("/etc/systemd/system")
    home = os.environ.get("XDG_CONFIG_HOME", "").strip()
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"


def has_units(folder: Path) -> bool:
    """Whether our timers lie there."""
    return any((folder / f"cicero-{job.name}.timer").exists() for job in JOBS)


def install_units(places: Places, folder: Path) -> list[Path]:
    """Write the units and start their timers; gives the files that were written."""
    _require_systemd()
    units = systemd_units(places)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in units.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from error
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", *(name for name in units if name.endswith(".timer")))
    return [folder / name for name in units]


def remove_units(folder: Path) -> bool:
    """Stop the timers and remove the units; False when there were none."""
    found = [path for path in folder.glob("cicero-*.*") if path.suffix in {".service", ".timer"}]
    ours = [path for path in found if path.stem in {f"cicero-{job.name}" for job in JOBS}]
    if not ours:
        return False
    _require_systemd()
    _systemctl("disable", "--now", *(path.name for path in ours if path.suffix == ".timer"))
    for path in ours:
        path.unlink()
    _systemctl("daemon-reload")
    return True


def _make_logs(places: Places) -> None:
    try:
        places.logs.mkdir(mode=0o750, parents=True, exist_ok=True)
        places.logrotate_file.write_text(logrotate_config(places), encoding="utf-8")
        places.logrotate_file.chmod(0o640)
    except OSError as error:
        raise _unwritable(places.logs, error) from error


def _write_crontab(text: str) -> None:
    done = _run([shutil.which("crontab") or "crontab", "-"], text)
    if done.returncode != 0:
        raise CiceroError(
            "the crontab was refused and stays as it was: {reason}", reason=_reason(done)
        )


def _checked(change: Callable[..., str], *texts: str) -> str:
    try:
        return change(*texts)
    except ValueError as error:
        raise SettingError(
            "the crontab has half a block: {reason}",
            hint="mend it: crontab -e",
            reason=str(error),
        ) from error


def _require_systemd() -> None:
    if not Path("/run/systemd/system").is_dir() or shutil.which("systemctl") is None:
        raise SettingError(
            "systemd does not run this machine", hint="use cron: cicero cron install"
        )


def _systemctl(*words: str) -> None:
    scope = [] if os.geteuid() == 0 else ["--user"]
    done = _run(["systemctl", *scope, *words])
    if done.returncode != 0:
        raise CiceroError(
            "systemctl {action} failed: {reason}", action=words[0], reason=_reason(done)
        )


def _run(words: Sequence[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - programs of the system; no shell
        words,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "LC_ALL": "C"},
    )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stderr.split()) or Text("exit code {number}", number=done.returncode)


def _unwritable(folder: Path, error: OSError) -> SettingError:
    return SettingError(
        "{folder} cannot be written: {reason}",
        hint="choose another folder with --logs, or run it as the user that owns it",
        folder=folder,
        reason=error.strerror or str(error),
    )
