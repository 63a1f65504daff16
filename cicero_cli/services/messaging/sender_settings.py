"""The settings that a sender has: its account and pace in place of those of `default`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cicero_cli.core.setting_values import Secret, read_signing_key, read_span
from cicero_cli.core.settings import Settings
from cicero_cli.core.trust import read_own_text
from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.errors import SettingError
from cicero_cli.words import Text, reason_of


def with_pace(settings: Settings, sender: Sender) -> Settings:
    """The settings with what this sender has of its own pace; its keys are not read."""
    pace: dict[str, Any] = {}
    if sender.gap is not None:
        pace["wa_gap"] = read_span(sender.gap)
    if sender.gap_user is not None:
        pace["wa_gap_user"] = read_span(sender.gap_user)
    if sender.daily_cap is not None:
        pace["wa_daily_cap"] = sender.daily_cap
    return replace(settings, **pace)


def settings_of(settings: Settings, sender: Sender) -> Settings:
    """The settings with this sender's account and pace in place of that of `default`.

    SettingError when a file of its keys cannot be read, or others can write to it.
    """
    settings = with_pace(settings, sender)
    if sender.gateway is None:
        return settings
    url = sender.url or ""
    key = _read_key(sender, "key_file", Secret)
    accounts: dict[str, dict[str, Any]] = {
        "waha": {"waha_url": url, "waha_key": key, "waha_session": sender.session or "default"},
        "gowa": {
            "gowa_url": url,
            "gowa_user": sender.login,
            "gowa_password": key,
            "gowa_device": sender.session,
        },
        "cloud": {"cloud_phone_id": sender.session, "cloud_token": key},
        "file": {"wa_file": Path(url)},
    }
    return replace(
        settings,
        **accounts[sender.gateway],
        whatsapp=sender.gateway,
        wa_webhook_secret=webhook_secret_of(sender),
    )


def webhook_secret_of(sender: Sender) -> Secret | None:
    """What the gateway of this sender signs with; SettingError as above."""
    return _read_key(sender, "webhook_secret_file", read_signing_key)


def _read_key(sender: Sender, column: str, read: Callable[[str], Secret]) -> Secret | None:
    path = getattr(sender, column)
    if path is None:
        return None
    try:
        text = read_own_text(Path(path)).strip()
        if text:
            return read(text)
        reason: str = Text("it is empty")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
    raise SettingError(
        "{path} of sender {name} cannot be used ({reason})",
        hint="mend the file, or name another one: cicero wa set {name} {option} FILE",
        name=sender.name,
        path=path,
        reason=reason,
        option=f"--{column.replace('_', '-')}",
    )


def account_of(sender: Sender) -> tuple[str | None, str, str]:
    session = sender.session or ("default" if sender.gateway == "waha" else "")
    return sender.gateway, (sender.url or "").rstrip("/"), session


def account_of_settings(settings: Settings) -> tuple[str | None, str, str]:
    account = {
        "waha": (settings.waha_url, settings.waha_session),
        "gowa": (settings.gowa_url, settings.gowa_device or ""),
        "cloud": ("", settings.cloud_phone_id or ""),
        "file": (str(settings.wa_file and settings.wa_file.absolute()), ""),
    }
    url, session = account.get(settings.whatsapp or "", ("", ""))
    return settings.whatsapp, url.rstrip("/"), session
