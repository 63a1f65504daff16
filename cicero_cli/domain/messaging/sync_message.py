"""What a client's operator is told of last night's sheet, in WhatsApp's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cicero_cli.domain.attendance.laphar_lines import clean_text, show_handle
from cicero_cli.domain.roster.sheet_diff import RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Language, Text, translate

_MOST = 15
# handles, numbers, dates and the sheet's own address: what must not be changed by a letter
_WORD = re.compile(r"[\w.+-]+|https://docs\.google\.com/[\w/#?&=.+-]*")
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
        f"*Personel {clean_text(client_name)}*\nPembaruan dari lembar kerja, {day}",
        outcome,
        _list("Baru", (_person(change.user) for change in diff.new)),
        _list(
            "Berubah",
            (
                f"{clean_text(change.user.nama)} ({_plain(change.user.user_id)}): "
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
                f"baris {bad.line}{', ' + clean_text(bad.column) if bad.column else ''}: {indonesian(bad.reason)}"
                for bad in (*diff.bad, *diff.bad_cells)
            ),
        ),
        _list(
            "Meragukan",
            (
                f"baris {doubt.line}, {clean_text(doubt.nama)} ({_plain(doubt.key)}): {indonesian(doubt.reason)}"
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
        f"*Personel {clean_text(client_name)}*\nPembaruan dari lembar kerja, {day}\n\n"
        f"Lembar kerja tidak dapat dibaca: {indonesian(reason)}\n\nData personel tidak berubah."
    )


def indonesian(words: str) -> str:
    """A text in Indonesian, whatever language the command speaks; what a sheet holds cannot break the message."""
    if isinstance(words, Text):
        return translate(_harmless(words), Language.INDONESIAN)
    known = translate(words, Language.INDONESIAN)
    return clean_text(words) if known == words else known


def _harmless(value: Any) -> Any:
    if isinstance(value, Text):
        params = {name: _harmless(param) for name, param in value.params.items()}
        return Text(value.template, plural=value.plural, **params)
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """Of a name without mark-up; a handle stays what it is."""
    return show_handle(text).replace("@", "") if _WORD.fullmatch(text) else clean_text(text)


def _list(title: str, lines: Iterable[str]) -> str:
    found = [*lines]
    if not found:
        return ""
    shown = [f"{number}. {line}" for number, line in enumerate(found[:_MOST], start=1)]
    if len(found) > _MOST:
        shown.append(f"… dan {len(found) - _MOST} lainnya")
    return "\n".join([f"*{title} ({len(found)})*", *shown])


def _person(user: User) -> str:
    rank_and_name = clean_text(" ".join(part for part in (user.title, user.nama) if part))
    return f"{rank_and_name} ({_plain(user.user_id)}){', ' + clean_text(user.divisi) if user.divisi else ''}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "kosong" if value is None else _plain(str(value))
