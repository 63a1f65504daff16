"""Reports as files: what a kind of file holds of each."""

from __future__ import annotations

from importlib.util import find_spec

from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.errors import SettingError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import Laphar
from cicero_cli.services.attendance.period_recap import PeriodReport, read_grids


def check_can_write(kind: FileKind | None) -> None:
    """SettingError where the package that draws pictures is not installed."""
    if kind is FileKind.PNG and find_spec("matplotlib") is None:
        raise SettingError(
            "pictures need a package that is not installed",
            hint="pip install 'cicero-cli[charts]'",
        )


def write_laphar_file(laphar: Laphar, kind: FileKind) -> bytes:
    """One client's, or one unit's, laphar of a day."""
    check_can_write(kind)
    if kind is FileKind.PNG:
        from cicero_cli.services.attendance.picture_drawing import draw_picture
        from cicero_cli.services.attendance.report_pictures import plan_laphar

        return draw_picture(plan_laphar(laphar))
    from cicero_cli.services.attendance.laphar_workbook import write_laphar_workbook

    return write_laphar_workbook(laphar)


def write_recap_file(
    store: Store, report: PeriodReport, kind: FileKind, *, by_person: bool = False
) -> bytes:
    """One client's recap of a period; `by_person`: the picture is of everybody's days."""
    check_can_write(kind)
    grids = read_grids(store, report)
    if kind is FileKind.PNG:
        from cicero_cli.services.attendance.picture_drawing import draw_picture
        from cicero_cli.services.attendance.report_pictures import plan_people, plan_recap

        return draw_picture((plan_people if by_person else plan_recap)(report, grids))
    from cicero_cli.services.attendance.recap_workbook import write_recap_workbook

    return write_recap_workbook(report, grids)
