"""What Meta's error codes, and the failures below them, mean for a message and for the sender."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from cicero_cli.domain.messaging.gateway_answers import Sent, Verdict
from cicero_cli.gateways.limits import TooLargeError, within
from cicero_cli.gateways.whatsapp.http import causes
from cicero_cli.words import template

if TYPE_CHECKING:
    import httpx

_TOKEN_HINT = template(
    "make a new token for CICERO_CLOUD_TOKEN (business.facebook.com, system users)"
)
_ACCOUNT_HINT = template(
    "Meta has restricted the account: see business.facebook.com, WhatsApp manager"
)
_PHONE_ID_HINT = template("check CICERO_CLOUD_PHONE_ID: the token sees no such number")
_NO_SUCH_OBJECT = 33
_WINDOW_HINT = template("the person must have written to the account within the last 24 hours")

_PAUSED = {
    190: _TOKEN_HINT,
    0: _TOKEN_HINT,
    3: _TOKEN_HINT,
    10: _TOKEN_HINT,
    131005: _TOKEN_HINT,
    368: _ACCOUNT_HINT,
    131031: _ACCOUNT_HINT,
    131048: _ACCOUNT_HINT,
    131042: template("Meta asks for a payment method: business.facebook.com, billing"),
    133010: template("register the number of CICERO_CLOUD_PHONE_ID with the Cloud API"),
}
_SLOWER = frozenset({4, 80007, 130429, 131056, 131000, 131016, 131057})
_HOPELESS = {131026: "", 131047: _WINDOW_HINT}


def attempt(call: Callable[[], str], *, seconds: float) -> Sent:
    """The verdict on one call, whose answer is the id of what it made, and is whole within these seconds."""
    import httpx  # with pywa 0.7 s
    from pywa.errors import WhatsAppError

    try:
        made = within(seconds, call)
    except WhatsAppError as error:
        return _judge_error(error.code, error.subcode, error.status_code or 0)
    except httpx.HTTPError as error:
        return _judge_transport(error)
    except TimeoutError:
        return Sent(verdict=Verdict.AMBIGUOUS, code="timeout")
    except TooLargeError:
        return Sent(verdict=Verdict.AMBIGUOUS, code="answer_too_large")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return Sent(verdict=Verdict.AMBIGUOUS, code="odd_answer")  # pywa expects Meta's shapes
    return Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=made)


def _judge_error(code: int, subcode: int | None, status: int) -> Sent:
    word = f"meta_{code}"
    if subcode == _NO_SUCH_OBJECT:
        return Sent(verdict=Verdict.PAUSE, code="no_phone_id", hint=_PHONE_ID_HINT)
    is_forbidden = code in range(200, 300) or status in {401, 403}
    if code in _PAUSED or is_forbidden:
        return Sent(verdict=Verdict.PAUSE, code=word, hint=_PAUSED.get(code, _TOKEN_HINT))
    if code in _SLOWER or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Sent(verdict=Verdict.RETRY, code=word)
    if code in _HOPELESS or status in range(400, 500):
        return Sent(verdict=Verdict.PERMANENT, code=word, hint=_HOPELESS.get(code, ""))
    return Sent(verdict=Verdict.AMBIGUOUS, code=word)


def _judge_transport(error: httpx.HTTPError) -> Sent:
    """Whether the request can have arrived; the mirror of `Http`, for pywa speaks through httpx."""
    import httpx

    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
        hint = template("the certificate of Meta's API is not accepted")
        return Sent(verdict=Verdict.PAUSE, code="certificate", hint=hint)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Sent(verdict=Verdict.RETRY, code="no_connection")
    is_late = isinstance(error, httpx.TimeoutException)
    return Sent(verdict=Verdict.AMBIGUOUS, code="timeout" if is_late else "connection_cut")
