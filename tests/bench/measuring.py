"""Whole processes, timed from outside, several times."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """Median seconds of several runs, and the peak memory of any (MB)."""

    seconds: float
    megabytes: float


def run_cicero(*words: str, environ: Mapping[str, str], runs: int = 5) -> Figures:
    """Run `cicero …` several times after one warm-up."""
    return run_python("-m", "cicero_cli", *words, environ=environ, runs=runs)


def run_python(*words: str, environ: Mapping[str, str], runs: int = 5) -> Figures:
    """Run Python several times after one warm-up; a run that fails ends the benchmark."""
    runs_done = [_run_once([sys.executable, *words], environ) for _ in range(runs + 1)]
    counted = runs_done[1:] or runs_done  # runs=0: the one run is the measurement
    return Figures(
        statistics.median(seconds for seconds, _ in counted),
        max(megabytes for _, megabytes in runs_done),
    )


def report(name: str, value: str, limit: str = "") -> None:
    """One line of the result."""
    print(f"{name:<58} {value:>12}  {limit}", flush=True)  # noqa: T201 - the benchmark's output


def _run_once(words: Sequence[str], environ: Mapping[str, str]) -> tuple[float, float]:
    started = time.perf_counter()
    process = subprocess.Popen(words, env=dict(environ), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024
