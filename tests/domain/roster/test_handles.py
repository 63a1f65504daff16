from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.handles import normalise_handle


@pytest.mark.parametrize(
    ("typed", "handle"),
    [
        ("budi", "budi"),
        (" @Budi.S ", "budi.s"),
        ("https://www.instagram.com/Budi.S/?hl=id", "budi.s"),
        ("instagram.com/budi_1", "budi_1"),
        ("https://m.tiktok.com/@budi_1?lang=id", "budi_1"),
        ("\u200bbudi\ufeff", "budi"),
        ("", None),
        (None, None),
        (" - ", None),
        ("@", None),
        ("@0", None),
        ("https://instagram.com/", None),
        ("Belum ada", None),
    ],
)
def test_a_handle_is_compared_without_what_people_add(typed: str | None, handle: str) -> None:
    assert normalise_handle(typed) == handle


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("budi santoso", "expected a handle of letters"),
        ("@@budi", "expected a handle of letters"),
        ("...", "expected a handle of letters"),
        ("budi\x00", "expected a handle of letters"),
        ("b" * 31, "expected a handle of letters"),
        ("https://facebook.com/budi", "expected a handle or the address of an Instagram"),
        ("https://[budi", "expected a handle or the address of an Instagram"),
        ("https://www.instagram.com/p/CxYz123/", "this one is of a post"),
        ("https://vt.tiktok.com/ZSabc/", "expected a handle or the address of an Instagram"),
    ],
)
def test_what_is_no_handle_is_refused_with_a_reason(typed: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_handle(typed)


@given(st.text() | st.from_regex(r"\s*@?[A-Za-z0-9._]{1,30}/?\s*"))
def test_a_handle_that_was_normalised_stays_as_it_is(typed: str) -> None:
    try:
        handle = normalise_handle(typed)
    except ValueError:
        return  # what is refused never gets into the database
    assert normalise_handle(handle) == handle
