"""What WAHA's word for a session means; it comes as an answer, in a refusal and by webhook."""

from __future__ import annotations

from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.words import template

_OPERATOR = {
    "SCAN_QR_CODE": template("link the account: cicero wa setup, or WhatsApp on the page"),
    "FAILED": template(
        "restart the session: cicero wa setup, or WhatsApp on the page; if that fails, log it out in the dashboard of WAHA"
    ),
    "PASSKEY_REQUIRED": template(
        "finish linking the account in the dashboard of WAHA: it asks for a passkey"
    ),
    "PASSKEY_CONFIRMATION_REQUIRED": template(
        "finish linking the account in the dashboard of WAHA: compare the code"
    ),
}
_PASSING = {
    "STARTING": template("it is connecting; try again in a minute"),
    "STOPPED": template("start the session unless it is just restarting: cicero wa setup"),
}


def read_state(status: str) -> Session:
    """Only WORKING may send; an unknown word comes back by itself, as far as we know."""
    if status == "WORKING":
        return Session(is_ready=True, state="working")
    known = status in _OPERATOR or status in _PASSING
    return Session(
        is_ready=False,
        state=status.lower() if known else "unknown",  # never what an answer holds, as it is
        hint=_OPERATOR.get(status)
        or _PASSING.get(status, template("ask WAHA for the session's status")),
        needs_operator=status in _OPERATOR,
    )
