"""What systemd would say of the units that cicero makes and documents."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from cicero_cli.domain.operations.cron import Places, systemd_units
from tests.programs import require_program

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def verify(folder: Path, units: dict[str, str]) -> tuple[int, str]:
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            require_program("systemd-analyze"),
            "verify",
            "--man=no",
            *(folder / name for name in units),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_systemd_accepts_the_timers(tmp_path: Path) -> None:
    places = Places(
        command=("/usr/bin/env", "cicero 100%"),
        env_file=Path("/etc/cicero $1.env"),
        logs=Path("/var/log/cicero"),
    )

    assert verify(tmp_path, systemd_units(places)) == (0, "")


def test_systemd_accepts_the_documented_service(tmp_path: Path) -> None:
    [unit] = re.findall(r"```ini\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    unit = unit.replace("/opt/cicero/.venv/bin/cicero", "/usr/bin/env")

    assert verify(tmp_path, {"cicero-serve.service": unit}) == (0, "")


def test_systemd_refuses_what_is_wrong(tmp_path: Path) -> None:
    code, said = verify(tmp_path, {"wrong.service": "[Service]\nExecStart=relative\n"})

    assert code != 0
    assert "relative" in said


def test_every_line_of_the_documented_proxy_is_finished() -> None:
    [text] = re.findall(r"```nginx\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.split("#")[0].strip() for line in text.splitlines()]

    assert [line for line in lines if line and line[-1] not in ";{}"] == []
    assert text.count("{") == text.count("}")
    assert set(re.findall(r"\$(\w+)", text)) <= {
        "binary_remote_addr", "host", "remote_addr", "request_uri", "scheme",
    }  # fmt: skip
    assert "proxy_pass http://127.0.0.1:8000;" in lines, "where the documented service listens"
