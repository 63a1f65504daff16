"""Ids that a spreadsheet or a typist may have changed: `85.010.001`, `85060010.`, one that lost its zeros."""

from __future__ import annotations

import re

from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text

_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+\.?|\d+[.\-_]|(?=(?:\.*\d){8})\d+\.[\d.]+")


def digits_of(user_id: str) -> str:
    """What stays of an id of digits when marks between them and zeros in front are gone; other ids as they are."""
    digits = re.sub(r"[.,'\-\u2019\u2010-\u2015_\s]", "", user_id)
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() else user_id


def doubt_user_id(user_id: str, alike: User | None) -> Text | None:
    """Why an id that is not on file is not believed; `alike` is the user on file who has its digits."""
    if alike is not None and alike.user_id != user_id.lstrip("0"):
        if user_id == alike.user_id.lstrip("0"):
            return Text(
                "{user_id} is on file: a spreadsheet may have dropped the zeros",
                user_id=alike.user_id,
            )
        return Text(
            "it may be {user_id} ({nama}), who is on file: write the id as it is there",
            user_id=alike.user_id,
            nama=alike.nama,
        )
    if _DOTTED.fullmatch(user_id):
        return Text("an id has no dots: is it {user_id}?", user_id=re.sub(r"[.\-_]", "", user_id))
    return None
