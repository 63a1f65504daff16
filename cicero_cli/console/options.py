"""The options that commands share, and how a command is registered."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cicero_cli.console.language import shown
from cicero_cli.core.logs import configure_logs
from cicero_cli.errors import InputError
from cicero_cli.words import Text


class Output(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


ASKED = "_CICERO_COMPLETE"
"""The variable that a shell sets when it asks for completion."""


@dataclass(frozen=True)
class View:
    """Which columns and rows of a list are wanted, and in which order."""

    columns: str | None = None
    sort: str | None = None
    search: str | None = None
    limit: int | None = None


@dataclass
class Choice:
    """What the shared options of the running command say."""

    output: Output = Output.TABLE
    quiet: bool = False
    view: View = View()
    outcome: Any = None  # what the command ended with, or the error that ended it
    error: Any = None


choice = Choice()


ClientsOption = Annotated[
    list[str] | None,
    typer.Option("--client", metavar="CLIENT_ID", help="Only this client; may be repeated."),
]


ClientOption = Annotated[
    str, typer.Option("--client", metavar="CLIENT_ID", help="The client, in any case.")
]


FileOption = Annotated[
    str | None,
    typer.Option("--file", metavar="FILE", help="Write here. Default: standard output."),
]


DateOption = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="YYYY-MM-DD", help="The day, in the client's time zone. Default: today."
    ),
]


DaysOption = Annotated[
    int,
    typer.Option("--days", min=1, max=366, metavar="N", help="The last N days, --date included."),
]


AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DDTHH:MM",
        help="As it was known at that moment of the client's day; or laphar:ID, a sent report.",
    ),
]


DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; do nothing.")
]


DueOption = Annotated[
    bool,
    typer.Option(
        "--due", help="Do what is due in each client's own zone and not done yet; else say nothing."
    ),
]


YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


_SHARED_OPTIONS: dict[str, Any] = {
    "output": Annotated[
        Output | None,
        typer.Option(
            "--output", help="How the result is written. Default: table.", show_default=False
        ),
    ],
    "as_json": Annotated[bool, typer.Option("--json", help="Short for --output json.")],
    "quiet": Annotated[bool, typer.Option("-q", "--quiet", help="Only errors on stderr.")],
    "verbose": Annotated[
        bool, typer.Option("-v", "--verbose", help="Log what is done, on stderr.")
    ],
}


_TABLE_OPTIONS: dict[str, Any] = {
    "columns": Annotated[
        str | None,
        typer.Option(
            "--columns", metavar="NAME,…", help="Show these, by the names that --json has."
        ),
    ],
    "sort": Annotated[
        str | None,
        typer.Option("--sort", metavar="NAME,…", help="By these; -NAME is the largest first."),
    ],
    "search": Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help="Only rows that hold this.")
    ],
    "limit": Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many rows.")
    ],
}


class WholeLines(TyperGroup):
    """A page of help that cuts no line short, its words under headings where `sections` has some."""

    sections: Mapping[str, Sequence[str]] = MappingProxyType({})

    def format_commands(self, _context: Any, formatter: Any) -> None:
        left = dict(self.commands)
        headed = [
            (heading, [(name, left.pop(name)) for name in names if name in left])
            for heading, names in self.sections.items()
        ]
        for heading, words in [*headed, ("Commands", [*left.items()])]:
            if words:
                lines = [(name, (word.help or "").split("\n")[0]) for name, word in words]
                with formatter.section(shown(heading)):
                    formatter.write_dl(lines)


def refuse_together(**options: object) -> None:
    """InputError when more than one of these options was typed; `dry_run` stands for --dry-run."""
    typed = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
    if len(typed) > 1:
        raise InputError(
            "{first} and {second} do not go together; nothing was done",
            first=typed[0],
            second=typed[1],
        )


def group() -> typer.Typer:
    """A noun's group of commands, with plain help (rich would cost each start 0.1 s); its line is in cli.py."""
    return typer.Typer(
        cls=WholeLines, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def command(
    app: typer.Typer, name: str, *, example: str, is_list: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command together with the options that every command has, and an example in its help.

    A list gets those of a table too, but for one that it has itself, such as its --limit.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(function, eval_str=True)
        of_table = {
            option: annotation
            for option, annotation in _TABLE_OPTIONS.items()
            if is_list and option not in signature.parameters
        }
        shared = [
            inspect.Parameter(
                option,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=None if option == "output" or option in of_table else False,
            )
            for option, annotation in (of_table | _SHARED_OPTIONS).items()
        ]

        @functools.wraps(function)
        def run(**words: Any) -> None:
            as_json, output = words.pop("as_json"), words.pop("output")
            refuse_together(json=as_json, output=output not in {None, Output.JSON})
            choice.output = output or (Output.JSON if as_json else Output.TABLE)
            choice.quiet = words.pop("quiet")
            choice.view = View(**{option: words.pop(option) for option in of_table})
            verbose = words.pop("verbose")
            configure_logs(verbosity=-1 if choice.quiet else int(verbose))
            function(**words)

        own = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in signature.parameters.values()
        ]
        run.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined] # read by typer
        run.__annotations__ = {p.name: p.annotation for p in [*own, *shared]}
        app.command(name, epilog=Text("Example: {example}", example=example))(run)
        return function

    return register
