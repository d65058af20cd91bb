"""The one border where a provider's errors become ours, in words that hold no key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, get_args

Kind = Literal[
    "rate_limited",
    "no_credit",
    "timeout",
    "server",
    "unreachable",
    "crashed",
    "no_schema",
    "refused",
    "no_key",
    "authentication",
    "no_such_model",
    "bad_request",
    "too_large",
    "not_usable",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
TRANSIENT: frozenset[Kind] = frozenset(
    {"rate_limited", "timeout", "server", "unreachable", "crashed", "no_schema"}
)
"""What may well go better the next time."""
LONGEST_MESSAGE = 300
LONGEST_RETRY_AFTER = 300.0
"""Seconds; who is told to come back later than that is told so, and does not wait."""
SHORTEST_KEY = 6
HIDDEN = "[hidden]"
_LOOKS_LIKE_A_KEY = re.compile(
    r"""(?ix)
    \b(?:sk|pk|rk|gsk|xai|hf|pplx|csk|fw|key|tok)[-_][\w*.\-]{6,}
    | \bAIza[\w\-]{10,}
    | \beyJ[\w\-]{10,}(?:\.[\w\-]+)*
    | \b(?:bearer|basic)\s+[\w.~+/=\-]{6,}
    | (?:(?<=[?&]key=)|(?<=api[-_]key=)|(?<=api-key:\s)|(?<=token=))[^\s&"']{6,}
    | \b(?=[A-Za-z0-9_\-]*\d)(?=[A-Za-z0-9_\-]*[A-Za-z])[A-Za-z0-9_\-]{32,}
    """
)
_SCHEMA = re.compile(
    r"(?i)response_?format|json_?schema|structured.?output|output_(?:format|config)|guided_json"
    r"|\bformat\b|\bschema\b|tool_choice|\btools?\b"
)
_CREDIT = re.compile(
    r"(?i)insufficient_quota|credit balance|out of credit|billing|exceeded your current quota"
)
_POLICY = re.compile(r"(?i)content.?(?:policy|filter|management)|safety system|responsible.?ai")
_NOBODY = re.compile(
    r"(?i)cannot connect to host|connection refused|name or service not known|nodename nor"
    r"|temporary failure in name|no address associated|network is unreachable|no route to host"
    r"|offline: no way"
)
_NO_NAME = re.compile(
    r"(?i)name or service not known|nodename nor|temporary failure in name|no address associated"
)
_NO_ROUTE = re.compile(r"(?i)network is unreachable|no route to host|offline: no way")
_OBJECT = re.compile(r"<[\w.]+ object at 0x[0-9a-fA-F]+>")
_CUT_OFF = re.compile(
    r"(?i)server disconnected|connection (?:reset|error)|payload is not completed"
)
_NOT_A_MODEL = re.compile(
    r"(?i)expecting value|unable to get json|invalid response from llm|json ?decode|<html"
    r"|no embedding data|invalid response object|object has no attribute|not subscriptable|^'\w+'$"
)


class WireError(Exception):
    """One attempt that brought no answer.

    Args:
        kind: What sort of failure it is.
        message: The provider's words, without any key, short.
        retry_after: Seconds after which the provider says one may ask again.
    """

    def __init__(self, kind: Kind, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.retry_after = retry_after
        self.attempts = 1

    @property
    def transient(self) -> bool:
        """Whether asking again may help."""
        return self.kind in TRANSIENT


class TooLargeAnswer(Exception):
    """An answer that is larger than any honest one."""


def redact(text: str, secrets: Iterable[str | None] = ()) -> str:
    """A provider's words on one short line, without keys: the given ones, and what looks so."""
    for secret in secrets:
        if secret and len(secret) >= SHORTEST_KEY:
            text = text.replace(secret, HIDDEN)
            text = re.sub(re.escape(secret[:SHORTEST_KEY]) + r"\S*", HIDDEN, text)
    text = _OBJECT.sub("", text)
    text = _LOOKS_LIKE_A_KEY.sub(HIDDEN, text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def translate(error: BaseException, *, schema: bool, secrets: Iterable[str | None]) -> WireError:
    """What litellm raised, as ours.

    Args:
        error: Anything that came out of litellm.
        schema: Whether a JSON schema was sent along.
        secrets: The keys that must not be repeated.
    """
    if isinstance(error, WireError):
        return error
    words = _words(error)
    kind = _kind(error, words, schema)
    if kind == "server" and _NOT_A_MODEL.search(words):
        words = "It did not answer as a model does."
    if kind == "server" and _CUT_OFF.search(words):
        words = "The connection broke off."
    if kind == "unreachable":
        words = _why_unreachable(words)
    if kind == "too_large":
        words = _how_large(error)
    return WireError(kind, redact(words, secrets) or type(error).__name__, _retry_after(error))


def _kind(error: BaseException, words: str, schema: bool) -> Kind:
    names = {type(one).__name__ for one in _chain(error)}
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) else 0
    if "TooLargeAnswer" in names:
        return "too_large"
    if type(error).__name__ == "ContentPolicyViolationError":
        return "refused"
    if _is_connection(names, status, words):
        return "unreachable"
    if type(error).__name__ in ("Timeout", "TimeoutError") or status in (408, 504):
        return "timeout"
    if status == 402 or (status in (400, 403, 429) and _CREDIT.search(words)):
        return "no_credit"
    if status in (400, 415, 422) or type(error).__name__ == "UnsupportedParamsError":
        return _kind_of_bad_request(words, schema)
    return _KIND_OF_STATUS.get(status, "server")


_KIND_OF_STATUS: dict[int, Kind] = {
    401: "authentication",
    403: "authentication",
    404: "no_such_model",
    405: "no_such_model",
    413: "bad_request",
    429: "rate_limited",
}


def _kind_of_bad_request(words: str, schema: bool) -> Kind:
    if _POLICY.search(words):
        return "refused"
    return "no_schema" if schema and _SCHEMA.search(words) else "bad_request"


def _is_connection(names: set[str], status: int, words: str) -> bool:
    if status in (400, 401, 403, 404, 422, 429):
        return False
    refused = {"ConnectError", "ConnectionRefusedError", "ClientConnectorError", "gaierror"}
    return bool(names & refused) or bool(_NOBODY.search(words))


def _why_unreachable(words: str) -> str:
    if _NO_NAME.search(words):
        return "this machine does not know that name"
    if _NO_ROUTE.search(words):
        return "there is no way there from this machine"
    return "no connection could be made"


def _words(error: BaseException) -> str:
    """What the provider said, without what litellm writes around it."""
    text = str(getattr(error, "message", None) or error)
    text = re.split(r"\s*(?:Traceback \(most|\. ?Handle with `litellm|, Original Response:)", text)[
        0
    ]
    if said := re.search(r"\{.*\}", text, re.DOTALL):
        text = _message_in(said[0].replace("\\'", "'")) or text
    while (shorter := _AROUND.sub("", text, count=1)) != text:
        text = shorter
    return text


_AFTER = re.compile(r"\s*(?:Traceback \(most|\. ?Handle with `litellm|, Original Response:)")
_AROUND = re.compile(
    r"^\s*(?:litellm\.)?(?:\w+(?:Error|Exception)|Timeout|Error code: \d+)\s*[:-]\s+"
)


def _message_in(document: str) -> str | None:
    """The words in a provider's JSON about an error, None where there are none."""
    try:
        found = json.loads(document)
    except ValueError:
        return None
    for name in ("error", "message"):
        found = found.get(name, found) if isinstance(found, dict) else found
    return found if isinstance(found, str) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _how_large(error: BaseException) -> str:
    return next(str(one) for one in _chain(error) if isinstance(one, TooLargeAnswer))


def _headers(error: BaseException) -> Any:
    for one in _chain(error):
        for holder in (one, getattr(one, "response", None)):
            for name in ("litellm_response_headers", "headers"):
                headers = getattr(holder, name, None)
                if headers and hasattr(headers, "get") and _says_when(headers):
                    return headers
    return {}


def _says_when(headers: Any) -> bool:
    return any(headers.get(name) for name in ("retry-after", "Retry-After", "retry-after-ms"))


def _retry_after(error: BaseException) -> float | None:
    headers = _headers(error)
    if milliseconds := headers.get("retry-after-ms"):
        seconds = seconds_until(str(milliseconds))
        return None if seconds is None else seconds / 1000
    said = headers.get("retry-after") or headers.get("Retry-After")
    return seconds_until(str(said)) if said else None


def seconds_until(said: str, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for: a number, or a date as HTTP writes it."""
    try:
        return max(0.0, float(said)) if float(said) < float("inf") else None
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
