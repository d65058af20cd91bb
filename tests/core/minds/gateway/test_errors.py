"""A provider's words: short, plain, and never with a key in them."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.minds.gateway.errors import (
    HIDDEN,
    LONGEST_MESSAGE,
    WireError,
    redact,
    seconds_until,
    translate,
)

KEY = st.text(string.ascii_letters + string.digits + "-_", min_size=8, max_size=80)


@given(key=KEY, before=st.text(max_size=50), after=st.text(max_size=50))
def test_a_key_is_never_repeated(key: str, before: str, after: str) -> None:
    assert key not in redact(f"{before}{key}{after}", [key]).replace(HIDDEN, "")


@given(key=KEY.filter(lambda key: key[:8] not in "Incorrect API key provided: …"))
def test_nor_the_start_of_one_as_providers_like_to_repeat(key: str) -> None:
    told = redact(f"Incorrect API key provided: {key[:8]}****{key[-4:]}.", [key])
    assert key[:8] not in told.replace(HIDDEN, "")


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abc123DEF456.",
        "key sk-ant-api03-AAAAbbbb-cccc",
        "header 'Authorization: Bearer abcdef123456'",
        "https://host/v1?key=AIzaSyA1234567890abcdefg&alt=json",
        "https://host/v1?key=plainwords&alt=json",
        "token gsk_1234567890abcdef",
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "x-api-key: 0123456789abcdef0123456789abcdef01",
    ],
)
def test_what_looks_like_a_key_is_hidden_though_nobody_gave_it(text: str) -> None:
    told = redact(text)
    assert HIDDEN in told
    for secret in ("abc123DEF456", "api03", "abcdef123456", "plainwords", "eyJ", "0123456789abcd"):
        assert secret not in told


def test_plain_words_stay() -> None:
    words = "The model gpt-4.1-mini-2025-04-14 does not exist or you do not have access to it."
    assert redact(words) == words


@given(st.text(max_size=2_000))
def test_a_message_is_one_short_line(text: str) -> None:
    told = redact(text)
    assert len(told) <= LONGEST_MESSAGE
    assert "\n" not in told


@given(st.floats(0, 1e6))
def test_retry_after_in_seconds(seconds: float) -> None:
    assert seconds_until(str(seconds)) == pytest.approx(seconds)


@given(st.integers(-1_000, 100_000))
def test_retry_after_as_a_date(seconds: int) -> None:
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    said = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    assert seconds_until(said, now) == max(0, seconds)


@pytest.mark.parametrize("said", ["soon", "", "-", "inf", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_retry_after_that_says_nothing(said: str) -> None:
    assert seconds_until(said) is None


@given(st.text())
def test_any_retry_after_is_seconds_or_nothing(said: str) -> None:
    seconds = seconds_until(said)
    assert seconds is None or 0 <= seconds < float("inf")


class _Provider(Exception):
    def __init__(self, message: str, status_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code


@pytest.mark.parametrize(
    ("status", "message", "schema", "kind"),
    [
        (429, "Slow down", False, "rate_limited"),
        (429, "You exceeded your current quota", False, "no_credit"),
        (402, "Payment required", False, "no_credit"),
        (400, "Your credit balance is too low", False, "no_credit"),
        (500, "oops", False, "server"),
        (529, "Overloaded", False, "server"),
        (503, "try later", False, "server"),
        (408, "slow", False, "timeout"),
        (504, "gateway", False, "timeout"),
        (401, "who are you", False, "authentication"),
        (403, "not you", False, "authentication"),
        (404, "no such model", False, "no_such_model"),
        (400, "Invalid value for temperature", True, "bad_request"),
        (400, "response_format json_schema is not supported", True, "no_schema"),
        (400, "response_format json_schema is not supported", False, "bad_request"),
        (400, "Rejected by our content policy", False, "refused"),
        (None, "Cannot connect to host here:1", False, "unreachable"),
        (None, "something odd", False, "server"),
    ],
)
def test_each_failure_has_its_kind(
    status: int | None, message: str, schema: bool, kind: str
) -> None:
    error = translate(_Provider(message, status), schema=schema, secrets=[])
    said = "no connection could be made" if kind == "unreachable" else message
    assert (error.kind, error.message) == (kind, said)


def test_a_refused_connection_is_found_under_what_wraps_it() -> None:
    outer = _Provider("Connection error.", 500)
    outer.__cause__ = ConnectionRefusedError("111")
    assert translate(outer, schema=False, secrets=[]).kind == "unreachable"


def test_the_words_are_the_providers_alone() -> None:
    wrapped = (
        'litellm.BadRequestError: AnthropicException - b\'{"type":"error","error":'
        '{"type":"invalid_request_error","message":"It isn\\\'t allowed"}}\'. Handle with '
        '`litellm.BadRequestError`.\nTraceback (most recent call last):\n  File "/home/x.py"'
    )
    assert translate(_Provider(wrapped, 400), schema=False, secrets=[]).message == (
        "It isn't allowed"
    )


def test_ours_stays_as_it_is() -> None:
    ours = WireError("too_large", "More than 8 MB.")
    assert translate(ours, schema=False, secrets=[]) is ours


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "Cannot connect to host localhost:11434 ssl:<ssl.SSLContext object at 0x7f33aa> "
            "[Connect call failed ('127.0.0.1', 11434)]",
            "no connection could be made",
        ),
        (
            "Cannot connect to host nowhere.invalid:80 ssl:default [Name or service not known]",
            "this machine does not know that name",
        ),
        ("[Errno 101] Network is unreachable", "there is no way there from this machine"),
    ],
)
def test_a_place_that_does_not_answer_is_said_in_words(words: str, said: str) -> None:
    error = translate(ConnectionError(words), schema=False, secrets=[])
    assert (error.kind, error.message) == ("unreachable", said)


def test_an_object_of_the_machine_is_never_repeated() -> None:
    assert redact("it failed ssl:<ssl.SSLContext object at 0x7f33aa> here") == "it failed ssl: here"
