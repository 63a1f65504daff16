"""The table of what cron wakes (docs/adr/0022).

No job holds an hour that means a local time: one that is woken with `--due` knows by itself what is due where.
"""

from __future__ import annotations

from typing import NamedTuple

from cicero_cli.domain.schedule import WAKE_MINUTES
from cicero_cli.words import template

_NIGHT = "CICERO_NIGHT_AT"


class CronJob(NamedTuple):
    """One job: woken every `every` minutes, `offset` minutes after the full ones."""

    name: str
    command: str
    meaning: str
    times: str = ""  # the setting that says when it is due; without one always
    every: int = WAKE_MINUTES
    offset: int = 0

    @property
    def is_nightly(self) -> bool:
        """Due by one clock for all, WIB, and not by each client's."""
        return self.times == _NIGHT

    @property
    def minutes(self) -> str:
        """The first field of cron's five."""
        if self.every == 1:
            return "*"
        return f"{self.offset}-59/{self.every}" if self.offset else f"*/{self.every}"


JOBS = (
    # the two platforms apart, so that they do not compete
    CronJob(
        "fetch-tiktok",
        "fetch tiktok --due",
        template("TikTok posts and who commented"),
        "CICERO_FETCH_AT",
    ),
    CronJob(
        "fetch-insta",
        "fetch insta --due",
        template("Instagram posts and who liked"),
        "CICERO_FETCH_AT",
        offset=2,
    ),
    CronJob(
        "fetch-profile",
        "fetch profile --due",
        template("profiles and their followers"),
        _NIGHT,
        offset=4,
    ),
    CronJob(
        "sync",
        "user sync --due",
        template("people from the sheets that clients keep"),
        _NIGHT,
        offset=8,
    ),
    CronJob(
        "laphar",
        "laphar send semua --due",
        template("the reports, into the outbox"),
        "CICERO_LAPHAR_AT",
    ),
    CronJob(
        "remind", "remind --due", template("the reminders, into the outbox"), "CICERO_REMIND_AT"
    ),
    CronJob(
        "rekap",
        "rekap send semua --due",
        template("the recaps of week and month, into the outbox"),
        "CICERO_REKAP_AT",
        offset=3,
    ),
    CronJob(
        "tugas",
        "tugas send semua --due",
        template("the lists of new posts, into the outbox"),
        "CICERO_TUGAS_UNTIL",
        offset=5,
    ),
    CronJob("backup", "db backup --due", template("the nightly backup"), _NIGHT, offset=6),
    CronJob("prune", "db prune --due", template("what is past its time"), _NIGHT, offset=7),
    CronJob(
        "outbox", "outbox deliver -q", template("what is due in the outbox goes out"), "", every=1
    ),
)
