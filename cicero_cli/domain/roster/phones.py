"""Phone numbers and group ids: who a message can be sent to."""

from __future__ import annotations

import re
import unicodedata

from cicero_cli.domain.roster.blanks import is_blank
from cicero_cli.domain.roster.unseen import with_plain_dashes, without_unseen
from cicero_cli.errors import BadValueError

_GROUP = re.compile(r"\d[\d-]{9,40}@g\.us")
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)  # 8,12E+10: digits are gone
_SHORTEST = len("+12345678")  # as the database demands; only a few islands have shorter ones
_ADDRESS = re.compile(
    r"(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)\+?(\d+)(?:[/?&#].*)?|tel:(.+)",
    re.IGNORECASE,
)
_CHAT = re.compile(r"@(?:c\.us|s\.whatsapp\.net)$", re.IGNORECASE)
_BETWEEN = re.compile(r"[/,;|&\n]|\b(?:dan|atau|or|and)\b", re.IGNORECASE)
_DIGITS_OF_ONE = 8  # an area code in front of a slash has fewer


def normalise_phone(text: str | None) -> str | None:
    """E.164 digits without `+` (0812… becomes 62812…); a blank or a dash is None; ValueError when it is no number.

    Whatever dash or invisible character it came with, as a chat's id (`…@c.us`) or a link (`wa.me/…`) too.
    """
    typed = with_plain_dashes(without_unseen(unicodedata.normalize("NFKC", text or ""))).strip()
    typed = (
        typed.lstrip("'").rstrip(";,.").strip()
    )  # Excel keeps a leading zero behind an apostrophe
    if is_blank(typed):
        return None
    if address := _ADDRESS.fullmatch(typed):
        typed = f"+{address[1]}" if address[1] else address[2].strip()
    elif _CHAT.search(typed):
        typed = f"+{_CHAT.sub('', typed).removeprefix('+')}"
    if _SHORTENED.fullmatch(typed):
        raise BadValueError(
            "a spreadsheet shortened this number; format its column as text and type it again"
        )
    if re.fullmatch(r"\d+\.0", typed):  # a number that passed through a table of floats
        typed = typed.removesuffix(".0")
    if _holds_two(typed):
        raise BadValueError("there are two numbers in this cell; expected one")
    import phonenumbers  # 10 MB of number plans, only where a number is read

    digits = re.sub(r"[^\d+]", "", typed)
    if re.search(r"[^\d\s+().\-/]", typed) or not digits:
        raise BadValueError("expected a phone number such as 081234567890")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith(("+", "0")):
        digits = f"+{digits}" if not digits.startswith("8") else f"0{digits}"
    try:
        number = phonenumbers.parse(digits, "ID")
    except phonenumbers.NumberParseException:
        raise BadValueError("expected a phone number such as 081234567890") from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) or len(e164) < _SHORTEST:
        raise BadValueError("this number cannot exist; expected one such as 081234567890")
    return e164.removeprefix("+")


def _holds_two(text: str) -> bool:
    """Whether a whole number has more behind it: 0361/234567 is one, 081234567890/91 is not."""
    if re.fullmatch(r"\+?(?:0|62)8\d{7,12}\s+\+?(?:0|62)?8\d{7,12}", text):
        return True
    parts = [digits for part in _BETWEEN.split(text) if (digits := re.sub(r"\D", "", part))]
    return len(parts) > 1 and len(parts[0]) >= _DIGITS_OF_ONE


def normalise_group(text: str | None) -> str | None:
    """A WhatsApp group id as it is (`…@g.us`); a blank is None; ValueError otherwise."""
    typed = (text or "").strip()
    if typed and not _GROUP.fullmatch(typed):
        raise BadValueError(
            "expected a group id such as 120363012345678901@g.us (cicero wa groups)"
        )
    return typed or None


def normalise_recipient(text: str | None) -> str | None:
    """A phone number or a group id, as above."""
    return (
        normalise_group(text) if (text or "").strip().endswith("@g.us") else normalise_phone(text)
    )
