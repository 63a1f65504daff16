from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from cicero_cli.repositories.database import embedded
from tests.conftest import Run
from tests.web.conftest import SECRET, wait_until


def test_without_a_key_nothing_is_served_and_the_line_that_makes_one_is_shown(cicero: Run) -> None:
    refused = cicero("serve")
    assert refused.exit_code == 78
    assert refused.stderr.count("\n") == 1
    assert "JWT_SECRET is not set" in refused.stderr
    assert 'python -c "import secrets; print(secrets.token_urlsafe(48))"' in refused.stderr


def test_the_missing_key_comes_before_the_missing_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cicero: Run
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("CICERO_DATA_DIR", str(tmp_path))
    refused = cicero("serve")
    assert (refused.exit_code, "JWT_SECRET is not set" in refused.stderr) == (78, True)


def test_a_key_that_can_be_guessed_is_refused(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "secret")
    refused = cicero("serve")
    assert refused.exit_code == 78
    assert "JWT_SECRET: expected at least 32 characters" in refused.stderr
    assert "'secret'" not in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ORIGIN", "*"),
        ("CORS_ORIGIN", "https://a.example/path"),
        ("CORS_ORIGIN", "a.example"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("CICERO_LEGACY_PHONE_LOGIN", "maybe"),
    ],
)
def test_a_wrong_setting_is_named(
    cicero: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    refused = cicero("serve")
    assert refused.exit_code == 78
    assert f"{name}: expected" in refused.stderr


def test_a_taken_port_is_one_line(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = cicero("serve", "--port", str(port))
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"cicero: cannot listen on 127.0.0.1 port {port}: ")
    assert refused.stderr.count("\n") == 1


def test_a_database_that_is_not_current_is_not_served(
    empty_database: str, cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = dict(part.split("=", 1) for part in empty_database.split(" "))
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    )
    monkeypatch.setenv("JWT_SECRET", SECRET)
    refused = cicero("serve")
    assert refused.exit_code == 1
    assert "run: cicero init" in refused.stderr


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory with an embedded database that is not running."""
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
        embedded.stop(Path(folder))


@pytest.mark.parametrize(
    ("workers", "stop"),
    [(1, signal.SIGINT), (1, signal.SIGTERM), (1, signal.SIGHUP), (2, signal.SIGTERM)],
)
def test_it_serves_the_embedded_database_and_ends_cleanly(
    data_dir: Path, workers: int, stop: signal.Signals
) -> None:
    environ = {**os.environ, "CICERO_DATA_DIR": str(data_dir), "JWT_SECRET": SECRET}
    environ["CICERO_LEGACY_PHONE_LOGIN"] = "1"
    command = [sys.executable, "-m", "cicero_cli"]
    subprocess.run([*command, "init"], env=environ, check=True, capture_output=True)
    embedded.stop(data_dir)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = ["serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        [*command, *words], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:

        def is_ready() -> bool:
            try:
                return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
            except requests.ConnectionError:
                return False

        wait_until(is_ready, seconds=40)
        for _ in range(20):
            assert is_ready()
        modes = [
            stat.S_IMODE(path.stat().st_mode) & 0o077
            for path in (data_dir / "postgres", *(data_dir / "postgres").iterdir())
            if path.is_dir()
        ]
        assert not any(modes)
        serving.send_signal(stop)
        output, log = serving.communicate(timeout=30)
    assert (serving.returncode, output) == (0, "")
    assert log.splitlines() == [
        f"cicero serves http://127.0.0.1:{port} (its calls: /docs); stop it with Ctrl-C",
        "CICERO_LEGACY_PHONE_LOGIN is on: whoever knows an operator's phone number can log in",
    ]
