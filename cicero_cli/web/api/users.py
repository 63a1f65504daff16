"""Users: listed, looked up, added, changed, removed."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from fastapi import Query, Response
from pydantic import Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.spans import EVER
from cicero_cli.repositories.roster.client_spans import ClientSpan
from cicero_cli.services.roster.users import add_user, get_user, remove_user, set_user, unknown_user
from cicero_cli.web.http.answers import UNSENT, Body, Envelope, Plain, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import ClientQuery, clients_asked, remembered
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api/users", tag="users")
roles_router = GuardedRouter(prefix="/api/user_roles", tag="users")


class User(Schema):
    """A person who is expected to engage. Handles are without `@`, the number is E.164 digits."""

    user_id: str = Field(examples=["85010001"])
    client_id: str = Field(examples=["POLRES_A"])
    nama_client: str = Field(examples=["Polres A"])
    nama: str = Field(examples=["Budi Santoso"])
    title: str | None = Field(examples=["AKP"])
    divisi: str | None = Field(examples=["SAT LANTAS"])
    jabatan: str | None
    insta: str | None = Field(examples=["budi.s"])
    tiktok: str | None
    whatsapp: str | None = Field(examples=["6281200000001"])
    email: str | None
    status: bool = Field(description="active")
    exception: bool = Field(description="counted as having done everything")
    wa_opt_in: bool = Field(description="false refuses reminders")


class UserChanges(Body):
    """The fields to change; null clears one that may be empty."""

    user_id: str = Field(default=UNSENT, description="another id for the same person")
    client_id: str = UNSENT
    nama: str = UNSENT
    title: str | None = UNSENT
    divisi: str | None = UNSENT
    jabatan: str | None = UNSENT
    insta: str | None = Field(default=UNSENT, description="a handle or the address of a profile")
    tiktok: str | None = Field(default=UNSENT, description="as insta")
    whatsapp: str | None = Field(default=UNSENT, examples=["081200000001"])
    email: str | None = UNSENT
    exception: bool = UNSENT
    status: bool = UNSENT
    wa_opt_in: bool = UNSENT


class NewUser(UserChanges):
    """A new user; without `client_id` of the token's client."""

    client_id: str | None = UNSENT  # type: ignore[assignment] # looser than in a change
    user_id: str = Field(examples=["85010001"])
    nama: str = Field(examples=["Budi Santoso"])


@router.read("/list", role=Role.VIEWER, client=Client.OWN, schema=Envelope[list[User]])
def list_users(call: Call, query: Annotated[ClientQuery, Query()]) -> Response:
    """List the users of a client, active or not; in scope DIREKTORAT also whose of its units are expected on its posts."""
    return users_asked(call, query)


@router.read("", role=Role.VIEWER, client=Client.OWN, schema=Envelope[list[User]])
def list_all_users(call: Call, query: Annotated[ClientQuery, Query()]) -> Response:
    """List the users of a client, as /api/users/list."""
    return users_asked(call, query)


@router.read(
    "/by-client/{client_id}", role=Role.VIEWER, client=Client.NAMED, schema=Envelope[list[User]]
)
def list_users_of_client(
    call: Call,
) -> Response:
    """List the users of the client in the path."""
    return users_asked(call)


@router.read("/{user_id}", role=Role.VIEWER, client=Client.USER, schema=Envelope[User])
def show(call: Call, user_id: str) -> Response:
    """Show one user."""
    return _answer_user(call, user_id)


@router.write("POST", "", role=Role.OPERATOR, client=Client.NAMED, schema=Envelope[User])
def add(call: Call, body: NewUser) -> Response:
    """Add a user."""
    return _add(call, body)


@router.write("POST", "/create", role=Role.OPERATOR, client=Client.NAMED, schema=Envelope[User])
def create(call: Call, body: NewUser) -> Response:
    """Add a user, as POST /api/users."""
    return _add(call, body)


@router.write("PUT", "/{user_id}", role=Role.OPERATOR, client=Client.USER, schema=Envelope[User])
def change(call: Call, user_id: str, body: UserChanges) -> Response:
    """Change the fields that are given."""
    user = set_user(
        call.store, user_id, typed_words(body), by=call.actor, client_id=call.one_client
    )
    return _answer_user(call, user.user_id, message="Sudah diubah.")


@router.write("DELETE", "/{user_id}", role=Role.OPERATOR, client=Client.USER, schema=Plain)
def remove(call: Call, user_id: str) -> Response:
    """Remove a user for good; to keep the record, change `status` to false."""
    remove_user(call.store, user_id, by=call.actor, client_id=call.one_client)
    return answer(message="Sudah dihapus.")


class IdChange(Body):
    """One person's old and new id, as the newest dashboard tells it after it has changed the user."""

    old_user_id: str
    new_user_id: str


@roles_router.write("PUT", "/update", role=Role.OPERATOR, client=Client.OWN, schema=Envelope[User])
def change_role_holder(call: Call, body: IdChange) -> Response:
    """Give a user another id where that has not been done; the dashboards keep roles by id, here they are an account's."""
    known = call.store.users.get(body.new_user_id) or get_user(call.store, body.old_user_id)
    if not call.caller.may_see(known.client_id):
        raise unknown_user(body.old_user_id)
    if known.user_id != body.new_user_id:
        words = {"user_id": body.new_user_id}
        set_user(call.store, known.user_id, words, by=call.actor, client_id=known.client_id)
    return _answer_user(call, body.new_user_id, message="Sudah diubah.")


def users_asked(call: Call, query: ClientQuery | None = None) -> Response:
    """Everybody of the clients that are asked for; in scope DIREKTORAT also who else is expected on their posts."""
    spans = [ClientSpan(choice, EVER) for choice in clients_asked(call, query)]
    ids = [one.choice.client_id for one in spans]
    is_wide = query is not None and query.is_wide

    def make() -> Response:
        if is_wide or len(spans) > 1:
            call.move_to(Lane.HEAVY)
        lists = call.store.dashboard_lists
        rows = lists.audience(ids, call.visible_ids) if is_wide else lists.users(ids)
        return answer(msgspec.Raw(rows.encode()))

    if is_wide:  # whose people are whole, and who is expected, depends on the caller and on the day
        today = [local_day(call.now, ZoneInfo(one.choice.timezone)) for one in spans]
        return remembered(call, "audience", spans, make, call.visible_ids, today)
    return remembered(call, "users", spans, make)


def typed_words(body: Body) -> dict[str, object]:
    """The fields that were sent, as the services take what was typed: an empty text clears."""
    return {
        name: "" if value is None else value
        for name, value in body.model_dump(exclude_unset=True).items()
    }


def _add(call: Call, body: NewUser) -> Response:
    words = {**typed_words(body), "client_id": call.one_client}
    user = add_user(call.store, words, by=call.actor)
    return _answer_user(call, user.user_id, message="Sudah ditambahkan.")


def _answer_user(call: Call, user_id: str, message: str | None = None) -> Response:
    return answer(msgspec.Raw(call.store.dashboard_lists.user(user_id).encode()), message=message)
