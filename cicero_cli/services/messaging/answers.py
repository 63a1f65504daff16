"""What people are answered who write to the account: short, Indonesian, and about nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.laphar_lines import clean_text, show_handle
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian
from cicero_cli.domain.roster.users import User
from cicero_cli.services.attendance.own_figures import OwnFigures, OwnPlatform

_MOST_LINKS = 10  # a platform
STOPPED = (
    "Pengingat *dimatikan*. Tugas Anda tetap tercatat di laporan seperti biasa.\n"
    "Balas MULAI untuk menerima pengingat lagi."
)
ALREADY_STOPPED = "Pengingat memang sudah dimatikan. Balas MULAI untuk menerimanya lagi."
STARTED = "Pengingat *dinyalakan*. Balas STOP untuk berhenti menerimanya."
ALREADY_STARTED = "Pengingat memang sudah menyala. Balas STOP untuk berhenti menerimanya."


def help_text(client_name: str) -> str:
    """What can be written, for who wrote something else."""
    return (
        f"Nomor ini mengirim pengingat tugas {clean_text(client_name)}. Yang bisa dibalas:\n\n"
        "*CEK*: tugas Anda hari ini dan minggu ini\n"
        "*STOP*: berhenti menerima pengingat\n"
        "*MULAI*: menerima pengingat lagi\n\n"
        "Untuk hal lain, hubungi operator satuan Anda."
    )


def figures_text(figures: OwnFigures) -> str:
    """The person's own day and week."""
    blocks = [f"*{name_of(figures.user)}*\n{format_day_indonesian(figures.day)}"]
    is_one = len({part.client.client_id for part in figures.parts}) == 1
    for _, grouped in groupby(figures.parts, key=lambda part: part.client.client_id):
        parts = list(grouped)
        nama = clean_text(parts[0].client.nama)
        lines = [] if is_one else [f"*{nama}*"]
        lines += [line for part in parts for line in _day_lines(part)]
        blocks.append("\n".join(lines))
        week = ", ".join(
            f"{part.platform.label} {part.week_done} dari {part.week_total}"
            for part in parts
            if part.week_total
        )
        if week:
            blocks[-1] += f"\nSejak Senin: {week}"
    if not figures.parts:
        blocks.append("Hari ini tidak ada konten yang ditugaskan kepada Anda.")
    elif footer := _footer(figures):
        blocks.append(footer)
    return "\n\n".join(blocks)


def name_of(user: User) -> str:
    """Rank and name, without what breaks a message."""
    return clean_text(f"{user.title or ''} {user.nama}")


def _day_lines(part: OwnPlatform) -> Iterator[str]:
    row, day = part.day.in_report, part.day
    head = f"{part.platform.label}"
    if row is not None and row.username:
        head += f" {show_handle(row.username)}"
    if part.is_exempt:
        yield f"{head}: dikecualikan hari ini"
    elif not day.posts:
        yield f"{head}: {'tidak ada konten hari ini' if day.is_listed else 'konten hari ini belum dibaca'}"
    elif row is None or row.status is Status.TANPA_USERNAME:
        yield f"{head}: username Anda belum tercatat ({len(day.posts)} konten)"
    else:
        word = "lengkap" if not part.left else "sudah" if row.sudah else "belum"
        yield f"{head}: {len(day.posts) - len(part.left)} dari {len(day.posts)}, *{word}*"
        yield from _links(part.left)


def _links(urls: Sequence[str]) -> Iterator[str]:
    yield from urls[:_MOST_LINKS]
    if len(urls) > _MOST_LINKS:
        yield f"… dan {len(urls) - _MOST_LINKS} lainnya"


def _footer(figures: OwnFigures) -> str:
    """How fresh the lists are, and whether absence from them proves anything; nothing where nothing is left."""
    doubtful = [part for part in figures.parts if part.left]
    if not doubtful:
        return ""
    moments = [part.read_at for part in doubtful]
    sentences = []
    if None in moments:
        sentences.append("Daftar nama sebagian konten belum dibaca.")
    elif moments:
        read_at = format_time_indonesian(min(filter(None, moments)), figures.client.zone)
        sentences.append(f"Dibaca pukul {read_at}; yang baru saja dikerjakan menyusul.")
    if any(_is_partial(part) for part in doubtful):
        sentences.append("Daftar nama tidak terbaca seluruhnya, jadi bisa ada yang belum terlihat.")
    return " ".join(sentences)


def _is_partial(part: OwnPlatform) -> bool:
    return any(
        not seen.is_done and seen.post.total is not None and seen.post.listed < seen.post.total
        for seen in part.day.posts
    )
