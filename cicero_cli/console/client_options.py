"""The options that say what a client is, shared by the commands that add and change one."""

from __future__ import annotations

from typing import Annotated

import typer

# what is typed under another name than its column's
COLUMN_OF = {
    "insta": "client_insta",
    "tiktok": "client_tiktok",
    "operator": "client_operator",
    "super_admin": "client_super",
    "whatsapp_group": "client_group",
    "active": "client_status",
    "insta_active": "client_insta_status",
    "tiktok_active": "client_tiktok_status",
    "regional": "regional_id",
    "amplify": "client_amplify_status",
    "premium": "premium_status",
    "premium_until": "premium_expires_at",
}

ClientArgument = Annotated[
    str, typer.Argument(metavar="CLIENT_ID", help="The client, in any case.")
]
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
SenderOption = Annotated[
    str | None,
    typer.Option(
        "--sender",
        metavar="NAME",
        help="The WhatsApp account that sends what is of it (cicero wa list); '' is none.",
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
TugasUntilOption = Annotated[
    str | None,
    typer.Option(
        "--tugas-until",
        metavar="TIME",
        help="Until when its group is told of new posts, as 16:00, likewise.",
    ),
]
DaysOffOption = Annotated[
    str | None,
    typer.Option(
        "--days-off",
        metavar="WORDS",
        help="Days without reminders, as sat,sun,holidays; '' is none.",
    ),
]
PostsUntilOption = Annotated[
    str | None,
    typer.Option(
        "--posts-until",
        metavar="HH:MM",
        help="What is published later belongs to the next day's report, as 20:00; '' is none.",
    ),
]
ReportUnitsOption = Annotated[
    bool | None,
    typer.Option(
        "--report-units/--no-report-units",
        help="Whether each unit below gets its own part of the report.",
    ),
]
ActiveOption = Annotated[
    bool | None, typer.Option("--active/--inactive", help="Whether runs include it.")
]
InstaActiveOption = Annotated[
    bool | None,
    typer.Option("--insta-active/--insta-inactive", help="Whether Instagram is followed."),
]
TiktokActiveOption = Annotated[
    bool | None,
    typer.Option("--tiktok-active/--tiktok-inactive", help="Whether TikTok is followed."),
]
RegionalOption = Annotated[
    str | None,
    typer.Option(
        "--regional", metavar="WORD", help="Region that a directorate's dashboard narrows by."
    ),
]
AmplifyOption = Annotated[
    bool | None, typer.Option("--amplify/--no-amplify", help="Dashboard: its amplify entries.")
]
PremiumOption = Annotated[
    bool | None, typer.Option("--premium/--no-premium", help="Dashboard: its premium entries.")
]
PremiumTierOption = Annotated[
    str | None, typer.Option("--premium-tier", metavar="WORD", help="Dashboard: which premium.")
]
PremiumUntilOption = Annotated[
    str | None,
    typer.Option(
        "--premium-until", metavar="TIME", help="Until when, as 2027-01-01T00:00:00+07:00."
    ),
]
ClientFromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DAY",
        help="--threshold, --nama, --under, --audience, --audience-divisi, --days-off, --posts-until: from this past day on.",
    ),
]
SheetOption = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="LINK",
        help="Its people's Google Sheet, read every night; '' forgets.",
    ),
]
TabOption = Annotated[
    str | None, typer.Option("--tab", metavar="NAME|GID", help="The tab of that sheet.")
]
