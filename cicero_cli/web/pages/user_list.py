"""The users of one client with their status, and the explanation of one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

from fastapi import Query, Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.absensi import Attendance, Group, Status, UserAttendance, group_of
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.domain.roster.ranks import report_order
from cicero_cli.domain.roster.users import User
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.explanation import explain_user
from cicero_cli.services.attendance.sums import sum_up_month
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.answers import Schema
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.charts import NO_DIVISION
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.labels import FILTER_WORDS
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.periods import Period, chosen_day, chosen_month, take_page
from cicero_cli.web.pages.units import chosen_unit, list_units

router = page_router()

PAGE_SIZE = 1000
_INACTIVE = "tidak_aktif"
_NUMBER = re.compile(r"[\d\s+().-]*")
_FEWEST_DIGITS = 4  # fewer are in too many numbers


class Person(NamedTuple):
    """One line of the list; who is not active is in no attendance and has done nothing of no posts."""

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    username: str | None
    group: str
    unit: str
    is_complete: bool = False
    done: int = 0
    total: int = 0


class PeopleQuery(Schema):
    """What the filter form sends."""

    hari: str = ""
    bulan: str = ""
    platform: str = "insta"
    status: str = ""
    satker: str = ""
    divisi: str = ""
    cari: str = ""
    halaman: str = "1"
    ok: str = ""


@router.read("/klien/{client_id}/personel", role=Role.VIEWER, client=Client.NAMED)
def of_day(call: Call, query: Annotated[PeopleQuery, Query()]) -> Response:
    """List the users of a client with what they did on a day."""
    client = get_client(call.store, call.one_client)
    period = chosen_day(client, query.hari, now=call.now)
    platform = _platform(query.platform)
    attendance = read_attendance(call.store, client, platform, Moment(period.day, None))
    return _list(call, client, attendance, query, period)


@router.read(
    "/klien/{client_id}/bulan/personel",
    role=Role.VIEWER,
    client=Client.NAMED,
    lane=Lane.HEAVY,
)
def of_month(call: Call, query: Annotated[PeopleQuery, Query()]) -> Response:
    """List the users of a client with what they did in a month."""
    client = get_client(call.store, call.one_client)
    period = chosen_month(client, query.bulan, now=call.now)
    month = sum_up_month(
        call.store, client, _platform(query.platform), period.first_day, now=call.now
    )
    return _list(call, client, month.attendance, query, period)


@router.read("/klien/{client_id}/penjelasan", role=Role.VIEWER, client=Client.NAMED)
def explanation(
    call: Call, personel: str = "", hari: str = "", bulan: str = "", ok: str = ""
) -> Response:
    """Explain what was seen of one user on each post of a day; who came from a month finds the way back."""
    client = get_client(call.store, call.one_client)
    month = chosen_month(client, bulan, now=call.now) if bulan else None
    day = hari or (month.day.isoformat() if month else "")
    period = chosen_day(client, day, now=call.now)
    explained = explain_user(
        call.store,
        personel,
        list(Platform),
        day=period.day.isoformat(),
        as_of=None,
        now=call.now,
        client_id=client.client_id,
    )
    is_own = explained.user.client_id == client.client_id
    is_gone = call.store.users.get(explained.user.user_id) is None
    if not is_own and not call.store.audiences.was_ever_expected(
        client.client_id, explained.user.user_id
    ):
        raise HTTPException(404)
    return render_page(
        call,
        "explanation.html.j2",
        client=client,
        user=explained.user,
        unit=None
        if is_own
        else get_client(call.store, explained.user.client_id, may_have_ended=True).nama,
        writes=is_own and not is_gone and call.caller.role >= Role.OPERATOR,
        may_complain=not is_gone and call.caller.role >= Role.OPERATOR,
        explained=explained.platforms,
        period=period,
        month=month,
        ok=ok,
    )


def _list(
    call: Call, client: ClientRow, attendance: Attendance, query: PeopleQuery, period: Period
) -> Response:
    units, unit = list_units([attendance]), chosen_unit([attendance], query.satker)
    if unit:
        attendance = only_unit(attendance, unit.client_id)
    status = query.status if query.status in FILTER_WORDS else ""
    if status == _INACTIVE:
        users = call.store.users.list([client.client_id], active=False)
        people = _inactive(users, attendance.platform)
    else:
        people = [_person(user) for user in attendance.users if _FILTERS[status](user)]
    words = " ".join(query.cari.split()).lower().removeprefix("@")
    with_number = _with_number(call, client, words)
    found = [
        person
        for person in people
        if query.divisi in {"", person.divisi or NO_DIVISION}
        and (words in _searched(person) or person.user_id in with_number)
    ]
    shown, page, pages = take_page(found, query.halaman, size=PAGE_SIZE)
    return render_page(
        call,
        "people.html.j2",
        client=client,
        attendance=attendance,
        platform=attendance.platform,
        platforms=list(Platform),
        people=shown,
        found=len(found),
        page=page,
        pages=pages,
        period=period,
        divisions=list(dict.fromkeys(user.divisi or NO_DIVISION for user in attendance.users)),
        units=units,
        unit=unit,
        unit_names=dict(units),
        status=status,
        divisi=query.divisi,
        cari=" ".join(query.cari.split()),
        shows_numbers=_shows_numbers(call),
        ok=query.ok,
    )


_FILTERS: dict[str, Callable[[UserAttendance], bool]] = {
    "": lambda _: True,
    "sudah": lambda user: user.sudah,
    "lengkap": lambda user: user.status is Status.LENGKAP,
    "dikecualikan": lambda user: user.status is Status.DIKECUALIKAN,
    "belum": lambda user: group_of(user) in {Group.KURANG, Group.NOL},
    "kurang": lambda user: group_of(user) is Group.KURANG,
    "nol": lambda user: group_of(user) is Group.NOL,
    "tanpa_username": lambda user: user.status is Status.TANPA_USERNAME,
}


def _person(user: UserAttendance) -> Person:
    return Person(
        user.user_id,
        user.nama,
        user.title,
        user.divisi,
        user.username,
        group_of(user).value,
        user.client_id,
        user.status is Status.LENGKAP,
        user.done,
        user.total,
    )


def _inactive(users: Sequence[User], platform: Platform) -> list[Person]:
    return [
        Person(
            user.user_id,
            user.nama,
            user.title,
            user.divisi,
            user.username(platform),
            _INACTIVE,
            user.client_id,
        )
        for user in sorted(
            users, key=lambda user: report_order(user.divisi, user.title, user.nama, user.user_id)
        )
    ]


def _with_number(call: Call, client: ClientRow, words: str) -> frozenset[str]:
    """Whose phone number has these digits, as people write it or as it is kept; nobody's for who may see none."""
    digits = re.sub(r"\D", "", words)
    if len(digits) < _FEWEST_DIGITS or not _NUMBER.fullmatch(words) or not _shows_numbers(call):
        return frozenset()
    kept = re.sub("^0", "62", digits)
    return frozenset(
        user.user_id
        for user in call.store.users.list([client.client_id])
        if user.whatsapp and kept in user.whatsapp
    )


def _shows_numbers(call: Call) -> bool:
    return call.caller.role >= Role.OPERATOR


def _searched(person: Person) -> str:
    return "\n".join(
        " ".join(part.split()).lower()
        for part in (person.nama, person.user_id, person.username, person.title)
        if part
    )


def _platform(text: str) -> Platform:
    return Platform.TIKTOK if text == Platform.TIKTOK.value else Platform.INSTA
