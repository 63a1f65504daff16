"""`cicero cron`: what wakes the jobs of a day."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.words import Text

app = group()

LogsOption = Annotated[
    Path | None,
    typer.Option("--logs", metavar="FOLDER", help="Where each job's log goes."),
]
SystemdOption = Annotated[
    bool, typer.Option("--systemd", help="Timers of systemd instead of a crontab.")
]


@command(app, "show", example="cicero cron show")
def show(*, logs: LogsOption = None, systemd: SystemdOption = False) -> None:
    """Show what `cron install` would put in place, for this installation."""
    from cicero_cli.domain.operations.cron import cron_block, systemd_units
    from cicero_cli.services.operations.cron import find_places

    places = find_places(os.environ, logs)
    if not systemd:
        finish(Outcome(text=cron_block(places), document={"crontab": cron_block(places)}))
        return
    units = systemd_units(places)
    text = "\n".join(f"# {name}\n{body}" for name, body in units.items())
    finish(Outcome(text=text, document={"units": units}))


@command(app, "install", example="cicero cron install --logs /var/log/cicero")
def install(*, logs: LogsOption = None, systemd: SystemdOption = False) -> None:
    """Put the jobs into your crontab, and make the folder of their logs; other lines stay as they are. Safe to repeat."""
    from cicero_cli.services.operations.cron import (
        find_places,
        install_block,
        install_units,
        other_lines_of_ours,
        read_crontab,
        unit_folder,
    )

    places = find_places(os.environ, logs)
    if systemd:
        written = install_units(places, unit_folder())
        finish(
            Outcome(
                text=Text(
                    "Installed: {count} units in {folder}.",
                    count=len(written),
                    folder=unit_folder(),
                ),
                document={"units": [str(path) for path in written]},
                notes=_notes(),
            )
        )
        return
    is_new = install_block(places)
    text = (
        Text("Installed in your crontab; the logs go to {logs}.", logs=places.logs)
        if is_new
        else Text(
            "Nothing to do: your crontab is current; the logs go to {logs}.", logs=places.logs
        )
    )
    doubled: list[str] = [
        Text(
            "another line runs cicero too, so that its job runs twice; remove it: {line}", line=line
        )
        for line in other_lines_of_ours(read_crontab())
    ]
    finish(
        Outcome(
            text=text,
            document={"installed": is_new, "logs": str(places.logs)},
            notes=[*_notes(), *doubled],
        )
    )


@command(app, "remove", example="cicero cron remove")
def remove(*, systemd: SystemdOption = False) -> None:
    """Take the jobs out of your crontab again; other lines and the logs stay."""
    from cicero_cli.services.operations.cron import remove_block, remove_units, unit_folder

    was_there = remove_units(unit_folder()) if systemd else remove_block()
    text = Text("Removed.") if was_there else Text("Nothing to do: nothing of cicero's was there.")
    finish(Outcome(text=text, document={"removed": was_there}))


def _notes() -> list[str]:
    """What stands in this shell's environment alone, cron never sees."""
    from cicero_cli.core.setting_list import SETTINGS

    names = [
        name
        for setting in SETTINGS
        for name in (setting.name, f"{setting.name}_FILE")
        if os.environ.get(name, "").strip()
    ]
    if not names:
        return []
    return [
        Text(
            "cron does not know what only this shell has set; put it into the file of settings: {names}",
            names=", ".join(names),
        )
    ]
