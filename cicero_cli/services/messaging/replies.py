"""What is done for who writes to the account, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.complaints import Via
from cicero_cli.domain.messaging.requests import Request, Want, handle_words, number_in
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.inbound import Handled
from cicero_cli.repositories.roster.handle_proposals import Settled
from cicero_cli.services.attendance.complaints import open_complaint
from cicero_cli.services.attendance.own_figures import read_own_figures
from cicero_cli.services.messaging import reply_texts
from cicero_cli.services.messaging.handle_proposals import (
    list_proposals,
    propose_handle,
    settle_proposal,
)
from cicero_cli.services.roster.users import set_user

ACTOR = "whatsapp"  # as the audit log calls whoever wrote
_MOST_PEOPLE = 3  # who share a number and are told their figures


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A number: the active people who are reached at it, the clients whose operator it is (None: of all), and what was written
    from it within a day, the newest first.
    """

    number: str
    people: Sequence[User]
    operates: Sequence[str] | None
    zone: ZoneInfo
    past: Sequence[Handled]
    admins: Sequence[str]  # of the installation

    @property
    def is_operator(self) -> bool:
        return self.operates is None or bool(self.operates)


def tell_figures(store: Store, sender: Sender, *, now: datetime) -> str:
    """Those of everybody whose number it is: whoever shares one gets the others' reminders too."""
    found = [read_own_figures(store, user, now=now) for user in sender.people[:_MOST_PEOPLE]]
    return "\n\n".join(reply_texts.figures_text(one) for one in found)


def reply_to(store: Store, sender: Sender, request: Request, *, now: datetime) -> tuple[Want, str]:
    """Do what is asked, in the caller's transaction; gives what it was taken for and the answer, empty for none.

    What cannot be asked by this sender is taken for OTHER.
    """
    if text := _ACTS[request.want](store, sender, request, now):
        return request.want, text
    return Want.OTHER, _help(store, sender, now)


def _stop(store: Store, sender: Sender, _request: Request, now: datetime) -> str:
    if not sender.people:
        return ""
    is_news = _choose(store, sender, wants_reminders=False, now=now)
    return reply_texts.STOPPED if is_news else reply_texts.ALREADY_STOPPED


def _start(store: Store, sender: Sender, _request: Request, now: datetime) -> str:
    if not sender.people:
        return ""
    is_news = _choose(store, sender, wants_reminders=True, now=now)
    return reply_texts.STARTED if is_news else reply_texts.ALREADY_STARTED


def _choose(store: Store, sender: Sender, *, wants_reminders: bool, now: datetime) -> bool:
    """For everybody whose number it is; False when it was so already."""
    others = [user for user in sender.people if user.wa_opt_in is not wants_reminders]
    for user in others:
        words = {"wa_opt_in": wants_reminders}
        set_user(store, user.user_id, words, by=Actor(ACTOR, now))
    return bool(others)


def _propose(store: Store, sender: Sender, request: Request, now: datetime) -> str:
    platform = Platform.INSTA if request.want is Want.INSTA else Platform.TIKTOK
    person, rest = _whose(sender, request.rest)
    typed = handle_words(rest)
    if typed is None and rest:
        return ""  # a sentence that begins so
    if person is None:
        return reply_texts.say_whose(sender.people, request) if sender.people else ""
    try:
        username = normalise_handle(typed, platform)
    except ValueError:
        username = None
    if username is None:
        return reply_texts.how_to_propose(platform)
    if person.username(platform) == username:
        return reply_texts.on_file_already(platform, username)
    propose_handle(store, person, platform, username, admins=sender.admins, now=now)
    return reply_texts.proposed(platform, username)


def _complain(store: Store, sender: Sender, request: Request, now: datetime) -> str:
    person, rest = _whose(sender, request.rest)
    if person is None:
        return reply_texts.say_whose(sender.people, request) if sender.people else ""
    if not rest:
        return reply_texts.HOW_TO_COMPLAIN
    by = Actor(ACTOR, now)
    complaint = open_complaint(store, person, issue=rest, via=Via.WHATSAPP, by=by, now=now)
    return reply_texts.complained(complaint.complaint_id)


def _decide(store: Store, sender: Sender, request: Request, now: datetime) -> str:
    """An operator's word about a proposal; without a number, about the only one that is open."""
    if not sender.is_operator:
        return ""
    own = list_proposals(store, sender.operates)
    number = number_in(request.rest)
    if number is None and (request.rest or len(own) != 1):
        return reply_texts.which_proposal([one.proposal_id for one in own])
    outcome = Settled.ACCEPTED if request.want is Want.YES else Settled.REFUSED
    chosen = own[0].proposal_id if number is None else number
    try:
        with store.transaction():
            settled = settle_proposal(
                store, chosen, outcome, by=Actor(ACTOR, now), client_ids=sender.operates
            )
    except NotFoundError:
        return reply_texts.no_such_proposal(chosen)
    except InputError:
        return reply_texts.cannot_accept(next(one for one in own if one.proposal_id == chosen))
    return reply_texts.settled(settled, outcome)


def _whose(sender: Sender, rest: str) -> tuple[User | None, str]:
    """Who is meant, and the words behind the id: the only one whose number it is, else the one whose id comes first."""
    head, _, tail = rest.partition(" ")
    for user in sender.people:
        if head.strip(":,.") == user.user_id:
            return user, tail.strip()
    return (sender.people[0] if len(sender.people) == 1 else None), rest


def _help(store: Store, sender: Sender, now: datetime) -> str:
    """Once a day."""
    today = local_day(now, sender.zone)
    if any(
        one.answered and one.request == Want.OTHER and local_day(one.came_at, sender.zone) == today
        for one in sender.past
    ):
        return ""
    client = store.clients.get(sender.people[0].client_id) if sender.people else None
    return reply_texts.help_text(client.nama if client else None, is_operator=sender.is_operator)


def _nothing(_store: Store, _sender: Sender, _request: Request, _now: datetime) -> str:
    return ""


_ACTS: dict[Want, Callable[[Store, Sender, Request, datetime], str]] = {
    Want.STOP: _stop,
    Want.START: _start,
    Want.INSTA: _propose,
    Want.TIKTOK: _propose,
    Want.COMPLAIN: _complain,
    Want.YES: _decide,
    Want.NO: _decide,
    Want.CHECK: _nothing,
    Want.OTHER: _nothing,
}
