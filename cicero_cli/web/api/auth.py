"""Log-in, log-out, registration."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.services.access.log_in import (
    SignedIn,
    access_code_subject,
    log_in_with_access_code,
    log_in_with_password,
    log_out,
    password_subject,
)
from cicero_cli.services.access.password_reset import request_reset, reset_password
from cicero_cli.services.access.registration import register
from cicero_cli.web.http.answers import UNSENT, Body, Plain, Refusal, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.devices import keep_device, stand_in_line
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import PUBLIC, SMALL_BODY, Client
from cicero_cli.web.http.routing import GuardedRouter, Responses
from cicero_cli.web.http.tokens import make_token

router = GuardedRouter(prefix="/api/auth", tag="auth")

_REFUSED: Responses = {
    401: {"model": Refusal, "description": "Unknown name or wrong secret, never said which"}
}


class ClientLogin(Body):
    """What the first generation's form sends."""

    client_id: str = Field(min_length=1, max_length=100, examples=["POLRES_A"])
    client_operator: str = Field(
        min_length=1,
        max_length=200,
        description="the account's access code",
        examples=["7GX2QK-M4TZ9W-R8HCVN-3YPD6F"],
    )


class PasswordLogin(Body):
    """What the second generation's form sends."""

    username: str = Field(min_length=1, max_length=100, examples=["budi.humas"])
    password: str = Field(min_length=1, max_length=200)


class Registration(PasswordLogin):
    """A wish for an account; what it asks for beside its name is for the admin to read."""

    role: str | None = Field(default=None, max_length=40)
    client_id: str | None = Field(default=None, max_length=100)


class ResetRequest(Body):
    """Whose password was forgotten."""

    username: str = Field(min_length=1, max_length=100, examples=["budi.humas"])
    contact: str | None = Field(
        default=UNSENT, max_length=200, description="not used: the code goes to the number on file"
    )


class Reset(Body):
    """The code that came by WhatsApp, and another password."""

    token: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)
    confirm_password: str | None = Field(default=UNSENT, max_length=200, alias="confirmPassword")
    password_confirmation: str | None = Field(
        default=UNSENT, max_length=200, description="as confirmPassword"
    )


class WhoLoggedIn(Schema):
    """The account behind a token."""

    user_id: str
    client_id: str | None
    username: str
    role: str = Field(
        description="admin, operator or viewer, or what `cicero account set --dashboard-role` has in their place",
        examples=["operator", "ditbinmas"],
    )


class LoggedIn(Plain):
    """A token, good for twelve hours, until log-out or until two hours go by without a call."""

    token: str
    user: WhoLoggedIn


class Registered(Plain):
    """`status` is false until an admin approves."""

    status: bool


@router.write(
    "POST",
    "/login",
    role=PUBLIC,
    client=Client.NONE,
    lane=Lane.QUICK,
    schema=LoggedIn,
    responses=_REFUSED,
    repeatable=True,
    body_limit=SMALL_BODY,
)
def login(call: Call, body: ClientLogin) -> Response:
    """Log in to one client with an access code."""
    accepts_phone = call.settings.legacy_phone_login
    subject = access_code_subject(body.client_id, body.client_operator, accepts_phone=accepts_phone)
    session = log_in_with_access_code(
        call.store,
        body.client_id,
        body.client_operator,
        accepts_phone=accepts_phone,
        address=call.address,
        now=call.now,
        device=stand_in_line(call, subject),
    )
    return _logged_in(call, session, subject)


@router.write(
    "POST",
    "/dashboard-login",
    role=PUBLIC,
    client=Client.NONE,
    lane=Lane.QUICK,
    schema=LoggedIn,
    responses=_REFUSED,
    repeatable=True,
    body_limit=SMALL_BODY,
)
def dashboard_login(call: Call, body: PasswordLogin) -> Response:
    """Log in with username and password."""
    subject = password_subject(body.username)
    session = log_in_with_password(
        call.store,
        body.username,
        body.password,
        address=call.address,
        now=call.now,
        device=stand_in_line(call, subject),
    )
    return _logged_in(call, session, subject)


@router.write(
    "POST",
    "/dashboard-register",
    role=PUBLIC,
    client=Client.NONE,
    lane=Lane.STRANGERS,
    schema=Registered,
    repeatable=True,
    body_limit=SMALL_BODY,
)
def dashboard_register(call: Call, body: Registration) -> Response:
    """Ask for an account; an admin approves it with `cicero account set NAME --active`."""
    wishes = {"role": body.role, "client_id": body.client_id}
    register(
        call.store,
        body.username,
        body.password,
        wishes={name: wish for name, wish in wishes.items() if wish},
        address=call.address,
        now=call.now,
    )
    return answer(message="Pendaftaran diterima; menunggu persetujuan admin.", status=False)


_STRANGER: dict[str, Any] = {
    "role": PUBLIC,
    "client": Client.NONE,
    "lane": Lane.STRANGERS,
    "schema": Plain,
    "repeatable": True,
    "body_limit": SMALL_BODY,
}


@router.write("POST", "/dashboard-password-reset/request", **_STRANGER)
def request_password_reset(call: Call, body: ResetRequest) -> Response:
    """Send a code to the account's own WhatsApp number, good once and for 15 minutes; the same answer whatever the name."""
    request_reset(call.store, body.username, address=call.address, now=call.now)
    return answer(
        message="Bila akun itu ada dan nomor WhatsApp-nya terdaftar, kode sudah dikirim ke nomor itu."
        " Berlaku 15 menit."
    )


@router.write("POST", "/dashboard-password-reset/confirm", **_STRANGER)
def confirm_password_reset(call: Call, body: Reset) -> Response:
    """Replace the password with the code; every session of the account ends."""
    repeated = {body.confirm_password, body.password_confirmation} - {None}
    if repeated - {body.password}:
        raise HTTPException(400, "Kata sandi baru dan ulangannya tidak sama.")
    reset_password(call.store, body.token, body.password, address=call.address, now=call.now)
    return answer(message="Kata sandi sudah diganti; silakan masuk.")


@router.write(
    "POST",
    "/logout",
    role=Role.VIEWER,
    client=Client.NONE,
    schema=Plain,
    repeatable=True,
    body_limit=SMALL_BODY,
)
def logout(call: Call) -> Response:
    """End this session; its token is worthless from then on."""
    log_out(call.store, call.jti, by=call.actor)
    return answer(message="Sudah keluar.")


def _logged_in(call: Call, session: SignedIn, subject: str | None) -> Response:
    key = call.settings.require_jwt_secret()
    response = answer(
        message="Berhasil masuk.",
        token=make_token(session, key),
        user={
            "user_id": session.user_id,
            "client_id": session.client_id,
            "username": session.username,
            "role": session.dashboard_role or session.role.word,
        },
    )
    if subject:
        keep_device(response, call.request, subject, key=key)
    return response
