"""Reports as files: what a kind of file holds of each."""

from __future__ import annotations

from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.services.attendance.laphar import Laphar
from cicero_cli.services.attendance.period_recap import PeriodReport


def write_laphar_file(laphar: Laphar, kind: FileKind) -> bytes:
    """One client's, or one unit's, laphar of a day."""
    match kind:
        case FileKind.XLSX:
            from cicero_cli.services.attendance.laphar_workbook import write_laphar_workbook

            return write_laphar_workbook(laphar)


def write_recap_file(report: PeriodReport, kind: FileKind) -> bytes:
    """One client's recap of a period."""
    match kind:
        case FileKind.XLSX:
            from cicero_cli.services.attendance.recap_workbook import write_recap_workbook

            return write_recap_workbook(report)
