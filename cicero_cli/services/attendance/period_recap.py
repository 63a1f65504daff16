"""The recap of a period, for clients and directorates alike: read, and worded for WhatsApp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.attendance.day_grids import DayGrid
from cicero_cli.domain.attendance.period_recap import PeriodRecap, period_document, take_recap
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE, render_period
from cicero_cli.domain.attendance.report_periods import ReportPeriod, read_period
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError
from cicero_cli.repositories.attendance.period_recap import PeriodRecapRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, name_units
from cicero_cli.services.attendance.laphar import template_errors
from cicero_cli.words import reason_of

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class PeriodReport:
    """One client's recap of a period: the figures per platform, and the message."""

    client: Client
    recaps: tuple[PeriodRecap, ...]
    text: str
    of_day: Client  # as it was on the last day
    made_at: datetime


def choose_period(client: Client, typed: str, *, now: datetime) -> ReportPeriod:
    """What `--period` means where the client is; InputError for what is none."""
    try:
        return read_period(typed, today=local_day(now, client.zone))
    except ValueError as error:
        raise InputError(
            "--period {typed}: {reason}",
            typed=typed,
            reason=reason_of(error),
            hint="hari, minggu, bulan, hari-lalu, minggu-lalu, bulan-lalu, YYYY-MM or FROM..TO",
        ) from error


def read_period_recap(
    store: Store, client: Client, platform: Platform, period: ReportPeriod
) -> PeriodRecap:
    """Who has done what in the period and in the one before, after counting anew what is stale."""
    store.engagement(platform).recount(
        client.client_id, period.before.first_day, period.span.last_day
    )
    sums = PeriodRecapRepository(store.connection, platform)
    stretches = sums.list_stretches(client.client_id, period.span)
    last = Moment(period.span.last_day, None)
    of_day = store.clients.of_day(client, last.day, None)
    units = name_units(store, of_day, last, {one.client_id for one in stretches})
    return take_recap(
        client.client_id,
        platform,
        period,
        stretches,
        sums.list_stretches(client.client_id, period.before),
        posts=sums.count_posts(client.client_id, period.span),
        days_without_data=sums.list_days_without_data(client.client_id, period.span),
        units=units or {client.client_id: of_day.nama},
        has_units=units is not None,
        days_off=store.clients.holidays.days_off(
            client.client_id, period.span.first_day, period.span.last_day
        ),
    )


def write_period_report(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    period: ReportPeriod,
    *,
    template: Template,
    now: datetime,
) -> PeriodReport:
    """One client's recap as a WhatsApp message in Indonesian; SettingError when the unit's own template asks for what there is not."""
    from cicero_cli.services.attendance.template_folder import of_client

    recaps = tuple(read_period_recap(store, client, platform, period) for platform in platforms)
    of_day = store.clients.of_day(client, period.span.last_day, None)
    with template_errors(PERIOD_TEMPLATE):
        text = render_period(of_client(template, client.client_id), of_day, recaps, moment=now)
    return PeriodReport(client, recaps, text, of_day, now)


def read_grids(store: Store, report: PeriodReport) -> list[DayGrid]:
    """The days of each recap one by one; those days are counted already."""
    return [
        PeriodRecapRepository(store.connection, recap.platform).read_grid(
            recap.client_id, recap.period.span
        )
        for recap in report.recaps
    ]


def report_document(report: PeriodReport) -> dict[str, Any]:
    """The JSON of `rekap show`; for both platforms an object with both."""
    documents = {recap.platform.value: period_document(recap) for recap in report.recaps}
    return next(iter(documents.values())) if len(documents) == 1 else documents
