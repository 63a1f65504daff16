"""What people are answered who write to the account: short, Indonesian, and about nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.laphar_lines import clean_text, show_handle
from cicero_cli.domain.messaging.requests import Request, Want
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.roster.handle_proposals import Proposal, Settled
from cicero_cli.services.attendance.own_figures import OwnFigures, OwnPlatform

_MOST_LINKS = 10  # a platform
_MOST_NAMED = 10
STOPPED = (
    "Pengingat *dimatikan*. Tugas Anda tetap tercatat di laporan seperti biasa.\n"
    "Balas MULAI untuk menerima pengingat lagi."
)
ALREADY_STOPPED = "Pengingat memang sudah dimatikan. Balas MULAI untuk menerimanya lagi."
STARTED = "Pengingat *dinyalakan*. Balas STOP untuk berhenti menerimanya."
ALREADY_STARTED = "Pengingat memang sudah menyala. Balas STOP untuk berhenti menerimanya."


HOW_TO_COMPLAIN = (
    "Tulis *KOMPLAIN* lalu ceritakan, misalnya:\nKOMPLAIN konten pukul 10 sudah saya like"
)


def help_text(client_name: str | None, *, is_operator: bool) -> str:
    """What can be written, for who wrote something else; without `client_name` for an operator who is nobody's user."""
    parts = []
    if client_name is not None:
        parts.append(
            f"Nomor ini mengirim pengingat tugas {clean_text(client_name)}. Yang bisa dibalas:\n\n"
            "*CEK*: tugas Anda hari ini dan minggu ini\n"
            "*KOMPLAIN* cerita Anda: sudah dikerjakan tetapi belum tercatat\n"
            "*IG* @username atau *TT* @username: username Anda yang benar\n"
            "*STOP*: berhenti menerima pengingat\n"
            "*MULAI*: menerima pengingat lagi"
        )
    if is_operator:
        parts.append(
            "Sebagai operator: *YA* nomor atau *TIDAK* nomor menjawab usulan username personel."
        )
    if not is_operator:
        parts.append("Untuk hal lain, hubungi operator satuan Anda.")
    return "\n\n".join(parts)


def say_whose(people: Sequence[User], request: Request) -> str:
    """For a number that several people share."""
    ids = "\n".join(f"{name_of(user)}: {clean_text(user.user_id)}" for user in people[:_MOST_NAMED])
    what = "cerita Anda" if request.want is Want.COMPLAIN else "@username"
    example = f"{request.want.upper()} {clean_text(people[0].user_id)} {what}"
    return f"Nomor ini dipakai {len(people)} personel. Sebut juga NRP/NIP, misalnya:\n{example}\n\n{ids}"


def how_to_propose(platform: Platform) -> str:
    """For a handle that is none."""
    word = "IG" if platform is Platform.INSTA else "TT"
    return f"Itu bukan username {platform.label}. Tulis misalnya:\n{word} @nama.akun"


def on_file_already(platform: Platform, username: str) -> str:
    """That there is nothing to change."""
    return f"Username {platform.label} Anda memang sudah tercatat: `@{username}`"


def proposed(platform: Platform, username: str) -> str:
    """That an operator will decide."""
    return (
        f"Usulan username {platform.label} `@{username}` sudah diteruskan ke operator."
        " Anda diberi tahu setelah diputuskan."
    )


def complained(number: int) -> str:
    """That it was written down."""
    return (
        f"Komplain Anda dicatat dengan nomor {number}. Kalau pembacaan data berikutnya membuktikannya,"
        " Anda diberi tahu; selain itu operator yang memeriksa."
    )


def which_proposal(numbers: Sequence[int]) -> str:
    """For an operator who named no number."""
    if not numbers:
        return "Tidak ada usulan username yang menunggu."
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    more = f" dan {len(numbers) - _MOST_NAMED} lainnya" if len(numbers) > _MOST_NAMED else ""
    return f"Sebut nomornya, misalnya *YA {numbers[0]}*. Yang menunggu: {named}{more}."


def no_such_proposal(number: int) -> str:
    """For a number that is none, is decided already or is another client's."""
    return f"Tidak ada usulan nomor {number} yang menunggu."


def cannot_accept(proposal: Proposal) -> str:
    """For a handle that another person of the client has; who, an operator may know."""
    holder = (
        f" tercatat untuk {clean_text(proposal.held_by)}" if proposal.held_by else " sudah dipakai"
    )
    return (
        f"Usulan {proposal.proposal_id} belum bisa diterima: `@{proposal.username}`{holder}."
        f" Betulkan dulu datanya, atau balas TIDAK {proposal.proposal_id}."
    )


def settled(proposal: Proposal, outcome: Settled) -> str:
    """For the operator who decided."""
    word = "diterima" if outcome is Settled.ACCEPTED else "ditolak"
    return (
        f"Usulan {proposal.proposal_id} {word}: {clean_text(proposal.nama)},"
        f" {proposal.label} `@{proposal.username}`."
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
