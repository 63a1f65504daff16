"""Why a fetch failed or WhatsApp stands still, in Indonesian and with the next step; each by its stable code."""

from __future__ import annotations

from typing import Any, NamedTuple

from cicero_cli.words import Text


class Reason(NamedTuple):
    """A few words for a line, and a sentence that says what to do."""

    short: str
    words: str


def run_reason(code: str | None, error: str | None) -> Reason:
    """What the error of a run means, by its code; `error` tells which account it was."""
    reason = _RUN_REASONS.get(code or "", _UNKNOWN_RUN)
    username, platform = _find(error, "username"), _find(error, "platform")
    if code == "account_private" and username:
        return Reason(reason.short, _PRIVATE.format(platform=platform, username=username))
    if code == "account_unknown" and username:
        return Reason(reason.short, _NOT_KNOWN.format(username=username))
    return reason


def _find(error: Any, name: str) -> str:
    """A parameter of a text, or of a text inside it; empty when there is none."""
    if not isinstance(error, Text):
        return ""
    if name in error.params:
        return str(error.params[name])
    return next(filter(None, (_find(inner, name) for inner in error.params.values())), "")


def pause_words(code: str) -> str:
    """What to do about a WhatsApp account that stands still."""
    return known_pause_words(code) or _UNKNOWN_PAUSE


def known_pause_words(code: str) -> str:
    """The same; empty for a code that does not stop the account."""
    return _PAUSES.get(code.removeprefix("session_"), "")


_AGAIN = "Dicoba lagi pada jadwal berikutnya"
_SOURCE = f"Sumber data sedang bermasalah. {_AGAIN}; bila berulang sampai besok, hubungi admin."
_UNKNOWN_RUN = Reason(
    "sebab lain", f"Pengambilan gagal. {_AGAIN}; bila berulang, sampaikan keterangan ini ke admin."
)
_NO_ACCOUNT = "akun tidak ditemukan"
_CHECK_NAME = "Mungkin namanya berganti: periksa username-nya di Pengaturan klien."
_BAD_KEY = Reason(
    "kunci sumber data ditolak",
    "Sumber data menolak kunci atau paket langganan. Admin perlu memeriksa RAPIDAPI_KEY di server dan paketnya di rapidapi.com.",
)
_NO_QUOTA = Reason(
    "kuota habis",
    "Kuota sumber data habis, jadi pengambilan menunggu sampai pulih. Paket yang lebih besar di rapidapi.com langsung membantu.",
)
_UNREADABLE = Reason(
    "jawaban tidak terbaca",
    f"Jawaban sumber data tidak terbaca. {_AGAIN}; bila berulang, cicero mungkin perlu diperbarui.",
)
_PRIVATE = (
    "Akun {platform} @{username} privat, jadi kontennya tidak terbaca."
    " Minta pemiliknya membuka akun itu untuk umum."
)
_NOT_KNOWN = f"TikTok tidak mengenal akun @{{username}}. {_CHECK_NAME}"
_PARTLY = Reason("sebagian konten tidak terbaca", f"Daftar konten terbaca sebagian. {_AGAIN}.")
_STOPPED = Reason(
    "dihentikan sebelum selesai", f"Pengambilan dihentikan sebelum selesai. {_AGAIN}."
)
_REFUSED = Reason(
    "permintaan ditolak",
    f"Sumber data menolak permintaan ini; mungkin kontennya sudah dihapus. {_AGAIN}.",
)
_RUN_REASONS = {
    "account_private": Reason("akun privat", "Akun ini privat, jadi kontennya tidak terbaca. Minta pemiliknya membuka akun itu untuk umum."),
    "account_unknown": Reason(_NO_ACCOUNT, f"Sumber data tidak menemukan akun ini. {_CHECK_NAME}"),
    "not_there": Reason(_NO_ACCOUNT, f"Sumber data tidak menemukan akun ini. {_CHECK_NAME}"),
    "post_not_there": _REFUSED,
    "listing_empty": Reason("tidak ada konten yang terlihat", f"Akun ini tidak menampilkan konten apa pun: privat, diblokir, berganti nama, atau belum pernah mengunggah. {_CHECK_NAME}"),
    "quota": _NO_QUOTA,
    "key_refused": _BAD_KEY,
    "bad_setting": _BAD_KEY,
    "status_code": Reason("ditolak platform", f"TikTok menolak permintaan ini. {_AGAIN}; bila berulang, periksa username-nya di Pengaturan klien."),
    "upstream_status": Reason("sumber data bermasalah", _SOURCE),
    "rejected": _REFUSED,
    "no_answer": Reason("sumber data tidak menjawab", f"Sumber data tidak menjawab. {_AGAIN}; bila berulang, periksa sambungan internet server."),
    "unreadable": _UNREADABLE,
    "unstorable": _UNREADABLE,
    "posts_unreadable": _PARTLY,
    "people_unreadable": Reason("sebagian like/komentar tidak terbaca", f"Sebagian like atau komentar tidak terbaca. {_AGAIN}."),
    "budget_spent": Reason(
        "anggaran habis",
        "Sebagian konten tidak dibaca karena anggaran pengambilan habis. Admin dapat menaikkannya: CICERO_BUDGET_REQUESTS dan CICERO_BUDGET_MB.",
    ),
    "list_contradicted": Reason("daftar like/komentar tidak utuh", f"Daftar like atau komentar dari sumber data tidak utuh. {_AGAIN}."),
    "account_renamed": Reason("akun berganti nama", "Akun ini berganti nama. Ubah username-nya di Pengaturan klien."),
    "other_account": Reason("konten akun lain", f"Sumber data menampilkan konten akun lain, jadi tidak ada yang diambil. {_CHECK_NAME}"),
    "account_refused": Reason("ditolak platform", f"Platform tidak menampilkan akun ini. {_CHECK_NAME}"),
    "not_shown": Reason("ditolak platform", f"TikTok tidak menampilkan akun ini: privat, diblokir, atau berganti nama. {_CHECK_NAME}"),
    "listing_cut": _PARTLY,
    "killed": _STOPPED,
    "interrupted": _STOPPED,
}  # fmt: skip

