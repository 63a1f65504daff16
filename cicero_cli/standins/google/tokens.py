"""The service account of the stand-in, and its token endpoint: signature, clock and scope are checked as Google does."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import parse_qs

import msgspec

from cicero_cli.core import clock
from cicero_cli.standins.google.faults import Trouble, token_error

EMAIL = "cicero@stand-in.iam.gserviceaccount.com"
_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
_AUDIENCE = (
    "https://oauth2.googleapis.com/token"  # what google-auth writes, wherever token_uri leads
)
_SKEW_SECONDS = 300


class Tokens:
    """One service account with its key."""

    def __init__(self, url: str) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._uri = f"{url}/token"
        self._given: set[str] = set()
        pem = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.account = {
            "type": "service_account",
            "project_id": "stand-in",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": EMAIL,
            "token_uri": self._uri,
        }

    def give(self, body: bytes) -> tuple[int, bytes]:
        """A token for a signed request, or why there is none."""
        assertion = parse_qs(body.decode("ascii", "replace")).get("assertion", [""])[0]
        claims = self._claims(assertion)
        is_ours = claims is not None and (claims.get("iss"), claims.get("aud")) == (
            EMAIL,
            _AUDIENCE,
        )
        if claims is None or not is_ours:
            return _refuse(Trouble.BAD_SIGNATURE)
        if abs(claims["iat"] - clock.now().timestamp()) > _SKEW_SECONDS:
            return _refuse(Trouble.WRONG_CLOCK)
        if claims.get("scope") != _SCOPE:
            return 400, token_error("invalid_scope", "more than reading was asked for")
        token = secrets.token_urlsafe(24)
        self._given.add(token)
        answer = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return 200, msgspec.json.encode(answer)

    def is_known(self, authorization: str) -> bool:
        """Whether a request brings a token of ours."""
        return authorization.removeprefix("Bearer ") in self._given

    def _claims(self, assertion: str) -> dict[str, Any] | None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.hashes import SHA256

        signed, _, signature = assertion.rpartition(".")
        try:
            self._key.public_key().verify(
                _decode(signature), signed.encode(), padding.PKCS1v15(), SHA256()
            )
            return msgspec.json.decode(_decode(signed.partition(".")[2]), type=dict[str, Any])
        except (InvalidSignature, ValueError):
            return None


def _refuse(trouble: Trouble) -> tuple[int, bytes]:
    status, word, message = trouble.value
    return status, token_error(word, message)


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
