"""Reports as files that go out with their texts: made once for all recipients, each with a short caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.period_text import format_span_indonesian
from cicero_cli.domain.attendance.scopes import FileKind
from cicero_cli.domain.messaging.gateway_answers import Attachment
from cicero_cli.domain.messaging.messages import NewMessage
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import Laphar
from cicero_cli.services.attendance.period_recap import PeriodReport
from cicero_cli.services.attendance.report_files import write_laphar_file, write_recap_file

_UNFIT = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 200  # characters of a unit's name; a caption takes 1,024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A file and what is written below it."""

    attachment: Attachment
    caption: str


def make_laphar_file(laphar: Laphar, kind: FileKind) -> ReportFile:
    """One client's, or one unit's, laphar of a day."""
    day, zone = laphar.attendances[0].day, laphar.of_day.zone
    time = format_time_indonesian(laphar.made_at, zone)
    whose = laphar.unit_id or laphar.client.client_id
    name = laphar.unit_name or laphar.of_day.nama
    return ReportFile(
        attachment=_attach(
            ("laphar", whose, str(day), f"{laphar.made_at.astimezone(zone):%H.%M}"),
            kind,
            write_laphar_file(laphar, kind),
        ),
        caption=_caption("Laphar", name, f"{format_day_indonesian(day)}, pukul {time}"),
    )


def make_recap_file(store: Store, report: PeriodReport, kind: FileKind) -> ReportFile:
    """One client's recap of a period."""
    span = report.recaps[0].period.span
    days = dict.fromkeys(str(day) for day in (span.first_day, span.last_day))
    return ReportFile(
        attachment=_attach(
            ("rekap", report.client.client_id, *days), kind, write_recap_file(store, report, kind)
        ),
        caption=_caption("Rekap", report.of_day.nama, format_span_indonesian(span)),
    )


def add_file(parts: Sequence[NewMessage], file: ReportFile | None) -> list[NewMessage]:
    """One recipient's messages, and after them the file, once as they are; None: no file."""
    if file is None:
        return [*parts]
    key = parts[0].dedupe_key.rpartition(":")[0]
    last = replace(
        parts[-1], dedupe_key=f"{key}:file", body=file.caption, attachment=file.attachment
    )
    return [*parts, last]


def _attach(words: Sequence[str], kind: FileKind, content: bytes) -> Attachment:
    name = "-".join(_UNFIT.sub("-", word) for word in words)
    return Attachment(filename=f"{name}.{kind}", mimetype=kind.mimetype, content=content)


def _caption(what: str, name: str, when: str) -> str:
    return f"{what} *{clean_text(name)[:_LONGEST_NAME]}*\n{when}"
