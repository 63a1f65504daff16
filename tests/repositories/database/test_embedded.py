from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from cicero_cli.cli import main
from cicero_cli.errors import DatabaseError
from cicero_cli.repositories.database import embedded

FOLDER_HINT = "(set CICERO_DATA_DIR to a folder that you can write to)"


class Installation(NamedTuple):
    """A data directory with a running server, and what the two commands that made it said."""

    data_dir: Path
    answers: list[tuple[str, str, int]]


@pytest.fixture(scope="module")
def made_by_two() -> Iterator[Installation]:
    """Made by two `cicero init` that started at once, in a locale that the machine does not have; its name is short enough
    for a socket.
    """
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder) / "data"
        environment = {**os.environ, "CICERO_DATA_DIR": str(data_dir), "LC_ALL": "xx_YY.UTF-8"}
        runs = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "cicero_cli", "init", "-q"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
                cwd=folder,
            )
            for _ in range(2)
        ]
        answers = [(*run.communicate(timeout=60), run.returncode) for run in runs]
        yield Installation(data_dir, sorted(answers))
        embedded.stop(data_dir)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose name is no reason of its own to be refused, however long pytest's folders are."""
    with tempfile.TemporaryDirectory(prefix="cicero-test-") as folder:
        yield Path(folder)


@pytest.fixture
def data_dir(made_by_two: Installation, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CICERO_DATA_DIR", str(made_by_two.data_dir))
    return made_by_two.data_dir


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def test_two_commands_may_make_the_database_at_once(made_by_two: Installation) -> None:
    ready = f"Ready: the embedded database in {made_by_two.data_dir} ("
    for stdout, stderr, code in made_by_two.answers:
        assert (stdout.startswith(ready), stderr, code) == (True, "", 0)


def test_the_database_and_its_socket_are_its_owners_alone(data_dir: Path) -> None:
    cluster = data_dir / "postgres"
    owner = "pgserver" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    assert stat.filemode(cluster.stat().st_mode) == "drwx------"
    assert cluster.owner() == owner
    assert stat.S_ISSOCK((cluster / ".s.PGSQL.5432").stat().st_mode)
    assert stat.filemode((data_dir / "runtime").stat().st_mode) == "drwx------"
    assert sorted(path.name for path in data_dir.iterdir()) == ["postgres", "runtime"]


def test_a_killed_server_is_started_by_the_next_command(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["client", "add", "polres_a", "--nama", "Polres A", "-q"]) == 0
    killed = postmaster(data_dir)
    os.kill(killed, signal.SIGKILL)

    code = main(["client", "list", "--output", "csv"])

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("POLRES_A,Polres A,")
    assert postmaster(data_dir) != killed


@pytest.mark.parametrize("content", ["{pid}", "", "garbage\n"])
def test_a_pid_file_from_before_a_power_cut_is_not_believed(content: str, data_dir: Path) -> None:
    embedded.stop(data_dir)
    lines = (
        content.format(pid=os.getpid()),
        data_dir / "postgres",
        1,
        5432,
        data_dir,
        "",
        0,
        "ready",
    )
    (data_dir / "postgres" / "postmaster.pid").write_text("\n".join(map(str, lines)))

    assert main(["client", "list"]) == 0


def test_a_stopped_server_is_started_by_the_next_command(data_dir: Path) -> None:
    embedded.stop(data_dir)
    assert not (data_dir / "postgres" / "postmaster.pid").exists()

    assert main(["client", "list"]) == 0


def test_nothing_is_made_before_init(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "list"]) == 1

    assert capsys.readouterr().err == (
        f"cicero: there is no database in {tmp_path}/data yet (run: cicero init)\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("place", "reason"), [("file", "File exists"), ("file/below", "Not a directory")]
)
def test_a_file_in_place_of_the_data_directory_is_a_wrong_setting(
    place: str,
    reason: str,
    short_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (short_folder / "file").touch()
    monkeypatch.setenv("CICERO_DATA_DIR", str(short_folder / place))

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the embedded database cannot use {short_folder / place}: {reason} {FOLDER_HINT}\n"
    )


@pytest.mark.parametrize("words", [["init"], ["client", "list"]])
def test_somebody_elses_data_directory_is_a_wrong_setting(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CICERO_DATA_DIR", str(tmp_path / "closed" / "data"))
    (tmp_path / "closed").mkdir(mode=0o000)
    with as_nobody_special():
        code = main(words)

    assert (code, capsys.readouterr().err) == (
        78,
        f"cicero: the embedded database cannot use {tmp_path}/closed/data: Permission denied {FOLDER_HINT}\n",
    )


def test_a_folder_that_one_may_not_write_to_is_a_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CICERO_DATA_DIR", "/proc/cicero")

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the embedded database cannot use /proc/cicero: No such file or directory {FOLDER_HINT}\n"
    )