_LINK = "Tautkan lagi nomornya: pindai kode QR di halaman WhatsApp dengan ponsel yang memegang nomor itu."
_WAHA_AGAIN = "Lanjutkan penautan nomor di dasbor WAHA."
_ADDRESS = "Periksa alamat gerbang WhatsApp di setelan server: host, port, dan jalurnya."
_GATEWAY = "Gerbang WhatsApp di server tidak menjawab. Pastikan gerbang itu menyala."
_TOKEN = "Buat token baru untuk CICERO_CLOUD_TOKEN di business.facebook.com (system users)."  # noqa: S105 - no secret
_META = "Meta membatasi akun ini. Lihat WhatsApp manager di business.facebook.com."
_DEVICE = (
    "gowa tidak mengenal perangkat itu: buat di halaman WhatsApp, atau periksa CICERO_GOWA_DEVICE."
)
_PAUSES = {
    "paused": "Akun pengirim ini dijeda; admin melanjutkannya di halaman WhatsApp.",
    "scan_qr_code": _LINK,
    "logged_out": _LINK,
    "session_lost": _LINK,
    "not_logged_in": _LINK,
    "failed": "Mulai ulang sesinya di halaman WhatsApp; bila tetap gagal, keluarkan akunnya di dasbor WAHA, lalu tautkan lagi.",
    "passkey_required": _WAHA_AGAIN,
    "passkey_confirmation_required": _WAHA_AGAIN,
    "starting": "Sesi WhatsApp sedang menyambung; tunggu semenit.",
    "disconnected": "Sesi WhatsApp sedang menyambung; tunggu semenit.",
    "stopped": "Mulai sesinya di halaman WhatsApp, kecuali sedang dimulai ulang.",
    "no_sessions": _LINK,
    "no_session": "WAHA tidak punya sesi itu: buat di halaman WhatsApp, atau periksa CICERO_WAHA_SESSION.",
    "unauthorised": "Gerbang WhatsApp menolak kunci atau kata sandi dari setelan server.",
    "forbidden": "Gerbang WhatsApp menolak kunci atau kata sandi dari setelan server.",
    "device_required": _DEVICE,
    "no_device": _DEVICE,
    "bad_address": _ADDRESS,
    "redirect": _ADDRESS,
    "not_a_gateway": _ADDRESS,
    "unknown_host": _ADDRESS,
    "certificate": "Sertifikat gerbang WhatsApp tidak diterima. Periksa alamatnya (http atau https) di setelan server.",
    "no_connection": _GATEWAY,
    "no_answer": _GATEWAY,
    "timeout": _GATEWAY,
    "connection_cut": _GATEWAY,
    "not_writable": "Berkas CICERO_WA_FILE tidak dapat ditulis. Periksa izin dan ruang disk di server.",
    "no_phone_id": "Periksa CICERO_CLOUD_PHONE_ID: token tidak melihat nomor itu.",
    "daily_cap": "Batas kirim harian (CICERO_WA_DAILY_CAP) tercapai; pengiriman lanjut besok.",
    "meta_368": _META,
    "meta_131031": _META,
    "meta_131048": _META,
    "meta_131042": "Meta meminta metode pembayaran: business.facebook.com, penagihan.",
    "meta_133010": "Daftarkan nomor CICERO_CLOUD_PHONE_ID pada Cloud API.",
    **{f"meta_{code}": _TOKEN for code in (0, 3, 10, 190, 131005)},
}
_UNKNOWN_PAUSE = "Lihat keterangan asli, lalu jalankan “cicero wa status” di server."
