"""Whether the settings are kept safely, and mean what somebody thinks that they mean."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from cicero_cli.core.setting_sources import list_unknown
from cicero_cli.domain.operations.findings import Finding, Verdict
from cicero_cli.words import Text

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine_settings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether others on this machine can read the file with the secrets, and names that no setting has."""
    path = Path(environ.get("CICERO_ENV_FILE") or ".env")
    if path.is_file() and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        yield Finding(
            code="env_file_readable",
            area="settings",
            verdict=Verdict.WARN,
            found=Text("{path} can be read by others, and it may hold secrets", path=path),
            remedy=Text("chmod 600 {path}", path=path),
        )
    for name, near in list_unknown(environ).items():
        yield Finding(
            code="setting_unknown",
            area="settings",
            verdict=Verdict.WARN,
            found=Text("there is no setting {name}", name=name),
            remedy=Text("is it {near}?", near=near) if near else "docs/settings.md lists every one",
        )
