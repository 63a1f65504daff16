"""`cicero serve`: the API and the page, on the database that the commands use."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from cicero_cli.console.options import command
from cicero_cli.console.remarks import say
from cicero_cli.words import Text


def register(root: typer.Typer) -> None:
    """`cicero serve` stands beside the nouns."""
    command(root, "serve", example="cicero serve --port 8000 --workers 2")(serve)


def serve(
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, metavar="N", help="On which port.")
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, metavar="N", help="How many processes.")
    ] = 1,
) -> None:
    """Serve the dashboards' API and the page, until interrupted."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core.settings import load_settings
    from cicero_cli.errors import CiceroError, SettingError

    try:
        from cicero_cli.web.server import run_server
    except ImportError as error:
        raise SettingError(
            "serving needs the extra `serve`",
            hint="install it: pip install -e '.[serve]' in the checkout (docs/operations.md)",
        ) from error
    settings = load_settings(os.environ)
    settings.require_jwt_secret()
    with open_app():  # the database answers and is current
        _require_free(host, port)
    address = f"[{host}]" if ":" in host else host
    say(
        Text(
            "cicero serves http://{address}:{port} (its calls: /docs); stop it with Ctrl-C",
            address=address,
            port=port,
        )
    )
    if settings.legacy_phone_login:
        say("CICERO_LEGACY_PHONE_LOGIN is on: whoever knows an operator's phone number can log in")
    if not run_server(host=host, port=port, workers=workers):
        raise CiceroError("the server did not start")


def _require_free(host: str, port: int) -> None:
    from cicero_cli.errors import CiceroError, SettingError

    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SettingError("--host {host} is no address of this machine", host=host) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            raise CiceroError(
                "cannot listen on {host} port {port}: {strerror}",
                hint="is another cicero serve running? choose another --port",
                host=host,
                port=port,
                strerror=error.strerror,
            ) from error
