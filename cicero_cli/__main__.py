"""`python -m cicero_cli` is `cicero`."""

from __future__ import annotations

from cicero_cli.cli import run

run()
