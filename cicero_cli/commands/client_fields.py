"""`cicero client set`: what is kept about a client, changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cicero_cli.console.client_options import (
    COLUMN_OF,
    ActiveOption,
    AmplifyOption,
    AudienceDivisiOption,
    AudienceOption,
    ClientArgument,
    ClientFromOption,
    DaysOffOption,
    FetchAtOption,
    GroupOption,
    InstaActiveOption,
    InstaOption,
    LapharAtOption,
    OperatorOption,
    PostsUntilOption,
    PremiumOption,
    PremiumTierOption,
    PremiumUntilOption,
    RegionalOption,
    RekapAtOption,
    RemindAtOption,
    ReportUnitsOption,
    SenderOption,
    SheetOption,
    SuperOption,
    TabOption,
    ThresholdOption,
    TiktokActiveOption,
    TiktokOption,
    TimezoneOption,
    TugasUntilOption,
    TypeOption,
    UnderOption,
)
from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import finish, record_outcome
from cicero_cli.console.records import changed_outcome, days_mended, fields_of
from cicero_cli.console.remarks import cli_actor

app = group()


@command(app, "set", example="cicero client set polres_a --timezone WITA --threshold 0.8")
def set_fields(
    client_id: ClientArgument,
    *,
    nama: Annotated[str | None, typer.Option("--nama", metavar="NAME", help="Its name.")] = None,
    client_type: TypeOption = None,
    insta: InstaOption = None,
    tiktok: TiktokOption = None,
    operator: OperatorOption = None,
    super_admin: SuperOption = None,
    whatsapp_group: GroupOption = None,
    timezone: TimezoneOption = None,
    threshold: ThresholdOption = None,
    under: UnderOption = None,
    audience: AudienceOption = None,
    audience_divisi: AudienceDivisiOption = None,
    fetch_at: FetchAtOption = None,
    laphar_at: LapharAtOption = None,
    remind_at: RemindAtOption = None,
    rekap_at: RekapAtOption = None,
    tugas_until: TugasUntilOption = None,
    days_off: DaysOffOption = None,
    posts_until: PostsUntilOption = None,
    report_units: ReportUnitsOption = None,
    sender: SenderOption = None,
    active: ActiveOption = None,
    insta_active: InstaActiveOption = None,
    tiktok_active: TiktokActiveOption = None,
    regional: RegionalOption = None,
    amplify: AmplifyOption = None,
    premium: PremiumOption = None,
    premium_tier: PremiumTierOption = None,
    premium_until: PremiumUntilOption = None,
    from_day: ClientFromOption = None,
    sheet: SheetOption = None,
    tab: TabOption = None,
) -> None:
    """Change a client from today on; an empty text ('') clears a field."""
    words = fields_of(locals(), COLUMN_OF, key="client_id")
    for name in ("from_day", "sheet", "tab"):
        words.pop(name)
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.roster.clients import get_client
    from cicero_cli.services.roster.followed_sheets import describe_sheet, follow_sheet
    from cicero_cli.services.roster.history import set_client_since

    by = cli_actor()
    is_sheet_alone = all(value is None for value in (*words.values(), from_day))
    with open_app() as cicero, cicero.store.transaction():
        was = get_client(cicero.store, client_id)
        before = record_outcome(asdict(was) | describe_sheet(cicero.store, was.client_id))
        if sheet is not None or tab is not None:
            follow_sheet(cicero.store, client_id, sheet, tab, by=by)
        if is_sheet_alone and (sheet is not None or tab is not None):
            client = get_client(cicero.store, client_id)
        else:
            client = set_client_since(
                cicero.store, client_id, words, from_day=from_day, by=by, now=clock.now()
            )
        after = record_outcome(asdict(client) | describe_sheet(cicero.store, client.client_id))
    finish(changed_outcome(before, after, "client_id", past=days_mended(from_day)))
