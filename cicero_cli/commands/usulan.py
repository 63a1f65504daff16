"""`cicero usulan`: handles that people wrote to the WhatsApp account, for an operator to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.options import ClientsOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.errors import CiceroError, ExitCode
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from cicero_cli.repositories.roster.handle_proposals import Settled

app = group()

_COLUMNS = {
    "proposal_id": "proposal",
    "proposed_at": "at",
    "client_id": "client",
    "user_id": "user",
    "nama": "nama",
    "platform": "platform",
    "on_file": "on file",
    "username": "proposed",
    "held_by": "held by",
}

ProposalsArgument = Annotated[
    list[int],
    typer.Argument(
        metavar="PROPOSAL...", min=1, max=2**63 - 1, help="Numbers as `usulan list` shows them."
    ),
]


@command(app, "list", example="cicero usulan list --client polres_a", is_list=True)
def list_(*, clients: ClientsOption = None) -> None:
    """List the handles that people wrote (IG @…, TT @…) and nobody has decided yet."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.handle_proposals import list_proposals

    with open_app() as cicero:
        found = list_proposals(cicero.store, clients)
    rows = [
        {
            "proposal_id": one.proposal_id,
            "proposed_at": one.local_time,
            "client_id": one.client_id,
            "user_id": one.user_id,
            "nama": one.nama,
            "platform": one.platform,
            "on_file": one.on_file,
            "username": one.username,
            "held_by": one.held_by,
        }
        for one in found
    ]
    notes = [] if rows else [Text("nobody's handle waits to be decided")]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))


@command(app, "accept", example="cicero usulan accept 17 18")
def accept(proposals: ProposalsArgument) -> None:
    """Put proposed handles on file, as `user set` does, and tell the people by WhatsApp."""
    from cicero_cli.repositories.roster.handle_proposals import Settled

    _settle(proposals, Settled.ACCEPTED)


@command(app, "refuse", example="cicero usulan refuse 17")
def refuse(proposals: ProposalsArgument) -> None:
    """Leave what is on file as it is, and tell the people by WhatsApp."""
    from cicero_cli.repositories.roster.handle_proposals import Settled

    _settle(proposals, Settled.REFUSED)


def _settle(numbers: list[int], outcome: Settled) -> None:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.repositories.roster.handle_proposals import Settled
    from cicero_cli.services.messaging.handle_proposals import settle_proposal

    done: list[int] = []
    failures: dict[str, str] = {}
    lines: list[Text] = []
    with open_app() as cicero:
        for number in dict.fromkeys(numbers):
            try:
                settled = settle_proposal(cicero.store, number, outcome, by=cli_actor())
            except CiceroError as error:
                failures[Text("proposal {number}", number=number)] = error.message
                continue
            done.append(number)
            words = {"nama": settled.nama, "platform": settled.label, "handle": settled.username}
            lines.append(
                Text("{nama}: {platform} @{handle} is on file now", **words)
                if outcome is Settled.ACCEPTED
                else Text("{nama}: {platform} @{handle} was refused", **words)
            )
    code = ExitCode.OK if not failures else ExitCode.PARTIAL if done else ExitCode.USAGE
    finish(
        Outcome(
            document={"outcome": outcome.value, "proposals": done},
            text=join_texts(lines, "\n") if lines else "",
            failures=failures,
            exit_code=code,
        )
    )
