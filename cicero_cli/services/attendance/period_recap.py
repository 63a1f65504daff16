"""The recap of a period, for clients and directorates alike: read, and worded for WhatsApp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.attendance.day_grids import DayGrid
from cicero_cli.domain.attendance.divisions import stretches_of
from cicero_cli.domain.attendance.laphar_lines import heading_of
from cicero_cli.domain.attendance.period_recap import (
    PeriodRecap,
    Stretch,
    period_document,
    take_recap,
)
from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE, render_period
from cicero_cli.domain.attendance.report_periods import ReportPeriod, read_period
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.days_off import DayOff
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.errors import CiceroError, InputError
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
    divisi: tuple[str, ...] = ()  # of these people alone

    @property
    def whose(self) -> str:
        """The divisions whose people alone are reported; empty where they are all."""
        return ", ".join(map(heading_of, self.divisi))


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


@dataclass(frozen=True)
class PeriodFacts:
    """What the database says of one client, period and platform."""

    client_id: str
    platform: Platform
    period: ReportPeriod
    stretches: Sequence[Stretch]
    before: Sequence[Stretch]
    posts: int
    days_without_data: Sequence[date]
    units: Mapping[str, str]
    has_units: bool
    days_off: Sequence[DayOff]

    def take(self, divisi: Sequence[str] = ()) -> PeriodRecap:
        """Who has done what; `divisi`: what was done as one of these, which is what the whole says of them."""
        stretches, before, units = self.stretches, self.before, self.units
        if divisi:
            stretches, before = stretches_of(stretches, divisi), stretches_of(before, divisi)
            present = {one.client_id for one in stretches}
            units = {unit: nama for unit, nama in units.items() if unit in present}
        return take_recap(
            self.client_id,
            self.platform,
            self.period,
            stretches,
            before,
            posts=self.posts,
            days_without_data=self.days_without_data,
            units=units,
            has_units=self.has_units,
            days_off=self.days_off,
        )


@dataclass(frozen=True)
class PeriodDraft:
    """One client's facts of a period, to be worded whole, or of some divisions alone."""

    client: Client
    of_day: Client  # as it was on the last day
    facts: tuple[PeriodFacts, ...]
    made_at: datetime
    template: Template

    def word(self, divisi: Sequence[str] = ()) -> PeriodReport:
        """A WhatsApp message in Indonesian; CiceroError where nobody was of these divisions.

        SettingError when the unit's own template asks for what there is not.
        """
        from cicero_cli.services.attendance.template_folder import of_client

        recaps = tuple(one.take(divisi) for one in self.facts)
        if divisi and not any(recap.users for recap in recaps):
            span = self.facts[0].period.span
            raise CiceroError(
                "nobody of {divisi} was on the roster from {first} to {last}",
                divisi=", ".join(divisi),
                first=span.first_day,
                last=span.last_day,
            )
        blank = PeriodReport(self.client, recaps, "", self.of_day, self.made_at, tuple(divisi))
        with template_errors(PERIOD_TEMPLATE):
            text = render_period(
                of_client(self.template, self.client.client_id),
                self.of_day,
                recaps,
                moment=self.made_at,
                unit_name=blank.whose,
            )
        return replace(blank, text=text)


def read_period_facts(
    store: Store, client: Client, platform: Platform, period: ReportPeriod
) -> PeriodFacts:
    """After counting anew what is stale."""
    store.engagement(platform).recount(
        client.client_id, period.before.first_day, period.span.last_day
    )
    sums = PeriodRecapRepository(store.connection, platform)
    stretches = sums.list_stretches(client.client_id, period.span)
    last = Moment(period.span.last_day, None)
    of_day = store.clients.of_day(client, last.day, None)
    units = name_units(store, of_day, last, {one.client_id for one in stretches})
    return PeriodFacts(
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


def read_period_recap(
    store: Store, client: Client, platform: Platform, period: ReportPeriod
) -> PeriodRecap:
    """Who has done what in the period and in the one before."""
    return read_period_facts(store, client, platform, period).take()


def draft_period_report(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    period: ReportPeriod,
    *,
    template: Template,
    now: datetime,
) -> PeriodDraft:
    """One client's facts, to be worded."""
    facts = tuple(read_period_facts(store, client, platform, period) for platform in platforms)
    of_day = store.clients.of_day(client, period.span.last_day, None)
    return PeriodDraft(client, of_day, facts, now, template)


def write_period_report(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    period: ReportPeriod,
    *,
    template: Template,
    now: datetime,
) -> PeriodReport:
    """One client's recap, whole, as a WhatsApp message."""
    return draft_period_report(store, client, platforms, period, template=template, now=now).word()


def read_grids(store: Store, report: PeriodReport) -> list[DayGrid]:
    """The days of each recap one by one, of its people; those days are counted already."""
    keys = [*map(division_key, report.divisi)] or None
    return [
        PeriodRecapRepository(store.connection, recap.platform).read_grid(
            recap.client_id, recap.period.span, keys
        )
        for recap in report.recaps
    ]


def report_document(report: PeriodReport) -> dict[str, Any]:
    """The JSON of `rekap show`; for both platforms an object with both."""
    documents = {recap.platform.value: period_document(recap) for recap in report.recaps}
    return next(iter(documents.values())) if len(documents) == 1 else documents
