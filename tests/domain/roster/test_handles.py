from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.errors import BadValueError


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
        ("blm punya IG", None),
        ("#N/A", None),
        ("nan", None),
        ("lupa", None),
        ("tidak.ada", "tidak.ada"),
        ("tiktok.company", "tiktok.company"),
        ("@sudah", "sudah"),
        ("orang\u200b_a", "orang_a"),
        ("\u2068@ orang.c\u2069", "orang.c"),
        ("https://www.instagram.com/_u/orang.satu?igsh=1", "orang.satu"),
        ("www.tiktok.com/@orang_dua/video/7123", "orang_dua"),
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
        ("https://vt.tiktok.com/ZSabc/", "a short link does not say whose it is"),
    ],
)
def test_what_is_no_handle_is_refused_with_a_reason(typed: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_handle(typed)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.instagram.com/invites/contact/?igsh=abc123",
        "https://www.instagram.com/share/_abcDEF12",
        "https://www.instagram.com/s/aGlnaGxpZ2h0OjE3?story_media_id=1",
        "https://instagram.com/direct/t/1234567",
        "https://www.instagram.com/qr/",
        "https://m.tiktok.com/h5/share/usr/6834.html",
        "https://www.tiktok.com/share/user/6834?u_code=1",
        "https://www.tiktok.com/id-ID/",
        "tiktok.com/orang_d",
        "https://www.instagram.com/accounts/login/?next=/budi/",
    ],
)
def test_an_address_that_is_of_no_profile_gives_no_handle(address: str) -> None:
    with pytest.raises(ValueError, match="expected the address of a profile"):
        normalise_handle(address)


@pytest.mark.parametrize(
    ("typed", "platform", "expected"),
    [
        ("@Orang.A.", Platform.INSTA, "no handle ends with a dot or has two in a row"),
        ("orang..b", Platform.INSTA, "no handle ends with a dot or has two in a row"),
        ("orang_a.", Platform.TIKTOK, "no handle ends with a dot or has two in a row"),
        ("@orang_b, @orang_b2", Platform.TIKTOK, "there are two handles in this cell"),
        ("@budi / @budi2", Platform.INSTA, "there are two handles in this cell"),
        ("@budi/budi2", Platform.TIKTOK, "there are two handles in this cell"),
        (
            "Instagram",
            Platform.INSTA,
            "instagram is hardly a handle; write @instagram if it is one",
        ),
        ("081234567890", Platform.INSTA, "081234567890 is hardly a handle"),
        ("85010001", Platform.TIKTOK, "85010001 is hardly a handle"),
        ("Sudah", Platform.INSTA, "sudah is hardly a handle; write @sudah if it is one"),
        ("instagram.com/a", Platform.TIKTOK, "of TikTok; this address is of Instagram"),
    ],
)
def test_a_platform_has_its_own_rules(typed: str, platform: Platform, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_handle(typed, platform)


@given(st.text() | st.from_regex(r"\s*@?[A-Za-z0-9._]{1,30}/?\s*"))
def test_a_handle_that_was_normalised_stays_as_it_is(typed: str) -> None:
    try:
        handle = normalise_handle(typed)
    except ValueError:
        return  # what is refused never gets into the database
    assert normalise_handle(handle) == handle


@pytest.mark.parametrize(
    ("typed", "letters"), [("буди.satu", "буди"), ("budi_سلام", "سلام"), ("josé", "é")]
)
def test_letters_of_other_scripts_are_refused_with_that_reason(typed: str, letters: str) -> None:
    with pytest.raises(BadValueError, match=f"Latin letters only, not {letters}"):
        normalise_handle(typed)
