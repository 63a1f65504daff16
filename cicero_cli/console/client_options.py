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
