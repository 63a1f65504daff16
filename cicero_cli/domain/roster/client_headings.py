"""What the columns of a sheet of clients are called."""

from __future__ import annotations

import difflib

from cicero_cli.domain.roster.heading_words import Vocabulary, heading_words
from cicero_cli.words import Text

# Compared as `heading_words` gives them.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "client_id": ("client id", "client", "klien", "kode", "kode klien", "kode satker", "kode satuan", "id", "id klien"),
    "nama": ("nama", "name", "nama satker", "nama satuan", "nama klien", "nama kesatuan", "satker", "satuan kerja", "kesatuan"),
    "client_type": ("client type", "tipe", "jenis", "type"),
    "client_insta": ("client insta", "insta", "instagram", "ig", "akun instagram", "akun ig", "username instagram", "link instagram"),
    "client_tiktok": ("client tiktok", "tiktok", "tik tok", "akun tiktok", "username tiktok", "link tiktok"),
    "client_operator": ("client operator", "operator", "no operator", "nomor operator", "wa operator", "hp operator", "no wa operator", "no hp operator"),
    "client_super": ("client super", "super", "super admin", "wa super admin", "no super admin"),
    "client_group": ("client group", "group", "grup", "grup wa", "id grup", "grup whatsapp", "whatsapp group"),
    "timezone": ("timezone", "zona", "zona waktu"),
    "threshold": ("threshold", "ambang", "ambang batas", "batas"),
    "under": ("under", "induk", "satuan induk", "satker induk", "di bawah"),
    "audience": ("audience",),
    "audience_divisi": ("audience divisi", "audience satfung"),
    "regional_id": ("regional id", "regional", "wilayah"),
    "client_status": ("client status", "status", "aktif", "active"),
    "client_insta_status": ("client insta status", "insta active"),
    "client_tiktok_status": ("client tiktok status", "tiktok active"),
    "client_amplify_status": ("client amplify status", "amplify"),
    "premium_status": ("premium status", "premium"),
    "premium_tier": ("premium tier",),
    "premium_expires_at": ("premium expires at", "premium until"),
    "fetch_at": ("fetch at",),
    "laphar_at": ("laphar at", "jam laphar"),
    "remind_at": ("remind at", "jam pengingat"),
    "rekap_at": ("rekap at", "jam rekap"),
    "tugas_until": ("tugas until", "batas tugas"),
    "days_off": ("days off", "hari libur", "libur"),
    "posts_until": ("posts until", "batas jam konten"),
    "report_units": ("report units",),
}  # fmt: skip
CLIENT_FIELDS = tuple(_HEADINGS)
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_LEAST_ALIKE = 0.85
_SHORTEST_ALIKE = 5


def client_field_of(heading: str) -> str | None:
    """The field that a heading means for certain; `NO. WA OPERATOR (aktif)` without what stands in brackets."""
    words = heading_words(heading)
    return _FIELDS.get(words) or _FIELDS.get(heading_words(heading.partition("(")[0]))


def nearest_client_field(heading: str) -> str | None:
    """The field that a heading which means none for certain looks like."""
    words = heading_words(heading)
    if len(words) < _SHORTEST_ALIKE:
        return None
    alike = difflib.get_close_matches(words, _FIELDS, 1, _LEAST_ALIKE)
    return _FIELDS[alike[0]] if alike else None


CLIENTS = Vocabulary(
    key="client_id",
    key_words=Text("client_id (or KODE)"),
    key_heading="KODE",
    example="kode,nama,instagram,tiktok",
    field_of=client_field_of,
    nearest_field=nearest_client_field,
)
