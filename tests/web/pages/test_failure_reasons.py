"""Each way in which a fetch fails or WhatsApp stands still has Indonesian words and a next step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cicero_cli.gateways
from cicero_cli.web.pages.failure_reasons import pause_words, run_reason

GATEWAYS = Path(cicero_cli.gateways.__file__).parent
API = "at instagram-scraper-api2.p.rapidapi.com"
ERRORS = [
    ("TikTok account polres_a is private, so its posts cannot be read", "akun privat"),
    ("Instagram account polres.a is private, so its posts cannot be read", "akun privat"),
    ("TikTok knows no account polres_a", "akun tidak ditemukan"),
    (f"GET /v1/posts {API}: 404 Not found", "akun tidak ditemukan"),
    (f"GET /v1/posts {API}: 502 (and 3 more)", "sumber data bermasalah"),
    (f"post 7321: GET /v1/likes {API}: 429 Too many requests", "sumber data bermasalah"),
    (f"post 7321: GET /v1/likes {API}: 404 Post not found", "permintaan ditolak"),
    (f"GET /v1/posts {API}: 429 You have exceeded the DAILY quota for Requests", "kuota habis"),
    (f"not asked: GET /v1/posts {API}: 429 You have exceeded the MONTHLY quota", "kuota habis"),
    ("the quota of a.test is used up until 2026-11-25 23:21 UTC, so nothing was asked", "kuota habis"),
    (f"GET /v1/posts {API}: 401 Invalid API key", "kunci sumber data ditolak"),
    (f"GET /v1/posts {API}: 403 You are not subscribed to this API.", "kunci sumber data ditolak"),
    (f"GET /v1/posts {API}: no answer within 60 s", "sumber data tidak menjawab"),
    (f"GET /v1/posts {API}: the connection failed or was cut", "sumber data tidak menjawab"),
    (f"GET /v1/posts {API}: a body of another shape: Expected `int`", "jawaban tidak terbaca"),
    (f"GET /v1/posts {API}: a web page", "jawaban tidak terbaca"),
    ("GET /api/user/posts at b.test: 200 with status code 10101: no", "ditolak platform"),
    ("2 posts of the listing cannot be read", "sebagian konten tidak terbaca"),
    ("the listing was cut before its end, so older posts may be missing", "sebagian konten tidak terbaca"),
    ("the listing is empty: the account is private, banned or renamed, or has never posted",
     "tidak ada konten yang terlihat"),
    ("was killed before it finished", "dihentikan sebelum selesai"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "short"), ERRORS)
def test_why_a_fetch_failed_is_said_in_indonesian(error: str, short: str) -> None:
    assert run_reason(error).short == short


def test_the_sentence_names_the_account_and_what_to_do() -> None:
    assert run_reason(ERRORS[0][0]).words == (
        "Akun TikTok @polres_a privat, jadi kontennya tidak terbaca."
        " Minta pemiliknya membuka akun itu untuk umum."
    )


def test_what_nobody_foresaw_is_still_said_in_indonesian() -> None:
    assert "hubungi" in run_reason("").words or "admin" in run_reason("").words
    assert "cicero wa status" in pause_words("of_tomorrow")


def test_the_gateways_still_say_it_in_these_words() -> None:
    """Reword one there, and its pattern here, and this list."""
    said = "".join(path.read_text() for path in (GATEWAYS / "upstream").glob("*.py"))
    for words in (
        "is private, so its posts cannot be read", "TikTok knows no account", "the listing is empty",
        "the listing was cut", "posts of the listing cannot be read", "a web page", "with status code",
        "a body of another shape", "no answer within", "no connection within", "the connection failed",
        'f"GET {path} at {self.host}"', 'f"{where}: {status} ',
    ):  # fmt: skip
        assert words in said, words


def test_every_pause_of_the_gateways_has_its_next_step() -> None:
    codes = {"daily_cap", "scan_qr_code", "no_session", "meta_190", "meta_368"}
    for path in (GATEWAYS / "whatsapp").glob("*.py"):
        source = path.read_text()
        codes |= set(re.findall(r'Verdict\.PAUSE,\s*code="(\w+)"', source))
        codes |= set(re.findall(r'state="(\w+)"', source)) - {"working"}
        codes |= {word.lower() for word in re.findall(r'^    "([A-Z_]+)": "', source, re.MULTILINE)}
        codes |= set(re.findall(r'40[0-9]: \("(\w+)"', source))
    assert {"certificate", "not_logged_in", "passkey_required", "unauthorised"} <= codes
    unknown = pause_words("of_tomorrow")
    assert [code for code in sorted(codes) if pause_words(code) == unknown] == []
    assert pause_words("session_scan_qr_code") == pause_words("scan_qr_code")
