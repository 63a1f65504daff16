"""The link at the end of a reminder: to the page of its recipient alone, good for the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from cicero_cli.core.setting_values import Secret
from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.self_check import is_signed, make_token, read_token
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import SettingError
from cicero_cli.repositories.database.store import Store

PATH = "/cek/"


@dataclass(frozen=True)
class SelfCheckLinks:
    """Makes and reads the links; `base` is the address of `serve`."""

    base: str
    key: Secret = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """None while CICERO_SELF_CHECK is off; SettingError when it is on and something that it needs is missing."""
        if not settings.self_check:
            return None
        if settings.public_url is None or settings.jwt_secret is None:
            raise SettingError(
                "CICERO_SELF_CHECK needs CICERO_PUBLIC_URL and JWT_SECRET",
                hint="set both as `cicero serve` has them, or CICERO_SELF_CHECK=0",
            )
        return cls(settings.public_url.rstrip("/"), settings.jwt_secret)

    def line(self, user_id: str, number: str, day: date) -> str:
        """What a reminder ends with."""
        address = self.base + PATH + make_token(self.key.reveal(), user_id, number, day)
        return f"Hasil Anda hari ini (tautan pribadi, berlaku sampai tengah malam): {address}"


def find_person(store: Store, token: str, key: Secret, *, now: datetime) -> User | None:
    """Whose link it is, on its day and while the number is that person's; None otherwise."""
    claim = read_token(token)
    user = store.users.get(claim.user_id) if claim else None
    if claim is None or user is None or not user.status or not user.whatsapp:
        return None
    unit = store.clients.get(user.client_id)
    if unit is None or not is_signed(key.reveal(), claim, user.whatsapp):
        return None
    return user if local_day(now, unit.zone) == claim.day else None
