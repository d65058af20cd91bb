"""The wires of embeddings and transcriptions, from the side of a server; used by the model stub."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.model_wires import JsonWire, OllamaWire, OpenAIWire, Question, tokens

DIMENSIONS = 8
WIDE = 3_072
SAID = "Small steps, taken every day. That is all it takes."
SENTENCE_SECONDS = 1.5
Vector = list[Any]


def vector(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """The vector that the stub gives a text: always the same, exact in 32 bits."""
    digest = hashlib.shake_256(text.encode()).digest(dimensions)
    return [(byte - 127.5) / 128 for byte in digest]


def vectors(texts: Sequence[str], behaviour: str) -> list[Vector]:
    """The vectors of texts, or what a broken server takes for them."""
    size = WIDE if behaviour == "packed" else DIMENSIONS
    found: list[Vector] = [vector(text, size) for text in texts]
    if behaviour == "fewer":
        return found[:-1]
    if behaviour == "uneven":
        return [*found[:-1], found[-1][:-1]]
    if behaviour == "by_count":
        return [vector(text, DIMENSIONS + len(texts) % 5) for text in texts]
    if behaviour in _SPOILT:
        return [[_SPOILT[behaviour], *one[1:]] for one in found]
    return [[] for _ in found] if behaviour == "empty" else found


_SPOILT: dict[str, Any] = {"nan": float("nan"), "infinite": 1e300, "null": None, "words": "1.0"}


class EmbeddingsWire(JsonWire):
    """``/v1/embeddings``."""

    name = "openai"
    end = "/embeddings"
    media = "application/json"
    failure = OpenAIWire.failure

    def schema(self, body: dict[str, Any]) -> None:
        return None

    def body(self, question: Question, text: str, behaviour: str) -> tuple[bytes, str]:
        return json.dumps(self.whole(question, text, behaviour)).encode(), self.media

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        if behaviour == "wordless":
            return {}
        texts = question.body["input"]
        found = vectors(texts, behaviour)
        data = [
            {"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(found)
        ]
        if behaviour == "backwards":
            data.reverse()
        if behaviour == "same_place":
            data = [one | {"index": 0} for one in data]
        count = sum(tokens(one) for one in texts)
        usage = {"prompt_tokens": count, "total_tokens": count}
        told = {} if behaviour == "no_usage" else {"usage": usage}
        padding = {"padding": text} if behaviour == "huge" else {}
        return {"object": "list", "model": question.model, "data": data, **told, **padding}


class OllamaEmbedWire(JsonWire):
    """``/api/embed``."""

    name = "ollama"
    end = "/api/embed"
    media = "application/json"
    failure = OllamaWire.failure

    def schema(self, body: dict[str, Any]) -> None:
        return None

    def body(self, question: Question, text: str, behaviour: str) -> tuple[bytes, str]:
        return json.dumps(self.whole(question, text, behaviour)).encode(), self.media

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        if behaviour == "wordless":
            return {}
        texts = question.body["input"]
        padding = {"padding": text} if behaviour == "huge" else {}
        count = {"prompt_eval_count": sum(tokens(one) for one in texts)}
        told = {} if behaviour == "no_usage" else count
        found = vectors(texts, behaviour)
        return {"model": question.model, "embeddings": found, **told, **padding}


class TranscriptionsWire:
    """``/v1/audio/transcriptions``: a form with a file; with times where they are asked for."""

    name = "openai"
    end = "/audio/transcriptions"
    media = "application/json"
    failure = OpenAIWire.failure

    def schema(self, body: dict[str, Any]) -> Mapping[str, Any] | None:
        return body if body.get("response_format") == "verbose_json" else None

    def read(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        boundary = headers["content-type"].partition("boundary=")[2].strip('"').encode()
        fields: dict[str, Any] = {}
        for part in body.split(b"--" + boundary)[1:-1]:
            head, _, value = part[2:-2].partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]*)"', head)
            file = re.search(rb'filename="([^"]*)"', head)
            assert name is not None
            if file:
                fields["filename"], fields["file"] = file[1].decode(), value
            else:
                fields[name[1].decode()] = value.decode()
        return fields

    def body(self, question: Question, text: str, behaviour: str) -> tuple[bytes, str]:
        if behaviour == "plain":
            return text.encode(), "text/plain"
        return json.dumps(self.whole(question, text, behaviour)).encode(), self.media

    def whole(self, question: Question, text: str, behaviour: str) -> Any:
        if behaviour == "wordless":
            return {"text": None}
        if question.schema is None:
            return {"text": text, **self._usage(behaviour)}
        segments = self._segments(text, behaviour)
        length = len(segments) * SENTENCE_SECONDS
        answer = {"task": "transcribe", "language": "english", "text": text, "segments": segments}
        return answer if behaviour == "no_usage" else answer | {"duration": length}

    def _segments(self, text: str, behaviour: str) -> list[dict[str, Any]]:
        parts = re.findall(r"[^.]+\.?", text)[:20]
        segments: list[dict[str, Any]] = [
            {
                "id": at,
                "start": at * SENTENCE_SECONDS,
                "end": (at + 1) * SENTENCE_SECONDS,
                "text": part,
            }
            for at, part in enumerate(parts)
        ]
        broken = _TIMES.get(behaviour)
        return [one | broken for one in segments] if broken else segments

    def _usage(self, behaviour: str) -> dict[str, Any]:
        if behaviour == "no_usage":
            return {}
        details = {"audio_tokens": 40, "text_tokens": 2}
        usage = {"input_tokens": 42, "output_tokens": 11, "total_tokens": 53}
        return {"usage": {"type": "tokens", "input_token_details": details, **usage}}


_TIMES: dict[str, dict[str, Any]] = {
    "nan": {"start": float("nan")},
    "infinite": {"end": 1e300},
    "null": {"end": None},
    "words": {"start": "1.0"},
    "negative": {"start": -1.0},
    "backwards": {"start": 2.0, "end": 1.0},
}
MEDIA = (EmbeddingsWire(), OllamaEmbedWire(), TranscriptionsWire())
