"""Files that hold people: only their owner reads them, and no link leads the writing elsewhere."""

from __future__ import annotations

import errno
import os
import stat

from cicero_cli.errors import InputError


def write_private(path: str, content: bytes) -> None:
    """Write a file that only its owner may read (0600), also when it was there before; InputError when it cannot be."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe nobody reads waits
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fchmod(file.fileno(), 0o600)
                file.truncate()
            file.write(content)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            raise InputError(
                "{path} is a link, which is not followed", hint="name the file itself", path=path
            ) from error
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("{path} cannot be written: {reason}", path=path, reason=reason) from error
