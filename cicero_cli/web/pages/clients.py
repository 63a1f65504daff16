"""The form of a client: added by admins, changed by its operators too, by the same service as `cicero client`."""

from __future__ import annotations

import re

from fastapi import Response

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.clients import normalise_client_field
from cicero_cli.errors import InputError
from cicero_cli.services.registering import add_client, get_client, set_client
from cicero_cli.web.access import Client
from cicero_cli.web.call import Call
from cicero_cli.web.pages.fields import Field, filled, fingerprint, judged, typed, words_of
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.rendering import go_to, render_page
from cicero_cli.web.pages.words import translate

router = page_router()

_BODY_LIMIT = 50_000
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
    Field(name="threshold", label="Ambang sudah (%)", kind="number", hint="Bagian konten yang harus dikerjakan agar dihitung sudah.", value="50"),
    Field(name="client_insta", label="Akun Instagram", hint="Username atau alamat profil."),
    Field(name="client_tiktok", label="Akun TikTok", hint="Username atau alamat profil."),
    Field(name="client_operator", label="WhatsApp operator", kind="tel", hint="Penerima laphar, misalnya 081234567890."),
    Field(name="client_super", label="WhatsApp super admin", kind="tel"),
    Field(name="client_group", label="Grup WhatsApp", hint="Id grup yang berakhiran @g.us."),
)  # fmt: skip
_SWITCHES = (
    Field(name="client_status", label="Klien aktif", kind="box", value="ya"),
    Field(name="client_insta_status", label="Ikuti Instagram", kind="box", value="ya"),
    Field(name="client_tiktok_status", label="Ikuti TikTok", kind="box", value="ya"),
)
_NUMBERS = frozenset({"client_operator", "client_super", "client_group"})


@router.read("/klien-baru", role=Role.ADMIN, client=Client.NONE)
def new_form(call: Call) -> Response:
    """Show an empty form."""
    return _show(call, None, [_ID, *_FIELDS])


@router.write(
    "POST",
    "/klien-baru",
    role=Role.ADMIN,
    client=Client.NONE,
    body_limit=_BODY_LIMIT,
)
def add(call: Call) -> Response:
    """Add a client, or show the form again with everything that is wrong."""
    fields, values = judged(typed([_ID, *_FIELDS], read_form(call.request)), _normalise)
    if any(field.error for field in fields):
        return _show(call, None, fields, status=400)
    try:
        client = add_client(call.store, words_of(fields, values), by=call.actor)
    except InputError as error:
        return _show(call, None, fields, error=translate(error.message), status=400)
    return go_to(f"/klien/{client.client_id}?ok=klien")


@router.read("/klien/{client_id}/ubah", role=Role.OPERATOR, client=Client.NAMED)
def change_form(call: Call) -> Response:
    """Show a client's form."""
    client = get_client(call.store, call.one_client)
    return _show(call, client, filled([*_FIELDS, *_SWITCHES], _words(client)))


@router.write(
    "POST",
    "/klien/{client_id}/ubah",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_BODY_LIMIT,
)
def change(call: Call) -> Response:
    """Change a client, or show the form again with everything that is wrong."""
    client = get_client(call.store, call.one_client)
    form = read_form(call.request)
    if form.get("versi") != fingerprint(client):
        shown = filled([*_FIELDS, *_SWITCHES], _words(client))
        stale = "Data klien ini baru saja diubah orang lain. Isian di bawah sudah yang terbaru; ubah lagi bila perlu."
        return _show(call, client, shown, error=stale, status=409)
    fields, values = judged(typed([*_FIELDS, *_SWITCHES], form), _normalise)
    if any(field.error for field in fields):
        return _show(call, client, fields, status=400)
    differ = {name: value for name, value in values.items() if value != getattr(client, name)}
    changes = words_of(fields, differ)
    if not changes:
        return go_to(f"/klien/{client.client_id}")
    try:
        set_client(call.store, client.client_id, changes, by=call.actor)
    except InputError as error:
        return _show(call, client, fields, error=translate(error.message), status=400)
    return go_to(f"/klien/{client.client_id}?ok=klien")


def _normalise(name: str, value: object) -> object:
    """As the service will, except that the threshold is typed in per cent."""
    if name != "threshold":
        return normalise_client_field(name, value)
    percent = str(value).strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,4})?", percent):
        raise ValueError("expected a share above 0 and up to 1, such as 0.5")
    return normalise_client_field(name, round(float(percent) / 100, 6))


def _words(client: ClientRow) -> dict[str, str]:
    words = {}
    for field in [*_FIELDS, *_SWITCHES]:
        value = getattr(client, field.name)
        if isinstance(value, bool):
            words[field.name] = "ya" if value else ""
        elif field.name == "threshold":
            words[field.name] = f"{value * 100:.6g}"
        elif field.name in _NUMBERS and value and value.isdigit():
            words[field.name] = f"+{value}"  # or 8190… would be read as an Indonesian 08190…
        else:
            words[field.name] = "" if value is None else str(value)
    return words


def _show(
    call: Call,
    client: ClientRow | None,
    fields: list[Field],
    *,
    error: str = "",
    status: int = 200,
) -> Response:
    return render_page(
        call,
        "client_form.html.j2",
        http_status=status,
        client=client,
        fields=fields,
        error=error,
        versi=fingerprint(client) if client else "",
    )
