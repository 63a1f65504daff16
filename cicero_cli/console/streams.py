"""The three streams that a command is given, whatever state they are in: closed, full, or of few letters."""

from __future__ import annotations

import errno
import io
import os
import sys


def steady_streams() -> None:
    """Make the streams bear what they are: call it once, before anything is written or opened.

    A closed one gets its number back, so that no file or connection takes it and is written into. A result that cannot be
    written is an error; a log that cannot be written is lost, for there is nobody to tell. Letters that the terminal
    does not have become question marks.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = _ClosedStream()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(_LossyFile(2, "w", closefd=False)),
        encoding=encoding,
        errors="replace",
        line_buffering=True,
    )


class _ClosedStream(io.StringIO):
    """Stands for a stdout that was closed before we began."""

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


class _LossyFile(io.FileIO):
    """Takes whatever it cannot write."""

    def write(self, content: bytes) -> int:  # type: ignore[override]  # typeshed has the wider buffer
        try:
            return super().write(content) or 0
        except OSError:
            return len(content)
