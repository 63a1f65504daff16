"""Log-in and log-out of the pages: the same accounts, sessions, slowing and audit as the API's."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.log_in import (
    LoginRefusedError,
    log_in_with_password,
    log_out,
    password_subject,
)
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.devices import keep_device, stand_in_line
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import PUBLIC, SMALL_BODY, Client
from cicero_cli.web.http.refusals import refuse
from cicero_cli.web.http.tokens import BadTokenError, make_token, read_token
from cicero_cli.web.pages.cookies import (
    drop_session,
    keep_session,
    keep_visitor,
    new_visitor,
    session_token,
    visitor_of,
)
from cicero_cli.web.pages.csrf import csrf_token, visitor_name
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.page_guard import page_router

router = page_router()


@router.read("/masuk", role=PUBLIC, client=Client.NONE)
def show_form(call: Call, lanjut: str = "", keluar: str = "", sandi: str = "") -> Response:
    """Show the log-in form; who is logged in already goes on to where they wanted to."""
    if _is_logged_in(call):
        return go_to(_own_address(lanjut))
    notice = "Anda sudah keluar." if keluar else ""
    if sandi:
        notice = "Kata sandi sudah diganti. Masuk dengan yang baru."
    return _form(call, lanjut=lanjut, notice=notice)


def _form_unsigned(call: Call) -> Response:
    form = read_form(call.request)
    return _form(
        call,
        status=403,
        username=form.get("username"),
        lanjut=form.get("lanjut"),
        error="Formulir ini sudah kedaluwarsa. Masuk sekali lagi.",
    )


@router.write(
    "POST",
    "/masuk",
    role=PUBLIC,
    client=Client.NONE,
    lane=Lane.QUICK,
    body_limit=SMALL_BODY,
    show_unsigned=_form_unsigned,
)
def log_in(call: Call) -> Response:
    """Begin a session, or show the form again with what is wrong."""
    form = read_form(call.request)
    username, lanjut = form.get("username"), form.get("lanjut")
    subject, key = password_subject(username), call.settings.require_jwt_secret()
    try:
        session = log_in_with_password(
            call.store,
            username,
            form.get("password"),
            address=call.address,
            now=call.now,
            device=stand_in_line(call, subject),
        )
    except (LoginRefusedError, SlowDownError) as error:
        refused = refuse(error, where="POST /masuk")
        wait = refused.headers.get("Retry-After")
        return _form(
            call,
            status=refused.status,
            username=username,
            lanjut=lanjut,
            error=f"{refused.message} Tunggu {wait} detik." if wait else refused.message,
            headers=refused.headers,
        )
    response = go_to(_own_address(lanjut))
    keep_session(response, call.request, make_token(session, key))
    if subject:
        keep_device(response, call.request, subject, key=key)
    return response


@router.write(
    "POST",
    "/keluar",
    role=Role.VIEWER,
    client=Client.NONE,
    body_limit=SMALL_BODY,
)
def log_out_of_pages(call: Call) -> Response:
    """End this session; its token is worthless from then on."""
    log_out(call.store, call.jti, by=call.actor)
    response = go_to("/masuk?keluar=1")
    drop_session(response, call.request)
    return response


def _form(
    call: Call,
    *,
    status: int = 200,
    username: str = "",
    lanjut: str = "",
    error: str = "",
    notice: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    visitor = visitor_of(call.request) or new_visitor()
    response = render_page(
        call,
        "login.html.j2",
        http_status=status,
        headers=headers,
        csrf=csrf_token(call.settings.require_jwt_secret(), visitor_name(visitor)),
        username=username[:100],
        lanjut=_own_address(lanjut),
        error=error,
        notice=notice,
    )
    keep_visitor(response, call.request, visitor)
    return response


def _is_logged_in(call: Call) -> bool:
    """Whether the browser's session still counts; its token alone does not say so."""
    token = session_token(call.request)
    try:
        jti = read_token(token or "", call.settings.require_jwt_secret(), now=call.now)
    except BadTokenError:
        return False
    accepts_phone = call.settings.legacy_phone_login
    return call.store.sessions.find(jti, accepts_phone=accepts_phone, now=call.now) is not None


def _own_address(text: str) -> str:
    """An address of this server, whatever was asked for: `//elsewhere` and `https://elsewhere` are none."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_own and "\\" not in text else "/"
