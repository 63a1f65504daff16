"""The stand-in in a process of its own, until interrupted; the first line says where."""

from __future__ import annotations

import argparse

from cicero_cli.standins.loopback import serve_until_interrupted
from cicero_cli.standins.whatsapp.phones import plan_phones
from cicero_cli.standins.whatsapp.server import StandIn, Webhook


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m cicero_cli.standins.whatsapp")
    parser.description = "Stand in for WAHA, gowa and Meta's Cloud API."
    parser.epilog = "GET /standin/inbox, /standin/inbox.txt; POST, DELETE /standin/faults; POST /standin/session"
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--waha-key", default="stand-in-key")
    parser.add_argument("--gowa-user", default="cicero")
    parser.add_argument("--gowa-password", default="stand-in")
    parser.add_argument("--gowa-device", default="stand-in")
    parser.add_argument("--cloud-token", default="stand-in-token")
    parser.add_argument("--known", nargs="*", default=[], help="numbers with a chat")
    parser.add_argument("--group", nargs="*", default=[], metavar="ID=NAME")
    parser.add_argument("--invalid", nargs="*", default=[], help="numbers without WhatsApp")
    parser.add_argument("--unlinked", action="store_true", help="the QR code is to be scanned")
    parser.add_argument("--scanned-after", type=int, help="so many looks at the QR code")
    parser.add_argument("--webhook-url")
    parser.add_argument("--webhook-key", default="")
    parser.add_argument("--webhook-kind", choices=["waha", "gowa"], default="waha")
    options = parser.parse_args()
    phones = plan_phones(
        known=options.known,
        groups=dict(pair.split("=", 1) for pair in options.group),
        invalid=options.invalid,
    )
    if options.unlinked:
        phones.session, phones.is_linked = "ABSENT", False
        phones.scanned_after = options.scanned_after
    webhook = None
    if options.webhook_url:
        webhook = Webhook(options.webhook_url, options.webhook_key, options.webhook_kind)
    serve_until_interrupted(
        StandIn(
            phones,
            port=options.port,
            waha_key=options.waha_key,
            gowa_user=options.gowa_user,
            gowa_password=options.gowa_password,
            gowa_device=options.gowa_device,
            cloud_token=options.cloud_token,
            webhook=webhook,
        )
    )


if __name__ == "__main__":
    main()
