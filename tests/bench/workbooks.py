"""The workbook of a directorate's month against XlsxWriter writing the same cells, and its memory."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

from xlsxwriter import Workbook

from cicero_cli.domain.attendance.day_grids import DayGrid, take_grid
from cicero_cli.domain.attendance.period_recap import PeriodRecap, Stretch, take_recap
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.services.attendance.period_recap import PeriodReport
from cicero_cli.services.attendance.recap_workbook import write_recap_workbook
from tests.bench.measuring import report, run_python

UNITS, PEOPLE, POSTS = 40, 700, 5
_PERIOD = read_period("2026-10", today=date(2026, 11, 1))
_DIVISIONS = ("BAG OPS", "SAT LANTAS", "SAT BINMAS", "SI HUMAS", "POLSEK KOTA", "POLSEK DESA")


def bench_workbook() -> None:
    """Whole processes of this module, each with the same figures in memory."""
    environ = dict(os.environ)
    words = ("-m", "tests.bench.workbooks")
    nothing = run_python(*words, "nothing", environ=environ, runs=1)
    plain = run_python(*words, "plain", environ=environ, runs=1)
    ours = run_python(*words, "ours", environ=environ, runs=1)
    ratio = (ours.seconds - nothing.seconds) / (plain.seconds - nothing.seconds)
    report(
        f"workbook of {UNITS} x {PEOPLE} x 31 days, of XlsxWriter's time",
        f"{ratio:.2f}",
        "at most 1.3",
    )
    report("  seconds", f"{ours.seconds - nothing.seconds:.1f}")
    report("  memory, MB", f"{ours.megabytes:.0f}", "under 200")
    report("  of it the figures, MB", f"{nothing.megabytes:.0f}")


def _figures() -> tuple[PeriodReport, DayGrid]:
    people = [(unit, number) for unit in range(UNITS) for number in range(PEOPLE)]
    span = _PERIOD.span
    posts = dict.fromkeys((date(2026, 10, day) for day in range(1, 32)), POSTS)
    rows = (
        (f"{unit}-{number}", range(31), [(number + day) % (POSTS + 1) for day in range(31)])
        for unit, number in people
    )
    grid = take_grid(span, posts, rows)
    stretches = [
        Stretch(
            f"{unit}-{number}", f"Nama Orang {number}", "BRIPKA", _DIVISIONS[number % 6], f"POLRES_{unit}",
            number % 150, 155, 20, 31,
        )
        for unit, number in people
    ]  # fmt: skip
    recap = take_recap(
        "DIT", Platform.INSTA, _PERIOD, stretches, (), posts=155, days_without_data=(),
        units={f"POLRES_{unit}": f"Polres {unit}" for unit in range(UNITS)}, has_units=True,
    )  # fmt: skip
    client = Client(client_id="DIT", nama="Ditbinmas")
    return PeriodReport(client, (recap,), "", client, datetime(2026, 11, 1, tzinfo=UTC)), grid


def _write_plainly(recap: PeriodRecap, grid: DayGrid) -> bytes:
    """The same people and days on as many sheets, as the library's own manual writes them."""
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        percent = book.add_format({"num_format": "0%"})
        for users in _sheets(recap):
            sheet = book.add_worksheet()
            for line, user in enumerate(users):
                texts = (user.client_id, user.user_id, user.title, user.nama, user.divisi)
                numbers = (line, user.done, user.total, user.share, user.sudah_days, user.days)
                for column, text in enumerate(texts):
                    sheet.write_string(line, column, text)
                for column, number in enumerate(numbers, start=len(texts)):
                    sheet.write_number(line, column, number)
                for column, done in enumerate(grid.done[user.user_id], start=11):
                    sheet.write_number(line, column, (done or 0) / POSTS, percent)
    return file.getvalue()


def _sheets(recap: PeriodRecap) -> Iterator[list]:
    yield [*recap.users]
    for unit in recap.units:
        yield [user for user in recap.users if user.client_id == unit.client_id]


if __name__ == "__main__":
    made, days = _figures()
    if sys.argv[1] == "plain":
        _write_plainly(made.recaps[0], days)
    elif sys.argv[1] == "ours":
        write_recap_workbook(made, [days])
