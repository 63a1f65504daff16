"""Every error of cicero's own, sorted by what the reader should do about it.

An error is data: a stable word for scripts (`code`), the exit code that cron sees, one line for a person (`message`) and one
for what to do next (`hint`), both English templates that `params` fill in. Their other languages are in the catalogues.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, ClassVar

from cicero_cli.words import Text, text_of


class ExitCode(IntEnum):
    """Exit codes of every command (docs/exit-codes.md)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    TRY_LATER = 75
    SETTING = 78
    INTERRUPTED = 130


class BadValueError(ValueError):
    """A value does not fit: says what was expected; who knows where it stood says that."""

    def __init__(self, expected: str, /, **params: Any) -> None:
        super().__init__(text_of(expected, **params))


class CiceroError(Exception):
    """An error that cicero foresaw: shown as one line, never as a traceback."""

    code: str = "failed"
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, /, *, hint: str = "", code: str = "", **params: Any) -> None:
        if code:
            self.code = code
        self.message = text_of(message, **params)
        self.hint = text_of(hint, **params)
        self.params = params or self.message.params
        super().__init__(self.message)

    @property
    def line(self) -> Text:
        """What happened and what to do, as one line."""
        if not self.hint:
            return self.message
        return Text("{happened} ({remedy})", happened=self.message, remedy=self.hint)


class InputError(CiceroError):
    """What was typed, or what a file holds, is wrong; nothing was changed. `field`: the column whose value is."""

    code = "bad_input"
    exit_code = ExitCode.USAGE

    def __init__(self, message: str, /, *, hint: str = "", field: str = "", **params: Any) -> None:
        super().__init__(message, hint=hint, **params)
        self.field = field


class NotFoundError(InputError):
    """What was named does not exist."""

    code = "not_found"


class ItemError(CiceroError):
    """One item of several failed; the others went on."""

    code = "item_failed"
    exit_code = ExitCode.PARTIAL


class SettingError(CiceroError):
    """A setting, a key or a plan is wrong or missing; trying again changes nothing."""

    code = "bad_setting"
    exit_code = ExitCode.SETTING


class DatabaseError(CiceroError):
    """The database answered, and what it said is not an ordinary answer."""

    code = "database"


class TryLaterError(CiceroError):
    """Nothing is wrong that time does not mend."""

    code = "try_later"
    exit_code = ExitCode.TRY_LATER


class BusyError(TryLaterError):
    """Another run of the same job holds its lock."""

    code = "busy"


class QuotaError(TryLaterError):
    """The upstream's quota is used up: nothing more is asked of this host until it resets."""

    code = "quota"

    def __init__(
        self, message: str, /, *, hint: str = "", reset_seconds: int | None = None, **params: Any
    ) -> None:
        super().__init__(message, hint=hint, **params)
        self.reset_seconds = reset_seconds


class UpstreamError(CiceroError):
    """The upstream failed for this item, after the retries that made sense."""

    code = "upstream"


class UnstorableError(UpstreamError):
    """What the upstream sent for this item, or the client that it was for, is not one that the database takes."""

    code = "unstorable"


class NotAskedError(UpstreamError):
    """This item was not asked for, because an earlier answer stopped the run."""

    code = "not_asked"


class RejectedError(UpstreamError):
    """The upstream refuses this item (private, renamed, deleted): asking again changes nothing."""

    code = "rejected"
