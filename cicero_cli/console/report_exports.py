"""One client's report as a file: what `export` and `show --file` do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cicero_cli.console.binary_files import file_kind, finish_file
from cicero_cli.domain.attendance.scopes import FileKind, LapharMode, Scope
from cicero_cli.errors import InputError

if TYPE_CHECKING:
    from cicero_cli.domain.attendance.changes import Report


def export_laphar(
    scope: Scope,
    named: Sequence[str],
    *,
    date: str | None,
    as_of: str | None,
    unit: str | None,
    file: str | None,
) -> None:
    """Write one client's report into a file, or a workbook to standard output."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.absensi import find_moment
    from cicero_cli.services.attendance.changes import find_report
    from cicero_cli.services.attendance.laphar import load_template, word_report, write_laphar
    from cicero_cli.services.attendance.report_files import check_can_write, write_laphar_file
    from cicero_cli.services.roster.clients import get_client

    kind = file_kind(file)
    check_can_write(kind)
    with open_app() as cicero:
        store, template = cicero.store, load_template(cicero.settings.templates)
        if report := find_report(store, None, as_of, date):
            check_named(report, named)
            laphar = word_report(
                store, report, scope.platforms, template=template, mode=LapharMode.SEMUA, unit=unit
            )
        else:
            if len(named) != 1:
                raise InputError("a file is of one client: name it with --client")
            chosen, now = get_client(store, named[0], may_have_ended=True), clock.now()
            laphar = write_laphar(
                store,
                chosen,
                scope.platforms,
                find_moment(store, chosen, date, as_of, now=now),
                template=template,
                mode=LapharMode.SEMUA,
                per_konten=False,
                now=now,
                unit=unit,
            )
        content = write_laphar_file(laphar, kind)
    finish_file(content, file)


def export_recap(
    scope: Scope, named: Sequence[str], *, period: str, file: str | None, by_person: bool = False
) -> None:
    """Write one client's recap into a file, or a workbook to standard output."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
    from cicero_cli.services.attendance.laphar import load_template
    from cicero_cli.services.attendance.period_recap import choose_period, write_period_report
    from cicero_cli.services.attendance.report_files import check_can_write, write_recap_file
    from cicero_cli.services.roster.clients import get_client

    kind = file_kind(file)
    check_can_write(kind)
    if by_person and kind is not FileKind.PNG:
        raise InputError("--by-person goes with a picture: --file NAME.png")
    if len(named) != 1:
        raise InputError("a file is of one client: name it with --client")
    now = clock.now()
    with open_app() as cicero:
        chosen = get_client(cicero.store, named[0], may_have_ended=True)
        report = write_period_report(
            cicero.store,
            chosen,
            scope.platforms,
            choose_period(chosen, period, now=now),
            template=load_template(cicero.settings.templates, PERIOD_TEMPLATE),
            now=now,
        )
        content = write_recap_file(cicero.store, report, kind, by_person=by_person)
    finish_file(content, file)


def check_named(report: Report, clients: Sequence[str] | None) -> None:
    """InputError where a sent report is asked for together with another client than its own."""
    if clients and {name.strip().upper() for name in clients} != {report.client_id}:
        raise InputError(
            "{name} is a report of {client_id}", name=report.name, client_id=report.client_id
        )
