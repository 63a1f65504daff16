"""What a client's operator is told of last night's sheet, in WhatsApp's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cicero_cli.domain.roster.sheet_diff import RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Language, translate

_MOST = 15
_FIELDS = {
    "nama": "nama",
    "title": "pangkat",
    "divisi": "satfung",
    "jabatan": "jabatan",
    "insta": "Instagram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "email": "email",
    "exception": "pengecualian",
    "status": "aktif",
    "wa_opt_in": "pengingat",
    "leave": "cuti/izin",
}


def write_sync_message(
    client_name: str,
    day: str,
    diff: RosterDiff,
    doubts: Sequence[Doubt],
    *,
    obstacles: Sequence[str],
    import_id: int | None,
) -> str:
    """The differences between the sheet and the people on file, and whether they hold now; `obstacles` say why not."""
    if import_id is not None:
        outcome = "Perubahan berikut sudah berlaku."
    else:
        reasons = "\n".join(f"- {indonesian(reason)}" for reason in obstacles)
        outcome = f"*Belum diterapkan*, menunggu diperiksa:\n{reasons}"
    parts = [
        f"*Personel {client_name}*\nPembaruan dari lembar kerja, {day}",
        outcome,
        _list("Baru", (_person(change.user) for change in diff.new)),
        _list(
            "Berubah",
            (
                f"{change.user.nama} ({change.user.user_id}): "
                + "; ".join(
                    f"{_FIELDS.get(name, name)} {_value(old)} → {_value(new)}"
                    for name, (old, new) in change.changes.items()
                )
                for change in diff.changed
            ),
        ),
        _list(
            "Tidak ada di lembar, tidak lagi wajib"
            if import_id is not None
            else "Tidak ada di lembar",
            (_person(change.user) for change in diff.leaving),
        ),
        _list(
            "Ditolak",
            (
                f"baris {bad.line}{', ' + bad.column if bad.column else ''}: {indonesian(bad.reason)}"
                for bad in (*diff.bad, *diff.bad_cells)
            ),
        ),
        _list(
            "Meragukan",
            (
                f"baris {doubt.line}, {doubt.nama} ({doubt.key}): {indonesian(doubt.reason)}"
                for doubt in doubts
            ),
        ),
        f"Bila keliru, minta admin membatalkannya (impor nomor {import_id})."
        if import_id is not None
        else "Perbaiki lembar kerjanya; nanti malam diperiksa lagi. Bila sudah benar, minta admin mengimpornya.",
    ]
    return "\n\n".join(part for part in parts if part)


def write_unread_message(client_name: str, day: str, reason: str) -> str:
    """That the sheet could not be read, and why."""
    return (
        f"*Personel {client_name}*\nPembaruan dari lembar kerja, {day}\n\n"
        f"Lembar kerja tidak dapat dibaca: {indonesian(reason)}\n\nData personel tidak berubah."
    )


def indonesian(words: str) -> str:
    """A text in Indonesian, whatever language the command speaks."""
    return translate(words, Language.INDONESIAN)


def _list(title: str, lines: Iterable[str]) -> str:
    found = [*lines]
    if not found:
        return ""
    shown = [f"{number}. {line}" for number, line in enumerate(found[:_MOST], start=1)]
    if len(found) > _MOST:
        shown.append(f"… dan {len(found) - _MOST} lainnya")
    return "\n".join([f"*{title} ({len(found)})*", *shown])


def _person(user: User) -> str:
    rank_and_name = " ".join(part for part in (user.title, user.nama) if part)
    return f"{rank_and_name} ({user.user_id}){', ' + user.divisi if user.divisi else ''}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "kosong" if value is None else str(value)
