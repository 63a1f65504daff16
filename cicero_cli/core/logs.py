"""Where log lines go: stderr, one line an event, without secrets, phone numbers or whole payloads."""

from __future__ import annotations

import logging
import sys

from cicero_cli.core.terminal import harmless


class _HarmlessFormatter(logging.Formatter):
    """The log may be read on a terminal, and what an upstream said stands in it."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


def configure_logs(*, verbosity: int) -> None:
    """Send cicero's log to stderr; `verbosity` is -1 (`-q`), 0 or 1 (`-v`)."""
    level = {-1: logging.ERROR, 0: logging.WARNING}.get(verbosity, logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_HarmlessFormatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("cicero_cli")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
