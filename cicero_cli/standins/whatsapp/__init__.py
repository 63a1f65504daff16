"""A stand-in for WhatsApp and the gateways before it: WAHA, gowa and Meta's Cloud API on one loopback address."""

from __future__ import annotations

from cicero_cli.standins.whatsapp.faults import Fault, FaultKind
from cicero_cli.standins.whatsapp.phones import Message, Phones
from cicero_cli.standins.whatsapp.rendering import render_inbox
from cicero_cli.standins.whatsapp.server import StandIn, Webhook

__all__ = ["Fault", "FaultKind", "Message", "Phones", "StandIn", "Webhook", "render_inbox"]
