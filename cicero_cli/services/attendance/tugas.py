"""The task list of a client's day: read, compared with what somebody was told, and worded for WhatsApp."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.tugas import (
    NOTHING_TOLD,
    Doubt,
    TaskList,
    compare_tasks,
    list_tasks,
    tasks_document,
)
from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE, render_tasks
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.attendance.tugas import TaskRepository, ToldDay
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, list_posts, was_listed
from cicero_cli.services.attendance.laphar import template_errors

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class TaskMessage:
    """A client's task list and its words."""

    tasks: TaskList
    text: str


def write_tasks(
    store: Store,
    client: Client,
    scope: Scope,
    moment: Moment,
    *,
    recipient: str | None,
    template: Template,
    now: datetime,
) -> TaskMessage:
    """The day's list for whoever is told of it (None: for somebody who was told nothing yet); new is what they were not told.

    SettingError when the unit's own template asks for what there is not.
    """
    told = NOTHING_TOLD
    if recipient is not None:
        day = ToldDay(client.client_id, moment.day, recipient)
        told = TaskRepository(store.connection, scope).last_told(day)
    of_day = store.clients.of_day(client, moment.day, None)
    posts = {platform: list_posts(store, client, platform, moment) for platform in scope.platforms}
    doubts = [
        Doubt(
            platform,
            is_listed=bool(posts[platform]) or was_listed(store, client, platform, moment),
            unreadable=store.posts(platform).count_unreadable(client.client_id, moment.day),
        )
        for platform in scope.platforms
        if posts[platform] or of_day.followed_username(platform) is not None
    ]
    tasks = compare_tasks(of_day, moment.day, list_tasks(of_day, posts), told, doubts)
    return word_tasks(tasks, template=template, now=now)


def word_tasks(tasks: TaskList, *, template: Template, now: datetime) -> TaskMessage:
    """In the client's own words, where it has them."""
    from cicero_cli.services.attendance.template_folder import of_client

    with template_errors(TUGAS_TEMPLATE):
        text = render_tasks(of_client(template, tasks.client.client_id), tasks, moment=now)
    return TaskMessage(tasks, text)


def message_document(message: TaskMessage) -> dict[str, Any]:
    """The JSON of `tugas show`."""
    return {**tasks_document(message.tasks), "text": message.text}
