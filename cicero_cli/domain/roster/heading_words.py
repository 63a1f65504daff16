"""Which field a heading means: `NRP/NIP`, `No. HP / WA (aktif)`, `Nama Akun Instagram`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from cicero_cli.domain.roster.leave_days import LEAVE_FIELDS
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.words import Text

# Compared lower-case, with anything but letters and digits as one space.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "user_id": ("user id", "userid", "id user", "id", "nrp", "nip", "nrp nip", "nip nrp"),
    "client_id": ("client id", "client"),
    "nama": ("nama", "name", "nama lengkap"),
    "title": ("title", "pangkat", "pangkat title", "title pangkat", "rank"),
    "divisi": ("divisi", "satfung", "satuan fungsi", "bagian", "divisi satfung", "satfung divisi", "division"),
    "jabatan": ("jabatan", "position"),
    "insta": ("insta", "instagram", "ig", "username ig", "username insta", "username instagram", "akun ig", "akun instagram", "link instagram"),
    "tiktok": ("tiktok", "tik tok", "tt", "username tiktok", "username tt", "akun tiktok", "link tiktok"),
    "whatsapp": ("whatsapp", "wa", "hp", "no wa", "no hp", "nomor wa", "nomor hp", "no whatsapp", "nomor whatsapp", "telepon", "no telepon", "nomor telepon", "phone"),
    "email": ("email", "e mail", "surel"),
    "exception": ("exception", "pengecualian", "dikecualikan"),
    "status": ("status", "aktif", "active"),
    "wa_opt_in": ("wa opt in", "opt in"),
    "mulai": ("mulai", "mulai tanggal", "mulai tgl", "tanggal mulai", "tgl mulai", "mulai cuti", "tanggal mulai cuti", "tgl mulai cuti", "dari tanggal", "leave from"),
    "sampai": ("sampai", "sampai tanggal", "sampai tgl", "sampai dengan", "tanggal sampai", "tgl sampai", "selesai cuti", "tanggal selesai", "tgl selesai", "tanggal selesai cuti", "tgl selesai cuti", "s d", "leave until"),
    "alasan": ("alasan", "alasan cuti", "alasan izin", "leave reason"),
}  # fmt: skip
FIELDS = tuple(_HEADINGS)
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_SECOND_CHOICES = dict.fromkeys(
    ("satker", "satuan kerja", "unit", "unit kerja", "satuan", "kesatuan", "fungsi"), "divisi"
)  # what a unit calls its divisions when nothing else in the sheet is called so
_WORDS = {
    **dict.fromkeys(("nrp", "nip"), "user_id"),
    **dict.fromkeys(("nama", "name"), "nama"),
    **dict.fromkeys(("pangkat", "pkt", "rank"), "title"),
    **dict.fromkeys(("satfung", "divisi", "bagian"), "divisi"),
    **dict.fromkeys(("jabatan", "jab"), "jabatan"),
    **dict.fromkeys(("instagram", "insta", "ig"), "insta"),
    **dict.fromkeys(("tiktok", "tt"), "tiktok"),
    **dict.fromkeys(("whatsapp", "wa", "hp", "handphone", "telepon", "telp", "telpon", "tlp", "phone", "ponsel"), "whatsapp"),
    **dict.fromkeys(("email", "surel"), "email"),
    **dict.fromkeys(("pengecualian", "dikecualikan"), "exception"),
}  # fmt: skip
_FILLERS = frozenset(
    {
        "account", "ada", "aktif", "akun", "alamat", "anggota", "asn", "atau", "beserta",
        "bila", "contoh", "dan", "dengan", "di", "diisi", "dinas", "gelar", "gol",
        "golongan", "id", "ini", "isi", "jika", "lengkap", "link", "media", "medsos", "nik",
        "nmr", "no", "nomor", "nrk", "pada", "pegawai", "personel", "personil", "pns",
        "polri", "pribadi", "profil", "profile", "resmi", "ruang", "saat", "satker",
        "sosial", "sosmed", "tanpa", "terakhir", "title", "url", "user", "username",
        "wajib", "yang",
    }
)  # fmt: skip
_NAMED = frozenset({"insta", "tiktok", "divisi", "jabatan"})  # "nama akun instagram" is a handle
_JOINED = {
    "tik tok": "tiktok", "e mail": "email", "whats app": "whatsapp", "hand phone": "handphone",
    "user name": "username", "n r p": "nrp", "n i p": "nip", "sat fung": "satfung", "satuan fungsi": "satfung",
}  # fmt: skip
_BETWEEN = re.compile(r"[/|&+,;()\[\]\n\r\\]|\b(?:atau|dan)\b")
_EXPLAINED = re.compile(  # "(contoh: polres.a)" tells how to fill the column in
    r"\b(?:contoh|cth|misal(?:nya)?|format|wajib|di?isi|isi|harap|mohon|tanpa|tulis)\b.*", re.DOTALL
)
_LONGEST = 200
_LEAST_ALIKE = 0.8
_SHORTEST_ALIKE = 5  # letters: of shorter words, two are alike too easily (NIK, NIP)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What the columns of one kind of sheet are called. `key`: the field that every row has, asked for as `key_words`."""

    key: str
    key_words: str
    key_heading: str
    example: str
    field_of: Callable[[str], str | None]
    nearest_field: Callable[[str], str | None]
    second_choice_of: Callable[[str], str | None] = lambda _: None


