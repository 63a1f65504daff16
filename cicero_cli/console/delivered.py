"""What a run of `outbox deliver` says, of one sender or of several."""

from __future__ import annotations

from collections import Counter

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.errors import ExitCode
from cicero_cli.services.messaging.deliveries import Deliveries
from cicero_cli.services.messaging.delivery import Delivered
from cicero_cli.services.messaging.pace import Pause
from cicero_cli.words import Text


def delivery_outcome(deliveries: Deliveries) -> Outcome:
    """What a run of `deliver` says: one line, nothing when there was nothing to do, a pause only when it is news."""
    done = deliveries.done
    counts: Counter[str] = sum((one.counts for one in done.values()), Counter())
    waiting = sum(one.waiting for one in done.values())
    counted = {status: number for status, number in sorted(counts.items()) if number}
    pauses = {name: one.pause for name, one in done.items() if one.pause is not None}
    parts = [f"{number} {status}" for status, number in counted.items()]
    if waiting and parts:
        parts.append(shown("{waiting} waiting", waiting=waiting))
    failures = {name: why for one in done.values() for name, why in one.failures.items()}
    failures |= {_sender(name): error.line for name, error in deliveries.failed.items()}
    return Outcome(
        document={
            **counted,
            "waiting": waiting,
            "paused": next((pause.code for pause in pauses.values()), None),
            "senders": [_sender_document(name, one) for name, one in sorted(done.items())],
        },
        text=", ".join(parts),
        notes=_delivery_notes(deliveries, pauses),
        failures=failures,
        exit_code=ExitCode.TRY_LATER if pauses else ExitCode.PARTIAL if failures else ExitCode.OK,
    )


def _sender_document(name: str, delivered: Delivered) -> dict[str, object]:
    return {
        "sender": name,
        "sent": delivered.counts["accepted"],
        "waiting": delivered.waiting,
        "paused": delivered.pause and delivered.pause.code,
    }


def _delivery_notes(deliveries: Deliveries, pauses: dict[str, Pause]) -> list[str]:
    notes: list[str] = []
    if forgotten := sum(one.forgotten for one in deliveries.done.values()):
        notes.append(
            Text(
                "{count} time of an earlier run lies in the future, and is not believed: the clock was ahead",
                plural="{count} times of earlier runs lie in the future, and are not believed: the clock was ahead",
                count=forgotten,
            )
        )
    for name, pause in sorted(pauses.items()):
        if pause.is_news:
            said = Text(
                "nothing is sent for now ({reason}): {remedy}",
                reason=pause.code,
                remedy=pause.hint,
            )
            is_default = name == DEFAULT
            notes.append(
                said if is_default else Text("{item}: {reason}", item=_sender(name), reason=said)
            )
    return notes


def _sender(name: str) -> Text:
    return Text("sender {name}", name=name)
