"""What became of a job that cron woke: kept for `cicero run list`, told to a health check where there is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from cicero_cli.console.options import choice
from cicero_cli.core import clock
from cicero_cli.domain.operations.cron_jobs import JOBS, CronJob
from cicero_cli.errors import BusyError, CiceroError, ExitCode

if TYPE_CHECKING:
    from cicero_cli.console.outcome import Outcome
    from cicero_cli.domain.collection.runs import JobRun

_KEEP_RUNS = {"fetch-insta", "fetch-tiktok"}  # themselves, one for each client


def find_job(words: Sequence[str]) -> CronJob | None:
    """The job of cron's table that these words run; None of what people type."""
    return next((job for job in JOBS if set(job.command.split()) <= set(words)), None)


def watch(job: CronJob, run: Callable[[], int]) -> int:
    """Run the job, then keep and tell how it went; neither changes its exit code."""
    choice.outcome = choice.error = None
    started_at = clock.now()
    try:
        code = run()
    except BaseException:
        _tell(job, ExitCode.FAILED)
        raise
    if isinstance(choice.error, BusyError):
        return code  # the run that holds the lock tells; one that hangs is told by its silence
    done = _job_run(job, code, choice.outcome, choice.error, started_at=started_at)
    if done is not None:
        with suppress(CiceroError):  # its own line has said what is wrong with the database
            _keep(done)
    _tell(job, code)
    return code


def _job_run(
    job: CronJob,
    code: int,
    outcome: Outcome | None,
    error: CiceroError | None,
    *,
    started_at: datetime,
) -> JobRun | None:
    """None of a run that had nothing to do, or of which there are runs already."""
    reason: str | None = None
    if error is not None:
        reason = error.message
    elif outcome is None or job.name in _KEEP_RUNS:
        return None
    elif outcome.failures:
        reason = next(iter(outcome.failures.values()))
    elif not (outcome.rows or outcome.text or outcome.notes):
        return None
    # here, because a run with nothing to do comes every minute
    from cicero_cli.domain.collection.runs import JobRun, RunStatus

    statuses = {ExitCode.OK: RunStatus.DONE, ExitCode.PARTIAL: RunStatus.PARTIAL}
    return JobRun(
        job=" ".join(word for word in job.command.split() if not word.startswith("-")),
        status=statuses.get(ExitCode(code), RunStatus.FAILED),
        started_at=started_at,
        finished_at=clock.now(),
        exit_code=code,
        error=reason,
    )


def _keep(done: JobRun) -> None:
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        cicero.store.runs.add_job(done)


def _tell(job: CronJob, code: int) -> None:
    from cicero_cli.core.settings import load_settings

    with suppress(CiceroError):
        address = load_settings(os.environ).ping_url
        if address is not None:
            from cicero_cli.gateways.pings import ping

            ping(address.reveal(), job.name, exit_code=code)
