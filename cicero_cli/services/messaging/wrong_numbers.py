"""What somebody says who gets another person's reminders: the number on file is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.complaints import Via
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.complaints import open_complaint
from cicero_cli.services.messaging.handle_proposals import operators_of
from cicero_cli.services.roster.users import set_user

ACTOR = "self-check"  # as the audit log calls whoever followed the link
_WANTED = timedelta(hours=12)
_ISSUE = "Penerima pengingat di nomor WhatsApp ini mengatakan bukan personel ini."


def report_wrong_number(store: Store, user: User, *, admins: Sequence[str], now: datetime) -> None:
    """Stop the reminders, open a complaint and tell the operator; said again, it changes nothing more."""
    by = Actor(ACTOR, now)
    with store.transaction():
        if user.wa_opt_in:
            set_user(store, user.user_id, {"wa_opt_in": False}, by=by)
        complaint = open_complaint(store, user, issue=_ISSUE, via=Via.WHATSAPP, by=by, now=now)
        person = clean_text(f"{user.title or ''} {user.nama}, {user.user_id}")
        body = (
            f"*Nomor WhatsApp keliru?*\nPenerima pengingat {person} mengatakan bukan orangnya."
            " Pengingatnya dihentikan. Betulkan nomornya, lalu nyalakan lagi pengingatnya."
        )
        notices = [
            NewMessage(
                dedupe_key=f"wrong-number:{complaint.complaint_id}:{recipient}",
                kind=Kind.NOTICE,
                client_id=user.client_id,
                user_id=user.user_id,
                recipient=recipient,
                body=body,
                expires_at=now + _WANTED,
            )
            for recipient in operators_of(store, user.client_id, admins)
        ]
        store.outbox.add(notices, now=now)
