"""The service account that reads private sheets, and its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from cicero_cli.core.setting_values import Secret
from cicero_cli.errors import SettingError, UpstreamError
from cicero_cli.gateways.sheets.http import Http
from cicero_cli.words import Text, template

_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
_NEW_KEY = template(
    "in Google's console: IAM, Service accounts, Keys, Add key, JSON; put the file's path into GOOGLE_SERVICE_ACCOUNT"
)


def read_account(setting: Secret) -> dict[str, Any]:
    """What the setting holds, or the file that it names; SettingError when that is no service account."""
    text = setting.reveal().strip()
    if not text.startswith("{"):
        try:
            text = Path(text).expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise SettingError(
                "the file of GOOGLE_SERVICE_ACCOUNT cannot be read: {reason}",
                hint=_NEW_KEY,
                reason=getattr(error, "strerror", None) or type(error).__name__,
            ) from error
    try:
        account = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise SettingError(
            "GOOGLE_SERVICE_ACCOUNT is neither a file nor JSON", hint=_NEW_KEY
        ) from error
    wanted = ("client_email", "private_key", "token_uri")
    if account.get("type") != "service_account" or not all(
        isinstance(account.get(name), str) and account[name] for name in wanted
    ):
        raise SettingError("GOOGLE_SERVICE_ACCOUNT is no key of a service account", hint=_NEW_KEY)
    return account


class Account:
    """Gives a token for reading, which it asks for at the account's own `token_uri`."""

    def __init__(self, account: Mapping[str, Any], http: Http) -> None:
        from google.oauth2.service_account import Credentials

        self.email = str(account["client_email"])
        self._http = http
        try:
            self._credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call] # of google-auth
                account, scopes=[_SCOPE]
            )
        except ValueError as error:
            raise SettingError(
                "the private key of GOOGLE_SERVICE_ACCOUNT cannot be read", hint=_NEW_KEY
            ) from error

    def token(self) -> str:
        """A token that holds; SettingError when Google does not take the key."""
        from google.auth.exceptions import GoogleAuthError

        if not self._credentials.valid:
            try:
                self._credentials.refresh(self._ask)
            except GoogleAuthError as error:
                raise self._refusal(str(error)) from error
        return str(self._credentials.token)

    def _ask(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _TokenAnswer:
        answer = self._http.ask(method, url, data=body, headers=headers)
        return _TokenAnswer(answer.status, answer.headers, answer.body)

    def _refusal(self, words: str) -> SettingError | UpstreamError:
        if "short-lived token" in words or "iat" in words:
            return SettingError(
                "Google does not take the account's signature: this machine's clock is wrong",
                hint="set the clock (timedatectl set-ntp true) and run it again",
            )
        if "invalid_grant" in words or "invalid_client" in words:
            return SettingError(
                "Google does not take the key of {email}: it was revoked, or is another account's",
                hint=_NEW_KEY,
                email=self.email,
            )
        return UpstreamError(
            "Google gave no token for {email}",
            hint=Text("it said: {words}", words=" ".join(words.split())[:200]),
            email=self.email,
        )


@dataclass(frozen=True, slots=True)
class _TokenAnswer:
    """An answer in google-auth's shape."""

    status: int
    headers: Mapping[str, str]
    data: bytes
