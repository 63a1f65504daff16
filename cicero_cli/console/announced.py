"""How a report that was queued is told in a shell."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cicero_cli.console.outcome import Outcome
from cicero_cli.errors import ExitCode
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from cicero_cli.services.messaging.laphars import Announced


def announced_outcome(announced: Announced, remarks: list[str], *, dry_run: bool) -> Outcome:
    """Each client's recipients, parts and messages; with `dry_run` the texts."""
    rows = [
        {
            **asdict(report),
            "recipients": list(report.recipients),
            "divisi": list(report.divisi),
        }
        for report in announced.reports
    ]
    for row in rows:
        row["to"] = len(row["recipients"])
        if not dry_run:
            del row["text"]
    text = None
    if dry_run:
        text = join_texts(
            [
                Text(
                    "{client_id} to {recipients}, {parts} part(s) each and {file}:\n\n{text}"
                    if report.file
                    else "{client_id} to {recipients}, {parts} part(s) each:\n\n{text}",
                    file=report.file,
                    client_id=" ".join(
                        filter(None, (report.client_id, report.unit_id, ", ".join(report.divisi)))
                    ),
                    recipients=", ".join(report.recipients),
                    parts=report.parts,
                    text=report.text,
                )
                for report in announced.reports
            ],
            "\n\n",
        )
        remarks = [*remarks, Text("nothing was queued")]
    code = ExitCode.FAILED if announced.failures and not rows else None
    unit = {"unit_id": "unit"} if any(row["unit_id"] for row in rows) else {}
    own = {name: name for name in ("divisi", "mode") if any(row[name] for row in rows)}
    return Outcome(
        rows=rows,
        columns={
            "client_id": "client",
            **unit,
            **own,
            "to": "recipients",
            "parts": "parts",
            **({"file": "file"} if any(row["file"] for row in rows) else {}),
            "queued": "queued",
            "known": "known",
        },
        document={"reports": rows},
        text=text,
        notes=remarks,
        failures=announced.failures,
        exit_code=code,
    )
