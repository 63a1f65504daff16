"""What stands in a cell of somebody who has no handle, number or address."""

from __future__ import annotations

import re

DASHES = frozenset({"-", "--", "\u2013", "\u2014"})  # what a cell holds when it shall hold nothing
_NOTHING = "-\u2013\u2014?/\\"
_WORDS = frozenset(
    {
        "0", "na", "n a", "n.a", "null", "none", "nan", "nil", "nihil", "undefined", "x", "xx",
        "xxx", "privat", "private", "nonaktif", "non aktif",
    }
)  # fmt: skip
_NOT = r"(?:belum|blm|blum|tidak|tdk|tak|ga|gak|nggak|enggak|ngga|bukan|lupa|kosong)"
_HAVE = r"(?:ada|punya|py|pny|memiliki|mempunyai|aktif|buat|bikin|pakai|pake|tahu|tau|ingat|diisi|terdaftar|main)"
_WHAT = (
    r"(?:akun|account|akunnya|ig|instagram|insta|tiktok|tik|tok|tt|medsos|sosmed|wa|whatsapp|hp|no|nomor"
    r"|handphone|telepon|email|e|mail|username|nama|lagi|sama|sekali|sendiri)"
)
_SENTENCE = re.compile(rf"(?:(?:masih|sdh|sudah|saya) )?{_NOT}(?: {_HAVE})*(?: {_WHAT})*")


def is_blank(text: str) -> bool:
    """Whether a cell says that there is nothing: it is empty, a dash, or words such as `n/a` and `belum punya IG`."""
    bare = "".join(text.split()).strip(_NOTHING)
    if not bare:
        return True
    words = " ".join(re.sub(r"[^\w.]+", " ", text.lower()).split()).strip(" .")
    return words in _WORDS or _SENTENCE.fullmatch(words) is not None
