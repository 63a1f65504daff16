"""What wakes cicero's jobs, as lines for cron and as systemd's units: `cron_jobs` is their table (docs/adr/0022)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from cicero_cli.domain.operations.cron_jobs import JOBS
from cicero_cli.errors import BadValueError

BEGIN = "# BEGIN cicero: `cicero cron install` keeps what stands from here to its END"
END = "# END cicero"
_TIMES_OF_LINES = (
    r"""while IFS= read -r line; do printf '\%s \%s\n' "$(date +\%FT\%T\%z)" "$line"; done"""
)
_LOGROTATE = "/usr/sbin/logrotate"


@dataclass(frozen=True, slots=True)
class Places:
    """What the lines name: the command as words, the file of settings if there is one, the folder of logs."""

    command: tuple[str, ...]
    env_file: Path | None
    logs: Path

    @property
    def logrotate_file(self) -> Path:
        return self.logs / "logrotate.conf"


def cron_block(places: Places) -> str:
    """The lines for a crontab, between their marks. Each stands for itself: a variable would hold for what follows too."""
    command = " ".join(_cron_word(word) for word in places.command)
    if places.env_file is not None:
        command = f"CICERO_ENV_FILE={_cron_word(str(places.env_file))} {command}"
    lines = [
        f"{job.minutes} * * * * {command} {job.command} 2>&1 | {_TIMES_OF_LINES}"
        f" >>{_cron_word(str(places.logs / job.name))}.log"
        for job in JOBS
    ]
    config, state = (_cron_word(str(places.logs / f"logrotate.{end}")) for end in ("conf", "state"))
    lines.append(f"17 * * * * test ! -x {_LOGROTATE} || {_LOGROTATE} --state {state} {config}")
    return "\n".join([BEGIN, *lines, END]) + "\n"


def replace_block(crontab: str, block: str) -> str:
    """The crontab with this block instead of the one that it has, at its end when it has none; all else as it was.

    ValueError when a block begins and does not end.
    """
    before, found, rest = _split(crontab)
    if not found:
        gap = "" if not crontab or crontab.endswith("\n") else "\n"
        return f"{crontab}{gap}{block}"
    return f"{before}{block}{rest}"


def find_block(crontab: str) -> str:
    """The block that the crontab has, marks included; nothing when it has none."""
    return _split(crontab)[1]


def foreign_lines(crontab: str) -> str:
    """The crontab without our block."""
    before, _, rest = _split(crontab)
    return before + rest


def places_of_block(block: str, otherwise: Places) -> Places:
    """The folder of logs and the file of settings that a block names."""
    logs = re.search(r">>(.+?)\.log$", block, re.MULTILINE)
    env_file = re.search(r"CICERO_ENV_FILE=((?:'[^']*'|\S)+)", block)
    return replace(
        otherwise,
        logs=_path(logs[1]).parent if logs else otherwise.logs,
        env_file=_path(env_file[1]) if env_file else None,
    )


def _path(word: str) -> Path:
    return Path("".join(shlex.split(word.replace(r"\%", "%"))))


def _split(crontab: str) -> tuple[str, str, str]:
    lines = crontab.splitlines(keepends=True)
    marks = [line.rstrip() for line in lines]
    start = next((n for n, mark in enumerate(marks) if mark.startswith("# BEGIN cicero")), None)
    if start is None:
        return crontab, "", ""
    if END not in marks[start:]:
        raise BadValueError(
            "a block begins in line {start} and no line `{end}` ends it", start=start + 1, end=END
        )
    end = marks.index(END, start) + 1
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


def _cron_word(word: str) -> str:
    """For the shell, and for cron, to which % is the end of the command."""
    return shlex.quote(word).replace("%", r"\%")


def logrotate_config(places: Places) -> str:
    """What keeps the logs short."""
    return (
        f'"{places.logs}/*.log" {{\n    weekly\n    maxsize 50M\n    rotate 8\n    compress\n'
        "    delaycompress\n    missingok\n    notifempty\n}\n"
    )


def systemd_units(places: Places) -> dict[str, str]:
    """Each unit's file by its name: a service and a timer for each job. What they write goes to the journal."""
    command = " ".join(_unit_word(word) for word in places.command)
    environment = ""
    if places.env_file is not None:
        environment = f"Environment={_unit_word(f'CICERO_ENV_FILE={places.env_file}')}\n"
    units = {}
    for job in JOBS:
        units[f"cicero-{job.name}.service"] = (
            f"[Unit]\nDescription=Cicero: {job.meaning}\n\n[Service]\nType=oneshot\n{environment}"
            # a job that started the embedded database leaves it to the others
            f"ExecStart={command} {job.command}\nKillMode=process\n"
        )
        units[f"cicero-{job.name}.timer"] = (
            f"[Unit]\nDescription=Cicero: {job.meaning}\n\n[Timer]\n"
            f"OnCalendar=*:{job.offset:02d}/{job.every}\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n"
        )
    return units


def _unit_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or " " in word else word
