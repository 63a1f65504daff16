"""What a person who says "I did like it" is told: the explanation when an operator sends it, and once when a reading proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.complaints import Complaint, proof_key
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.collection.posts import post_url
from cicero_cli.domain.messaging.messages import (
    LONGEST_MESSAGE,
    Kind,
    NewMessage,
    split_text,
)
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.attendance.complaints import ComplaintRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.answer_text import full_name, time_of, write_answer
from cicero_cli.services.attendance.explanation import Explanation
from cicero_cli.services.messaging.recipients import queue_parts
from cicero_cli.services.roster.clients import get_client

_WANTED = timedelta(hours=24)


class UnreachableError(CiceroError):
    """The person gets no message; says why, and what to do."""

    code = "unreachable"


@dataclass(frozen=True)
class QueuedAnswer:
    """One person's answer: `queued` messages are new; none are when the person has had this very answer."""

    recipient: str
    parts: int
    queued: int
    text: str


def check_reachable(user: User) -> str:
    """The person's number; UnreachableError for who is not active, has none, has said STOP or is exempt."""
    words = {"user_id": user.user_id, "nama": user.nama}
    if not user.status:
        raise UnreachableError(
            "{nama} is not active, so nothing is sent",
            hint="cicero user set {user_id} --active",
            **words,
        )
    if user.whatsapp is None:
        raise UnreachableError(
            "{nama} has no number on file",
            hint="cicero user set {user_id} --whatsapp 08…",
            **words,
        )
    if not user.wa_opt_in:
        raise UnreachableError(
            "{nama} has asked for no messages (STOP)",
            hint="tell the person yourself; if that was a mistake: cicero user set {user_id} --opt-in",
            **words,
        )
    if user.exception:
        raise UnreachableError(
            "{nama} is exempt and counts as having done every post, so there is nothing to answer",
            hint="if that is wrong: cicero user set {user_id} --no-exception",
            **words,
        )
    return user.whatsapp


def send_answer(
    store: Store, explanation: Explanation, *, now: datetime, dry_run: bool = False
) -> QueuedAnswer:
    """Queue what was seen of the person on the day's posts, once per person, day and content; UnreachableError for who gets none."""
    user, client, day = explanation.user, explanation.client, explanation.moment.day
    recipient = check_reachable(user)
    rows = [part.in_report for part in explanation.platforms]
    if any(row and row.status is Status.DIKECUALIKAN for row in rows):
        raise UnreachableError(
            "{nama} is on leave or exempt on {day} and counts as having done every post, so there is nothing to answer",
            hint="if that is wrong: cicero user leave, or cicero user set {user_id} --no-exception",
            user_id=user.user_id,
            nama=user.nama,
            day=day.isoformat(),
        )
    text = write_answer(explanation)
    content = sha256(text.encode()).hexdigest()[:16]
    key = f"answer:{client.client_id}:{user.user_id}:{day}:{content}"
    messages = _write_messages(key, user, client.client_id, day, text, now=now)
    queued: list[int] = []
    if not dry_run:
        with store.transaction():
            queued = queue_parts(store, messages, now=now)
    return QueuedAnswer(recipient, len(messages), len(queued), text)


def prove_complaints(
    store: Store, client_ids: Sequence[str], *, now: datetime
) -> Sequence[Complaint]:
    """Open complaints about these clients' posts that what was read by now shows to be right are marked, and each person who may
    be told is told once; gives them. Costs one look when none is open.
    """
    with store.transaction():  # marked and told, or neither: also when the process dies in between
        proved = ComplaintRepository(store.connection).prove(client_ids, now=now)
        for complaint in proved:
            _tell(store, complaint, now=now)
    return proved


def _tell(store: Store, complaint: Complaint, *, now: datetime) -> None:
    user = store.users.get(complaint.user_id)
    if user is None:
        return
    try:
        check_reachable(user)
    except UnreachableError:
        return
    text = _write_proof(store, complaint, user)
    messages = _write_messages(
        proof_key(complaint.complaint_id), user, complaint.client_id, complaint.day, text, now=now
    )
    queue_parts(store, messages, now=now)


def _write_proof(store: Store, complaint: Complaint, user: User) -> str:
    client = get_client(store, complaint.client_id, may_have_ended=True)
    shown = complaint.proof or ()
    lines = [
        f"*Komplain Anda terbukti*\n{full_name(user)}\n"
        f"{clean_text(client.nama)}, {format_day_indonesian(complaint.day)}",
        f"{len(shown)} konten yang tadinya belum tercatat sekarang sudah tercatat atas nama Anda:",
    ]
    for platform in Platform:
        posts = [
            f"{number}. {post_url(platform, one['id'], client.known_username(platform))}\n"
            f"✅ Terlihat {time_of(datetime.fromisoformat(one['seen_at']), complaint.day, client.zone)}"
            for number, one in enumerate(
                (one for one in shown if one["platform"] == platform), start=1
            )
        ]
        if posts:
            lines.append("\n".join([f"*{platform.label}*", *posts]))
    return "\n\n".join([*lines, "Maaf atas ketidaknyamanannya, dan terima kasih."])


def _write_messages(
    key: str, user: User, client_id: str, day: date, text: str, *, now: datetime
) -> list[NewMessage]:
    return [
        NewMessage(
            dedupe_key=f"{key}:{number}",
            kind=Kind.EXPLANATION,
            client_id=client_id,
            user_id=user.user_id,
            day=day,
            recipient=user.whatsapp or "",
            body=part,
            expires_at=now + _WANTED,
        )
        for number, part in enumerate(split_text(text, LONGEST_MESSAGE), start=1)
    ]
