"""What needs a hand, as the first page says it: each with where to look, and only what the caller may see there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.messaging.gateway_states import GatewayState
from cicero_cli.services.operations.status import RunState, Status
from cicero_cli.web.pages.failure_reasons import pause_words, run_reason

_MOST_NAMED = 3
_UNSENT = {
    "failed": "gagal terkirim hari ini",
    "expired": "kedaluwarsa sebelum terkirim hari ini",
    "unknown": "tidak pasti terkirim",
}


class Trouble(NamedTuple):
    """One sentence, and the page that says more."""

    words: str
    href: str


def list_troubles(
    found: Status, clients: Mapping[str, Client], *, is_admin: bool
) -> Sequence[Trouble]:
    """Of these clients' fetches and reports; what the whole installation has in common is the admins'."""
    return [
        *_fetches([state for state in found.runs if state.run.client_id in clients], is_admin),
        *(_pauses(found) if is_admin else ()),
        *_laphars(found, clients, is_admin),
    ]


def _fetches(runs: Sequence[RunState], is_admin: bool) -> Sequence[Trouble]:  # noqa: FBT001 - the caller's own
    failed = [state.run for state in runs if state.run.status == "failed"]
    missed = sum(state.is_missed for state in runs)
    troubles = []
    if failed:
        named = [
            f"{run.client_id} {Platform(run.platform).label} ({run_reason(run.error_code, run.error).short})"
            for run in failed[:_MOST_NAMED]
        ]
        rest = len(failed) - len(named)
        more = f", dan {rest} lainnya" if rest else ""
        troubles.append(
            Trouble(f"{len(failed)} pengambilan gagal: {', '.join(named)}{more}.", "/status")
        )
    if missed:
        cron = " Periksa cron di server." if is_admin else ""
        troubles.append(
            Trouble(f"{missed} pengambilan belum dimulai sejak jadwal terakhir.{cron}", "/status")
        )
    return troubles


def _pauses(found: Status) -> Sequence[Trouble]:
    return [
        Trouble(
            f"Pengiriman WhatsApp {_whose(state)}berhenti. {pause_words(state.pause_code)}",
            "/whatsapp",
        )
        for state in found.held_up
        if state.pause_code
    ]


def _whose(state: GatewayState) -> str:
    return "" if state.sender == DEFAULT else f"({state.sender}) "


def _laphars(
    found: Status,
    clients: Mapping[str, Client],
    is_admin: bool,  # noqa: FBT001 - as above
) -> Sequence[Trouble]:
    if is_admin:
        counts: Counter[str] = Counter()
        for _, status, count in found.unsent:
            counts[status] += count
        return [
            Trouble(f"{counts[status]} laphar {words}.", f"/pesan?jenis=laphar&status={status}")
            for status, words in _UNSENT.items()
            if counts[status]
        ]
    return [
        Trouble(
            f"{count} laphar {clients[client_id].nama} {_UNSENT[status]}.",
            f"/klien/{client_id}/pesan?jenis=laphar&status={status}",
        )
        for client_id, status, count in found.unsent
        if client_id in clients
    ]
