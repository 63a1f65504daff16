"""The options that say what a client is, shared by the commands that add and change one."""

from __future__ import annotations

from typing import Annotated

import typer

TypeOption = Annotated[
    str | None, typer.Option("--type", metavar="WORD", help="ORG or DIREKTORAT.")
]
InstaOption = Annotated[
    str | None, typer.Option("--insta", metavar="HANDLE", help="Its Instagram account.")
]
TiktokOption = Annotated[
    str | None, typer.Option("--tiktok", metavar="HANDLE", help="Its TikTok account.")
]
OperatorOption = Annotated[
    str | None, typer.Option("--operator", metavar="PHONE", help="WhatsApp of its operator.")
]
SuperOption = Annotated[
    str | None, typer.Option("--super", metavar="PHONE", help="WhatsApp of its super admin.")
]
GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="ID@g.us", help="Its WhatsApp group.")
]
TimezoneOption = Annotated[
    str | None,
    typer.Option(
        "--timezone", metavar="ZONE", help="Asia/Jakarta (WIB), Asia/Makassar or Asia/Jayapura."
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option(
        "--threshold", metavar="SHARE", help="Share of the posts that counts as sudah (0.5)."
    ),
]
UnderOption = Annotated[
    str | None,
    typer.Option("--under", metavar="CLIENT_ID", help="The client next above it; '' is none."),
]
AudienceOption = Annotated[
    str | None,
    typer.Option(
        "--audience",
        metavar="WORD",
        help="Whose people are expected on its posts: own, below (all units below) or own+below.",
    ),
]
AudienceDivisiOption = Annotated[
    list[str] | None,
    typer.Option(
        "--audience-divisi",
        metavar="NAME",
        help="Of the units' people only those of this division; may be repeated, '' is all.",
    ),
]
FetchAtOption = Annotated[
    str | None,
    typer.Option("--fetch-at", metavar="TIMES", help="When its posts are due, as 06:30-20:30/60."),
]
LapharAtOption = Annotated[
    str | None,
    typer.Option(
        "--laphar-at",
        metavar="TIMES",
        help="When its report is due, as 14:00,20:00; '' is never, default the installation's times.",
    ),
]
RemindAtOption = Annotated[
    str | None,
    typer.Option("--remind-at", metavar="TIMES", help="When its reminders are due, likewise."),
]
RekapAtOption = Annotated[
    str | None,
    typer.Option(
        "--rekap-at",
        metavar="TIMES",
        help="When its recaps of week and month are due, as 'mon 07:00, 1. 07:00', likewise.",
    ),
]