def heading_words(heading: str) -> str:
    """A heading as it is compared; a text that is too long for one is none."""
    if len(heading) > _LONGEST:
        return ""
    return " ".join(re.sub(r"[\W_]+", " ", plain_cell(heading)).split()).lower()


def field_of(heading: str) -> str | None:
    """The field that a heading means for certain."""
    if field := _FIELDS.get(heading_words(heading)):
        return field
    if not heading_words(heading):
        return None
    said = _EXPLAINED.sub("", plain_cell(heading).lower())
    if field := _FIELDS.get(_join(heading_words(said))):
        return field
    parts = [part for part in _BETWEEN.split(said) if heading_words(part)]
    meanings = [_field_of_part(heading_words(part)) for part in parts]
    fields = set(meanings) - {""}
    if len(fields) != 1 or None in fields:
        return None
    return fields.pop()


def second_choice_of(heading: str) -> str | None:
    """The field that a heading means where no other column does."""
    return _SECOND_CHOICES.get(heading_words(heading))


def nearest_field(heading: str) -> str | None:
    """The field that a heading which means none for certain looks like: it holds its word, or one that is nearly it."""
    words = _join(heading_words(heading)).split()
    likely = [name for name, field in _FIELDS.items() if field not in LEAVE_FIELDS]
    found = [_WORDS[word] for word in words if word in _WORDS]
    if found:
        return next((field for field in found if field != "nama"), found[0])
    for word in (*words, "".join(words)):
        if len(word) < _SHORTEST_ALIKE:
            continue
        if alike := difflib.get_close_matches(word, [*_WORDS, *likely], 1, _LEAST_ALIKE):
            return _WORDS.get(alike[0]) or _FIELDS[alike[0]]
    return None


def _field_of_part(words: str) -> str | None:
    """The field of one part of a heading; "" for a qualifier, which means none; None when nobody knows."""
    content = [word for word in _join(words).split() if word not in _FILLERS]
    if content and words in _FIELDS:
        return _FIELDS[words]
    fields = {_WORDS.get(word) for word in content}
    if len(fields) > 1:
        fields -= {"nama"} if fields & _NAMED else set()
    return "" if not fields else fields.pop() if len(fields) == 1 else None


def _join(words: str) -> str:
    for apart, joined in _JOINED.items():
        words = re.sub(rf"\b{apart}\b", joined, words)
    return words


PEOPLE = Vocabulary(
    key="user_id",
    key_words=Text("user_id (or NRP, NIP)"),
    key_heading="NRP",
    example="nrp,nama,pangkat,satfung,insta",
    field_of=field_of,
    nearest_field=nearest_field,
    second_choice_of=second_choice_of,
)
