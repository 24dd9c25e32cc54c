"""The HTTP client: how long it tries, what it tells apart."""

from __future__ import annotations

import time

import pytest
from curl_cffi.requests.exceptions import CertificateVerifyError, RequestException, Timeout
from loopback import Market, content, status

from oilshock.errors import SourceError
from oilshock.sources import web


def test_waits_grow_and_stop_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "FIRST_WAIT", 0.2)
    monkeypatch.setattr(web, "TIME_LIMIT", 1.5)
    moments: list[float] = []

    def fail(seconds: float) -> None:
        moments.append(time.monotonic())
        assert 0 < seconds <= web.TRY_LIMIT + 1
        raise web.TemporaryError("it broke")

    start = time.monotonic()
    with pytest.raises(SourceError, match=r"x: it broke \(\d tries\)\. Try again later"):
        web.retried(fail, where="x")
    assert 2 <= len(moments) <= web.ATTEMPTS
    assert time.monotonic() - start < 2.5


def test_an_error_that_is_final_is_not_tried_again() -> None:
    calls = []

    def fail(_: float) -> None:
        calls.append(1)
        raise SourceError.of("x", "no.")

    with pytest.raises(SourceError, match=r"x: no\."):
        web.retried(fail, where="x")
    assert calls == [1]


@pytest.mark.parametrize(
    ("error", "final", "words"),
    [
        (CertificateVerifyError("curl: (60) SSL certificate problem", 60), True, "not safe"),
        (RequestException("Failed to perform, curl: (7) refused.", 7), True, "no connection"),
        (Timeout("curl: (28) Resolving timed out after 5000 ms", 28), True, "no connection"),
        (Timeout("curl: (28) Connection timed out after 5000 ms", 28), True, "no connection"),
        (Timeout("curl: (28) Operation timed out", 28), False, "no answer within"),
        (RequestException("curl: (56) reset", 56), False, "the connection broke"),
    ],
)
def test_failures_of_the_transport(error: RequestException, final: bool, words: str) -> None:
    def fail() -> None:
        raise error

    with pytest.raises((SourceError, web.TemporaryError), match=words) as caught:
        web.ask(fail, where="x")  # type: ignore[arg-type]
    assert isinstance(caught.value, SourceError) is final


@pytest.mark.parametrize("text", ["soon", "-1", "12.5.2024"])
def test_a_wait_that_cannot_be_read_is_none(market: Market, text: str) -> None:
    market.faults.append(status(503, Retry_After=text))
    with web.session() as session, pytest.raises(web.TemporaryError) as caught:
        web.ask(lambda: session.get(market.url), where="x")
    assert caught.value.retry_after is None


def test_content_types_with_a_charset(market: Market) -> None:
    market.faults.append(content("Text/CSV; charset=utf-8", b"a,b\n"))
    with web.session() as session:
        response = web.ask(lambda: session.get(market.url), where="x")
    assert web.content_of(response, where="x", kind="CSV", types=("text/csv",)) == b"a,b\n"


def test_a_try_has_its_share_to_connect() -> None:
    assert web.limits(2.0) == (1.0, 1.0)
    connect, rest = web.limits(100.0)
    assert connect == web.CONNECT_LIMIT
    assert connect + rest == 100.0
