from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cicero_cli.domain.messaging.stalls import explain_stall

NOW = datetime(2026, 11, 27, 5, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CLOCK = (
    "the clock was ahead when it last ran; the next run of `cicero outbox deliver` puts that right"
)


def _explain(**given: Any) -> str | None:
    standing = {
        "due": 3,
        "due_since": NOW - HOUR,
        "last_sent_at": NOW - HOUR,
        "pause_hint": None,
        "first_contacts_paused_until": None,
    }
    return explain_stall(**{**standing, **given}, now=NOW)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "no run of `cicero outbox deliver` has sent anything; does cron run it?"),
        (
            {"last_sent_at": None},
            "no run of `cicero outbox deliver` has sent anything; does cron run it?",
        ),
        ({"pause_hint": "scan the QR code"}, "scan the QR code"),
        (
            {"first_contacts_paused_until": NOW + HOUR},
            "WhatsApp refuses new chats until 2026-11-27 13:00 WIB",
        ),
        ({"last_sent_at": NOW + HOUR}, CLOCK),
        ({"due_since": NOW + HOUR, "pause_hint": "scan the QR code"}, CLOCK),
    ],
)
def test_what_stands_still_says_why(given: dict[str, Any], reason: str) -> None:
    assert _explain(**given) == f"3 messages are due and not going out: {reason}"


@pytest.mark.parametrize(
    "given",
    [
        {"due": 0, "due_since": None},
        {"due_since": NOW - MINUTE},
        {"last_sent_at": NOW - MINUTE},
    ],
)
def test_what_goes_out_at_its_pace_is_not_told(given: dict[str, Any]) -> None:
    assert _explain(**given) is None
