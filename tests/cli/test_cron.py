from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cicero_cli.cli import main
from cicero_cli.domain.operations.cron import Places, cron_block
from tests.programs import give_crontab, require_program, skip
from tests.waiting import wait_until

THEIRS = "# mine\n  5 4 * * *   /usr/bin/backup\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return give_crontab(tmp_path, monkeypatch)


def test_install_keeps_other_lines_makes_the_logs_and_is_safe_to_repeat(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.write_text(THEIRS)
    logs = tmp_path / "var" / "logs"
    (tmp_path / ".env").write_text("CICERO_WHATSAPP=file\n")

    codes = [main(["cron", "install", "--logs", str(logs)]) for _ in range(2)]

    assert codes == [0, 0]
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"Installed in your crontab; the logs go to {logs}.",
        f"Nothing to do: your crontab is current; the logs go to {logs}.",
    ]
    assert kept.read_text().startswith(THEIRS + "# BEGIN cicero")
    assert kept.read_text().count("# BEGIN") == 1
    assert f"CICERO_ENV_FILE={tmp_path}/.env " in kept.read_text()
    assert f'"{logs}/*.log"' in (logs / "logrotate.conf").read_text()

    assert main(["cron", "remove"]) == 0
    assert kept.read_text() == THEIRS
    assert main(["cron", "remove"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Removed.",
        "Nothing to do: nothing of cicero's was there.",
    ]


def test_install_names_the_lines_of_an_older_crontab(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "0 15 * * * $CICERO laphar send semua >>$LOG/laphar.log 2>&1"
    kept.write_text(f"CRON_TZ=Asia/Jakarta\nCICERO=/opt/cicero\n{line}\n#0 1 * * * cicero x\n")
    assert main(["cron", "install", "--logs", str(tmp_path / "logs")]) == 0
    assert "another line runs cicero too, so that its job runs twice; remove it: " + line in (
        capsys.readouterr().err
    )


def test_what_only_this_shell_has_set_is_named(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    main(["cron", "install", "--logs", str(tmp_path / "logs")])
    assert capsys.readouterr().err == (
        "cron does not know what only this shell has set; put it into the file of settings:"
        " CICERO_DATA_DIR, CICERO_WHATSAPP\n"
    )


@pytest.mark.parametrize(
    ("programs", "code", "said"),
    [
        ("", 78, "cicero: cron is not installed: there is no `crontab` (apt install cron, or use"),
        ("echo not allowed >&2; exit 1", 1, "cicero: the crontab cannot be read: not allowed\n"),
        (
            "echo '# BEGIN cicero'",
            78,
            "cicero: the crontab has half a block: a block begins in line 1",
        ),
    ],
)
def test_what_stands_in_the_way_is_one_line(
    *,
    programs: str,
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    if programs:
        (folder / "crontab").write_text(f"#!/bin/sh\n{programs}\n")
        (folder / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    assert main(["cron", "install", "--logs", str(tmp_path / "logs")]) == code
    assert capsys.readouterr().err.startswith(said)


def test_a_folder_that_cannot_be_made_is_named(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["cron", "install", "--logs", str(tmp_path / "file" / "logs")]) == 78
    assert capsys.readouterr().err.startswith(f"cicero: {tmp_path}/file/logs cannot be written: ")
    assert not kept.exists()


def test_timers_without_systemd_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if Path("/run/systemd/system").is_dir():
        pytest.skip("systemd runs this machine")
    assert main(["cron", "install", "--systemd"]) == 78
    assert capsys.readouterr().err == (
        "cicero: systemd does not run this machine (use cron: cicero cron install)\n"
    )
    assert main(["cron", "show", "--systemd"]) == 0
    assert "# cicero-laphar.timer\n[Unit]\n" in capsys.readouterr().out


def test_debians_crontab_takes_every_line(tmp_path: Path) -> None:
    crontab = require_program("crontab")
    for name, places in {
        "plain": Places(("cicero",), None, tmp_path),
        "odd": Places(("/a b/100%/cicero",), Path("/etc/my env"), tmp_path / "50% x"),
    }.items():
        (tmp_path / name).write_text(cron_block(places))
        done = subprocess.run(
            [crontab, "-n", str(tmp_path / name)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture
def own_crontab() -> Iterator[str]:
    """The crontab program of a machine where it may be used: root's own container, with no cron and no crontab."""
    crontab = require_program("crontab")
    if os.geteuid() != 0:
        skip("only root can run a cron of its own")
    if subprocess.run([crontab, "-l"], capture_output=True, check=False).returncode == 0:
        skip("there is a crontab already")
    program = require_program("cron")
    if any(process.info["exe"] == program for process in psutil.process_iter(["exe"])):
        skip("cron runs already")
    yield crontab
    subprocess.run([crontab, "-r"], capture_output=True, check=False)


def test_debians_cron_runs_the_lines_and_their_logs_have_times(
    own_crontab: str, tmp_path: Path
) -> None:
    """The line of each minute, with words that the shell and cron each have a meaning for."""
    script, logs = tmp_path / "100% $HOME" / "cicero", tmp_path / "the logs"
    script.parent.mkdir()
    logs.mkdir()
    script.write_text(
        '#!/bin/sh\necho "$CICERO_ENV_FILE" "$@"; printf "%s\\n" "50% \\\\n done" >&2\n'
    )
    script.chmod(0o755)
    block = cron_block(Places((str(script),), Path("/etc/my 100% env"), logs))
    subprocess.run([own_crontab, "-"], input=block, text=True, check=True)
    log = logs / "outbox.log"

    with subprocess.Popen([require_program("cron"), "-f"]) as cron:
        wait_until(lambda: log.exists() and log.read_text().count("\n") >= 2, seconds=90)
        cron.terminate()

    lines = [line.split(" ", 1) for line in log.read_text().splitlines()]
    assert [said for _, said in lines[:2]] == ["/etc/my 100% env outbox deliver -q", "50% \\n done"]
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", at) for at, _ in lines)
