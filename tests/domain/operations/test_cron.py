from __future__ import annotations

from pathlib import Path

import pytest
from crontab import CronTab

from cicero_cli.domain.operations.cron import (
    BEGIN,
    END,
    Places,
    cron_block,
    find_block,
    foreign_lines,
    places_of_block,
    replace_block,
    systemd_units,
)
from cicero_cli.domain.operations.cron_jobs import JOBS

ROOT = Path(__file__).resolve().parents[3]
USUAL = Places(("/opt/cicero/.venv/bin/cicero",), Path("/etc/cicero.env"), Path("/var/log/cicero"))
ODD = Places(("/home/a b/100%/cicero",), Path("/etc/my env"), Path("/logs/50% x"))
THEIRS = "# mine\nMAILTO=me\n  5 4 * * *   /usr/bin/backup  # nightly\n@reboot  x\n"


def test_the_example_is_what_the_table_says() -> None:
    assert find_block((ROOT / "crontab.example").read_text(encoding="utf-8")) == cron_block(USUAL)


def test_no_line_holds_an_hour() -> None:
    for job in CronTab(tab=cron_block(USUAL)):
        assert str(job.slices).split()[1:] == ["*", "*", "*", "*"]


@pytest.mark.parametrize("places", [USUAL, ODD])
def test_a_block_is_put_in_replaced_and_taken_out_and_all_else_stays_to_the_letter(
    places: Places,
) -> None:
    with_block = replace_block(THEIRS, cron_block(places))
    assert with_block == THEIRS + cron_block(places)
    assert replace_block(with_block + "# after\n", cron_block(USUAL)) == (
        THEIRS + cron_block(USUAL) + "# after\n"
    )
    assert foreign_lines(with_block + "# after\n") == THEIRS + "# after\n"
    assert foreign_lines(THEIRS) == THEIRS
    assert replace_block("5 * * * * x", "b\n") == "5 * * * * x\nb\n"


@pytest.mark.parametrize("places", [USUAL, ODD, Places(("cicero",), None, Path("/l"))])
def test_a_block_tells_its_places(places: Places) -> None:
    assert places_of_block(cron_block(places), Places(places.command, None, Path("/x"))) == places


def test_half_a_block_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="a block begins in line 1 and no line `# END cicero`"):
        replace_block(f"{BEGIN}\n* * * * * x\n", "b\n")
    assert find_block(f"{BEGIN}\nx\n{END}\n") == f"{BEGIN}\nx\n{END}\n"


def test_systemds_timers_wake_the_same_jobs() -> None:
    units = systemd_units(ODD)
    assert sorted(units) == sorted(
        f"cicero-{job.name}.{kind}" for job in JOBS for kind in ("service", "timer")
    )
    assert units["cicero-fetch-insta.timer"] == (
        "[Unit]\nDescription=Cicero: Instagram posts and who liked\n\n[Timer]\n"
        "OnCalendar=*:02/10\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n"
    )
    assert units["cicero-outbox.service"] == (
        "[Unit]\nDescription=Cicero: what is due in the outbox goes out\n\n[Service]\nType=oneshot\n"
        'Environment="CICERO_ENV_FILE=/etc/my env"\nExecStart="/home/a b/100%%/cicero" outbox deliver -q\n'
        "KillMode=process\n"
    )
