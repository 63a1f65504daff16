"""A person who is expected to engage, and what may be said of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.blanks import DASHES, is_blank
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.phones import normalise_phone
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.domain.roster.unseen import without_unseen
from cicero_cli.errors import BadValueError

_LONGEST_TEXT = 200
_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # what stands in an address as it is
_API_WORDS = frozenset({"list", "create", "by-client"})  # /api/users/list is no user
_LINE_BREAKS = dict.fromkeys(
    map(ord, "\v\f\x85\u2028\u2029"), " "
)  # as Excel, Word and web pages have them
_NIP = 18  # a civil servant's number: birth date, month of appointment, sex, and a serial from 001
_YES = frozenset({"ya", "y", "yes", "true", "benar", "1", "x", "v", "✓", "✔", "aktif", "active"})
_NO = frozenset(
    {
        "tidak", "no", "n", "false", "salah", "0", "nonaktif", "non aktif", "non-aktif",
        "tidak aktif", "inactive",
    }
)  # fmt: skip

_GONE = frozenset(
    {
        "pensiun", "purna", "purna tugas", "purnawirawan", "mutasi", "dimutasi", "mutasi keluar", "pindah", "keluar",
        "meninggal", "meninggal dunia", "wafat", "almarhum", "alm", "dipecat", "ptdh", "diberhentikan", "mengundurkan diri",
    }
)  # fmt: skip
_AWAY = frozenset({"cuti", "sakit", "izin", "ijin", "dik", "dikbang", "pendidikan", "bko"})
# "mutasi ke Polda" is gone; "mutasi dari Polda" has come, "pensiun 2027" has not gone yet: these are questions
_GONE_TO = re.compile(r"(?:di)?(?:mutasi(?:kan)?|pindah(?:kan)?|mutasi pindah) (?:ke|keluar)\b.+")
_AWAY_FOR = re.compile(rf"(?:{'|'.join(sorted(_AWAY))}|tugas belajar|tubel)(?: .+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One row of `"user"`. Handles are lower-case without `@`; the number is E.164 digits.

    `status`: active. `exception`: counted as having done everything. `wa_opt_in`: false refuses reminders.
    """

    user_id: str
    client_id: str
    nama: str
    title: str | None = None
    divisi: str | None = None
    jabatan: str | None = None
    insta: str | None = None
    tiktok: str | None = None
    whatsapp: str | None = None
    email: str | None = None
    exception: bool = False
    status: bool = True
    wa_opt_in: bool = True

    def username(self, platform: Platform) -> str | None:
        """The user's handle there, None when there is none on file."""
        return self.insta if platform is Platform.INSTA else self.tiktok


def normalise_user_id(text: str) -> str:
    """An NRP, NIP or other id as text, so that its zeros stay; ValueError for what cannot be one."""
    bare = re.sub(r"^(?:nrp|nip)\b[.:\s]*(?=\d)", "", text.strip(), flags=re.IGNORECASE)
    user_id = re.sub(r"(?<=\d)\s+(?=\d)", "", bare)  # a NIP is often written in groups
    if re.fullmatch(r"\d+(?:[.,]\d+)?E\+?\d+", user_id, re.IGNORECASE):
        raise BadValueError(
            "a spreadsheet shortened this id; format its column as text and type it again"
        )
    if re.fullmatch(r"\d+[.,]0+", user_id):
        raise BadValueError("expected an id without decimals; format its column as text")
    if re.fullmatch(rf"\d{{{_NIP - 3}}}000", user_id):
        raise BadValueError(
            "a spreadsheet rounded this NIP; format its column as text and type it again"
        )
    if not _USER_ID.fullmatch(user_id):
        raise BadValueError(
            "expected an NRP, an NIP or another id without spaces or slashes, such as 85010001"
        )
    if user_id.lower() in _API_WORDS:
        raise BadValueError("expected an id; this word is a part of the API's addresses")
    return user_id


def normalise_yes_or_no(text: str) -> bool:
    """Ya or tidak, aktif or nonaktif, in the spellings that sheets have; ValueError otherwise."""
    word = " ".join(text.split()).lower()
    if word not in _YES | _NO:
        raise BadValueError("expected ya or tidak (or aktif, nonaktif, true, false, 1, 0, x)")
    return word in _YES


def normalise_status(text: str) -> bool:
    """Whether who has this status still belongs to the unit; ValueError for what says neither.

    Who is on leave does: a status has no days, so it excuses nobody.
    """
    word = _status_words(text)
    if word in _GONE or _GONE_TO.fullmatch(word):
        return False
    if _AWAY_FOR.fullmatch(word):
        return True
    try:
        return normalise_yes_or_no(text)
    except BadValueError:
        raise BadValueError(
            "expected aktif or nonaktif, or why: pensiun, mutasi, pindah, meninggal; cuti, sakit, dik, BKO"
        ) from None


def is_away(text: str) -> bool:
    """Whether a status says that somebody is on leave or sent elsewhere for a time."""
    return _AWAY_FOR.fullmatch(_status_words(text)) is not None


def _status_words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text).split()).lower()


def normalise_email(text: str) -> str | None:
    """Lower-case; a blank or a dash is None; ValueError when it is no address."""
    address = text.strip().lower()
    if is_blank(address):
        return None
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", address):
        raise BadValueError("expected an e-mail address such as budi@example.com")
    return address


def normalise_user_field(name: str, value: object) -> object:
    """The value of one column of `"user"` as it is stored, None for a blank; ValueError says what was expected."""
    if not isinstance(value, str):
        return value
    text = without_unseen(value).translate(_LINE_BREAKS)
    check_text(text)
    return _NORMALISERS[name](text.strip())


def _text(text: str) -> str | None:
    words = " ".join(text.split())
    if len(words) > _LONGEST_TEXT:
        raise BadValueError(
            "expected at most {longest} characters, not {count}",
            longest=_LONGEST_TEXT,
            count=len(words),
        )
    return None if not words or words in DASHES else words


def _name(text: str) -> str:
    name = _text(text)
    if name is None:
        raise BadValueError("expected a name")
    return name


def _handle(platform: Platform) -> Callable[[str], str | None]:
    return lambda text: normalise_handle(text, platform)


_NORMALISERS: dict[str, Callable[[str], object]] = {
    "user_id": normalise_user_id,
    "client_id": str.upper,
    "nama": _name,
    "title": _text,
    "divisi": _text,
    "jabatan": _text,
    "insta": _handle(Platform.INSTA),
    "tiktok": _handle(Platform.TIKTOK),
    "whatsapp": normalise_phone,
    "email": normalise_email,
    "exception": normalise_yes_or_no,
    "status": normalise_status,
    "wa_opt_in": normalise_yes_or_no,
}
