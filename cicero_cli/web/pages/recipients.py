"""Who gets a message, as a person would say it: by name, or by what the number is to the client."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from cicero_cli.domain.messaging.messages import is_group
from cicero_cli.domain.roster.phones import normalise_recipient

_NUMBER_ENDS = 4


@dataclass(frozen=True)
class Recipient:
    """What stands in bold, and what stands small below it."""

    name: str
    small: str = ""


def report_numbers(
    admins: tuple[str, ...],
    *,
    operator: str | None,
    super_admin: str | None,
    group: str | None,
) -> list[tuple[str, str | None]]:
    """Who gets a client's reports, and what each is called; `admins` as ADMIN_WHATSAPP has them."""
    return [
        ("Grup klien", group),
        ("Operator", operator),
        ("Super admin", super_admin),
        *(("Admin Cicero", number) for number in _normalised(admins)),
    ]


def describe_recipient(
    recipient: str,
    *,
    nama: str | None,
    title: str | None,
    numbers: Iterable[tuple[str, str | None]],
    shows_numbers: bool,
) -> Recipient:
    """`nama` and `title` are the user's that it is for; `numbers` those that reports go to, with what each is called."""
    number = recipient if shows_numbers else mask_recipient(recipient)
    if nama is not None:
        return Recipient(nama, " · ".join(filter(None, [title, number])))
    called = list(dict.fromkeys(name for name, known in numbers if known == recipient))
    if not called:
        return Recipient(number)
    return Recipient(", ".join(called), "" if is_group(recipient) else number)


def mask_recipient(recipient: str) -> str:
    """A number with its last four digits only; a group is called one."""
    if is_group(recipient):
        return "Grup WhatsApp"
    return f"••••{recipient[-_NUMBER_ENDS:]}"


@functools.cache
def _normalised(admins: tuple[str, ...]) -> list[str | None]:
    numbers = []
    for text in admins:
        with suppress(ValueError):  # `laphar send` names those that are none
            numbers.append(normalise_recipient(text))
    return numbers
