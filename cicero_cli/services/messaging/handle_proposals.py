"""Handles that people say are theirs: told to the operator, who accepts or refuses; then the person is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.messaging.messages import Kind, NewMessage, is_group
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.handle_proposals import (
    HandleProposalRepository,
    Proposal,
    Settled,
)
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import set_user

_WANTED, _HOUR = timedelta(hours=12), timedelta(hours=1)
_ACTIONS = {
    Settled.ACCEPTED: "user.proposal_accepted",
    Settled.REFUSED: "user.proposal_refused",
}
_NOTICES_AN_HOUR = 10  # to one operator; the rest stands in the list


def propose_handle(
    store: Store,
    user: User,
    platform: Platform,
    username: str,
    *,
    admins: Sequence[str],
    now: datetime,
) -> int:
    """Keep it and tell the client's operator; gives its number. An open one of the same person gives way.

    The operator is the client's, else its super admin, else the installation's `admins`.
    """
    proposals = HandleProposalRepository(store.connection)
    with store.transaction():
        number = proposals.add(user.user_id, platform, username, now=now)
        (proposal,) = proposals.list_open(None, proposal_id=number)
        for recipient in operators_of(store, user.client_id, admins):
            if proposals.count_notices(recipient, since=now - _HOUR) < _NOTICES_AN_HOUR:
                store.outbox.add([_notice(proposal, recipient, now)], now=now)
    return number


def list_proposals(store: Store, clients: Sequence[str] | None) -> list[Proposal]:
    """The open ones of these clients' people, or of all, the oldest first; NotFoundError for a client that there is not."""
    ids = [get_client(store, typed).client_id for typed in clients] if clients else None
    return HandleProposalRepository(store.connection).list_open(ids)


def settle_proposal(
    store: Store,
    proposal_id: int,
    outcome: Settled,
    *,
    by: Actor,
    client_ids: Sequence[str] | None = None,
) -> Proposal:
    """Accept or refuse one of these clients' (None: of any), and tell the person.

    NotFoundError for what is not open there; InputError when another active user of the client has the handle.
    """
    proposals = HandleProposalRepository(store.connection)
    with store.transaction():
        found = proposals.list_open(client_ids, proposal_id=proposal_id)
        if not found or not proposals.settle(proposal_id, outcome, by=by.name, now=by.at):
            raise NotFoundError(
                "there is no open proposal {proposal_id}",
                hint="see: cicero usulan list",
                proposal_id=proposal_id,
            )
        (proposal,) = found
        if outcome is Settled.ACCEPTED:
            words = {proposal.platform: proposal.username}
            set_user(store, proposal.user_id, words, by=by, client_id=proposal.client_id)
        user = store.users.get(proposal.user_id)
        store.audit.add(
            _ACTIONS[outcome],
            by,
            subject=proposal.user_id,
            client_id=proposal.client_id,
            details={"platform": proposal.platform},
        )
        if user is not None and user.whatsapp:
            store.outbox.add([_told(proposal, outcome, user.whatsapp, by.at)], now=by.at)
    return proposal


def operators_of(store: Store, client_id: str, admins: Sequence[str]) -> list[str]:
    """Who can answer: a group cannot."""
    client = store.clients.get(client_id)
    own = [client.client_operator, client.client_super] if client else []
    persons = [number for number in own if number and not is_group(number)]
    return persons[:1] or [number for number in admins if not is_group(number)]


def _notice(proposal: Proposal, recipient: str, now: datetime) -> NewMessage:
    person = clean_text(f"{proposal.title or ''} {proposal.nama}")
    place = f", {clean_text(proposal.divisi)}" if proposal.divisi else ""
    before = f"`@{proposal.on_file}`" if proposal.on_file else "belum ada"
    lines = [
        f"*Usulan username nomor {proposal.proposal_id}*",
        f"{person} ({clean_text(proposal.user_id)}){place}",
        f"{proposal.label}: {before} menjadi `@{proposal.username}`",
    ]
    if proposal.held_by:
        lines.append(f"Perhatian: username itu tercatat untuk {clean_text(proposal.held_by)}.")
    lines += [
        "",
        f"Balas *YA {proposal.proposal_id}* untuk menerima, *TIDAK {proposal.proposal_id}* untuk menolak.",
    ]
    return NewMessage(
        dedupe_key=f"proposal:{proposal.proposal_id}:{recipient}",
        kind=Kind.NOTICE,
        client_id=proposal.client_id,
        user_id=proposal.user_id,
        recipient=recipient,
        body="\n".join(lines),
        expires_at=now + _WANTED,
    )


def _told(proposal: Proposal, outcome: Settled, recipient: str, now: datetime) -> NewMessage:
    handle = f"{proposal.label} `@{proposal.username}`"
    body = (
        f"Username {handle} sekarang tercatat untuk Anda."
        if outcome is Settled.ACCEPTED
        else f"Usulan username {handle} *tidak diterima*. Silakan hubungi operator satuan Anda."
    )
    return NewMessage(
        dedupe_key=f"proposal:{proposal.proposal_id}:{outcome}",
        kind=Kind.ANSWER,
        client_id=proposal.client_id,
        user_id=proposal.user_id,
        recipient=recipient,
        body=body,
        expires_at=now + _WANTED,
    )
