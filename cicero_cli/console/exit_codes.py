"""What each exit code says (docs/exit-codes.md is made from this)."""

from __future__ import annotations

from cicero_cli.errors import ExitCode
from cicero_cli.words import template

MEANINGS = {
    ExitCode.OK: (template("all done"), template("nothing")),
    ExitCode.FAILED: (template("failed; the line on stderr says why"), template("read it")),
    ExitCode.USAGE: (
        template("wrong usage or wrong input; nothing was changed"),
        template("mend what the line names"),
    ),
    ExitCode.PARTIAL: (
        template("some items failed, each named on stderr; the others are done"),
        template("look at those named"),
    ),
    ExitCode.TRY_LATER: (
        template(
            "try later: the quota is used up, another run holds the lock, the database or gateway is not ready"
        ),
        template("wait for the next run of cron"),
    ),
    ExitCode.SETTING: (
        template("a setting is wrong or missing: which, and how to set it"),
        template("set it (docs/settings.md)"),
    ),
    ExitCode.INTERRUPTED: (
        template("interrupted; what was finished before is kept"),
        template("run it again"),
    ),
}
