"""Attendance of one client: of a day, and of a month."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.absensi import Attendance
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.collection.runs import last_asked
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.repositories.operations.status import LastRun
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.sums import sum_up_month
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.charts import count_divisions, count_units
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.periods import chosen_day, chosen_month
from cicero_cli.web.pages.units import Unit, chosen_unit

router = page_router()


@router.read("/klien/{client_id}", role=Role.VIEWER, client=Client.NAMED)
def day(call: Call, hari: str = "", ok: str = "", satker: str = "") -> Response:
    """Show one client's attendance of a day; a directorate's unit by unit, or (`satker`) of one of them."""
    client = get_client(call.store, call.one_client)
    period = chosen_day(client, hari, now=call.now)
    moment = Moment(period.day, None)
    runs = {run.platform: run for run in call.store.status.list_last_runs([client.client_id])}
    attendances = [read_attendance(call.store, client, platform, moment) for platform in Platform]
    unit = chosen_unit(attendances, satker)
    panels = [
        _panel(
            client,
            attendance,
            unit,
            runs.get(attendance.platform),
        )
        for attendance in attendances
    ]
    return render_page(
        call,
        "attendance_day.html.j2",
        client=client,
        period=period,
        panels=panels,
        unit=unit,
        ok=ok,
    )


@router.read(
    "/klien/{client_id}/bulan",
    role=Role.VIEWER,
    client=Client.NAMED,
    lane=Lane.HEAVY,
)
def month(call: Call, bulan: str = "", satker: str = "") -> Response:
    """Show one client's attendance summed over a month, and day by day; `satker` as of a day."""
    client = get_client(call.store, call.one_client)
    period = chosen_month(client, bulan, now=call.now)
    months = [
        sum_up_month(call.store, client, platform, period.first_day, now=call.now)
        for platform in Platform
    ]
    unit = chosen_unit([month.attendance for month in months], satker)
    # what the days say is of all, so a unit's page has none
    by_day = [{} if unit else {day.day: day for day in month.days} for month in months]
    return render_page(
        call,
        "attendance_month.html.j2",
        client=client,
        period=period,
        panels=[_panel(client, month.attendance, unit) for month in months],
        unit=unit,
        days=[
            (day, [days.get(day) for days in by_day])
            for day in sorted({day for days in by_day for day in days})
        ],
        platforms=list(Platform),
    )


def _panel(
    client: ClientRow, attendance: Attendance, unit: Unit | None, run: LastRun | None = None
) -> dict[str, object]:
    units = [] if unit else count_units(attendance)
    if unit:
        attendance = only_unit(attendance, unit.client_id)
    read_at = max((post.fetched_at for post in attendance.posts if post.fetched_at), default=None)
    good_at = run.good_at if run else None
    return {
        "run": run,
        "asked_at": last_asked(attendance.day, client.zone, read_at=read_at, good_at=good_at),
        "platform": attendance.platform,
        "account": client.followed_username(attendance.platform),
        "attendance": attendance,
        "units": units,
        "divisions": [] if units else count_divisions(attendance.users, attendance.summary.posts),
    }
