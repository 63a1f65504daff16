"""The answer to "I did like it", as the person gets it on WhatsApp: in Indonesian, short, safe from what names hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.laphar import ACTIONS
from cicero_cli.domain.attendance.laphar_lines import clean_text, show_handle
from cicero_cli.domain.attendance.laphar_sentences import evening_of, late_sentence
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian
from cicero_cli.domain.roster.users import User
from cicero_cli.services.attendance.explanation import (
    Explanation,
    PlatformExplanation,
    SeenOnPost,
)
from cicero_cli.words import MONTHS_INDONESIAN

_MOST_ALIKE = 3
_HANDLE = re.compile(r"[a-z0-9._]{1,30}")


def write_answer(explanation: Explanation) -> str:
    """What was seen of the person on each post of the day, and what is left to do."""
    user, client, day = explanation.user, explanation.client, explanation.moment.day
    name = clean_text(client.nama)
    parts = [
        part
        for part in explanation.platforms
        if part.posts or client.followed_username(part.platform)
    ]
    blocks = [f"*Data absensi Anda*\n{full_name(user)}\n{name}, {format_day_indonesian(day)}"]
    blocks += [_platform_block(part, day, client.zone) for part in parts]
    if not any(part.posts for part in parts):
        todo = []
    elif not any(part.in_report for part in parts):
        todo = ["Anda tidak wajib pada hari itu, jadi tidak dihitung dalam laporannya."]
    else:
        todo = [line for part in parts for line in _left_to_do(part, name)] or [
            "Semua sudah tercatat, tidak ada lagi yang perlu dilakukan. Terima kasih."
        ]
    if len(todo) > 1:
        todo = ["*Yang perlu dilakukan*", *(f"- {line}" for line in todo)]
    if todo:
        blocks.append("\n".join(todo))
    return "\n\n".join(blocks)


def full_name(user: User) -> str:
    """Rank and name, as a message shows them."""
    return clean_text(f"{user.title or ''} {user.nama}")


def time_of(moment: datetime, day: date, zone: ZoneInfo) -> str:
    """`pukul 09.05 WIB` on that day, else `22 Nov pukul 09.05 WIB`."""
    local = moment.astimezone(zone)
    at_time = f"pukul {format_time_indonesian(moment, zone)}"
    if local.date() == day:
        return at_time
    return f"{local.day} {MONTHS_INDONESIAN[local.month - 1][:3]} {at_time}"


def _platform_block(part: PlatformExplanation, day: date, zone: ZoneInfo) -> str:
    handle = f" ({show_handle(part.username)})" if part.username else ""
    head = f"*{part.platform.label}*{handle}"
    late = [line] if (line := late_sentence(part.attendance, is_same_day=False)) else []
    if not part.posts:
        nothing = "Tidak ada konten." if part.is_listed else "Konten hari itu belum pernah dibaca."
        return "\n".join([head, nothing, *late])
    done = sum(seen.is_done for seen in part.posts)
    lines = [f"{head}: {done} dari {len(part.posts)} konten"]
    for number, seen in enumerate(part.posts, start=1):
        evening = evening_of(seen.post, day, zone)
        where = f"{seen.url} ({evening})" if evening else seen.url
        lines += [f"{number}. {where}", *_post_lines(part, seen, day, zone)]
    return "\n".join([*lines, *late])


def _post_lines(
    part: PlatformExplanation, seen: SeenOnPost, day: date, zone: ZoneInfo
) -> list[str]:
    if seen.seen_at is not None:
        as_whom = ""
        if seen.seen_as and seen.seen_as != part.username:
            as_whom = f" sebagai {show_handle(seen.seen_as)}"
        return [f"✅ Terlihat{as_whom} {time_of(seen.seen_at, day, zone)}"]
    if seen.accepted is not None:
        return ["✅ Diterima oleh operator"]
    if not part.username and not part.former:
        return ["❌ Belum dapat dicocokkan"]
    lines = [f"❌ Belum terlihat. {_reading(seen.post, ACTIONS[part.platform], day, zone)}"]
    alike = _alike([seen])
    if alike:
        lines.append(f"Mirip akun Anda: {', '.join(alike)}")
    return lines


def _reading(post: Post, action: str, day: date, zone: ZoneInfo) -> str:
    """How far the list was read, and when last."""
    if post.fetched_at is None:
        return f"Daftar {action} belum dibaca."
    counts = f"{_number(post.listed)} {action} (jumlah disembunyikan)"
    if post.total is not None:
        counts = f"{_number(post.listed)} dari {_number(post.total)} {action}"
    return f"Terbaca {counts}, terakhir {time_of(post.fetched_at, day, zone)}."


def _left_to_do(part: PlatformExplanation, client_name: str) -> list[str]:
    """What the person can do about the posts that are not done."""
    label, action = part.platform.label, ACTIONS[part.platform]
    left = [(number, seen) for number, seen in enumerate(part.posts, start=1) if not seen.is_done]
    if not left:
        return []
    if not part.username:
        return [f"Kirim username {label} Anda kepada operator {client_name}."]
    numbers = _join([str(number) for number, _ in left])
    deed = "Beri like pada" if action == "like" else "Tulis komentar di"
    todo = [f"{deed} konten {label} no. {numbers} dengan akun {show_handle(part.username)}."]
    if not all(_is_proof(seen.post) for _, seen in left):
        todo.append(
            f"Bila sudah, tunggu pembacaan berikutnya: daftar {action} {label} belum terbaca semua."
        )
    if alike := _alike([seen for _, seen in left]):
        todo.append(
            f"Bila {_join(alike, 'atau')} akun Anda, minta operator {client_name} memperbaiki username {label} Anda."
        )
    return todo


def _is_proof(post: Post) -> bool:
    """Whether not being in the list says anything."""
    return post.fetched_at is not None and post.total is not None and post.listed >= post.total


def _alike(seen: Iterable[SeenOnPost]) -> list[str]:
    handles = dict.fromkeys(miss.handle for one in seen for miss in one.near_misses)
    # as code: underscores of two beside each other would be taken for italics
    return [f"`@{handle}`" for handle in handles if _HANDLE.fullmatch(handle)][:_MOST_ALIKE]


def _join(words: Sequence[str], last: str = "dan") -> str:
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")
