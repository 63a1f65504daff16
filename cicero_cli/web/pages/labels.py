"""The words of the pages, in Indonesian: of what the database says in one word."""

from __future__ import annotations

GROUP_WORDS = {
    "sudah": "Sudah",
    "kurang": "Belum melaksanakan",
    "nol": "Belum melaksanakan",
    "tanpa_username": "Tanpa username",
    "dikecualikan": "Dikecualikan",
    "tidak_aktif": "Tidak aktif",
}
FILTER_WORDS = {
    "sudah": "Sudah",
    "lengkap": "Sudah: semua konten",
    "dikecualikan": "Sudah: dikecualikan",
    "belum": "Belum melaksanakan",
    "kurang": "Belum melaksanakan: kurang",
    "nol": "Belum melaksanakan: 0 konten",
    "tanpa_username": "Tanpa username",
    "tidak_aktif": "Tidak aktif",
}
ROLE_WORDS = {"admin": "Admin", "operator": "Operator", "viewer": "Pemantau"}
MESSAGE_WORDS = {
    "queued": "Antre",
    "sending": "Sedang dikirim",
    "accepted": "Terkirim",
    "delivered": "Sampai",
    "read": "Dibaca",
    "failed": "Gagal",
    "unknown": "Tidak pasti",
    "cancelled": "Dibatalkan",
    "expired": "Kedaluwarsa",
    "laphar": "Laphar",
    "reminder": "Pengingat",
    "rekap": "Rekap",
    "tugas": "Tugas konten",
    "peringkat": "Peringkat",
    "sync": "Lembar kerja",
    "check": "Data personel",
    "explanation": "Penjelasan",
    "reset": "Kode kata sandi",
    "test": "Uji",
    "answer": "Balasan",
}
ACTION_WORDS = {
    "login": "Masuk",
    "login.failed": "Gagal masuk",
    "login.slowed": "Ditahan: terlalu banyak percobaan masuk",
    "password.slowed": "Ditahan: terlalu banyak percobaan kata sandi lama",
    "account.registration_slowed": "Ditahan: terlalu banyak pendaftaran",
    "login.not_approved": "Ditolak masuk: belum disetujui",
    "logout": "Keluar",
    "password.changed": "Mengganti kata sandi sendiri",
    "password.refused": "Kata sandi lama salah",
    "password.reset_asked": "Meminta kode kata sandi baru",
    "password.reset": "Mengganti kata sandi dengan kode",
    "password.reset_refused": "Kode kata sandi ditolak",
    "password.reset_slowed": "Ditahan: terlalu banyak permintaan kode kata sandi",
    "complaint.filed": "Komplain dicatat",
    "complaint.closed": "Komplain ditutup",
    "account.added": "Akun ditambahkan",
    "account.changed": "Akun diubah",
    "account.removed": "Akun dihapus",
    "account.registered": "Mendaftar",
    "account.registered_again": "Mendaftar dengan nama yang sudah ada",
    "client.added": "Klien ditambahkan",
    "client.changed": "Klien diubah",
    "client.removed": "Klien dihapus",
    "client.erased": "Klien dihapus beserta semua datanya",
    "user.added": "Personel ditambahkan",
    "user.changed": "Personel diubah",
    "user.renamed": "NRP/NIP personel diganti",
    "user.removed": "Personel dihapus",
    "user.erased": "Personel dihapus dari semua hari",
    "user.backdated": "Personel diubah untuk hari yang lalu",
    "user.handle_taken_back": "Username yang salah ditarik",
    "user.merged": "Dua data satu orang digabung",
    "user.assigned": "Personel ditugaskan pada satker lain",
    "user.assignment_ended": "Penugasan personel diakhiri",
    "user.leave_added": "Izin personel ditambahkan",
    "user.leave_ended": "Izin personel diakhiri",
    "user.post_accepted": "Konten diterima untuk personel",
    "user.acceptance_ended": "Penerimaan konten dicabut",
    "holiday.added": "Hari libur ditambahkan",
    "holiday.removed": "Hari libur dihapus",
    "client.post_excluded": "Konten dikeluarkan dari laporan",
    "client.exclusion_ended": "Konten dihitung kembali",
    "client.import_undone": "Impor klien dibatalkan",
    "client.backdated": "Klien diubah untuk hari yang lalu",
    "users.imported": "Personel diimpor",
    "users.transferred": "Personel dipindahkan ke klien lain",
    "users.import_undone": "Impor personel dibatalkan",
    "message.retried": "Pesan dikirim ulang",
    "message.cancelled": "Pesan dibatalkan",
    "message.marked_sent": "Pesan ditandai terkirim",
    "message.test_queued": "Pesan uji diantrekan",
    "sender.added": "Akun pengirim ditambahkan",
    "sender.changed": "Akun pengirim diubah",
    "sender.removed": "Akun pengirim dihapus",
    "sender.paused": "Akun pengirim dijeda",
    "sender.resumed": "Akun pengirim dilanjutkan",
    "sender.queue_moved": "Antrean pesan dipindah ke akun pengirim lain",
    "whatsapp.link_begun": "Penautan WhatsApp dimulai",
}
COMPLAINT_WORDS = {
    "open": "Terbuka",
    "proved": "Terbukti",
    "closed": "Ditutup",
    "command": "lewat perintah",
    "page": "di halaman ini",
    "dashboard": "lewat dasbor",
    "whatsapp": "lewat WhatsApp",
}
RUN_WORDS = {
    "running": "Berjalan",
    "done": "Berhasil",
    "partial": "Sebagian",
    "failed": "Gagal",
    "interrupted": "Terputus",
}
FIELD_WORDS = {
    "user_id": "NRP/NIP",
    "client_id": "Kode klien",
    "nama": "Nama",
    "title": "Pangkat",
    "divisi": "Satfung",
    "jabatan": "Jabatan",
    "insta": "Instagram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "email": "Surel",
    "exception": "Dikecualikan",
    "status": "Aktif",
    "wa_opt_in": "Bersedia menerima pengingat",
    "leave": "Cuti/izin",
}
STALE_FORM = "Formulir ini sudah kedaluwarsa. Muat ulang halamannya, lalu kirim lagi."
UNSIGNED_FORM = (
    "Formulir ini sudah kedaluwarsa karena Anda masuk lagi sesudah membukanya, jadi belum ada yang disimpan."
    " Isian Anda masih ada di bawah; kirim sekali lagi."
)
UNSIGNED_UPLOAD = "Formulir ini sudah kedaluwarsa karena Anda masuk lagi sesudah membukanya. Pilih lagi berkasnya."
OUTDATED_FORM = (
    "Data ini berubah setelah formulir ini dibuka (oleh orang lain atau di tab lain), jadi belum ada yang disimpan. Di bawah ini isian Anda;"
    " yang berbeda dari data sekarang ditandai. Periksa, lalu tekan Simpan sekali lagi."
)
FLASH_WORDS = {
    "tambah": "Personel sudah ditambahkan.",
    "ubah": "Perubahan sudah disimpan.",
    "tetap": "Tidak ada yang berubah.",
    "klien": "Data klien sudah disimpan.",
    "kirim-ulang": "Pesan masuk antrean dan dikirim pada gilirannya.",
    "batalkan": "Pesan sudah dibatalkan dan tidak akan dikirim.",
    "komplain": "Komplain sudah dicatat.",
    "tutup": "Komplain sudah ditutup.",
    "tandai-terkirim": "Pesan sudah ditandai terkirim.",
}
