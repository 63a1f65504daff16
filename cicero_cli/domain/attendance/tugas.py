"""The task list (tugas) of a client's day: its posts, which of them somebody has not been told of, and which are gone since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cicero_cli.domain.collection.posts import Post, post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

PostKey = tuple[Platform, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One post as a task: a like on Instagram, a comment on TikTok."""

    platform: Platform
    key: str  # the shortcode or video id
    published_at: datetime  # in the client's zone
    caption: str
    url: str


@dataclass(frozen=True)
class ToldTasks:
    """The list that somebody was last told: the `number`-th of the day. `fresh` were new in it, `gone` had left."""

    number: int = 0
    tasks: tuple[Task, ...] = ()
    fresh: frozenset[PostKey] = frozenset()
    gone: tuple[Task, ...] = ()


NOTHING_TOLD = ToldTasks()


@dataclass(frozen=True)
class Doubt:
    """What a day's list may lack on a platform: it was never fetched, or holds posts that cannot be read."""

    platform: Platform
    is_listed: bool = True
    unreadable: int = 0


@dataclass(frozen=True)
class TaskList:
    """A client's day as it is told to somebody: `fresh` is new to them, `gone` is what they were told and is none any more.

    `number`: the how-manieth list of the day it is for them. `client` is as it was on that day.
    """

    client: Client
    day: date
    tasks: tuple[Task, ...]
    fresh: frozenset[PostKey]
    gone: tuple[Task, ...]
    number: int = 1
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether there is anything in it that they were not told."""
        return bool(self.fresh or self.gone)


def key_of(task: Task) -> PostKey:
    return (task.platform, task.key)


def list_tasks(client: Client, posts: Mapping[Platform, Sequence[Post]]) -> tuple[Task, ...]:
    """The posts as tasks, Instagram first, oldest first."""
    return tuple(
        Task(
            platform=platform,
            key=post.post_key,
            published_at=post.published_at.astimezone(client.zone),
            caption=post.caption,
            url=post_url(platform, post.post_key, post.account or client.known_username(platform)),
        )
        for platform in Platform
        for post in posts.get(platform, ())
    )


def compare_tasks(
    client: Client,
    day: date,
    tasks: tuple[Task, ...],
    told: ToldTasks,
    doubts: Iterable[Doubt] = (),
) -> TaskList:
    """The day's list for whoever was last told `told`."""
    before, present = set(map(key_of, told.tasks)), set(map(key_of, tasks))
    return TaskList(
        client,
        day,
        tasks,
        fresh=frozenset(present - before),
        gone=tuple(task for task in told.tasks if key_of(task) not in present),
        number=told.number + 1,
        doubts=tuple(doubts),
    )


def tasks_document(tasks: TaskList) -> dict[str, Any]:
    """The JSON of `tugas show`, and what is kept of a list that was sent: fields may be added, never renamed.

    `{client_id, date, posts: [{platform, post, published_at, caption, url, is_new}], gone: [{platform, post, published_at, caption,
    url}], not_listed: [platform], unreadable}`; `published_at` is ISO 8601 with the client's offset.
    """
    return {
        "client_id": tasks.client.client_id,
        "date": tasks.day.isoformat(),
        "posts": [
            {**_task_document(task), "is_new": key_of(task) in tasks.fresh} for task in tasks.tasks
        ],
        "gone": [_task_document(task) for task in tasks.gone],
        "not_listed": [doubt.platform.value for doubt in tasks.doubts if not doubt.is_listed],
        "unreadable": sum(doubt.unreadable for doubt in tasks.doubts),
    }


def read_told(number: int, document: Mapping[str, Any]) -> ToldTasks:
    """A list that was sent, from what was kept of it."""
    posts = document["posts"]
    return ToldTasks(
        number,
        tuple(map(_read_task, posts)),
        frozenset(key_of(_read_task(post)) for post in posts if post["is_new"]),
        tuple(map(_read_task, document["gone"])),
    )


def _task_document(task: Task) -> dict[str, Any]:
    return {
        "platform": task.platform.value,
        "post": task.key,
        "published_at": task.published_at.isoformat(),
        "caption": task.caption,
        "url": task.url,
    }


def _read_task(document: Mapping[str, Any]) -> Task:
    return Task(
        platform=Platform(document["platform"]),
        key=document["post"],
        published_at=datetime.fromisoformat(document["published_at"]),
        caption=document["caption"],
        url=document["url"],
    )
