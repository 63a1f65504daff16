"""The users of one client with their status, and the explanation of one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.attendance import Attendance, Status, UserAttendance
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.explaining import explain_user
from cicero_cli.services.registering import get_client
from cicero_cli.services.reporting import read_attendance
from cicero_cli.services.summing_up import sum_up_month
from cicero_cli.web.access import Client
from cicero_cli.web.answers import Schema
from cicero_cli.web.call import Call
from cicero_cli.web.lanes import Lane
from cicero_cli.web.pages.charts import NO_DIVISION
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.periods import chosen_moment, chosen_month, page_number
from cicero_cli.web.pages.rendering import render_page
from cicero_cli.web.pages.words import STATUS_WORDS

router = page_router()

PAGE_SIZE = 1000
_GROUPS = {
    "sudah": "Sudah",
    "belum_sudah": "Semua yang belum sudah",
    "belum_cukup": "Belum cukup",
    **STATUS_WORDS,
}


class PeopleQuery(Schema):
    """What the filter form sends."""

    hari: str = ""
    bulan: str = ""
    platform: str = "insta"
    status: str = ""
    divisi: str = ""
    cari: str = ""
    halaman: str = "1"
    ok: str = ""


@router.read("/klien/{client_id}/personel", role=Role.VIEWER, client=Client.NAMED)
def of_day(call: Call, query: Annotated[PeopleQuery, Query()]) -> Response:
    """List the users of a client with what they did on a day."""
    client = get_client(call.store, call.one_client)
    moment = chosen_moment(client, query.hari, now=call.now)
    attendance = read_attendance(call.store, client, _platform(query.platform), moment)
    return _list(call, client, attendance, query, is_month=False)


@router.read(
    "/klien/{client_id}/bulan/personel",
    role=Role.VIEWER,
    client=Client.NAMED,
    lane=Lane.HEAVY,
)
def of_month(call: Call, query: Annotated[PeopleQuery, Query()]) -> Response:
    """List the users of a client with what they did in a month."""
    client = get_client(call.store, call.one_client)
    first = chosen_month(client, query.bulan, now=call.now)
    month = sum_up_month(call.store, client, _platform(query.platform), first, now=call.now)
    return _list(call, client, month.attendance, query, is_month=True)


@router.read("/klien/{client_id}/penjelasan", role=Role.VIEWER, client=Client.NAMED)
def explanation(call: Call, personel: str = "", hari: str = "", ok: str = "") -> Response:
    """Explain what was seen of one user on each post of a day."""
    client = get_client(call.store, call.one_client)
    moment = chosen_moment(client, hari, now=call.now)
    explained = explain_user(
        call.store,
        personel,
        list(Platform),
        day=moment.day.isoformat(),
        as_of=None,
        now=call.now,
    )
    if explained.client.client_id != client.client_id:
        raise HTTPException(404)
    today = local_day(call.now, client.zone)
    return render_page(
        call,
        "explanation.html.j2",
        client=client,
        user=explained.user,
        explained=explained.platforms,
        day=moment.day,
        today=today,
        before=moment.day - timedelta(days=1),
        after=moment.day + timedelta(days=1) if moment.day < today else None,
        ok=ok,
    )


def _list(
    call: Call, client: ClientRow, attendance: Attendance, query: PeopleQuery, *, is_month: bool
) -> Response:
    words = query.cari.strip().lower().removeprefix("@")
    chosen = [
        user
        for user in attendance.users
        if _is_of(user, query.status)
        and query.divisi in {"", user.divisi or NO_DIVISION}
        and words in _searched(user)
    ]
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(page_number(query.halaman), pages)
    return render_page(
        call,
        "people.html.j2",
        client=client,
        attendance=attendance,
        platform=attendance.platform,
        platforms=list(Platform),
        users=chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        found=len(chosen),
        page=page,
        pages=pages,
        is_month=is_month,
        day=attendance.day,
        today=local_day(call.now, client.zone),
        divisions=list(dict.fromkeys(user.divisi or NO_DIVISION for user in attendance.users)),
        groups=_GROUPS,
        status=query.status if query.status in _GROUPS else "",
        divisi=query.divisi,
        cari=query.cari.strip(),
        ok=query.ok,
    )


def _is_of(user: UserAttendance, status: str) -> bool:
    if status == "sudah":
        return user.sudah
    if status == "belum_sudah":
        return not user.sudah
    if status == "belum_cukup":
        return user.status is Status.KURANG and not user.sudah
    return status not in STATUS_WORDS or user.status == status


def _searched(user: UserAttendance) -> str:
    return "\n".join(
        part.lower() for part in (user.nama, user.user_id, user.username, user.title) if part
    )


def _platform(text: str) -> Platform:
    return Platform.TIKTOK if text == Platform.TIKTOK.value else Platform.INSTA
