"""The page of a reminder's link: one person's own day, without log-in and with nothing else behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.messaging.self_check import make_token
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.complaints import list_complaints
from cicero_cli.services.roster.users import get_user
from cicero_cli.web.pages.html import POLICY
from tests.services.fakes import likes, shown
from tests.web.conftest import SECRET, Api, Serve
from tests.web.pages.conftest import hidden, text_of

NUMBER = "6281211110001"


@pytest.fixture
def linked(serve: Serve, unit: Store) -> Api:
    """A server with the links switched on; Citra has a number, and one of today's two posts is done."""
    client = unit.clients.get("POLRES_A")
    assert client
    unit.clients.update(replace(client, client_operator="6281100000001"))
    unit.users.update(replace(get_user(unit, "85010003"), whatsapp=NUMBER))
    now = clock.now()
    noon = f"{today()} 05:00"
    unit.posts(Platform.INSTA).store("POLRES_A", [shown("q1", noon), shown("q2", noon)], now=now)
    row = unit.connection.execute("SELECT post_id FROM insta_post WHERE post_key = 'q1'").fetchone()
    assert row
    unit.engagement(Platform.INSTA).store(row[0], likes("citra", "citra_"), now=now)
    return serve(CICERO_SELF_CHECK="1")


def today() -> date:
    return local_day(clock.now(), HOME_ZONE)


def link(day: date | None = None, *, user_id: str = "85010003", number: str = NUMBER) -> str:
    return f"/cek/{make_token(SECRET, user_id, number, day or today())}"


def test_the_link_shows_the_own_posts_and_nothing_else(linked: Api, unit: Store) -> None:
    page = linked.get(link())
    text = text_of(page)
    assert page.status_code == 200
    assert "Citra" in text
    assert "1 dari 2 konten" in text
    assert all(name not in page.text for name in ("Budi", "Ani", "citra_", NUMBER, "/klien"))
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for wrong in (
        link(date(2026, 1, 14)),
        link(number="6281211110002"),
        link(user_id="85010001"),
        link()[:-1] + ("a" if link()[-1] != "a" else "b"),
        "/cek/x",
    ):
        assert linked.get(wrong).status_code == 404
    cookies = page.cookies.get_dict()
    assert linked.get("/klien/POLRES_A", cookies=cookies, allow_redirects=False).status_code == 303
    unit.users.update(replace(get_user(unit, "85010003"), whatsapp="6281211110002"))
    assert linked.get(link()).status_code == 404


def test_who_is_not_that_person_says_so_once_and_the_operator_is_told(
    linked: Api, unit: Store
) -> None:
    page = linked.get(link())
    form = {"csrf": hidden(page, "csrf")}
    cookies = page.cookies.get_dict()
    assert linked.get(link()).status_code == 200  # looking changes nothing
    assert get_user(unit, "85010003").wa_opt_in
    assert linked.post(link(), data=form).status_code == 403  # without the cookie
    assert linked.post(link(), data={"csrf": "x"}, cookies=cookies).status_code == 403
    for _ in range(2):
        answer = linked.post(link(), data=form, cookies=cookies)
        assert "Pengingat ke nomor ini dihentikan" in text_of(answer)
    assert not get_user(unit, "85010003").wa_opt_in
    (complaint,) = list_complaints(unit, None, limit=10)
    assert "bukan personel ini" in complaint["issue"]
    (notice,) = unit.outbox.list_newest()
    assert (notice["kind"], notice["recipient"]) == ("notice", "6281100000001")
    assert (unit.outbox.get(notice["message_id"]) or {})["body"].startswith(
        "*Nomor WhatsApp keliru?*"
    )


def test_it_is_off_without_the_setting_and_a_program_is_slowed(
    linked: Api, serve: Serve, unit: Store
) -> None:
    assert serve().get(link()).status_code == 404
    assert [linked.get(link()).status_code for _ in range(31)][-2:] == [200, 429]
