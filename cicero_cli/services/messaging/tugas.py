"""`tugas send`: the list of the day's posts goes to the client's group whenever the posts are other ones than were told last.

Each list has a number, which its key holds: two runs that find the same news would both send the next one, and one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cicero_cli.core.setting_values import Hours
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.tugas import TaskList, tasks_document
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.recipients import What
from cicero_cli.domain.periods import day_bounds, zone_abbreviation
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.phones import normalise_group
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.attendance.tugas import TaskRepository, ToldDay
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, choose_moment
from cicero_cli.services.attendance.tugas import TaskMessage, word_tasks, write_tasks
from cicero_cli.services.messaging.laphars import Announced, QueuedReport
from cicero_cli.services.messaging.recipients import check_recipients, queue_parts, recipients_of
from cicero_cli.words import reason_of

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class TaskSending:
    """How `tugas send` was asked: of which platforms, to whom, and how messages are cut."""

    scope: Scope
    to: Sequence[str]
    text_limit: int
    template: Template
    quiet: Hours
    again: bool = False
    dry_run: bool = False


def send_tasks(
    store: Store, clients: Sequence[Client], sending: TaskSending, *, now: datetime
) -> Announced:
    """Queue the list of today's posts of each client that has news for its group and who else wants it, or for `to`; a report for each recipient.

    `parts` 0: there are no posts, and none were told; `known`: nothing has changed since that was told. A client without anybody
    is named, and so is one whose quiet hours it is. InputError for a wrong `--to`, before anything is queued.
    """
    chosen = check_recipients(sending.to)
    announced = Announced()
    for client in clients:
        try:
            check_quiet(client, sending.quiet, now=now)
            for recipient in chosen or _recipients_of(store, client):
                announced.reports.append(_send(store, client, recipient, sending, now=now))
        except CiceroError as error:
            announced.failures[client.client_id] = error.message
    return announced


def group_of(client: Client) -> str:
    """Who is told of its posts; CiceroError where it has no group."""
    try:
        group = normalise_group(client.client_group or "")
    except ValueError as error:
        raise CiceroError(
            "its group: {reason} (cicero client set {client_id} --group)",
            reason=reason_of(error),
            client_id=client.client_id,
        ) from error
    if group is None:
        raise CiceroError(
            "there is no group to get its task list: cicero client set {client_id} --group ID@g.us (cicero wa groups)",
            client_id=client.client_id,
        )
    return group


def _recipients_of(store: Store, client: Client) -> list[str]:
    """Its group, and who asked for task lists beside it; CiceroError where nobody is."""
    also = [one.recipient for one in recipients_of(store, client, What.TUGAS)]
    group = [group_of(client)] if client.client_group or not also else []
    return list(dict.fromkeys([*group, *also]))


def check_quiet(client: Client, quiet: Hours, *, now: datetime) -> None:
    """CiceroError in the client's quiet hours, when nobody is told of posts."""
    morning = quiet.until(now.astimezone(client.zone))
    if morning is not None:
        raise CiceroError(
            "nobody is told of posts in quiet hours (CICERO_QUIET_HOURS), which last until {morning:%H:%M} {zone}",
            morning=morning,
            zone=zone_abbreviation(client.zone),
        )


def _send(
    store: Store, client: Client, recipient: str, sending: TaskSending, *, now: datetime
) -> QueuedReport:
    moment = choose_moment(client, None, None, now=now)
    message = write_tasks(
        store,
        client,
        sending.scope,
        moment,
        recipient=recipient,
        template=sending.template,
        now=now,
    )
    is_news = message.tasks.is_news
    if sending.again and not is_news:
        message = _once_more(store, message, recipient, sending, now=now)
    must_go = is_news or (sending.again and bool(message.tasks.tasks))
    parts = split_text(message.text.rstrip("\n"), sending.text_limit)
    queued: list[int] = []
    if must_go and not sending.dry_run:
        queued = _queue(store, message.tasks, recipient, parts, sending, moment=moment, now=now)
    is_empty = not must_go and not message.tasks.tasks
    return QueuedReport(
        client_id=client.client_id,
        recipients=(recipient,),
        parts=0 if is_empty else len(parts),
        queued=len(queued),
        known=0 if is_empty or queued or (must_go and sending.dry_run) else len(parts),
        text=message.text,
    )


def _once_more(
    store: Store, message: TaskMessage, recipient: str, sending: TaskSending, *, now: datetime
) -> TaskMessage:
    """As it was told last: what was new then, and what had gone, is so again."""
    tasks = message.tasks
    day = ToldDay(tasks.client.client_id, tasks.day, recipient)
    told = TaskRepository(store.connection, sending.scope).last_told(day)
    same = replace(tasks, fresh=told.fresh, gone=told.gone, number=told.number)
    return word_tasks(same, template=sending.template, now=now)


def _queue(
    store: Store,
    tasks: TaskList,
    recipient: str,
    parts: Sequence[str],
    sending: TaskSending,
    *,
    moment: Moment,
    now: datetime,
) -> list[int]:
    client_id = tasks.client.client_id
    again = f":again:{now.isoformat()}" if sending.again else ""
    key = f"tugas:{client_id}:{moment.day}:{sending.scope}:{tasks.number}:{recipient}{again}"
    messages = [
        NewMessage(
            dedupe_key=f"{key}:{number}",
            kind=Kind.TUGAS,
            client_id=client_id,
            day=moment.day,
            recipient=recipient,
            body=part,
            # `deliver` puts it off in quiet hours, and tomorrow nobody wants it
            expires_at=day_bounds(moment.day, tasks.client.zone)[1],
        )
        for number, part in enumerate(parts, start=1)
    ]
    with store.transaction():
        queued = queue_parts(store, messages, now=now)
        if queued:
            store.reports.keep_tasks(
                client_id,
                tasks_document(tasks),
                day=moment.day,
                scope=sending.scope,
                number=tasks.number,
                message_ids=queued,
                now=now,
            )
    return queued
