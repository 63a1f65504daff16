"""What `cicero doctor` says of sending: whether each WhatsApp account may send, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.domain.operations.findings import Finding, Verdict
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.sender_settings import settings_of
from cicero_cli.services.messaging.senders import list_senders
from cicero_cli.services.operations.doctor import failed_finding
from cicero_cli.services.operations.status import GatewayStatus, read_gateway, read_stalls
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.words import Text


def examine_whatsapp(
    store: Store,
    settings: Settings,
    open_gateway: Callable[[Settings], WhatsappGateway],
    *,
    now: datetime,
) -> Iterator[Finding]:
    """Whether each sender's gateway answers and may send, and what waits for a decision."""
    senders = list_senders(store)
    if settings.whatsapp is None and len(senders) == 1:
        yield Finding(
            code="whatsapp_unset",
            area="whatsapp",
            verdict=Verdict.WARN,
            found="CICERO_WHATSAPP is not set, so no message is sent",
            remedy="set it to waha, gowa, cloud or file (docs/settings.md)",
        )
    for sender in senders:
        if sender.gateway or settings.whatsapp:
            yield _examine_sender(store, settings, sender, open_gateway, now=now)
    for stall in read_stalls(store, settings, now=now):
        yield Finding(
            code="messages_waiting",
            area="whatsapp",
            verdict=Verdict.WARN,
            found=stall,
            remedy="cicero wa list, cicero outbox list --status queued",
        )
    unknown = store.outbox.count_by_status(since=now).get("unknown")
    if unknown:
        yield Finding(
            code="messages_unknown",
            area="whatsapp",
            verdict=Verdict.WARN,
            found=Text(
                "{count:,} message may or may not have been sent",
                plural="{count:,} messages may or may not have been sent",
                count=unknown,
            ),
            remedy="decide: cicero outbox list --status unknown",
        )


def _examine_sender(
    store: Store,
    settings: Settings,
    sender: Sender,
    open_gateway: Callable[[Settings], WhatsappGateway],
    *,
    now: datetime,
) -> Finding:
    try:
        own = settings_of(settings, sender)
        seen = read_gateway(store, open_gateway(own), own, sender=sender.name, now=now)
    except CiceroError as error:
        finding = failed_finding("whatsapp", error)
    else:
        is_good = seen.is_ready and not seen.paused
        finding = Finding(
            code="whatsapp_account",
            area="whatsapp",
            verdict=Verdict.OK if is_good else Verdict.BAD,
            found=_account(seen),
            remedy="" if is_good else seen.hint,
        )
    if sender.name == DEFAULT:
        return finding
    return replace(finding, found=Text("{item}: {reason}", item=sender.name, reason=finding.found))


def _account(seen: GatewayStatus) -> Text:
    if seen.paused:
        return Text(
            "{gateway} {state}, {sent} of {cap} sent today, paused ({paused})",
            gateway=seen.gateway,
            state=seen.state,
            sent=seen.sent_today,
            cap=seen.daily_cap,
            paused=seen.paused,
        )
    return Text(
        "{gateway} {state}, {sent} of {cap} sent today",
        gateway=seen.gateway,
        state=seen.state,
        sent=seen.sent_today,
        cap=seen.daily_cap,
    )
