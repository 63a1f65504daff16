"""Tells a health check how a job went, as healthchecks.io and its like want it: who hears nothing raises the alarm."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit, urlunsplit

import requests

from cicero_cli.gateways.limits import within

_LONGEST_SECONDS = 8.0
_TIMEOUT = 5.0

log = logging.getLogger(__name__)


def ping(address: str, job: str, *, exit_code: int) -> bool:
    """Ask ADDRESS/JOB, or ADDRESS/JOB/fail with the exit code; False when nobody took it, which fails nothing."""
    parts = urlsplit(address)
    path = f"{parts.path.rstrip('/')}/{job}" + ("/fail" if exit_code else "")
    url = urlunsplit(parts._replace(path=path))

    def ask() -> int:
        with requests.Session() as session:
            session.auth = lambda request: request  # or a .netrc would say who we are
            answer = session.post(
                url,
                data=f"exit code {exit_code}",
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            answer.close()
            return answer.status_code

    try:
        status = within(_LONGEST_SECONDS, ask)
    except (requests.RequestException, TimeoutError, ValueError) as error:
        log.warning("ping of %s not taken: %s", job, type(error).__name__)
        return False
    if status >= requests.codes.bad_request:
        log.warning("ping of %s not taken: %d", job, status)
        return False
    return True
