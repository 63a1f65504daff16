"""`cicero config`: the settings, what holds and where it comes from."""

from __future__ import annotations

import os
from dataclasses import asdict

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.errors import ExitCode
from cicero_cli.words import Text

app = group()


@command(app, "show", example="cicero config show", is_list=True)
def show() -> None:
    """Show every setting with its value, secrets hidden, and whether it is from the environment, .env or the default."""
    from cicero_cli.core.setting_sources import list_values

    rows = [asdict(value) for value in list_values(os.environ)]
    columns = {"name": "setting", "value": "value", "source": "from"}
    finish(Outcome(rows=rows, columns=columns))


@command(app, "check", example="cicero config check")
def check() -> None:
    """Say what is wrong with the settings: values that cannot be read (78), and names that cicero does not know."""
    from cicero_cli.core.setting_sources import list_unknown
    from cicero_cli.core.settings import load_settings

    load_settings(os.environ)
    unknown = list_unknown(os.environ)
    failures = {
        name: Text("no such setting; is it {near}?", near=near)
        if near
        else Text("no such setting; docs/settings.md lists every one")
        for name, near in unknown.items()
    }
    finish(
        Outcome(
            text=Text("The settings are in order.") if not unknown else "",
            document={"unknown": [*unknown]},
            failures=failures,
            exit_code=ExitCode.PARTIAL if unknown else ExitCode.OK,
        )
    )
