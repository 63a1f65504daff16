"""The gateway that the settings name."""

from __future__ import annotations

from cicero_cli.core.setting_values import Secret
from cicero_cli.core.settings import Settings
from cicero_cli.errors import SettingError
from cicero_cli.gateways.whatsapp.cloud import CloudGateway
from cicero_cli.gateways.whatsapp.file import FileGateway
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.gowa_account import GowaAccount
from cicero_cli.gateways.whatsapp.http import TIMEOUTS
from cicero_cli.gateways.whatsapp.waha import WahaGateway
from cicero_cli.gateways.whatsapp.waha_account import WahaAccount

Gateway = WahaGateway | GowaGateway | CloudGateway | FileGateway
TEXT_LIMITS = {
    one.name: one.text_limit for one in (WahaGateway, GowaGateway, CloudGateway, FileGateway)
}


def open_gateway(settings: Settings, *, timeouts: tuple[float, float] = TIMEOUTS) -> Gateway:
    """`timeouts` hold for WAHA and gowa. SettingError (78) when none is named, or what the named one needs is missing."""
    match settings.whatsapp:
        case "waha":
            return WahaGateway(
                settings.waha_url,
                key=_reveal(settings.waha_key),
                session=settings.waha_session,
                timeouts=timeouts,
            )
        case "gowa":
            return GowaGateway(
                settings.gowa_url,
                user=settings.gowa_user,
                password=_reveal(settings.gowa_password),
                device=settings.gowa_device,
                timeouts=timeouts,
            )
        case "cloud":
            token = _reveal(settings.cloud_token)
            if settings.cloud_phone_id is None or token is None:
                raise SettingError(
                    "CICERO_WHATSAPP=cloud needs CICERO_CLOUD_PHONE_ID and CICERO_CLOUD_TOKEN"
                )
            return CloudGateway(phone_id=settings.cloud_phone_id, token=token)
        case "file":
            if settings.wa_file is None:
                raise SettingError(
                    "CICERO_WHATSAPP=file needs CICERO_WA_FILE",
                    hint="such as CICERO_WA_FILE=/tmp/messages.ndjson",
                )
            return FileGateway(settings.wa_file)
    raise SettingError(
        "CICERO_WHATSAPP is not set, so no message can be sent",
        hint="set it to waha, gowa, cloud or file (docs/settings.md)",
    )


def open_account(
    settings: Settings, *, timeouts: tuple[float, float] = TIMEOUTS
) -> WahaAccount | GowaAccount | None:
    """The account behind that gateway, where somebody with a phone links it."""
    match open_gateway(settings, timeouts=timeouts):
        case WahaGateway() as gateway:
            return WahaAccount(gateway)
        case GowaGateway() as gateway:
            return GowaAccount(gateway)
    return None


def _reveal(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None
