"""Layers around every request: how large a body may be, and what happens only once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

BODY = "greenroom.body"
_WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}


class SameOrigin:
    """Refuses what a page of another site would change here behind a person's back.

    A browser names the page's origin; programs name none and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it would change something and comes from elsewhere."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers({})
        origin = urlsplit(headers.get("origin", "")).netloc
        ours = {headers.get("host"), headers.get("x-forwarded-host")}
        if origin and origin not in ours and scope["method"] in _WITH_BODY:
            refusal = problem(
                403,
                f"A page of {origin} may not change anything here.",
                type="other-origin",
                fix="Send it from this workbench, or from a program.",
            )
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)


class BodyLimit:
    """Reads a body whole, and refuses one that is too large, whether it says so or not.

    The body is then in the scope as ``greenroom.body``, and is heard again by whoever reads it.
    What ``streamed`` names passes unread: whoever reads it has limits of its own.
    """

    def __init__(
        self, app: ASGIApp, most: int, streamed: Callable[[Scope], bool] = lambda _: False
    ) -> None:
        self.app = app
        self.most = most
        self.streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body, or refuse it."""
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY or self.streamed(scope):
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        too_large = declared.isdigit() and int(declared) > self.most
        body = b"" if too_large else await self._read(receive)
        if body is None:
            return
        if too_large or len(body) > self.most:
            refusal = problem(
                413,
                f"A request may have {self.most / 1e6:g} MB at most.",
                type="too-large",
                fix="Send less at once.",
                headers={"connection": "close"},
            )
            await refusal(scope, receive, send)
            return
        await self.app({**scope, BODY: body}, _again(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body up to just over the limit; None where the client has gone."""
        parts: list[bytes] = []
        size = 0
        while size <= self.most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if not message.get("more_body", False):
                break
        return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


@dataclass
class _Once:
    """One request that had a key: what was asked, and what was answered."""

    digest: bytes
    answered: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(message.get("body", b"")) for message in self.messages)


class Idempotency:
    """A POST with an ``Idempotency-Key`` happens once: the same again gets the first answer.

    Answers are kept in memory, the newest ``most`` of them, and end with the process. An answer
    that was an error of ours (500 and up) is not kept, so that it can be tried again. Of a body
    that passes unread the length stands for all of it.
    """

    def __init__(self, app: ASGIApp, most: int = 1_000, largest: int = 1_000_000) -> None:
        self.app = app
        self.most = most
        self.largest = largest
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str, str], _Once] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on once, and its first answer from then on."""
        key = Headers(scope=scope).get("idempotency-key") if scope["type"] == "http" else None
        if key is None or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        digest = hashlib.sha256(_told_by(scope)).digest()
        place = (
            _workspace(scope),
            f"{scope['path']}?{scope['query_string'].decode('latin-1')}",
            key,
        )
        with self._lock:
            known = self._seen.get(place)
            if known is None:
                once = self._seen[place] = _Once(digest)
        if known is not None:
            await _repeat(known, digest, scope, receive, send)
            return
        try:
            await self.app(scope, receive, _recorded(once, send, lambda: self._keep(place, once)))
        finally:
            self._keep(place, once)

    def _keep(self, place: tuple[str, str, str], once: _Once) -> None:
        with self._lock:
            good = once.messages and once.messages[0].get("status", 500) < 500
            if good and once.size <= self.largest:
                once.answered = True
            else:
                self._seen.pop(place, None)
            while len(self._seen) > self.most:
                self._seen.popitem(last=False)


def _recorded(once: _Once, send: Send, whole: Callable[[], None]) -> Send:
    """Writes an answer down; it is whole before its end is sent, whatever is tidied up later."""

    async def record(message: Message) -> None:
        once.messages.append(dict(message))
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            whole()
        await send(message)

    return record


async def _repeat(known: _Once, digest: bytes, scope: Scope, receive: Receive, send: Send) -> None:
    """Give the first answer again, unless it was to another question or is not there yet."""
    if known.digest != digest:
        refusal = problem(
            422,
            "This Idempotency-Key was used for another request.",
            type="idempotency-key-reused",
            field="Idempotency-Key",
            fix="Use a new key for a new request.",
        )
        await refusal(scope, receive, send)
    elif not known.answered:
        refusal = problem(
            409,
            "The first request with this Idempotency-Key is not answered yet.",
            type="conflict",
            field="Idempotency-Key",
            fix="Wait for its answer.",
        )
        await refusal(scope, receive, send)
    else:
        for message in known.messages:
            await send(message)


def _told_by(scope: Scope) -> bytes:
    """What tells one request from another that has its key."""
    length = Headers(scope=scope).get("content-length", "")
    body: bytes = scope.get(BODY, length.encode())
    return body


def _workspace(scope: Scope) -> str:
    named = parse_qs(scope["query_string"].decode("latin-1")).get("workspace", [""])
    return Headers(scope=scope).get("greenroom-workspace") or named[0]
