from __future__ import annotations

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User, normalise_user_field


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("user_id", " 02010123 ", "02010123"),
        ("user_id", "19850301 201001 1 002", "198503012010011002"),
        ("user_id", "NRP. 85010001", "85010001"),
        ("user_id", "nip 19850301 201001 1 002", "198503012010011002"),
        ("user_id", "NRP", "NRP"),
        ("user_id", "PHL-7.2", "PHL-7.2"),
        ("nama", " Siti\n Aminah ", "Siti Aminah"),
        ("title", "Bripka", "Bripka"),
        ("divisi", "-", None),
        ("jabatan", "", None),
        ("insta", "https://instagram.com/Siti", "siti"),
        ("tiktok", "https://www.tiktok.com/@Siti", "siti"),
        ("whatsapp", "0812 3456 7890", "6281234567890"),
        ("email", " Siti@Example.com ", "siti@example.com"),
        ("email", "-", None),
        ("exception", "Ya", True),
        ("exception", "x", True),
        ("exception", "0", False),
        ("exception", "FALSE", False),
        ("status", "Non Aktif", False),
        ("status", "aktif", True),
        ("status", True, True),
    ],
)
def test_a_field_is_stored_in_one_form(field: str, typed: object, stored: object) -> None:
    assert normalise_user_field(field, typed) == stored


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("user_id", "", "expected an NRP"),
        ("user_id", "8501 Budi", "expected an NRP"),
        ("user_id", "PHL-7/2", "without spaces or slashes"),
        ("user_id", "list", "a part of the API's addresses"),
        ("user_id", "By-Client", "a part of the API's addresses"),
        ("user_id", "8,5E+07", "a spreadsheet shortened this id"),
        ("user_id", "85010001.0", "without decimals"),
        ("user_id", "198503012010011000", "a spreadsheet rounded this NIP"),
        ("nama", " ", "expected a name"),
        ("nama", "a" * 201, "at most 200 characters, not 201"),
        ("nama", "Budi\x00", r"no text \(U\+0000\)"),
        ("divisi", "SAT\udce9", r"no text \(U\+DCE9\)"),
        ("insta", "https://www.tiktok.com/@siti", "this address is of TikTok"),
        ("tiktok", "https://instagram.com/siti", "this address is of Instagram"),
        ("email", "siti@", "expected an e-mail address"),
        ("exception", "mungkin", "expected ya or tidak"),
        ("status", "t", "expected aktif or nonaktif"),
        ("status", "mutasi dari Polres B", "expected aktif or nonaktif"),
        ("status", "Pensiun 2027", "expected aktif or nonaktif"),
    ],
)
def test_a_field_that_is_wrong_says_what_was_expected(
    field: str, typed: object, expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        normalise_user_field(field, typed)


def test_a_user_has_a_handle_for_each_platform() -> None:
    user = User(user_id="1", client_id="A", nama="Siti", insta="siti")
    assert (user.username(Platform.INSTA), user.username(Platform.TIKTOK)) == ("siti", None)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Aktif", True),
        ("PENSIUN", False),
        ("mutasi", False),
        ("Mutasi keluar", False),
        ("PTDH", False),
        ("Cuti", True),
        ("BKO", True),
        ("Mutasi ke Polda", False),
        ("Pindah ke Polres B", False),
        ("Cuti melahirkan", True),
        ("Dik Sespim", True),
        ("BKO Polda", True),
        ("Tugas belajar", True),
        ("nonaktif", False),
    ],
)
def test_a_status_word_means_what_it_says(word: str, status: bool) -> None:  # noqa: FBT001
    assert normalise_user_field("status", word) is status
