"""The ranking of a period, for clients and directorates alike: read, and worded for WhatsApp."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.attendance.ranking import Choice, PeriodFigures, Ranking, take_ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE, render_ranking
from cicero_cli.domain.attendance.report_periods import ReportPeriod
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.attendance.period_recap import PeriodRecapRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, name_units
from cicero_cli.services.attendance.laphar import template_errors
from cicero_cli.services.attendance.streaks import read_streaks

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class RankingReport:
    """One client's ranking, and the message."""

    client: Client
    ranking: Ranking
    text: str
    of_day: Client  # as it was on the last day
    made_at: datetime


def read_ranking(
    store: Store,
    client: Client,
    kind: RankingKind,
    scope: Scope,
    period: ReportPeriod,
    *,
    choice: Choice,
    now: datetime,
) -> Ranking:
    """Who leads and who is behind in the period, on the platforms of `scope` together."""
    last = period.span.last_day
    stretches, before = [
        [
            stretch
            for platform in scope.platforms
            for stretch in _list_stretches(store, client, platform, span)
        ]
        for span in (period.span, period.before)
    ]
    of_day = store.clients.of_day(client, last, None)
    present = {one.client_id for one in stretches}
    units = name_units(store, of_day, Moment(last, None), present)
    streaks: dict[str, int] = {}
    if kind is RankingKind.PERSONEL:
        ranked = {one.user_id for one in stretches if one.total}
        today = local_day(now, client.zone)
        streaks = read_streaks(store, client, scope.platforms, last, ranked, today=today)
    unnamed = store.clients.list_unnamed()
    figures = PeriodFigures(
        stretches=stretches,
        before=before,
        units=units or {client.client_id: of_day.nama},
        has_units=units is not None,
        streak_days=streaks,
        unnamed=present if client.client_id in unnamed else unnamed,
    )
    return take_ranking(
        client.client_id, figures, kind=kind, scope=scope, period=period, choice=choice
    )


def write_ranking_report(
    store: Store,
    client: Client,
    kind: RankingKind,
    scope: Scope,
    period: ReportPeriod,
    *,
    choice: Choice,
    template: Template,
    now: datetime,
) -> RankingReport:
    """One client's ranking as a WhatsApp message in Indonesian; SettingError when the unit's own template asks for what there is not."""
    from cicero_cli.services.attendance.template_folder import of_client

    ranking = read_ranking(store, client, kind, scope, period, choice=choice, now=now)
    of_day = store.clients.of_day(client, period.span.last_day, None)
    with template_errors(RANKING_TEMPLATE):
        text = render_ranking(of_client(template, client.client_id), of_day, ranking, moment=now)
    return RankingReport(client, ranking, text, of_day, now)


def _list_stretches(store: Store, client: Client, platform: Platform, span: Span) -> list[Stretch]:
    store.engagement(platform).recount(client.client_id, span.first_day, span.last_day)
    sums = PeriodRecapRepository(store.connection, platform)
    return sums.list_stretches(client.client_id, span)
