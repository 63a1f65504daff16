"""The options that say who a user is, shared by the commands that add and change one."""

from __future__ import annotations

from typing import Annotated

import typer

UserArgument = Annotated[
    str,
    typer.Argument(metavar="USER_ID", help="NRP, NIP or another id; its leading zeros matter."),
]
FoundUserArgument = Annotated[
    str,
    typer.Argument(
        metavar="USER", help="The id; or a handle, a name or a part of it that is one user's."
    ),
]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="RANK", help="Rank (pangkat).")]
DivisiOption = Annotated[
    str | None, typer.Option("--divisi", metavar="NAME", help="Division (satfung).")
]
JabatanOption = Annotated[str | None, typer.Option("--jabatan", metavar="NAME", help="Position.")]
InstaOption = Annotated[
    list[str] | None,
    typer.Option(
        "--insta",
        metavar="HANDLE",
        help="Instagram handle or address of the profile; repeated for more, the main one first.",
    ),
]
TiktokOption = Annotated[
    list[str] | None,
    typer.Option("--tiktok", metavar="HANDLE", help="The same of TikTok."),
]
WhatsappOption = Annotated[
    str | None, typer.Option("--whatsapp", metavar="PHONE", help="Number for reminders (0812…).")
]
EmailOption = Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="E-mail.")]
ExceptionOption = Annotated[
    bool | None,
    typer.Option(
        "--exception/--no-exception", help="Whether reports count the user as having done all."
    ),
]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day, as 2026-11-01.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Last day, that day included.")
]
