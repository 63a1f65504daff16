"""`cicero help`: what stands in no single command's help."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import command
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.words import template

if TYPE_CHECKING:
    from collections.abc import Callable

    from cicero_cli.domain.operations.cron_jobs import CronJob


class Topic(StrEnum):
    """What there is help about."""

    EXIT_CODES = "exit-codes"
    SETTINGS = "settings"
    SCHEDULE = "schedule"


_LINES = {
    Topic.EXIT_CODES: template("What each exit code says, and what to do."),
    Topic.SETTINGS: template("Every setting, its meaning and its default."),
    Topic.SCHEDULE: template("What cron wakes, when it is due, and the setting that says so."),
}
_TOPIC_COLUMNS = {"topic": "topic", "about": "about"}
_CODE_COLUMNS = {"code": "code", "meaning": "meaning", "what": "what to do"}
_SETTING_COLUMNS = {"name": "setting", "meaning": "meaning", "default": "default"}
_JOB_COLUMNS = {
    "command": "job",
    "meaning": "what",
    "minutes": "woken every",
    "setting": "setting",
    "due": "due at",
    "zone": "in",
}


def register(root: typer.Typer) -> None:
    """`cicero help` stands beside the nouns."""
    command(root, "help", example="cicero help schedule", is_list=True)(show)


def show(
    topic: Annotated[
        Topic | None,
        typer.Argument(metavar="TOPIC", help="exit-codes, settings or schedule; or a command."),
    ] = None,
) -> None:
    """Explain a topic, or a command as its --help does; without one, list the topics."""
    if topic is None:
        rows = [{"topic": topic.value, "about": shown(line)} for topic, line in _LINES.items()]
        notes = ["of a command: cicero help user import"]
        finish(Outcome(rows=rows, columns=_TOPIC_COLUMNS, notes=notes))
        return
    finish(_TOPICS[topic]())


def _exit_codes() -> Outcome:
    from cicero_cli.console.exit_codes import MEANINGS

    rows = [
        {"code": int(code), "meaning": shown(meaning), "what": shown(what)}
        for code, (meaning, what) in MEANINGS.items()
    ]
    return Outcome(rows=rows, columns=_CODE_COLUMNS)


def _settings() -> Outcome:
    from cicero_cli.core.setting_list import SETTINGS

    rows = [
        {"name": each.name, "meaning": shown(each.meaning), "default": each.default or ""}
        for each in SETTINGS
    ]
    notes = ["what holds here, and where it comes from: cicero config show"]
    return Outcome(rows=rows, columns=_SETTING_COLUMNS, notes=notes)


def _schedule() -> Outcome:
    from cicero_cli.core.setting_sources import list_values
    from cicero_cli.domain.operations.cron_jobs import JOBS

    times = {each.name: each.value for each in list_values(os.environ)}
    rows = [
        {
            "command": job.command,
            "meaning": shown(job.meaning),
            "minutes": shown("{count} min", count=job.every),
            "setting": job.times,
            "due": _due(job, times.get(job.times, "")),
            "zone": ""
            if not job.times
            else "WIB"
            if job.is_nightly
            else shown("each client's zone"),
        }
        for job in JOBS
    ]
    notes = ["a client's own times: cicero client show; what cron did: cicero run list"]
    return Outcome(rows=rows, columns=_JOB_COLUMNS, notes=notes)


def _due(job: CronJob, times: str) -> str:
    if not job.times:
        return ""
    if not times:
        return shown("never")
    return shown("until {time}", time=times) if job.times.endswith("_UNTIL") else times


_TOPICS: dict[Topic, Callable[[], Outcome]] = {
    Topic.EXIT_CODES: _exit_codes,
    Topic.SETTINGS: _settings,
    Topic.SCHEDULE: _schedule,
}