def test_too_little_space_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nearly_full = shutil._ntuple_diskusage(500_000_000, 487_000_000, 13_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the embedded database needs 100 MB in {tmp_path}/data, and 13 MB are free"
        " (free some space or set CICERO_DATA_DIR to another disk)\n"
    )
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("name", ["data saya", "a,b", "it's", "a$b", "a`b"])
def test_a_path_that_a_socket_cannot_have_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CICERO_DATA_DIR", str(tmp_path / name))

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the data directory {tmp_path / name} has a blank, comma or quote in its name,"
        " which PostgreSQL's socket cannot (set CICERO_DATA_DIR to a path without)\n"
    )
    assert not (tmp_path / name).exists()


def test_too_long_a_path_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long = tmp_path / ("panjang-" * 12)
    monkeypatch.setenv("CICERO_DATA_DIR", str(long))

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the data directory {long} has too long a name for PostgreSQL's socket"
        " (set CICERO_DATA_DIR to a shorter path)\n"
    )
    assert not long.exists()


class as_nobody_special:  # noqa: N801 - reads as a word in `with`
    """Root may write everywhere: for this while the process may do what any user may."""

    def __enter__(self) -> None:
        self._user = os.geteuid()
        if self._user == 0:
            os.seteuid(pwd.getpwnam("nobody").pw_uid)

    def __exit__(self, *_: object) -> None:
        os.seteuid(self._user)


only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as somebody else")


@only_root
def test_roots_server_has_no_group_and_no_secret_of_roots(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.stop(data_dir)
    monkeypatch.setenv("RAPIDAPI_KEY", "a secret of the caller's")
    monkeypatch.setenv("PGOPTIONS", "-c jit=on")
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert main(["client", "list"]) == 0

    server = psutil.Process(postmaster(data_dir))
    own = pwd.getpwnam("pgserver")
    status = (Path("/proc") / str(server.pid) / "status").read_text()
    (groups,) = [line.split()[1:] for line in status.splitlines() if line.startswith("Groups:")]
    assert (set(server.uids()), set(server.gids())) == ({own.pw_uid}, {own.pw_gid})
    assert set(groups) <= {str(own.pw_gid)}
    kept = {name for name in server.environ() if not name.startswith(("PG", "LC_"))}
    assert kept <= {"PATH", "LANG", "LANGUAGE", "TZ", "PWD", "OLDPWD", "SHLVL", "_"}
    assert "PGOPTIONS" not in server.environ()


@only_root
@pytest.mark.parametrize(
    "name", [".handle_pids.json", "log", "postmaster.pid", ".s.PGSQL.5432.lock"]
)
def test_root_follows_no_link_in_the_servers_folder(
    name: str, data_dir: Path, short_folder: Path
) -> None:
    """As somebody who broke into the server could lay it."""
    embedded.stop(data_dir)
    treasure = short_folder / "treasure"
    treasure.write_text("1\n")
    treasure.chmod(0o600)
    place = data_dir / "postgres" / name
    place.unlink(missing_ok=True)
    place.symlink_to(treasure)
    try:
        main(["client", "list"])
    finally:
        if place.is_symlink():
            place.unlink()
    assert (treasure.read_text(), stat.filemode(treasure.stat().st_mode)) == ("1\n", "-rw-------")
    assert main(["client", "list"]) == 0


def test_a_pipe_in_place_of_the_pid_file_holds_nobody_up(data_dir: Path) -> None:
    embedded.stop(data_dir)
    os.mkfifo(data_dir / "postgres" / "postmaster.pid")

    assert main(["client", "list"]) == 0


@only_root
def test_root_uses_no_data_directory_that_others_can_write_to(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = short_folder / "data"
    data.mkdir()
    data.chmod(0o777)
    monkeypatch.setenv("CICERO_DATA_DIR", str(data))

    assert main(["init"]) == 78

    assert capsys.readouterr().err == (
        f"cicero: the folder {data} can be written to by others, so what is in it is not believed"
        " (keep it in a folder that only you or root can write to)\n"
    )
    assert list(data.iterdir()) == []


@only_root
def test_the_way_to_the_data_is_opened_for_passing_only(data_dir: Path) -> None:
    assert stat.filemode(data_dir.stat().st_mode) == "drwx-----x"


def test_a_full_disk_is_one_answer_also_when_the_server_cannot_start(data_dir: Path) -> None:
    embedded.stop(data_dir)
    options = data_dir / "postgres" / "postmaster.opts"
    options.unlink()
    options.symlink_to("/dev/full")  # the first that a starting server writes
    try:
        with pytest.raises(DatabaseError) as refused:
            embedded.start(data_dir)
    finally:
        options.unlink()

    assert (refused.value.message, refused.value.hint) == (
        "the database's disk is full",
        "free some space and run it again",
    )
    embedded.start(data_dir)  # what was full is not full for ever
