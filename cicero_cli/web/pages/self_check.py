"""One person's own posts of today, for who follows the link of a reminder: no log-in, nobody else's data, gone at midnight."""

from __future__ import annotations

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.roster.users import User
from cicero_cli.services.attendance.own_figures import read_own_figures
from cicero_cli.services.messaging.self_check import find_person
from cicero_cli.services.messaging.wrong_numbers import report_wrong_number
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, SMALL_BODY, Client
from cicero_cli.web.pages.cookies import keep_visitor, new_visitor, visitor_of
from cicero_cli.web.pages.csrf import csrf_token, visitor_name
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.labels import STALE_FORM
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_WINDOW_SECONDS = 600
_OF_ONE_PERSON = 30  # a page is opened some times; more is a program
_OF_ONE_ADDRESS = 300  # many phones share one
_UNFINDABLE = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@router.read("/cek/{token}", role=PUBLIC, client=Client.NONE)
def show(call: Call, token: str, ok: str = "") -> Response:
    """Show the person's own day and week."""
    return _show(call, _whose(call, token), ok=bool(ok))


@router.write(
    "POST",
    "/cek/{token}",
    role=PUBLIC,
    client=Client.NONE,
    body_limit=SMALL_BODY,
    show_unsigned=lambda call, token: _show(
        call, _whose(call, token), error=STALE_FORM, status=403
    ),
)
def disown(call: Call, token: str) -> Response:
    """Take the word of who says that the number is not that person's: no more reminders, and the operator is told."""
    report_wrong_number(
        call.store, _whose(call, token), admins=call.settings.admin_whatsapp, now=call.now
    )
    return go_to(f"{call.request.url.path}?ok=1")


def _whose(call: Call, token: str) -> User:
    """404 for a link that is none, is another day's or was sent to another number; 429 for who asks too often."""
    _count(call, f"address:{call.address}", _OF_ONE_ADDRESS)
    if not call.settings.self_check:
        raise HTTPException(404)
    key = call.settings.require_jwt_secret()
    user = find_person(call.store, token, key, now=call.now)
    if user is None:
        raise HTTPException(404)
    _count(call, f"user:{user.user_id}", _OF_ONE_PERSON)
    return user


def _count(call: Call, what: str, most: int) -> None:
    if call.cache.count(f"self-check:{what}", seconds=_WINDOW_SECONDS) > most:
        raise HTTPException(429, headers={"Retry-After": str(_WINDOW_SECONDS)})


def _show(
    call: Call, user: User, *, ok: bool = False, error: str = "", status: int = 200
) -> Response:
    visitor = visitor_of(call.request) or new_visitor()
    figures = read_own_figures(call.store, user, now=call.now)
    by_client = {part.client.client_id: part.client for part in figures.parts}
    response = render_page(
        call,
        "self_check.html.j2",
        http_status=status,
        headers=_UNFINDABLE,
        csrf=csrf_token(call.settings.require_jwt_secret(), visitor_name(visitor)),
        figures=figures,
        user=user,
        clients=list(by_client.values()),
        ok=ok,
        error=error,
    )
    keep_visitor(response, call.request, visitor)
    return response
