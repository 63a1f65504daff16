"""Joins the command groups, and turns an own error into one line and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated

import typer
from typer.main import get_command

from cicero_cli import __version__
from cicero_cli.console.help import HELP_OPTIONS, explain_usage, failed_command, translate_help
from cicero_cli.console.language import shown, speak
from cicero_cli.console.options import ASKED, WholeLines, choice
from cicero_cli.console.remarks import show_error
from cicero_cli.console.streams import steady_streams
from cicero_cli.core.env_file import read_spoken_language
from cicero_cli.errors import BusyError, CiceroError, ExitCode, InputError
from cicero_cli.words import Text, template

# A noun's commands are its module's `app`.
NOUNS = {
    "client": "The organisations that post.",
    "user": "The people who are expected to engage.",
    "holiday": "Days off, for clients that have them.",
    "account": "Logins to the dashboards.",
    "fetch": "Posts, likes and comments from the upstream APIs.",
    "run": "What cron's jobs did, cost and failed at.",
    "post": "The posts of clients, and those left out of reports.",
    "absensi": "Who has liked or commented on a day's posts.",
    "komplain": "What people say about the lists.",
    "usulan": "Handles that people wrote by WhatsApp, to be decided.",
    "laphar": "The daily report (laporan harian).",
    "rekap": "What was done over a period, against the one before.",
    "tugas": "The day's posts as a list of tasks, for the client's group.",
    "outbox": "Messages that are due, and what became of each.",
    "wa": "The WhatsApp accounts that send, and their gateways.",
    "cron": "What wakes the jobs of a day.",
    "template": "The wordings of reports and reminders, and your own.",
    "config": "The settings: what holds, and where it comes from.",
    "db": "The database: its tables, backups and server.",
}
# The rest of a noun's commands, where they are too many for one module.
CONTINUED = {
    "absensi": ("absensi_changes",),
    "client": ("client_fields", "client_sheets"),
    "fetch": ("fetch_profiles",),
    "wa": ("wa_senders",),
    "user": ("user_sheets", "user_merge", "user_check"),
}
# What stands beside the nouns: its module, which registers it, and its line.
COMMANDS = {
    "init": ("db", "Make this machine ready: the database, its tables; safe to repeat."),
    "doctor": ("doctor", "Look whether everything that a day needs is in place."),
    "status": ("status", "Show what ran, what is overdue, and the quota that is left."),
    "remind": ("remind", "Queue a reminder for each user who has posts of today left."),
    "serve": ("serve", "Serve the dashboards' API and the page, until interrupted."),
    "migrate-v2": ("migrate_v2", "Move in from Cicero_V2's database; safe to repeat."),
    "help": ("help", "Explain exit codes, settings or the schedule; or a command."),
    "demo": ("demo", "Play a day with made-up accounts on a database that is gone afterwards."),
}

_UNWRITABLE = {
    errno.EBADF,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.ENOSPC,
}  # stdout's disk or terminal


class FirstPage(WholeLines):
    """What cicero can do, by what one wants; a word that stands nowhere here comes last."""

    sections = MappingProxyType(
        {
            template("To begin with"): ("init", "demo", "doctor", "help", "migrate-v2"),
            template("Clients and people"): (
                *("client", "user", "usulan", "recipient", "holiday", "account"),
            ),
            template("Posts and who engaged"): ("fetch", "post", "absensi", "upstream"),
            template("Reports and messages"): (
                *("laphar", "rekap", "peringkat", "tugas", "remind", "komplain"),
                *("template", "outbox", "wa"),
            ),
            template("Keeping it running"): (
                *("status", "run", "cron", "config", "db", "serve", "worker"),
            ),
        }
    )


def build_app(word: str | None = None) -> typer.Typer:
    """The whole command line, or what `word` names, the others standing in the help with their line alone.

    Every start of cron's pays for what is imported, so only one noun's module is (docs/adr/0004).
    """
    root = typer.Typer(
        name="cicero",
        cls=FirstPage,
        help="Tells an organisation which of its people have engaged with its own posts.",
        epilog=Text("Example: {example}", example="cicero demo"),
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": HELP_OPTIONS},  # every command inherits it
    )
    root.callback()(_root)
    for name, line in NOUNS.items():
        if word in {None, name}:
            root.add_typer(_noun(name), name=name, help=line)
        else:
            root.command(name, help=line)(_stand_in)
    for name, (module, line) in COMMANDS.items():
        if word in {None, name}:
            import_module(f"cicero_cli.commands.{module}").register(root)
        else:
            root.command(name, help=line)(_stand_in)
    return root


def _noun(name: str) -> typer.Typer:
    app: typer.Typer = import_module(f"cicero_cli.commands.{name}").app
    for module in CONTINUED.get(name, ()):
        more = import_module(f"cicero_cli.commands.{module}").app.registered_commands
        app.registered_commands += [one for one in more if one not in app.registered_commands]
    return app


def _stand_in() -> None:
    """Never runs: the word that would run it is the one that is imported."""


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"cicero {__version__}")
        raise typer.Exit


def _install_completion(*, wanted: bool) -> None:
    if wanted:
        from cicero_cli.console.completion import install

        shell, path = install()
        typer.echo(
            shown(
                "Completion for {shell} is in {path}; a new shell has it.", shell=shell, path=path
            )
        )
        raise typer.Exit


def _show_completion(*, wanted: bool) -> None:
    if wanted:
        from cicero_cli.console.completion import script

        typer.echo(script())
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    install_completion: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            callback=_install_completion,
            is_eager=True,
            help="Let Tab complete commands, options, clients and users in your shell.",
        ),
    ] = False,
    show_completion: Annotated[
        bool,
        typer.Option(
            "--show-completion",
            callback=_show_completion,
            is_eager=True,
            help="Show what --install-completion puts there.",
        ),
    ] = False,
) -> None:
    pass


def run() -> None:
    """What the `cicero` command is. An interrupted fetch ends at once, not when its last requests are answered."""
    steady_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop ends like Ctrl-C: tidily
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup's wish stands
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    code = main()
    if code == ExitCode.INTERRUPTED:
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    with suppress(
        OSError
    ):  # what could not be written was said; the end of the process would say it again
        sys.stdout.close()
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code, having written at most one line about an error of cicero's own."""
    # a command ends before its garbage matters, and collecting it costs a tenth of its time
    gc.set_threshold(20_000, 20, 20)
    words = list(sys.argv[1:] if argv is None else argv)
    speak(read_spoken_language(os.environ))
    if "--due" in words or "deliver" in words:
        from cicero_cli.console.jobs import find_job, watch

        job = find_job(words)
        if job is not None:
            return watch(job, partial(_answer, words))
    return _answer(words)


