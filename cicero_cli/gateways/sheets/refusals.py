"""What Google's API says when it gives no sheet, and what is to be done about it."""

from __future__ import annotations

from cicero_cli.errors import (
    CiceroError,
    InputError,
    RejectedError,
    SettingError,
    TryLaterError,
    UpstreamError,
)
from cicero_cli.words import template

_SERVER_ERRORS = 500
_SWITCHED_OFF = (
    SettingError,
    template("the Google Sheets API is switched off in the service account's project"),
    template(
        "in Google's console: APIs & Services, Library, Google Sheets API, Enable; then wait some minutes"
    ),
)
# By code and by words of the status or message, in lower case; the first that fits.
_REFUSALS: tuple[tuple[int, str, tuple[type[CiceroError], str, str]], ...] = (
    (403, "has not been used", _SWITCHED_OFF),
    (403, "is disabled", _SWITCHED_OFF),
    (
        403,
        "",
        (
            RejectedError,
            template("the sheet is not shared with the service account"),
            template("share the sheet with {email} (Viewer is enough)"),
        ),
    ),
    (
        404,
        "",
        (
            InputError,
            template("there is no such Google Sheet, or it was deleted"),
            template("open it in the browser and copy the address anew"),
        ),
    ),
    (
        400,
        "failed_precondition",
        (
            InputError,
            template("this is an Excel file in Google Drive, not a Google Sheet"),
            template(
                "in the browser: File, Save as Google Sheets, and use that one's address; or download it and import the file"
            ),
        ),
    ),
    (
        400,
        "unable to parse range",
        (
            InputError,
            template("the sheet has no tab of this name any more"),
            template("run it again"),
        ),
    ),
    (401, "", (SettingError, template("Google does not take the token of {email}"), "")),
    (
        429,
        "",
        (
            TryLaterError,
            template("Google's quota for {email} is used up for this minute"),
            template("run it again in a minute"),
        ),
    ),
)


def refusal_of(code: int, status: str, message: str, *, email: str) -> CiceroError:
    """The error of an answer; `email` is the service account's, with which the sheet must be shared."""
    said = f"{status} {message}".lower()
    for known_code, words, (kind, sentence, hint) in _REFUSALS:
        if code == known_code and words in said:
            return kind(sentence, hint=hint, email=email)
    if code >= _SERVER_ERRORS:
        return TryLaterError("Google answers {status}", hint="run it again later", status=code)
    return UpstreamError(
        "Google answers {status} instead of the sheet", status=f"{code} {status}".strip()
    )
