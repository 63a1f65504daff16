"""What the commands that ask the upstream have in common."""

from __future__ import annotations

from typing import Annotated

import typer

IgnoreQuotaOption = Annotated[
    bool,
    typer.Option(
        "--ignore-quota", help="Ask although the quota was used up, as after raising the plan."
    ),
]
