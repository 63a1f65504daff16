"""The form of one user: added and changed by the same service as `cicero user`."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.users import User, normalise_user_field
from cicero_cli.errors import InputError, NotFoundError, TryLaterError
from cicero_cli.services.enrolling import add_user, get_user, set_user
from cicero_cli.services.registering import get_client
from cicero_cli.web.access import Client
from cicero_cli.web.call import Call
from cicero_cli.web.pages.fields import Field, filled, fingerprint, judged, typed, words_of
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.rendering import go_to, render_page
from cicero_cli.web.pages.words import FIELD_WORDS, translate

router = page_router()

_BODY_LIMIT = 50_000
_ID = Field(
    name="user_id",
    label=FIELD_WORDS["user_id"],
    hint="Angka nol di depan ikut dihitung.",
    is_required=True,
)
_FIELDS = (
    Field(name="nama", label="Nama", is_required=True, hint="Seperti yang tampil di laphar."),
    Field(name="title", label="Pangkat", hint="Misalnya BRIPKA, AKP, PENATA."),
    Field(name="divisi", label="Satfung", hint="Misalnya BAG OPS, SAT LANTAS, POLSEK KOTA."),
    Field(name="jabatan", label="Jabatan"),
    Field(name="insta", label="Instagram", hint="Username atau alamat profil."),
    Field(name="tiktok", label="TikTok", hint="Username atau alamat profil."),
    Field(name="whatsapp", label="WhatsApp", kind="tel", hint="Untuk pengingat, misalnya 081234567890."),
    Field(name="email", label="Surel", kind="email"),
    Field(name="exception", label="Dikecualikan: dihitung sudah melaksanakan semua", kind="box"),
)  # fmt: skip
_SWITCHES = (
    Field(name="status", label="Aktif: masuk laporan dan pengingat", kind="box"),
    Field(name="wa_opt_in", label="Bersedia menerima pengingat WhatsApp", kind="box"),
)


@router.read("/klien/{client_id}/personel/baru", role=Role.OPERATOR, client=Client.NAMED)
def new_form(call: Call) -> Response:
    """Show an empty form."""
    client = get_client(call.store, call.one_client)
    return _show(call, client, None, [_ID, *_FIELDS])


@router.write(
    "POST",
    "/klien/{client_id}/personel/baru",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_BODY_LIMIT,
)
def add(call: Call) -> Response:
    """Add a user, or show the form again with everything that is wrong."""
    client = get_client(call.store, call.one_client)
    fields, values = judged(typed([_ID, *_FIELDS], read_form(call.request)), normalise_user_field)
    if any(field.error for field in fields):
        return _show(call, client, None, fields, status=400)
    try:
        words = {**words_of(fields, values), "client_id": client.client_id}
        user = add_user(call.store, words, by=call.actor)
    except (InputError, TryLaterError) as error:
        return _show(call, client, None, fields, error=translate(error.message), status=400)
    return go_to(_explanation(client, user) + "&ok=tambah")


@router.read("/klien/{client_id}/personel/ubah", role=Role.OPERATOR, client=Client.NAMED)
def change_form(call: Call, personel: str = "") -> Response:
    """Show a user's form."""
    client = get_client(call.store, call.one_client)
    user = _user_of(call, client, personel)
    return _show(call, client, user, filled([*_FIELDS, *_SWITCHES], _words(user)))


@router.write(
    "POST",
    "/klien/{client_id}/personel/ubah",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_BODY_LIMIT,
)
def change(call: Call) -> Response:
    """Change a user, or show the form again with everything that is wrong."""
    client = get_client(call.store, call.one_client)
    form = read_form(call.request)
    user = _user_of(call, client, form.get("personel"))
    if form.get("versi") != fingerprint(user):
        shown = filled([*_FIELDS, *_SWITCHES], _words(user))
        stale = "Data personel ini baru saja diubah orang lain. Isian di bawah sudah yang terbaru; ubah lagi bila perlu."
        return _show(call, client, user, shown, error=stale, status=409)
    fields, values = judged(typed([*_FIELDS, *_SWITCHES], form), normalise_user_field)
    if any(field.error for field in fields):
        return _show(call, client, user, fields, status=400)
    differ = {name: value for name, value in values.items() if value != getattr(user, name)}
    changes = words_of(fields, differ)
    if not changes:
        return go_to(_explanation(client, user))
    try:
        set_user(call.store, user.user_id, changes, by=call.actor, client_id=client.client_id)
    except NotFoundError as error:  # removed, or moved to another client, since it was looked up
        raise HTTPException(404) from error
    except (InputError, TryLaterError) as error:
        return _show(call, client, user, fields, error=translate(error.message), status=400)
    return go_to(_explanation(client, user) + "&ok=ubah")


def _user_of(call: Call, client: ClientRow, user_id: str) -> User:
    user = get_user(call.store, user_id)
    if user.client_id != client.client_id:
        raise HTTPException(404)
    return user


def _explanation(client: ClientRow, user: User) -> str:
    return f"/klien/{client.client_id}/penjelasan?personel={quote(user.user_id, safe='')}"


def _words(user: User) -> dict[str, str]:
    words = {}
    for field in [*_FIELDS, *_SWITCHES]:
        value = getattr(user, field.name)
        if isinstance(value, bool):
            words[field.name] = "ya" if value else ""
        else:
            words[field.name] = "" if value is None else str(value)
    if user.whatsapp:
        words["whatsapp"] = f"+{user.whatsapp}"  # or 8190… would be read as an Indonesian 08190…
    return words


def _show(
    call: Call,
    client: ClientRow,
    user: User | None,
    fields: list[Field],
    *,
    error: str = "",
    status: int = 200,
) -> Response:
    return render_page(
        call,
        "user_form.html.j2",
        http_status=status,
        client=client,
        user=user,
        fields=fields,
        error=error,
        versi=fingerprint(user) if user else "",
    )
