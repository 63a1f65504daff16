"""The task list as a WhatsApp message: what the template is given, and its rendering."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cicero_cli.domain.attendance.laphar import ACTIONS, tidy_lines
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.tugas import Doubt, Task, TaskList, key_of
from cicero_cli.domain.periods import (
    format_day_indonesian,
    format_moment_indonesian,
    format_time_indonesian,
    greeting_at,
    local_day,
)
from cicero_cli.domain.platforms import Platform

TUGAS_TEMPLATE = "tugas.txt.j2"
_CAPTION_LENGTH = 70
_MARKS_ON_A_LETTER = 2  # Vietnamese and Arabic need no more; what has more is to be seen, not read


class Template(Protocol):
    """What is needed of Jinja's."""

    def render(self, *args: Any, **kwargs: Any) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPart:
    """One post for the template."""

    number: int
    platform: str  # Instagram, TikTok
    action: str  # like, komentar
    time: str  # of publication: `09.05 WIB`, with the day where it is another one
    caption: str  # its beginning on one line; may be empty
    url: str
    is_new: bool  # not told before


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSection:
    """The posts of one platform, oldest first; never without any."""

    platform: str
    action: str
    posts: tuple[TaskPart, ...]


def render_tasks(template: Template, tasks: TaskList, *, moment: datetime) -> str:
    """The message for one client and day."""
    return tidy_lines(template.render(**tasks_variables(tasks, moment=moment))) + "\n"


def tasks_variables(tasks: TaskList, *, moment: datetime) -> dict[str, Any]:
    """What the template is given (`domain/messaging/wordings.py` says what each is)."""
    client = tasks.client
    sections = [
        TaskSection(platform=platform.label, action=ACTIONS[platform], posts=parts)
        for platform in Platform
        if (parts := _parts(tasks, (task for task in tasks.tasks if task.platform is platform)))
    ]
    fresh = _parts(tasks, (task for task in tasks.tasks if key_of(task) in tasks.fresh))
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "day": format_day_indonesian(tasks.day),
        "moment": format_moment_indonesian(moment, client.zone),
        "time": format_time_indonesian(moment, client.zone),
        "is_same_day": local_day(moment, client.zone) == tasks.day,
        "posts": len(tasks.tasks),
        "new": fresh,
        "gone": _parts(tasks, tasks.gone),
        "sections": sections,
        "doubts": [sentence for doubt in tasks.doubts if (sentence := _doubt(doubt))],
    }


def shorten(text: str, length: int = _CAPTION_LENGTH) -> str:
    """The text on one line, cut between words and marked `…` where it is longer; no mark-up, no link, nothing unseen."""
    line = clean_text(_few_marks(text))
    if len(line) <= length:
        return line
    cut = line.rfind(" ", length // 2, length)
    cut = cut if cut > 0 else _between_letters(line, length - 1)
    return f"{line[:cut].rstrip(' ,.;:-')}…"


def _parts(tasks: TaskList, chosen: Iterable[Task]) -> tuple[TaskPart, ...]:
    return tuple(
        TaskPart(
            number=number,
            platform=task.platform.label,
            action=ACTIONS[task.platform],
            time=_time(task, tasks),
            caption=shorten(task.caption),
            url=task.url,
            is_new=key_of(task) in tasks.fresh,
        )
        for number, task in enumerate(chosen, start=1)
    )


def _time(task: Task, tasks: TaskList) -> str:
    """A post may be of another calendar day than the one that it counts for."""
    zone = tasks.client.zone
    time, day = format_time_indonesian(task.published_at, zone), local_day(task.published_at, zone)
    return time if day == tasks.day else f"{format_day_indonesian(day).split(',')[0]} {time}"


def _doubt(doubt: Doubt) -> str:
    if not doubt.is_listed:
        return f"Konten {doubt.platform.label} belum berhasil diambil."
    if doubt.unreadable:
        return f"{doubt.unreadable} konten {doubt.platform.label} tidak terbaca."
    return ""


def _few_marks(text: str) -> str:
    """Without what is piled upon a letter until it covers the lines around it."""
    seen: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS_ON_A_LETTER:
            seen.append(letter)
    return "".join(seen)


def _between_letters(line: str, cut: int) -> int:
    """The place at or before `cut` where no letter loses its marks, no hand its colour and no flag its half."""
    while cut > 1 and (
        unicodedata.combining(line[cut]) or "\U0001f3fb" <= line[cut] <= "\U0001f3ff"
    ):
        cut -= 1
    halves = 0
    while halves < cut and "\U0001f1e6" <= line[cut - 1 - halves] <= "\U0001f1ff":
        halves += 1
    return cut - halves % 2 or cut
