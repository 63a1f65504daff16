"""What other layers say in English, in Indonesian: the reasons that the page and the API show people."""

from __future__ import annotations

import re
from datetime import date

from cicero_cli.domain.periods import format_day_indonesian

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TYPED = re.compile(r"(?:--)?([\w-]+) (?:'.*'|\".*\"|\S+): (.+)", re.DOTALL)
"""How a service names what was typed: `--nama '': expected a name`."""


def month_name(day: date) -> str:
    """November."""
    return format_day_indonesian(day).split(" ")[2]


def translate(text: str) -> str:
    """A reason that another layer gives in English, in Indonesian; as it is when it is not known here."""
    words = text.removesuffix("; nothing was changed").removesuffix("; nothing was sent")
    for pattern, indonesian in _REASONS:
        found = pattern.fullmatch(words)
        if found:
            return _expand(found, indonesian)
    named = _TYPED.fullmatch(words)
    reason = translate(named[2]) if named else words
    return f"{named[1]}: {reason}" if named and reason != named[2] else words


def _expand(found: re.Match[str], indonesian: str) -> str:
    """As `Match.expand`, but with days as people write them."""
    return re.sub(r"\\(\d)", lambda place: _worded(found[int(place[1])]), indonesian)


def _worded(part: str) -> str:
    """A day as people write it; everything else as it is."""
    try:
        day = date.fromisoformat(part) if _DAY.fullmatch(part) else None
    except ValueError:
        return part
    return f"{day.day} {month_name(day)} {day.year}" if day else part


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), indonesian)
    for pattern, indonesian in (
        # values
        (r"expected a handle of letters, digits, dots and underscores, such as .*", "Isi dengan username, misalnya @polres.a: huruf, angka, titik, dan garis bawah."),
        (r"expected a handle or the address of an Instagram or TikTok profile", "Isi dengan username atau alamat profil Instagram atau TikTok."),
        (r"expected the address of a profile; this one is of a post or a page", "Ini alamat konten, bukan alamat profil."),
        (r"expected a handle of (\w+); this address is of (\w+)", r"Isi dengan username \1; alamat ini milik \2."),
        (r"a spreadsheet shortened this number; .*", "Nomor ini disingkat oleh aplikasi lembar kerja. Ubah kolomnya menjadi teks, lalu ketik ulang."),
        (r"expected a phone number such as .*", "Isi dengan nomor telepon, misalnya 081234567890."),
        (r"this number cannot exist; .*", "Nomor ini tidak mungkin ada. Contoh yang benar: 081234567890."),
        (r"expected a group id such as .*", "Isi dengan id grup WhatsApp, misalnya 120363012345678901@g.us."),
        (r"a spreadsheet shortened this id; .*", "NRP/NIP ini disingkat oleh aplikasi lembar kerja. Ubah kolomnya menjadi teks, lalu ketik ulang."),
        (r"expected an id without decimals; .*", "NRP/NIP tidak memakai angka desimal. Ubah kolomnya menjadi teks."),
        (r"a spreadsheet rounded this NIP; .*", "NIP ini dibulatkan oleh aplikasi lembar kerja. Ubah kolomnya menjadi teks, lalu ketik ulang."),
        (r"expected an NRP, an NIP or another id without spaces or slashes, such as (.*)", r"Isi dengan NRP, NIP, atau kode lain tanpa spasi dan garis miring, misalnya \1."),
        (r"expected an id; this word is a part of the API's addresses", "Kata ini dipakai oleh sistem. Isi dengan NRP, NIP, atau kode lain."),
        (r"expected a time with its offset, such as .*", "Isi dengan waktu beserta zonanya, misalnya 2027-01-01T00:00:00+07:00."),
        (r"expected ORG or DIREKTORAT, .*", "Pilih ORG atau DIREKTORAT."),
        (r"expected ya or tidak .*", "Isi dengan ya atau tidak."),
        (r"expected an e-mail address such as .*", "Isi dengan alamat surel, misalnya budi@example.com."),
        (r"it holds a character that is no text \((.*)\)", r"Ada karakter yang bukan teks (\1)."),
        (r"expected at most (\d+) characters, not (\d+)", r"Paling panjang \1 karakter; ini \2."),
        (r"expected a name", "Nama wajib diisi."),
        (r"expected letters, digits, dots, dashes and underscores, such as .*", "Kode klien memakai huruf, angka, titik, strip, dan garis bawah, misalnya POLRES_A."),
        (r"expected a share above 0 and up to 1, such as .*", "Ambang sudah lebih dari 0% dan paling tinggi 100%."),
        (r"expected Asia/Jakarta .*", "Pilih WIB, WITA, atau WIT."),
        # rows of a sheet
        (r"it is empty; every row needs an NRP, NIP or id", "Kosong; setiap baris perlu NRP, NIP, atau kode."),
        (r"this id stands in line (\d+) as well", r"NRP/NIP ini juga ada di baris \1."),
        (r"it has (\d+) cells where the headings are (\d+): a cell is missing", r"Baris ini berisi \1 sel, judul kolomnya \2: ada sel yang kurang."),
        (r"it has (\d+) cells where the headings are (\d+): a value with a comma needs quotes", r"Baris ini berisi \1 sel, judul kolomnya \2: nilai yang memuat koma harus diapit tanda kutip."),
        (r"this user belongs to another client", "Personel ini terdaftar di klien lain."),
        (r"this user belongs to client (\S+)", r"Personel ini terdaftar di klien \1."),
        (r"(\S+) is on file: a spreadsheet may have dropped the zeros", r"Yang terdaftar adalah \1: angka nol di depan mungkin dihapus oleh lembar kerja."),
        (r"this import is for client (\S+)", r"Impor ini untuk klien \1."),
        (r"this field cannot be cleared", "Isian ini tidak boleh dikosongkan."),
        (r"this user is new and needs a name", "Personel baru wajib punya nama."),
        (r"(.+) \(([^()]+)\) and (.+) \(([^(),]+), on file\) cannot both have this handle", r"\1 (\2) dan \3 (\4, sudah terdaftar) tidak dapat memakai username yang sama."),
        (r"(.+) \(([^()]+)\) and (.+) \(([^(),]+), line (\d+)\) cannot both have this handle", r"\1 (\2) dan \3 (\4, baris \5) tidak dapat memakai username yang sama."),
        # files
        (r"(.*) is empty", r"\1 kosong."),
        (r"(.*) has headings but no rows", r"\1 berisi judul kolom saja, tanpa baris."),
        (r"(.*) is a workbook or a zip file, not a CSV", r"\1 adalah buku kerja (XLSX) atau zip, bukan CSV. Simpan sebagai “CSV UTF-8”, lalu unggah berkas itu."),
        (r"(.*) line 1 is UTF-16 or no text, not UTF-8", r"\1 bukan teks UTF-8. Simpan sebagai “CSV UTF-8”, lalu unggah berkas itu."),
        (r"(.*) line (\d+) is not UTF-8: byte (\S+) after (.*)", r"\1 baris \2 bukan UTF-8 (bita \3 setelah \4). Simpan sebagai “CSV UTF-8”, lalu unggah berkas itu."),
        (r"(.*) line (\d+) cannot be read as CSV: .*", r"\1 baris \2 tidak terbaca sebagai CSV: ada tanda kutip yang tidak ditutup atau tidak digandakan."),
        (r"(.*): the columns (.+) and (.+) both mean (\w+)", r"\1: kolom \2 dan \3 sama-sama berarti \4. Pakai salah satu saja."),
        (r"(.*) has no column user_id \(or NRP, NIP\); its first line is (.*)", r"\1 tidak punya kolom NRP atau NIP. Baris pertamanya: \2."),
        # one client, one user
        (r"--\w+ '(.+)': (.+) \(([^()]+)\) has this handle, so (.+) \(([^()]+)\) cannot", r"Username \1 sudah dipakai \2 (\3). Dua personel aktif dari satu klien tidak dapat memakai username yang sama."),
        (r"user (\S+) exists already \((.+), (\S+)\)", r"NRP/NIP \1 sudah terdaftar: \2, klien \3."),
        (r"user (\S+) exists already at another client", r"NRP/NIP \1 sudah terdaftar di klien lain."),
        (r"user (\S+) exists already", r"NRP/NIP \1 sudah terdaftar."),
        (r"client (\S+) exists already", r"Klien \1 sudah ada."),
        (r"nothing to change was given", "Tidak ada isian yang diubah."),
        (r"there is no client (\S+)", r"Klien \1 tidak ada."),
        (r"there is no user .*", "Personel itu tidak ada."),
        (r"somebody else .* just now", "Orang lain baru saja mengubah data ini. Tidak ada yang disimpan; coba lagi."),
        (r"another `cicero .*` is still running.*", "Impor lain untuk klien ini sedang berjalan. Coba lagi sebentar lagi."),
        # accounts
        (r"a password needs (\d+) to (\d+) characters", r"Kata sandi paling sedikit \1 dan paling banyak \2 karakter."),
        (r"--role .*", "Pilih salah satu peran."),
        # days
        (r"expected a day written YYYY-MM-DD.*", "Tanggal harus ditulis TTTT-BB-HH."),
        (r"--date (.*): expected a day written .*", r"Tanggal “\1” tidak terbaca; tulis seperti 2026-11-21."),
        (r"--date (.*): expected a day that has come: today is (\S+)", r"Tanggal \1 belum tiba; hari ini \2."),
        (r"--date (.*): there is no day .*", r"Tanggal \1 tidak ada."),
        (r"--date (.*): expected a day since (\d+)", r"Tanggal \1 terlalu lama; data dimulai \2."),
        (r"expected a day that the calendar has", "Tanggal itu tidak ada di kalender."),
        (r"expected a day from (\d+) to (\d+)", r"Tanggal harus dari tahun \1 sampai \2."),
        (r"expected a first day that is not after the last one", "Tanggal mulai tidak boleh sesudah tanggal selesai."),
        (r"expected at most (\d+) days", r"Paling banyak \1 hari."),
        (r"expected harian, mingguan or bulanan as periode", "Periode harus harian, mingguan, atau bulanan."),
        (r"time_range: expected one of (.*)", r"time_range harus salah satu dari \1."),
        (r"time_range custom needs start_date and end_date, YYYY-MM-DD", "time_range custom perlu start_date dan end_date (TTTT-BB-HH)."),
        # accounts, and what the database refuses
        (r"username: expected 3 to 64 .*", "username: 3 sampai 64 huruf kecil, angka, titik, strip, atau garis bawah."),
        (r"a value is of a kind that cannot be stored or compared", "Ada nilai yang tidak dapat disimpan atau dicari."),
        # handles that look alike
        (r"an earlier handle of this user", "username lama personel ini"),
        (r"the same but for dots and underscores", "sama, hanya beda titik atau garis bawah"),
        (r"the same but for digits", "sama, hanya beda angka"),
        (r"two neighbouring letters swapped", "dua huruf berdampingan tertukar"),
        (r"one letter differs \((.) for (.)\)", r"beda satu huruf (\1, bukan \2)"),
        (r"one letter more \((.*)\)", r"lebih satu huruf (\1)"),
        (r"one letter less \((.*)\)", r"kurang satu huruf (\1)"),
        (r"contains the handle", "memuat username ini"),
        (r"is a part of the handle", "bagian dari username ini"),
        (r"(\d+)% alike", r"\1% mirip"),
    )
)  # fmt: skip
