"""What may become a password: long enough, and not among the first that somebody would try."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from cicero_cli.words import Text

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_FEWEST_CHARACTERS = 5  # different ones

# A password of nothing but these, digits and signs is guessed soon, however long it is.
_COMMON = """
    password passw passwd pass word secret rahasia sandi katasandi kata login masuk user username akun account access akses code kode
    admin administrator root operator viewer super supervisor manager master guest tamu test testing demo default changeme change me
    welcome selamat datang hello halo letmein let in open sesame trustno iloveyou love you sayang cinta aku kamu saya anda bismillah
    qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx wsxedc qaz wsx edc abc abcd abcde abcdef abcdefg abcdefgh
    abcdefghijkl abcdefghijklmnopqrstuvwxyz monkey dragon football baseball sunshine princess shadow superman batman michael
    polri polres polresta polrestabes polda polsek polisi police mabes humas bidhumas ditbinmas ditlantas binmas satbinmas presisi
    bhayangkara tribrata rastra sewakottama brimob reskrim satreskrim lantas intel intelkam sabhara samapta propam divisi personel anggota
    komandan kapolri kapolda kapolres indonesia merdeka pancasila garuda nusantara jakarta surabaya bandung semarang medan makassar
    jatim jateng jabar jawa timur tengah barat papua bali jaya
    cicero dashboard laphar laporan absensi instagram insta tiktok facebook whatsapp google gmail
    januari februari maret april mei juni juli agustus september oktober november desember
    senin selasa rabu kamis jumat sabtu minggu
"""
_LOOKS_LIKE = str.maketrans("@4301!5$7", "aaeoiisst")


def password_weakness(password: str, *, username: str = "") -> str:
    """Why this is no password for this account, as one line; empty when it may be one.

    It is judged whole, and as it would be read: `P@ssw0rd` is `password`, and fullwidth letters are letters.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return Text(
            "a password needs {shortest} to {longest} characters",
            shortest=SHORTEST_PASSWORD,
            longest=LONGEST_PASSWORD,
        )
    plain = unicodedata.normalize("NFKC", password).casefold()
    words = [*_COMMON.split(), username.casefold(), *_parts(username)]
    if _is_made_of(plain, words) or _repeats(plain) or _counts(plain):
        return Text(
            "this password is among the first that are guessed: take several words that do not belong together"
        )
    return ""


def _parts(username: str) -> list[str]:
    return "".join(sign if sign.isalpha() else " " for sign in username.casefold()).split()


def _is_made_of(text: str, words: list[str]) -> bool:
    """Whether no letter is left without these words, also where signs stand for letters."""
    left = text.translate(_LOOKS_LIKE)
    for word in sorted(filter(None, words), key=len, reverse=True):
        left = left.replace(word, " " * len(word))
    return not any(one.isalpha() and rest != " " for one, rest in zip(text, left, strict=True))


def _repeats(text: str) -> bool:
    """`aaaaaaaaaaaa`, `jaga jaga jaga jaga`: few characters, or one piece again and again."""
    if len(set(text)) < _FEWEST_CHARACTERS:
        return True
    return text in (text + text)[1:-1]


def _counts(text: str) -> bool:
    """`abcdefghijkl`, `zyxwvutsrqpo`: each character the neighbour of the one before."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1} or steps <= {-1}
