from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest

from cicero_cli.cli import COMMANDS, NOUNS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_carries_every_statement_and_template_and_no_test(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packed = {
        path.relative_to(ROOT).as_posix().replace("sql/", "cicero_cli/_sql/", 1)
        for path in [
            *(ROOT / "sql").rglob("*.sql"),
            *(ROOT / "cicero_cli" / "templates").iterdir(),
            *(ROOT / "cicero_cli" / "locale").rglob("*.mo"),
        ]
    }

    assert packed <= {*names}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"cicero_cli"}


def test_man_finds_a_page_for_each_noun_beside_the_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    pages = {
        name.rpartition("/")[2]: archive.read(name).decode("ascii")
        for name in archive.namelist()
        if ".data/data/share/man/man1/" in name
    }
    assert {*pages} == {"cicero.1", *(f"cicero-{word}.1" for word in {**NOUNS, **COMMANDS})}
    assert '.SH "cicero user import SOURCE"' in pages["cicero-user.1"]
    assert "CICERO_LAPHAR_AT" in pages["cicero.1"]


@pytest.fixture
def installed(wheel: Path, tmp_path: Path, empty_database: str) -> dict[str, str]:
    """The environment of a machine that has the wheel and no checkout; its database is empty."""
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)  # which is what installing a pure wheel does
    parts = psycopg.conninfo.conninfo_to_dict(empty_database)
    return {
        **os.environ,
        "PYTHONPATH": str(target),
        "DATABASE_URL": f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}",
    }


def test_an_installed_wheel_makes_its_tables_and_writes_reports(
    installed: dict[str, str], tmp_path: Path
) -> None:
    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "cicero_cli", *words],
            env=installed, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import cicero_cli; print(cicero_cli.__file__)"],
        env=installed, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(tmp_path))

    assert run("init", "-q").startswith("Ready: the database of DATABASE_URL (")
    assert {row["state"] for row in json.loads(run("db", "status", "--json"))["migrations"]} == {
        "applied"
    }
    run("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a", "-q")
    assert "Demikian dilaporkan, terima kasih." in run("laphar", "show", "insta")
