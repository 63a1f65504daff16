"""What somebody wants who writes to the account."""

from __future__ import annotations

import pytest

from cicero_cli.domain.messaging.requests import Request, Want, read_request


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("CEK", Want.CHECK),
        (" cek dong pak ", Want.CHECK),
        ("*Cek*", Want.CHECK),
        ("\u200eCEK?!", Want.CHECK),
        ("🙏 cek", Want.CHECK),
        ("check", Want.CHECK),
        ("STOP", Want.STOP),
        ("stop!!!", Want.STOP),
        ("Berhenti ya", Want.STOP),
        ("Stop, jangan kirim lagi", Want.STOP),
        ("stop dulu rapatnya, kita lanjutkan besok pagi", Want.OTHER),
        ("Mulai", Want.START),
        ("mulai besok apel pukul 07.00 di lapangan", Want.OTHER),
        ("saya cek dulu", Want.OTHER),
        ("cekatan", Want.OTHER),
        ("terima kasih", Want.OTHER),
        ("12345", Want.OTHER),
        ("🙏🙏", Want.OTHER),
        ("", Want.OTHER),
    ],
)
def test_the_first_word_says_what_is_wanted(text: str, want: Want) -> None:
    assert read_request(text).want is want


def test_the_words_behind_the_first_one_stay_as_they_are() -> None:
    assert read_request("Cek: Budi Santoso!") == Request(Want.CHECK, "Budi Santoso")
