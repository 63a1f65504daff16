from __future__ import annotations

from pathlib import Path

import pytest

from cicero_cli.domain.operations.cron import Places, cron_block
from cicero_cli.domain.operations.findings import Verdict
from cicero_cli.services.operations.waking import examine_cron
from tests.programs import give_crontab

PLACES = Places(("/opt/cicero",), None, Path("/var/log/cicero"))
CURRENT = cron_block(Places(PLACES.command, Path("/etc/cicero.env"), Path("/srv/logs")))


@pytest.mark.parametrize(
    ("crontab", "running", "found"),
    [
        (CURRENT, {"cron"}, [Verdict.OK]),
        (CURRENT, {"bash"}, [Verdict.BAD]),
        (CURRENT + "# 0 1 * * * cicero\n", {"crond"}, [Verdict.OK]),
        (CURRENT.replace("/opt/cicero", "/old/cicero"), {"cron"}, [Verdict.WARN]),
        (CURRENT.replace("*/10", "*/20"), set(), [Verdict.WARN, Verdict.BAD]),
        ("0 15 * * * /opt/cicero laphar send semua\n", {"cron"}, [Verdict.WARN, Verdict.WARN]),
        ("", {"cron"}, [Verdict.WARN]),
        ("# BEGIN cicero\n", {"cron"}, [Verdict.WARN]),
    ],
)
def test_cron_is_there_runs_and_wakes_this_cicero(
    *,
    crontab: str,
    running: set[str],
    found: list[Verdict],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The block's own folder of logs and file of settings are no reason to call it old."""
    give_crontab(tmp_path, monkeypatch).write_text(crontab)
    findings = examine_cron(PLACES, tmp_path / "units", running=lambda: running, zone="UTC")
    assert [finding.verdict for finding in findings] == found


def test_timers_of_systemd_wake_it_as_well(tmp_path: Path) -> None:
    (tmp_path / "cicero-laphar.timer").touch()
    (finding,) = examine_cron(PLACES, tmp_path, running=set, zone="UTC")
    assert (finding.verdict, finding.found) == (Verdict.OK, "systemd's timers wake cicero")
