"""Accounts for admins: who may log in, what was asked for, what was done lately; by the same service as `cicero account`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from cicero_cli.domain.access.accounts import Account, Role
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import InputError
from cicero_cli.repositories.access.audit import AuditEntry
from cicero_cli.services.access.accounts import (
    AccountChanges,
    NewSecrets,
    change_account,
    get_account,
)
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.log_in import LoginRefusedError
from cicero_cli.services.access.own_password import change_password
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.sentences import error_sentence
from cicero_cli.web.pages.cookies import drop_session
from cicero_cli.web.pages.forms import Form, read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.labels import ACTION_WORDS, MESSAGE_WORDS, ROLE_WORDS
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_BODY_LIMIT = 8192  # three passwords of 200 characters, in any script
_NEWEST = 50  # lines of the audit log
_DETAIL_WORDS = {
    "from": "sebelumnya",
    "role": "peran",
    "clients": "klien",
    "active": "aktif",
    "fields": "isian",
    "new_password": "kata sandi baru",
    "new_access_code": "kode akses baru",
    "revoke_access_code": "kode akses dicabut",
    "log_out": "sesi diakhiri",
    "dashboard_role": "peran di dasbor",
    "whatsapp": "nomor WhatsApp diganti",
}
_STEPS = {
    "sandi": AccountChanges(new_password=True),
    "kode": AccountChanges(new_access_code=True),
    "cabut-kode": AccountChanges(revoke_access_code=True),
    "akhiri-sesi": AccountChanges(log_out=True),
}


@router.read("/akun", role=Role.ADMIN, client=Client.NONE)
def accounts(call: Call) -> Response:
    """List the accounts, those that wait for an admin first, and what was done lately."""
    found = sorted(call.store.accounts.list(), key=lambda account: account.active)
    entries = call.store.audit.list(limit=_NEWEST)
    return render_page(call, "accounts.html.j2", accounts=found, entries=_told(entries), zone=HOME_ZONE)  # fmt: skip


@router.read("/akun/{username}", role=Role.ADMIN, client=Client.NONE)
def form(call: Call, username: str, ok: str = "") -> Response:
    """Show one account's form."""
    return _show(call, get_account(call.store, username), ok=ok)


@router.write(
    "POST",
    "/akun/{username}",
    role=Role.ADMIN,
    client=Client.NONE,
    lane=Lane.SIGN_IN,
    body_limit=_BODY_LIMIT,
)
def change(call: Call, username: str) -> Response:
    """Change an account; a new secret is shown in this answer and never again."""
    account, form = get_account(call.store, username), read_form(call.request)
    step = form.get("langkah")
    try:
        changes = _STEPS[step] if step in _STEPS else _read_changes(call, account, form)
        if changes == AccountChanges():
            return go_to(f"/akun/{account.username}?ok=tetap")
        account, secrets, _ = change_account(call.store, account.username, changes, by=call.actor)
    except InputError as error:
        return _show(call, account, typed=form, error=error_sentence(error), status=400)
    if secrets == NewSecrets():
        return go_to(f"/akun/{account.username}?ok=ubah")
    return _show(call, account, secrets=secrets)


@router.read("/kata-sandi", role=Role.VIEWER, client=Client.NONE)
def password_form(call: Call) -> Response:
    """Show the form for another password of one's own."""
    return render_page(call, "password.html.j2", error="")


@router.write(
    "POST",
    "/kata-sandi",
    role=Role.VIEWER,
    client=Client.NONE,
    lane=Lane.SIGN_IN,
    body_limit=_BODY_LIMIT,
)
def change_own_password(call: Call) -> Response:
    """Replace one's own password; every session ends, this one too."""
    typed = read_form(call.request)
    status, error = 400, "Kata sandi baru dan ulangannya tidak sama."
    if typed.get("baru") == typed.get("ulang"):
        try:
            change_password(call.store, typed.get("lama"), typed.get("baru"), by=call.actor)
        except SlowDownError as slow:
            status, error = 429, f"Terlalu banyak percobaan. Tunggu {slow.wait_seconds} detik."
        except LoginRefusedError:
            error = "Kata sandi lama salah."
        except InputError as refused:
            error = error_sentence(refused)
        else:
            response = go_to("/masuk?sandi=baru")
            drop_session(response, call.request)
            return response
    return render_page(call, "password.html.j2", http_status=status, error=error)


def _read_changes(call: Call, account: Account, form: Form) -> AccountChanges:
    """What the form changes; InputError for clients that there are not, and for what would lock somebody out."""
    role, active = form.get("role"), form.is_checked("active")
    wanted = list(dict.fromkeys(form.get("klien").replace(",", " ").upper().split()))
    unknown = [client_id for client_id in wanted if call.store.clients.get(client_id) is None]
    if unknown:
        raise InputError(f"Tidak ada klien {', '.join(unknown)}.")
    if role != Role.ADMIN.word and active and not wanted:
        raise InputError("Isi paling sedikit satu kode klien; tanpa klien, akun ini tidak dapat masuk.")  # fmt: skip
    is_own = account.username == call.caller.username
    if is_own and (role != account.role.word or not active):
        raise InputError("Akun sendiri tidak dapat dinonaktifkan atau diganti perannya.")
    return AccountChanges(
        role=role if role != account.role.word else None,
        active=active if active != account.active else None,
        client_ids=wanted if set(wanted) != set(account.client_ids) else None,
    )


def _show(
    call: Call,
    account: Account,
    *,
    typed: Form | None = None,
    secrets: NewSecrets | None = None,
    ok: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    keeps = typed is not None and not typed.get("langkah")
    return render_page(
        call,
        "account.html.j2",
        http_status=status,
        account=account,
        is_own=account.username == call.caller.username,
        role=typed.get("role") if typed and keeps else account.role.word,
        active=typed.is_checked("active") if typed and keeps else account.active,
        klien=typed.get("klien") if typed and keeps else " ".join(account.client_ids),
        roles=ROLE_WORDS,
        secrets=secrets,
        entries=_told(call.store.audit.list(name=account.username, limit=_NEWEST)),
        zone=HOME_ZONE,
        ok=ok,
        error=error,
    )


def _told(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    return [
        {
            "entry": entry,
            "action": ACTION_WORDS.get(entry.action, entry.action),
            "more": ", ".join(
                f"{_DETAIL_WORDS.get(name, name)}: {_words(name, value)}"
                for name, value in entry.details.items()
            ),
        }
        for entry in entries
    ]


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return " ".join(map(str, value))
    known = {"from": MESSAGE_WORDS, "role": ROLE_WORDS}.get(name, {})
    return known.get(str(value), str(value))