def _answer(words: list[str]) -> int:
    try:
        code = _run_words(words)
    except BusyError as error:
        choice.error = error
        if "--due" in words:  # the next wake-up looks again
            return int(ExitCode.OK)
        show_error(error, as_json=_wants_json(words))
        return int(error.exit_code)
    except CiceroError as error:
        choice.error = error
        show_error(error, as_json=_wants_json(words))
        return int(error.exit_code)
    if code == ExitCode.INTERRUPTED:
        interrupted = shown("interrupted; what was finished before is kept")
        sys.stderr.write(f"cicero: {interrupted}\n")
    return code


def _run_words(words: list[str]) -> int:
    if any(word != word.encode(errors="replace").decode() for word in words):
        raise InputError("an argument is not UTF-8; nothing was done")
    if words[:1] == ["help"] and words[1:] and words[1] in {*NOUNS, *COMMANDS}:
        words = [*words[1:], "--help"]
    is_asked = ASKED in os.environ
    if is_asked:
        from cicero_cli.console.completion import offer_values, words_so_far

        words = words_so_far()
    command = get_command(build_app(next((word for word in words if not word.startswith("-")), "")))
    if is_asked:
        offer_values(command)
    translate_help(command)
    try:
        return int(command(args=words, prog_name="cicero", standalone_mode=False) or 0)
    except typer.TyperException as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            hint = Text("see: {command} --help", command=failed_command(error))
            raise InputError(explain_usage(error, words), hint=hint) from error
        sys.stderr.write(f"{error}\n")  # a noun without a verb: its help, whole
        return int(ExitCode.USAGE)
    except typer.Abort as error:
        raise CiceroError("you did not agree, so nothing was done") from error
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        raise CiceroError(
            "the result could not be written: {reason}",
            reason=error.strerror,
        ) from error
    except SystemExit as stop:  # what typer makes of a broken pipe
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        return int(ExitCode.OK)  # `cicero … | head`: whoever read our output has seen enough


def _wants_json(words: Sequence[str]) -> bool:
    outputs = {word.removeprefix("--output=") for word in words if word.startswith("--output=")}
    outputs |= {value for word, value in pairwise(words) if word == "--output"}
    return "--json" in words or bool(outputs & {"json", "ndjson"})
