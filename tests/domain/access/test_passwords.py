from __future__ import annotations

import pytest

from cicero_cli.domain.access.passwords import password_weakness

GUESSED = (
    "this password is among the first that are guessed:"
    " take several words that do not belong together"
)


@pytest.mark.parametrize(
    "password",
    ["pagi cerah 2026", "kuda-baterai-staples", "x8#kQ2!mZp0w", "7GX2Q-M4TZ9-R8HCV-3YPD6", "ombak ﬁlsafat kopi"],
)  # fmt: skip
def test_what_nobody_guesses_may_be_a_password(password: str) -> None:
    assert password_weakness(password, username="budi.humas") == ""


@pytest.mark.parametrize("length", [0, 11, 201])
def test_a_password_has_12_to_200_characters(length: int) -> None:
    password = ("kuda baterai " * 20)[:length]
    assert password_weakness(password) == "a password needs 12 to 200 characters"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd!2026",
        "Passwordpassword",
        "\N{FULLWIDTH LATIN SMALL LETTER P}assword1234",
        "123456789012",
        "0812-3456-7890",
        "1985-01-01-1985",
        "aaaaaaaaaaaa",
        "abababababab",
        "jaga jaga jaga jaga ",
        "kudakudakuda",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "qwertyuiop123",
        "Polri Presisi 2026",
        "humas.polres.jatim",
        "Bhayangkara!1946",
        "selamatdatang",
        "budi.humas2026",
        "Budi Humas Budi",
        "!!!!!!!!!!!!",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert password_weakness(password, username="budi.humas") == GUESSED
