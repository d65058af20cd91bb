"""The wires of three model providers, from the side of a server; used by the model stub."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True)
class Question:
    """What a request asks, whichever wire it came over."""

    provider: str
    path: str
    model: str
    messages: list[dict[str, Any]]
    schema: Mapping[str, Any] | None
    stream: bool
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def key(self) -> str | None:
        """The key that came with it."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return self.headers.get("x-api-key") or bearer or None

    @property
    def words(self) -> str:
        """Everything that was said in it."""
        return json.dumps([self.body.get("system"), self.messages], sort_keys=True)


def example(schema: Mapping[str, Any], seed: str = "") -> Any:
    """A value that keeps a JSON schema; another seed may give another one."""

    def pick(options: list[Any], place: str) -> Any:
        digest = hashlib.blake2b(f"{seed}|{place}".encode(), digest_size=8).digest()
        return options[int.from_bytes(digest, "big") % len(options)]

    def make(part: Mapping[str, Any], place: str) -> Any:
        if "$ref" in part:
            name = part["$ref"].rsplit("/", 1)[-1]
            return make(schema.get("$defs", schema.get("definitions", {}))[name], place)
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return pick(list(part["enum"]), place)
        for union in ("anyOf", "oneOf", "allOf"):
            if union in part:
                return make(pick(part[union], place + union), place)
        kind = part.get("type", "object")
        kind = pick(kind, place + "type") if isinstance(kind, list) else kind
        if kind == "object":
            return {n: make(p, f"{place}.{n}") for n, p in part.get("properties", {}).items()}
        if kind == "array":
            count = max(int(part.get("minItems", 1)), 1 if part.get("items") else 0)
            count = min(count, int(part.get("maxItems", count)))
            return [make(part.get("items", {}), f"{place}[{n}]") for n in range(count)]
        if kind in ("integer", "number"):
            low = part.get("minimum", part.get("exclusiveMinimum", 0) + ("minimum" not in part))
            high = part.get("maximum", max(low, part.get("exclusiveMaximum", low + 10) - 1))
            return pick([low, (low + high) // 2 if kind == "integer" else (low + high) / 2], place)
        if kind == "boolean":
            return pick([True, False], place)
        if kind == "null":
            return None
        text = pick(["I see.", "That could work for me.", "Not for me, thanks."], place)
        text = text.ljust(part.get("minLength", 0), ".")
        return text[: part.get("maxLength", len(text))]

    return make(schema, "")


class JsonWire:
    """A wire whose questions are JSON; its answers are too."""

    def read(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        return orjson.loads(body)  # type: ignore[no-any-return]

    def body(self, question: Question, text: str, behaviour: str) -> tuple[bytes, str]:
        return orjson.dumps(self.whole(question, text, behaviour)), "application/json"

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        raise NotImplementedError


class OpenAIWire(JsonWire):
    """``/v1/chat/completions``."""

    name = "openai"
    end = "/chat/completions"
    media = "text/event-stream"

    def schema(self, body: dict[str, Any]) -> Mapping[str, Any] | None:
        wanted = body.get("response_format") or {}
        return (wanted.get("json_schema") or {}).get("schema")

    def failure(self, status: int, kind: str, message: str) -> tuple[int, Any]:
        status = 503 if status == 529 else status
        error = {"message": message, "type": kind, "param": None, "code": kind}
        return status, {"error": error}

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        if behaviour == "refusal":
            message |= {"content": None, "refusal": "I'm sorry, I can't help with that."}
        choice = {"index": 0, "message": message, "finish_reason": self._finish(behaviour)}
        base = self._base(question, "chat.completion")
        return base | {"choices": [choice], **self._usage(question, text, behaviour)}

    def pieces(self, question: Question, text: str, behaviour: str) -> Iterator[bytes]:
        base = self._base(question, "chat.completion.chunk")
        deltas: list[dict[str, Any]] = [{"content": part} for part in parts(text)]
        if behaviour == "refusal":
            deltas = [{"refusal": "I'm sorry, I can't help with that."}]
        for delta in [{"role": "assistant", "content": ""}, *deltas]:
            yield sse(base | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        finish = {"index": 0, "delta": {}, "finish_reason": self._finish(behaviour)}
        yield sse(base | {"choices": [finish]})
        if (question.body.get("stream_options") or {}).get("include_usage"):
            yield sse(base | {"choices": [], **self._usage(question, text, behaviour)})
        yield b"data: [DONE]\n\n"

    def _base(self, question: Question, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": question.model}

    def _finish(self, behaviour: str) -> str:
        return {"cut": "length"}.get(behaviour, "stop")

    def _usage(self, question: Question, text: str, behaviour: str) -> dict[str, Any]:
        if behaviour == "no_usage":
            return {}
        asked, said = tokens(question.words), tokens(text)
        return {
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": said,
                "total_tokens": asked + said,
                "prompt_tokens_details": {"cached_tokens": 0},
            }
        }


class AnthropicWire(JsonWire):
    """``/v1/messages``; a forced tool is answered by a call of it."""

    name = "anthropic"
    end = "/messages"
    media = "text/event-stream"

    def schema(self, body: dict[str, Any]) -> Mapping[str, Any] | None:
        native = body.get("output_format") or (body.get("output_config") or {}).get("format")
        if native:
            return native.get("schema")
        tools = body.get("tools") or []
        return tools[0].get("input_schema") if tools else None

    def failure(self, status: int, kind: str, message: str) -> tuple[int, Any]:
        names = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
        names |= {400: "invalid_request_error", 500: "api_error", 529: "overloaded_error"}
        if kind == "context_length_exceeded":
            message = "prompt is too long: 210000 tokens > 200000 maximum"
        if kind == "insufficient_quota":
            status, message = 400, "Your credit balance is too low to access the Anthropic API."
        return status, {"type": "error", "error": {"type": names[status], "message": message}}

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        content = [] if behaviour == "refusal" else [self._block(question, text)]
        return self._base(question, behaviour) | {
            "content": content,
            "stop_reason": self._stop(content, behaviour),
            "usage": self._usage(question, text, behaviour),
        }

    def pieces(self, question: Question, text: str, behaviour: str) -> Iterator[bytes]:
        block = self._block(question, text)
        usage = self._usage(question, text, behaviour)
        start = self._base(question, behaviour) | {"content": [], "stop_reason": None}
        start["usage"] = usage | {"output_tokens": 1}
        yield self._event("message_start", message=start)
        if behaviour != "refusal":
            tool = block["type"] == "tool_use"
            empty = block | ({"input": {}} if tool else {"text": ""})
            yield self._event("content_block_start", index=0, content_block=empty)
            kind, name = ("input_json_delta", "partial_json") if tool else ("text_delta", "text")
            for part in parts(text):
                yield self._event("content_block_delta", index=0, delta={"type": kind, name: part})
            yield self._event("content_block_stop", index=0)
        stop = {"stop_reason": self._stop([block], behaviour), "stop_sequence": None}
        yield self._event("message_delta", delta=stop, usage=usage)
        yield self._event("message_stop")

    def _event(self, kind: str, **rest: Any) -> bytes:
        return b"event: " + kind.encode() + b"\n" + sse({"type": kind, **rest})

    def _base(self, question: Question, behaviour: str) -> dict[str, Any]:
        return {"id": "msg_1", "type": "message", "role": "assistant", "model": question.model}

    def _block(self, question: Question, text: str) -> dict[str, Any]:
        tools = question.body.get("tools")
        if tools:
            with contextlib.suppress(ValueError):
                value = json.loads(text)
                if isinstance(value, dict):
                    name = tools[0]["name"]
                    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": value}
        return {"type": "text", "text": text}

    def _stop(self, content: list[dict[str, Any]], behaviour: str) -> str:
        if behaviour in ("refusal", "cut"):
            return {"refusal": "refusal", "cut": "max_tokens"}[behaviour]
        return "tool_use" if content and content[0]["type"] == "tool_use" else "end_turn"

    def _usage(self, question: Question, text: str, behaviour: str) -> dict[str, Any]:
        if behaviour == "no_usage":
            return {"input_tokens": 0, "output_tokens": 0}
        return {"input_tokens": tokens(question.words), "output_tokens": tokens(text)}


class OllamaWire(JsonWire):
    """``/api/chat``."""

    name = "ollama"
    end = "/api/chat"
    media = "application/x-ndjson"

    def schema(self, body: dict[str, Any]) -> Mapping[str, Any] | None:
        wanted = body.get("format")
        return wanted if isinstance(wanted, dict) else None

    def failure(self, status: int, kind: str, message: str) -> tuple[int, Any]:
        status = 503 if status == 529 else status
        if kind == "model_not_found":
            message = "model 'stub' not found, try pulling it first"
        return status, {"error": message}

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        return self._line(question, text) | self._end(question, text, behaviour)

    def pieces(self, question: Question, text: str, behaviour: str) -> Iterator[bytes]:
        for part in parts(text):
            yield orjson.dumps(self._line(question, part) | {"done": False}) + b"\n"
        last = self._line(question, "") | self._end(question, text, behaviour)
        yield orjson.dumps(last) + b"\n"

    def _line(self, question: Question, text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        return {"model": question.model, "created_at": "2026-01-05T09:00:00Z", "message": message}

    def _end(self, question: Question, text: str, behaviour: str) -> dict[str, Any]:
        end = {"done": True, "done_reason": "length" if behaviour == "cut" else "stop"}
        if behaviour == "no_usage":
            return end
        return end | {"prompt_eval_count": tokens(question.words), "eval_count": tokens(text)}


WIRES = (OpenAIWire(), AnthropicWire(), OllamaWire())


def tokens(text: str) -> int:
    """A token for four characters, as a rule of thumb says."""
    return len(text) // 4 + 1


def parts(text: str) -> list[str]:
    """A text in pieces, as a stream brings it."""
    size = 100_000 if len(text) > 1_000_000 else 7
    return [text[at : at + size] for at in range(0, len(text), size)]


def sse(data: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + orjson.dumps(data) + b"\n\n"
