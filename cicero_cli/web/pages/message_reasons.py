"""Why a message was not sent, and what to do about it, in Indonesian: words for every code of the gateways and the delivery.

What mends a code that stops the whole account is in failure_reasons.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from cicero_cli.domain.messaging.messages import MessageStatus
from cicero_cli.web.pages.failure_reasons import known_pause_words


@dataclass(frozen=True)
class MessageReason:
    """What happened, and what has to be mended before it works; empty when nothing has."""

    what: str
    remedy: str = ""


def explain_code(code: str) -> MessageReason:
    """The words of a code; a code that nobody has words for is told as it is."""
    known = _REASONS.get(code)
    if known is not None:
        return MessageReason(known[0], known[1] or known_pause_words(code))
    kind, _, rest = code.partition("_")
    match kind:
        case "session":
            return explain_code(rest)
        case "upload":
            inner = explain_code(rest)
            what = inner.what.removesuffix(f" {_MAYBE}")  # the message itself comes after its file
            return MessageReason(f"Lampiran belum terunggah. {what}", inner.remedy)
        case "http" if rest.isdigit():
            return MessageReason(
                f"Gerbang WhatsApp menjawab dengan kesalahan {rest}.", _SEE_GATEWAY
            )
        case "meta" if rest.isdigit():
            return MessageReason(f"Meta menjawab dengan kesalahan {rest}.", _SEE_META)
    return MessageReason(f"Sebab yang belum dikenal: {code}.")


def next_step(status: str, code: str | None) -> str:
    """What a person should do about a message now; empty when nothing is wrong."""
    remedy = explain_code(code).remedy if code else ""
    match status:
        case MessageStatus.UNKNOWN:
            step = "Periksa percakapannya di WhatsApp. Bila pesan ada, tandai terkirim; bila tidak ada, kirim ulang."
        case MessageStatus.FAILED:
            step = "Sesudah itu kirim ulang." if remedy else "Kirim ulang bila masih diperlukan."
        case MessageStatus.EXPIRED:
            step = "Pesan tidak sempat dikirim sampai batas waktunya. Kirim ulang bila masih diperlukan."
        case MessageStatus.QUEUED if code:
            step = "Pesan dikirim sendiri pada gilirannya."
        case MessageStatus.SENDING:
            remedy, step = "", "Pesan sedang dikirim, atau hasil pengirimannya sedang diselidiki."
        case _:
            return ""
    return f"{remedy} {step}".strip()


_SEE_GATEWAY = "Periksa catatan (log) gerbang WhatsApp di server."
_SEE_META = "Cari angka itu di halaman kesalahan Cloud API milik Meta."
_MAYBE = "Pesan mungkin sudah terkirim."
_NUMBER = "Periksa nomor penerima."
_REFUSED = ("Gerbang WhatsApp menolak nomor atau isi pesan.", _NUMBER)
_TOKEN = ("Meta menolak token pengirim.", "")
_SLOWER = ("Meta meminta pengiriman lebih lambat.", "")
_META_DOWN = ("Layanan Meta sedang terganggu.", "")
_RESTRICTED = ("Meta membatasi akun pengirim.", "")

# what happened, and what mends it
_REASONS = {
    # the delivery's own
    "ambiguous": ("Tidak dapat dipastikan apakah pesan ini sampai.", ""),
    "interrupted": (f"Server berhenti selagi pesan ini dikirim. {_MAYBE}", ""),
    "done_since": ("Personel sudah mengerjakan semuanya sebelum pengingat ini dikirim.", ""),
    "quiet_hours": ("Ditahan sampai jam tenang berakhir.", ""),
    "daily_cap": ("Jatah pesan hari ini sudah habis; dilanjutkan besok.", ""),
    "by_hand": ("Diputuskan oleh admin.", ""),
    "file_gone": ("Lampiran sudah dihapus karena lebih dari seminggu yang lalu terkirim.", "Kirim laporannya lagi."),
    "ack_error": ("WhatsApp melaporkan bahwa pesan ini tidak dapat disampaikan.", _NUMBER),
    # on the way to the gateway
    "timeout": (f"Gerbang WhatsApp tidak menjawab tepat waktu. {_MAYBE}", ""),
    "connection_cut": (f"Sambungan ke gerbang WhatsApp terputus. {_MAYBE}", ""),
    "no_connection": ("Gerbang WhatsApp tidak dapat dihubungi.", ""),
    "unknown_host": ("Nama server gerbang WhatsApp tidak ditemukan.", ""),
    "bad_address": ("Alamat gerbang WhatsApp tidak dapat dipakai.", ""),
    "redirect": ("Alamat gerbang WhatsApp menunjuk ke alamat lain.", ""),
    "certificate": ("Sertifikat gerbang WhatsApp tidak dapat dipercaya.", ""),
    "not_a_gateway": ("Yang menjawab di alamat gerbang WhatsApp adalah server lain.", ""),
    "no_answer": ("Gerbang WhatsApp tidak menyebut keadaan sesinya.", ""),
    "not_writable": ("Berkas CICERO_WA_FILE tidak dapat ditulis.", ""),
    # what the gateway says of the message
    "not_unicode": ("Teks pesan memuat karakter yang rusak.", "Perbaiki data atau templat yang memuatnya."),
    "too_large": ("Pesan terlalu besar untuk gerbang WhatsApp.", "Perkecil lampiran, atau naikkan batasnya di gerbang WhatsApp."),
    "validation_error": _REFUSED,
    "unprocessable": _REFUSED,
    "no_such_number": ("Nomor ini tidak ditemukan di WhatsApp.", _NUMBER),
    "answer_too_large": (f"Jawaban gerbang WhatsApp tidak berujung. {_MAYBE}", ""),
    "invalid_jid": ("Nomor ini tidak ditemukan di WhatsApp.", _NUMBER),
    "not_in_group": ("Akun WhatsApp pengirim bukan anggota grup ini.", "Masukkan akun pengirim ke grup, atau ganti grup di Pengaturan klien."),
    "no_groups": ("Cloud API milik Meta tidak dapat mengirim ke grup.", "Pakai WAHA atau gowa untuk grup, atau kosongkan grup di Pengaturan klien."),
    "upload_failed": ("Lampiran belum terunggah ke WhatsApp.", ""),
    "no_message_id": ("Gerbang WhatsApp tidak memberi nomor untuk pesan ini.", _SEE_GATEWAY),
    "odd_answer": (f"Jawaban Meta tidak dapat dibaca. {_MAYBE}", ""),
    "rate_limited": ("Gerbang WhatsApp meminta pengiriman lebih lambat.", ""),
    "device_manager": ("Gerbang WhatsApp belum siap.", _SEE_GATEWAY),
    # what it says of the account
    "reachout_timelock": ("WhatsApp untuk sementara menolak percakapan baru dari akun pengirim.", "Minta personel mengirim pesan lebih dahulu ke akun pengirim."),
    "unauthorised": ("Gerbang WhatsApp menolak kunci atau kata sandi dari server.", ""),
    "forbidden": ("Gerbang WhatsApp tidak mengizinkan pengiriman.", ""),
    "no_session": ("Gerbang WhatsApp tidak punya sesi yang disetel.", ""),
    "no_sessions": ("Akun WhatsApp tidak lagi tertaut.", ""),
    "not_logged_in": ("Akun WhatsApp tidak lagi tertaut.", ""),
    "scan_qr_code": ("Akun WhatsApp belum tertaut.", ""),
    "passkey_required": ("WhatsApp meminta kunci sandi (passkey).", ""),
    "passkey_confirmation_required": ("WhatsApp meminta pencocokan kode.", ""),
    "failed": ("Sesi WhatsApp gagal.", ""),
    "stopped": ("Sesi WhatsApp berhenti.", ""),
    "starting": ("Sesi WhatsApp sedang menyambung.", ""),
    "disconnected": ("Sesi WhatsApp sedang menyambung.", ""),
    "working": ("Sesi WhatsApp baru saja tersambung kembali.", ""),
    "unknown": ("Keadaan sesi WhatsApp tidak dikenal.", _SEE_GATEWAY),
    "no_qr": ("Gerbang WhatsApp tidak memberi kode QR.", _SEE_GATEWAY),
    "no_device": ("Gerbang WhatsApp tidak punya perangkat yang disetel.", ""),
    "device_required": ("Gerbang WhatsApp perlu tahu perangkat mana yang dipakai.", ""),
    "no_phone_id": ("Meta tidak mengenal nomor pengirim.", ""),
    # Meta's numbers
    "meta_0": _TOKEN, "meta_3": _TOKEN, "meta_10": _TOKEN, "meta_190": _TOKEN, "meta_131005": _TOKEN,
    "meta_368": _RESTRICTED, "meta_131031": _RESTRICTED, "meta_131048": _RESTRICTED,
    "meta_131042": ("Meta meminta cara pembayaran.", ""),
    "meta_133010": ("Nomor pengirim belum terdaftar di Cloud API.", ""),
    "meta_4": _SLOWER, "meta_80007": _SLOWER, "meta_130429": _SLOWER, "meta_131056": _SLOWER,
    "meta_131000": _META_DOWN, "meta_131016": _META_DOWN, "meta_131057": _META_DOWN,
    "meta_131026": ("Nomor ini tidak dapat menerima pesan WhatsApp.", _NUMBER),
    "meta_131047": ("Penerima belum mengirim pesan ke akun ini dalam 24 jam terakhir.", "Minta penerima mengirim pesan lebih dahulu."),
}  # fmt: skip
