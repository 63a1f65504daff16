"""Help and the errors of typing in another language; in English both are typer's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import typer

from cicero_cli.console.language import shown, speech
from cicero_cli.words import Language, Text

HELP_OPTIONS = ["-h", "--help"]


def translate_help(command: Any) -> None:
    """Put what a command of typer's shows as its help, and those below it, into the language of this run."""
    if speech.language is Language.ENGLISH:
        return
    command.help = shown(command.help or "")
    command.epilog = shown(command.epilog or "")
    command.options_metavar = shown("[OPTIONS]")
    command.format_usage = partial(_format_usage, command)
    help_option = command.get_help_option(typer.Context(command, help_option_names=HELP_OPTIONS))
    for parameter in (*command.params, help_option):
        parameter.help = shown(getattr(parameter, "help", None) or "")
    children = getattr(command, "commands", None)
    if children is not None:
        command.subcommand_metavar = shown("COMMAND [ARGS]...")
    for child in (children or {}).values():
        translate_help(child)


def _format_usage(command: Any, context: typer.Context, formatter: Any) -> None:
    pieces = command.collect_usage_pieces(context)
    formatter.write_usage(context.command_path, " ".join(pieces), prefix=shown("Usage: "))


def failed_command(error: Any) -> str:
    """`cicero user set`: whose words were wrong, as far as they were understood."""
    return error.ctx.command_path if error.ctx is not None else "cicero"


def explain_usage(error: typer.TyperException, words: Sequence[str]) -> str:
    """What is wrong with the words that were typed; in English as typer says it."""
    explain = _EXPLANATIONS.get(type(error).__name__)
    if speech.language is Language.ENGLISH or explain is None:
        return error.format_message()
    return explain(error, words)


def _unknown_option(error: Any, _words: Sequence[str]) -> str:
    near = ", ".join(sorted(error.possibilities or ()))
    if near:
        return Text(
            "there is no option {option}; did you mean {near}?",
            option=error.option_name,
            near=near,
        )
    return Text("there is no option {option}", option=error.option_name)


def _misused_option(error: Any, words: Sequence[str]) -> str:
    if any(word.startswith(f"{error.option_name}=") for word in words):
        return Text("{option} takes no value", option=error.option_name)
    return Text("{option} needs a value", option=error.option_name)


def _missing_parameter(error: Any, _words: Sequence[str]) -> str:
    return Text("{parameter} is missing", parameter=_name(error.param))


def _bad_value(error: Any, _words: Sequence[str]) -> str:
    kind = error.param.type
    lowest, highest = getattr(kind, "min", None), getattr(kind, "max", None)
    expected: str = Text("a value of another kind")
    if hasattr(kind, "choices"):
        choices = [str(getattr(choice, "value", choice)) for choice in kind.choices]
        expected = Text("one of {choices}", choices=", ".join(choices))
    elif lowest is not None and highest is not None:
        expected = Text("a number from {lowest} to {highest}", lowest=lowest, highest=highest)
    elif lowest is not None:
        expected = Text("a number from {lowest}", lowest=lowest)
    elif kind.name == "int":
        expected = Text("a whole number")
    return Text("{parameter}: expected {expected}", parameter=_name(error.param), expected=expected)


def _odd_words(error: Any, _words: Sequence[str]) -> str:
    if hasattr(
        error.ctx.command, "commands"
    ):  # an unknown command: typer asks gettext for its words
        return str(error.format_message())
    return Text("there is a word too many; a text with blanks needs quotes")


def _name(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    return str(parameter.human_readable_name if is_argument else parameter.opts[0])


_EXPLANATIONS: dict[str, Callable[[Any, Sequence[str]], str]] = {
    "NoSuchOption": _unknown_option,
    "BadOptionUsage": _misused_option,
    "MissingParameter": _missing_parameter,
    "BadParameter": _bad_value,
    "UsageError": _odd_words,
}
