"""`cicero doctor`: whether everything that a day needs is in place."""

from __future__ import annotations

import os
from importlib.util import find_spec
from textwrap import fill
from typing import TYPE_CHECKING

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import command
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import english_params
from cicero_cli.console.states import Painted, paint
from cicero_cli.errors import CiceroError, ExitCode
from cicero_cli.words import Text, text_of

if TYPE_CHECKING:
    from cicero_cli.core.settings import Settings
    from cicero_cli.domain.operations.findings import Finding

_WIDTH = 80
_MARGIN = " " * 16


def register(root: typer.Typer) -> None:
    """`cicero doctor` stands beside the nouns."""
    command(root, "doctor", example="cicero doctor")(doctor)


def doctor() -> None:
    """Look whether settings, database, clients, fetches, WhatsApp and the dashboards are in order.

    Asks the WhatsApp gateway and Redis, never the upstream. Ends with 1 when something keeps the day's work from being done.
    """
    from cicero_cli.core.settings import load_settings
    from cicero_cli.domain.operations.findings import Verdict

    findings = _examine(load_settings(os.environ))
    is_bad = any(finding.verdict is Verdict.BAD for finding in findings)
    finish(
        Outcome(
            rows=[_row(finding) for finding in findings],
            text=Painted("\n".join(map(_line, findings))),
            exit_code=ExitCode.FAILED if is_bad else ExitCode.OK,
        )
    )


def _row(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "area": finding.area,
        "verdict": finding.verdict,
        "found": shown(finding.found),
        "remedy": shown(finding.remedy),
        "params": english_params(text_of(finding.found).params),
    }


def _examine(settings: Settings) -> list[Finding]:
    from cicero_cli.bootstrap import open_app, open_gateway
    from cicero_cli.core import clock
    from cicero_cli.domain.operations.findings import Finding, Verdict
    from cicero_cli.services.operations.backups import examine_backups
    from cicero_cli.services.operations.cron import find_places, unit_folder
    from cicero_cli.services.operations.doctor import (
        examine_clients,
        examine_fetching,
        examine_serving,
        failed_finding,
    )
    from cicero_cli.services.operations.due_tasks import examine_groups, examine_tasks
    from cicero_cli.services.operations.sending import examine_whatsapp
    from cicero_cli.services.operations.settings import examine_settings
    from cicero_cli.services.operations.waking import examine_cron, examine_slots
    from cicero_cli.services.operations.wordings import examine_wordings

    findings = [*examine_settings(os.environ)]
    findings += examine_wordings(settings.templates)
    now = clock.now()
    try:
        with open_app() as cicero:
            found = (
                Text("PostgreSQL of yours answers, its tables are current")
                if settings.server_url
                else Text(
                    "PostgreSQL in {data_dir} answers, its tables are current",
                    data_dir=settings.data_dir,
                )
            )
            findings.append(
                Finding(code="database_ready", area="database", verdict=Verdict.OK, found=found)
            )
            findings += examine_clients(cicero.store, settings)
            findings += examine_groups(cicero.store, settings)
            findings += examine_fetching(cicero.store, settings, now=now)
            findings += examine_cron(
                find_places(os.environ), unit_folder(), running=_running, zone=clock.local_zone()
            )
            findings += examine_slots(cicero.store, settings, now=now)
            findings += examine_tasks(cicero.store, settings, now=now)
            findings += examine_backups(settings, now=now)
            findings += examine_whatsapp(cicero.store, settings, open_gateway, now=now)
            findings += examine_serving(
                cicero.store,
                settings,
                is_installed=find_spec("fastapi") is not None,
                ping_redis=lambda: _ping_redis(settings),
            )
    except CiceroError as error:
        findings.append(failed_finding("database", error))
    return findings


def _running() -> set[str]:
    """The names of what runs on this machine."""
    import psutil

    return {process.info["name"] for process in psutil.process_iter(["name"])}


def _ping_redis(settings: Settings) -> bool | None:
    from cicero_cli.web.http.cache import Cache

    cache = Cache(settings.redis_url)
    try:
        return cache.ping()
    finally:
        cache.close()


def _line(finding: Finding) -> str:
    lines = [_wrap(f"{finding.verdict:<4}  {finding.area:<8}  {shown(finding.found)}", _MARGIN)]
    if finding.remedy:
        lines.append(_wrap(f"{_MARGIN}-> {shown(finding.remedy)}", f"{_MARGIN}   "))
    lines[0] = paint(finding.verdict, finding.verdict) + lines[0].removeprefix(finding.verdict)
    return "\n".join(lines)


def _wrap(line: str, margin: str) -> str:
    """Never inside a word, for it may be a path or a command to copy."""
    return fill(
        line, _WIDTH, subsequent_indent=margin, break_on_hyphens=False, break_long_words=False
    )
