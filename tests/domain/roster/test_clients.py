from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client, normalise_client_field, normalise_client_id


def test_a_client_id_is_upper_case() -> None:
    assert normalise_client_id(" polres_a ") == "POLRES_A"


@pytest.mark.parametrize("typed", ["", "polres a", "-a", "é", "a" * 65])
def test_what_is_no_client_id_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="such as POLRES_A"):
        normalise_client_id(typed)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("timezone", "wib", "Asia/Jakarta"),
        ("timezone", "WITA", "Asia/Makassar"),
        ("timezone", "asia/jayapura", "Asia/Jayapura"),
        ("client_insta", "@Polres.A", "polres.a"),
        ("client_tiktok", "", None),
        ("client_operator", "0812-3456-7890", "6281234567890"),
        ("client_group", "120363012345678901@g.us", "120363012345678901@g.us"),
        ("client_type", "direktorat", "DIREKTORAT"),
        ("client_type", "", "ORG"),
        ("client_type", "Direktorat Binmas", "DIREKTORAT BINMAS"),
        ("premium_expires_at", "2027-01-01T00:00:00+07:00", datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("premium_expires_at", "2027-01-01T00:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("premium_expires_at", "", None),
        ("threshold", 0.8, 0.8),
        ("client_status", False, False),
    ],
)
def test_a_field_is_stored_in_one_form(field: str, typed: object, stored: object) -> None:
    assert normalise_client_field(field, typed) == stored


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("timezone", "Asia/Tokyo", "expected Asia/Jakarta"),
        ("threshold", 0.0, "a share above 0"),
        ("threshold", 1.1, "a share above 0"),
        ("threshold", float("nan"), "a share above 0"),
        ("nama", "  ", "expected a name"),
        ("client_insta", "polres a", "expected a handle"),
        ("client_type", "FOO", "expected ORG or DIREKTORAT"),
        ("premium_expires_at", "1", "a time with its offset"),
        ("premium_expires_at", "2027-01-01", "a time with its offset"),
        ("premium_expires_at", "2027-01-01T00:00:00", "a time with its offset"),
        ("premium_expires_at", "0001-01-01T00:00:00+23:00", "a time with its offset"),
        ("premium_expires_at", "9999-12-31T23:59:59-23:00", "a time with its offset"),
    ],
)
def test_a_field_that_is_wrong_says_what_was_expected(
    field: str, typed: object, expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_client_field(field, typed)


def test_a_client_that_is_not_followed_has_no_handle_there() -> None:
    client = Client(
        client_id="A", nama="A", client_insta="a", client_tiktok="a", client_tiktok_status=False
    )
    assert client.followed_username(Platform.INSTA) == "a"
    assert client.followed_username(Platform.TIKTOK) is None
