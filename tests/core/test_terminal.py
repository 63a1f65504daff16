from __future__ import annotations

import json

import pytest

from cicero_cli.core.terminal import harmless, harmless_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Upacara\n\tHari Bhayangkara 🇮🇩 é", "Upacara\n\tHari Bhayangkara 🇮🇩 é"),
        ("\x1b[2J\x1b]0;judul\x07", "\ufffd[2J\ufffd]0;judul\ufffd"),
        ("a\x9b31mb\x7f\x00", "a\ufffd31mb\ufffd\ufffd"),
        ("baris\rlain\r\nbaru", "baris\ufffdlain\nbaru"),
        ("\u202efdp.exe\u2066\u2028", "\ufffdfdp.exe\ufffd\ufffd"),
        ("\ud800", "\ufffd"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ],
)
def test_a_terminal_is_shown_nothing_that_it_would_obey(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_json_says_the_same_and_moves_nothing() -> None:
    value = {"a": "x\x9b31m\u202ey\x1b[2J é"}
    written = harmless_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(written) == value
    assert written.isprintable()
