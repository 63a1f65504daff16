"""Which days a recap or ranking is about."""

from __future__ import annotations

from typing import Annotated

import typer

PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="hari, minggu, bulan (up to today), hari-lalu, minggu-lalu, bulan-lalu (the last whole one), YYYY-MM or FROM..TO.",
    ),
]
