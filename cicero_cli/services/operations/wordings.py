"""Whether a unit's own wordings can be used, before an evening depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cicero_cli.domain.operations.findings import Finding, Verdict
from cicero_cli.services.messaging.wordings import check_wordings
from cicero_cli.words import Text


def examine_wordings(own_folder: Path | None) -> Iterator[Finding]:
    """Every template rendered for every kind of day; nothing where cicero's own are used, for tests hold those."""
    if own_folder is None:
        return
    faults = [error for error in check_wordings(own_folder).values() if error]
    for error in faults:
        yield Finding(
            code="template_unusable",
            area="template",
            verdict=Verdict.BAD,
            found=error.message,
            remedy=error.hint or "cicero template show NAME --variables",
        )
    if not faults:
        yield Finding(
            code="templates_ready",
            area="template",
            verdict=Verdict.OK,
            found=Text("the templates of {folder} can be used", folder=own_folder),
        )
