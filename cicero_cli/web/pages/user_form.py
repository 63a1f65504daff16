"""The form of one user: added and changed by the same service as `cicero user`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import add_user, get_user, set_user
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.fields import Field
from cicero_cli.web.pages.labels import FIELD_WORDS
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.record_form import BODY_LIMIT, RecordForm

router = page_router()

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
    return _form(call, None).show()


@router.write(
    "POST",
    "/klien/{client_id}/personel/baru",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=BODY_LIMIT,
    show_unsigned=lambda call: _form(call, None).show_unsigned(),
)
def add(call: Call) -> Response:
    """Add a user, or show the form again with everything that is wrong."""

    def write(words: dict[str, Any]) -> str:
        user = add_user(call.store, {**words, "client_id": call.one_client}, by=call.actor)
        return f"{_explanation(user)}&ok=tambah"

    return _form(call, None).save(write)


@router.read("/klien/{client_id}/personel/ubah", role=Role.OPERATOR, client=Client.NAMED)
def change_form(call: Call, personel: str = "") -> Response:
    """Show a user's form."""
    return _form(call, _user_of(call, personel)).show()


@router.write(
    "POST",
    "/klien/{client_id}/personel/ubah",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=BODY_LIMIT,
    show_unsigned=lambda call, personel: _form(call, _user_of(call, personel)).show_unsigned(),
)
def change(call: Call, personel: str = "") -> Response:
    """Change a user, or show the form again with everything that is wrong."""
    user = _user_of(call, personel)

    def write(words: dict[str, Any]) -> str:
        set_user(call.store, user.user_id, words, by=call.actor, client_id=user.client_id)
        return f"{_explanation(user)}&ok=ubah"

    return _form(call, user).save(write, unchanged=f"{_explanation(user)}&ok=tetap")


def _form(call: Call, user: User | None) -> RecordForm:
    client = get_client(call.store, call.one_client)
    suggestions = call.store.users.titles_and_divisions(client.client_id)
    fields = [*_FIELDS, *_SWITCHES] if user else [_ID, *_FIELDS]
    return RecordForm(
        call=call,
        template="user_form.html.j2",
        fields=[
            replace(field, suggestions=tuple(suggestions.get(field.name, ()))) for field in fields
        ],
        normalise=normalise_user_field,
        record=user,
        shown={"client": client, "user": user},
    )


def _user_of(call: Call, user_id: str) -> User:
    user = get_user(call.store, user_id)
    if user.client_id != call.one_client:
        raise HTTPException(404)
    return user


def _explanation(user: User) -> str:
    return f"/klien/{user.client_id}/penjelasan?personel={quote(user.user_id, safe='')}"
