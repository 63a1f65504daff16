"""The form of a client, for admins: added and changed by the same service as `cicero client`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.domain.roster.clients import normalise_client_field
from cicero_cli.errors import BadValueError
from cicero_cli.services.roster.clients import add_client, get_client, set_client
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.fields import Field
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.record_form import BODY_LIMIT, RecordForm

router = page_router()

_ID = Field(
    name="client_id",
    label="Kode klien",
    hint="Huruf, angka, titik, strip, garis bawah; misalnya POLRES_A.",
    is_required=True,
)
_FIELDS = (
    Field(name="nama", label="Nama", is_required=True, hint="Seperti yang tampil di laphar."),
    Field(name="client_type", label="Jenis", options=(("ORG", "Satuan (ORG)"), ("DIREKTORAT", "Direktorat")), value="ORG"),
    Field(name="timezone", label="Zona waktu", options=(("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")), value="Asia/Jakarta"),
    Field(name="threshold", label="Ambang sudah (%)", kind="percent", hint="Bagian konten yang harus dikerjakan agar dihitung sudah.", value="50"),
    Field(name="posts_until", label="Batas jam konten", hint="Misalnya 20:00: yang terbit sesudahnya masuk laporan hari berikutnya. Kosong: tanpa batas."),
    Field(name="days_off", label="Hari libur", hint="Misalnya minggu, libur: pada hari itu tidak ada pengingat. Kosong: tidak ada."),
    Field(name="client_insta", label="Akun Instagram", hint="Username atau alamat profil."),
    Field(name="client_tiktok", label="Akun TikTok", hint="Username atau alamat profil."),
    Field(name="client_operator", label="WhatsApp operator", kind="tel", hint="Penerima laphar, misalnya 081234567890."),
    Field(name="client_super", label="WhatsApp super admin", kind="tel"),
    Field(name="client_group", label="Grup WhatsApp", hint="Id grup yang berakhiran @g.us."),
)  # fmt: skip
_SWITCHES = (
    Field(name="client_status", label="Klien aktif", kind="box"),
    Field(name="client_insta_status", label="Ikuti Instagram", kind="box"),
    Field(name="client_tiktok_status", label="Ikuti TikTok", kind="box"),
)


@router.read("/klien-baru", role=Role.ADMIN, client=Client.NONE)
def new_form(call: Call) -> Response:
    """Show an empty form."""
    return _form(call, None).show()


@router.write(
    "POST",
    "/klien-baru",
    role=Role.ADMIN,
    client=Client.NONE,
    body_limit=BODY_LIMIT,
    show_unsigned=lambda call: _form(call, None).show_unsigned(),
)
def add(call: Call) -> Response:
    """Add a client, or show the form again with everything that is wrong."""

    def write(words: dict[str, Any]) -> str:
        return _next(call, add_client(call.store, words, by=call.actor))

    return _form(call, None).save(write)


@router.read("/klien/{client_id}/ubah", role=Role.ADMIN, client=Client.NAMED)
def change_form(call: Call, ok: str = "") -> Response:
    """Show a client's form."""
    return _form(call, get_client(call.store, call.one_client), ok=ok).show()


@router.write(
    "POST",
    "/klien/{client_id}/ubah",
    role=Role.ADMIN,
    client=Client.NAMED,
    body_limit=BODY_LIMIT,
    show_unsigned=lambda call: _form(call, get_client(call.store, call.one_client)).show_unsigned(),
)
def change(call: Call) -> Response:
    """Change a client, or show the form again with everything that is wrong."""
    client = get_client(call.store, call.one_client)

    def write(words: dict[str, Any]) -> str:
        return _next(call, set_client(call.store, client.client_id, words, by=call.actor))

    return _form(call, client).save(write, unchanged=f"/klien/{client.client_id}?ok=tetap")


def _form(call: Call, client: ClientRow | None, *, ok: str = "") -> RecordForm:
    shared = _shared_accounts(call, client) if client else {}
    fields = [*_FIELDS, *_SWITCHES] if client else [_ID, *_FIELDS]
    return RecordForm(
        call=call,
        template="client_form.html.j2",
        fields=[replace(field, warning=shared.get(field.name, "")) for field in fields],
        normalise=_normalise,
        record=client,
        shown={"client": client, "ok": ok},
    )


def _next(call: Call, client: ClientRow) -> str:
    """The client's page; its form when that has something to say."""
    page = f"/klien/{client.client_id}"
    return f"{page}/ubah?ok=klien" if _shared_accounts(call, client) else f"{page}?ok=klien"


def _shared_accounts(call: Call, client: ClientRow) -> dict[str, str]:
    """A warning for each account that another client has too: likely a mistake, but two units may share one."""
    warnings = {}
    others = [one for one in call.store.clients.list() if one.client_id != client.client_id]
    for name in ("client_insta", "client_tiktok"):
        account = getattr(client, name)
        sharing = [one.nama for one in others if account and getattr(one, name) == account]
        if sharing:
            warnings[name] = f"Akun ini juga tercatat pada {', '.join(sharing)}."
    return warnings


def _normalise(name: str, value: object) -> object:
    """As the service will, except that the threshold is typed in per cent."""
    if name != "threshold":
        return normalise_client_field(name, value)
    percent = str(value).strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,4})?", percent):
        raise BadValueError(_THRESHOLD)
    try:
        return normalise_client_field(name, round(float(percent) / 100, 6))
    except BadValueError as error:
        raise BadValueError(_THRESHOLD) from error


_THRESHOLD = "Ambang sudah lebih dari 0% dan paling tinggi 100%."
