"""One polite HTTP client: an honest name, a time limit, retries, and answers that are checked."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import stamina
from curl_cffi import requests
from curl_cffi.requests.exceptions import (
    CertificateVerifyError,
    DNSError,
    RequestException,
    SSLError,
    Timeout,
)

from oilshock import __version__
from oilshock.errors import Problem, SourceError
from oilshock.sources.protocol import OFFLINE_FIX

T = TypeVar("T")

USER_AGENT = f"Mozilla/5.0 (compatible; oilshock/{__version__})"
HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*"}
TIME_LIMIT = 12.0
"""Seconds for one series, with all retries."""

TRY_LIMIT = 10.0
CONNECT_LIMIT = 5.0
ATTEMPTS = 4
FIRST_WAIT = 0.5

# What curl says when nothing was reached, so that a second try would not help.
_COULD_NOT_CONNECT = 7
_NEVER_CONNECTED = ("resolving timed out", "connection timed out", "connection timeout")


class TemporaryError(Exception):
    """A failure that a second try may mend.

    Parameters
    ----------
    message : str
        What happened.
    retry_after : float or None, default None
        Seconds to wait, as the server asked.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


def retried(call: Callable[[float], T], *, where: str) -> T:
    """Call until it succeeds, with exponential back-off and jitter, within the time limit.

    Parameters
    ----------
    call : callable
        Takes the seconds that it may use.
    where : str
        The source and symbol, for messages.

    Returns
    -------
    object
        What the call returns.

    Raises
    ------
    SourceError
        When the last try failed, or the wait asked for is longer than the time left.
    """
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    end = time.monotonic() + TIME_LIMIT
    tries = 0

    def wait(error: Exception) -> bool | float:
        if not isinstance(error, TemporaryError):
            return False
        left = end - time.monotonic()
        if error.retry_after is None:
            return left > 1.0
        return error.retry_after if error.retry_after < left else False

    try:
        for attempt in stamina.retry_context(
            on=wait,
            attempts=ATTEMPTS,
            timeout=TIME_LIMIT,
            wait_initial=FIRST_WAIT,
            wait_max=4.0,
            wait_jitter=FIRST_WAIT,
        ):
            with attempt:
                tries += 1
                return call(min(TRY_LIMIT, max(end - time.monotonic(), 1.0)))
    except TemporaryError as error:
        said = "" if tries == 1 else f" ({tries} tries)"
        message = f"{error.message}{said}."
        if error.retry_after is not None:
            message += f" It asks to wait {error.retry_after:.0f} s."
        fix = f"Try again later. {OFFLINE_FIX}"
        raise SourceError(Problem(where, message, fix=fix)) from error
    raise AssertionError("a retry loop ends by returning or raising")


def limits(seconds: float) -> tuple[float, float]:
    """Split the seconds of one try into those to connect and the rest."""
    connect = min(CONNECT_LIMIT, seconds / 2)
    return connect, seconds - connect


def session() -> requests.Session[Any]:
    """Open a session that says who it is."""
    return requests.Session(headers=HEADERS, default_headers=False)


def ask(send: Callable[[], requests.Response], *, where: str) -> requests.Response:
    """Send a request, and turn every failure of the transport or the server into one of ours.

    Parameters
    ----------
    send : callable
        Sends the request.
    where : str
        The source and symbol, for messages.

    Returns
    -------
    Response
        One with status 200.

    Raises
    ------
    TemporaryError
        When a second try may help.
    SourceError
        When it would not.
    """
    try:
        response = send()
    except RequestException as error:
        raise _transport_error(error, where=where) from error
    status = response.status_code
    if status == 200:
        return response
    if status == 429 or status >= 500:
        said = "too many requests" if status == 429 else "the server has an error"
        after = _retry_after(response.headers.get("Retry-After"))
        raise TemporaryError(f"{said} (HTTP {status})", retry_after=after)
    if status == 404:
        message = "there is no such series (HTTP 404)."
        raise SourceError(Problem(where, message, fix="Check the symbol."))
    message = f"the request was refused (HTTP {status})."
    raise SourceError(Problem(where, message, fix=OFFLINE_FIX))


def _transport_error(error: RequestException, *, where: str) -> Exception:
    said = str(error).partition("See https")[0].removeprefix("Failed to perform, ").strip(" .")
    lower = said.lower()
    if isinstance(error, CertificateVerifyError | SSLError):
        fix = "A proxy that reads TLS? Ask for a way past it, or save the series as a file."
        return SourceError(Problem(where, f"the connection is not safe: {said}.", fix=fix))
    unreached = isinstance(error, DNSError) or error.code == _COULD_NOT_CONNECT
    if unreached or any(words in lower for words in _NEVER_CONNECTED):
        return SourceError(Problem(where, f"no connection: {said}.", fix=OFFLINE_FIX))
    if isinstance(error, Timeout):
        return TemporaryError(f"no answer within {TRY_LIMIT:.0f} s")
    return TemporaryError(f"the connection broke: {said}")


def _retry_after(text: str | None) -> float | None:
    """Read the header Retry-After: seconds, or a date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def content_of(
    response: requests.Response, *, where: str, kind: str, types: Sequence[str]
) -> bytes:
    """Return the body of a response that is what it should be.

    Parameters
    ----------
    response : Response
        With status 200.
    where : str
        The source and symbol, for messages.
    kind : str
        What is expected, such as CSV.
    types : sequence of str
        Content types that hold it.

    Returns
    -------
    bytes
        The body.

    Raises
    ------
    SourceError
        When it is another type, looks like HTML, or is empty.
    """
    body = response.content
    given = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    looks = body.lstrip()[:1]
    fix = f"The service may have changed, or a proxy answered. {OFFLINE_FIX}"
    if given not in types or looks == b"<":
        came = "HTML" if looks == b"<" or given == "text/html" else given or "no content type"
        raise SourceError(Problem(where, f"{came} came, {kind} is expected.", fix=fix))
    if not looks:
        raise SourceError(Problem(where, f"an empty answer came, not {kind}.", fix=fix))
    return body
