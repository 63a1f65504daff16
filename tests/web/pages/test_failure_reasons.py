"""Each way in which a fetch fails or WhatsApp stands still has Indonesian words and a next step, by its stable code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cicero_cli.gateways
import cicero_cli.services.collection
from cicero_cli import errors
from cicero_cli.web.pages.failure_reasons import pause_words, run_reason
from cicero_cli.words import Text

GATEWAYS = Path(cicero_cli.gateways.__file__).parent
COLLECTION = Path(cicero_cli.services.collection.__file__).parent
PRIVATE = Text("{platform} account {username} is private, so its posts cannot be read", platform="TikTok", username="polres_a")  # fmt: skip


def codes_of_runs() -> set[str]:
    """Every code that an error of a fetch, or a run itself, is given."""
    sources = [*(GATEWAYS / "upstream").glob("*.py"), *COLLECTION.glob("*.py")]
    given = {
        code
        for path in sources
        for code in re.findall(r'(?:code=|Failure\(\s*)"(\w+)"', path.read_text())
    }
    kinds = (errors.QuotaError, errors.SettingError, errors.UnstorableError, errors.RejectedError)
    return given | {kind.code for kind in kinds} | {"killed", "post_not_there", "not_there"}


@pytest.mark.parametrize("code", sorted(codes_of_runs()))
def test_every_way_to_fail_has_its_words(code: str) -> None:
    assert run_reason(code, None) != run_reason("of_tomorrow", None)


def test_the_sentence_names_the_account_and_what_to_do() -> None:
    inside = Text(
        "{first} (and {more} more)", first=Text("not asked: {reason}", reason=PRIVATE), more=2
    )
    for error in (PRIVATE, inside):
        assert run_reason("account_private", error).words == (
            "Akun TikTok @polres_a privat, jadi kontennya tidak terbaca."
            " Minta pemiliknya membuka akun itu untuk umum."
        )


def test_what_nobody_foresaw_and_what_an_older_cicero_wrote_is_still_said_in_indonesian() -> None:
    assert "admin" in run_reason(None, "the moon was full").words
    assert "cicero wa status" in pause_words("of_tomorrow")


def test_every_pause_of_the_gateways_has_its_next_step() -> None:
    codes = {"daily_cap", "scan_qr_code", "no_session", "meta_190", "meta_368"}
    for path in (GATEWAYS / "whatsapp").glob("*.py"):
        source = path.read_text()
        codes |= set(re.findall(r'Verdict\.PAUSE,\s*code="(\w+)"', source))
        codes |= set(re.findall(r'state="(\w+)"', source)) - {"working"}
        codes |= {
            word.lower() for word in re.findall(r'^    "([A-Z_]+)": template', source, re.MULTILINE)
        }
        codes |= set(re.findall(r'40[0-9]: \("(\w+)"', source))
    assert {"certificate", "not_logged_in", "passkey_required", "unauthorised"} <= codes
    unknown = pause_words("of_tomorrow")
    assert [code for code in sorted(codes) if pause_words(code) == unknown] == []
    assert pause_words("session_scan_qr_code") == pause_words("scan_qr_code")
