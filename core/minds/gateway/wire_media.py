"""What the wire's own process asks beside words: vectors of texts, and the words of recordings."""

from __future__ import annotations

import base64
import math
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.domain.models import LARGEST_RECORDING
from core.minds.gateway.errors import WireError
from core.minds.gateway.lean import LARGEST
from core.minds.gateway.wire_prices import entry_of, speech_cost, text_cost

LARGEST_VECTORS = 24_000_000
"""Bytes of an answer with vectors: 64 of 16,000 numbers, written out."""
MOST_DIMENSIONS = 16_000
LONGEST_TRANSCRIPT = 2_000_000
MOST_SEGMENTS = 100_000
LONGEST_SECONDS = 7 * 24 * 3600.0
Message = dict[str, Any]


async def embed(litellm: Any, message: Message) -> Message:
    """Ask once; the vectors one after the other as 32-bit numbers, usage and price."""
    LARGEST.set(LARGEST_VECTORS)
    texts = message["texts"]
    response = await litellm.aembedding(**_reached(message), input=texts)
    rows = in_order(response.data, len(texts))
    tokens = _count(getattr(response, "usage", None), "prompt_tokens")
    return {
        "packed": base64.b64encode(packed(rows)).decode(),
        "prompt_tokens": tokens,
        "cost": text_cost(litellm, message["model"], tokens),
    }


def in_order(data: Any, wanted: int) -> list[Any]:
    """The vectors in the order of their texts.

    Raises:
        WireError: If there is not one for each.
    """
    items = list(data) if isinstance(data, Sequence) else []
    if len(items) != wanted:
        raise WireError("not_usable", f"{len(items)} vectors came for {wanted} texts")
    places = [_part(one, "index") for one in items]
    if all(place is None for place in places):
        places = list(range(wanted))
    if set(places) != set(range(wanted)):
        raise WireError("not_usable", "it does not say which vector is whose")
    found = dict(zip(places, items, strict=True))
    return [_part(found[place], "embedding") for place in range(wanted)]


def packed(rows: Sequence[Any]) -> bytes:
    """Vectors as 32-bit numbers.

    Raises:
        WireError: If they are none, or not all of one length.
    """
    lengths = {len(one) if isinstance(one, Sequence) else 0 for one in rows}
    if lengths == {0} or len(lengths) != 1:
        raise WireError("not_usable", "the vectors are not all of one length")
    if max(lengths) > MOST_DIMENSIONS:
        raise WireError("too_large", f"Vectors of more than {MOST_DIMENSIONS:,} numbers.")
    try:
        return b"".join(array("f", one).tobytes() for one in rows)
    except (TypeError, OverflowError):
        raise WireError("not_usable", "a vector with something in it that is no number") from None


async def transcribe(litellm: Any, message: Message) -> Message:
    """Ask once; the text, its segments with times, usage and price."""
    response = await litellm.atranscription(
        **_reached(message), **_wishes(litellm, message), file=_sound(Path(message["path"]))
    )
    segments = with_times(getattr(response, "segments", None) or [])
    text = getattr(response, "text", None)
    if not isinstance(text, str):
        raise WireError("server", "It did not answer as a model does.")
    if max(len(text), sum(len(words) for *_, words in segments)) > LONGEST_TRANSCRIPT:
        raise WireError("too_large", f"More than {LONGEST_TRANSCRIPT:,} characters.")
    seconds = _duration(response, segments)
    sound, beside, said = _tokens(getattr(response, "usage", None))
    language = getattr(response, "language", None)
    return {
        "text": text.strip() or " ".join(words for *_, words in segments),
        "segments": segments,
        "language": language[:40] if isinstance(language, str) and language else None,
        "seconds": seconds,
        "prompt_tokens": sound + beside,
        "completion_tokens": said,
        "cost": speech_cost(litellm, message["model"], seconds, (sound, beside, said)),
    }


def with_times(segments: Any) -> list[tuple[float, float, str]]:
    """Each segment's start, end and words, in the order of their starts; empty ones are left out.

    Some models let a segment end before it begins: it then has no length.

    Raises:
        WireError: If they are none.
    """
    items = list(segments) if isinstance(segments, Sequence) else [None]
    if len(items) > MOST_SEGMENTS:
        raise WireError("too_large", f"More than {MOST_SEGMENTS:,} segments.")
    found = []
    for one in items:
        start, end, words = (_part(one, name) for name in ("start", "end", "text"))
        if not (_is_time(start) and _is_time(end) and isinstance(words, str)):
            raise WireError("not_usable", "a segment without words, or with times that are none")
        if words.strip():
            found.append((float(start), max(float(start), float(end)), words.strip()))
    return sorted(found, key=lambda one: one[0])


def _reached(message: Message) -> Message:
    arguments = {
        "model": message["model"],
        "api_key": message.get("key"),
        "api_base": message.get("address"),
        "timeout": message["timeout"],
        "max_retries": 0,
    }
    return {name: value for name, value in arguments.items() if value is not None}


def _wishes(litellm: Any, message: Message) -> Message:
    """The language and the times, as far as the provider can be told of them."""
    _, name, provider = entry_of(litellm, message["model"])
    known = _can_be_told(litellm, name, provider)
    timed = message["form"] and not _words_alone(name)
    wishes = {
        "language": message.get("language"),
        "response_format": "verbose_json" if timed else "json",
    }
    return {name: value for name, value in wishes.items() if value and name in known}


def _can_be_told(litellm: Any, name: str, provider: str) -> Sequence[str]:
    """What a provider takes beside the recording; litellm refuses what it does not."""
    if provider in ("openai", "azure"):
        return ("language", "response_format")
    if provider == "groq":
        return litellm.GroqSTTConfig().get_supported_openai_params_stt()  # type: ignore[no-any-return]
    config = litellm.utils.ProviderConfigManager.get_provider_audio_transcription_config(
        model=name, provider=litellm.LlmProviders(provider)
    )
    return config.get_supported_openai_params(model=name) if config else ()


def _words_alone(name: str) -> bool:
    """Whether it is one of the models that are known to give no times."""
    return name.startswith("gpt-") and "transcribe" in name


def _sound(path: Path) -> tuple[str, bytes]:
    """What a recording holds, under a name that says its kind and nothing of whose it is."""
    try:
        with path.open("rb") as file:
            held = file.read(LARGEST_RECORDING + 1)
    except OSError:
        raise WireError("bad_request", "the recording could not be read") from None
    if len(held) > LARGEST_RECORDING:
        raise WireError("bad_request", f"more than {LARGEST_RECORDING // 1024**2} MB")
    suffix = path.suffix.lower()
    return f"recording{suffix if suffix[1:].isalnum() and len(suffix) < 6 else '.wav'}", held


def _duration(response: Any, segments: Sequence[tuple[float, float, str]]) -> float | None:
    """How long the recording is, as the answer says; else where its last segment ends."""
    said = getattr(response, "duration", None)
    if said is None:
        said = _part(getattr(response, "usage", None), "seconds")
    try:
        seconds = float(said)
    except (TypeError, ValueError):
        return max((end for _, end, _ in segments), default=None)
    return seconds if _is_time(seconds) else None


def _tokens(usage: Any) -> tuple[int, int, int]:
    """The tokens of the sound, of the text beside it, and of the answer, where they are counted."""
    asked, said = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    beside = min(asked, _count(_part(usage, "input_token_details"), "text_tokens"))
    return asked - beside, beside, said


def _is_time(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value <= LONGEST_SECONDS


def _count(usage: Any, name: str) -> int:
    count = _part(usage, name)
    return count if isinstance(count, int) and 0 < count < 2**53 else 0


def _part(one: Any, name: str) -> Any:
    return one.get(name) if isinstance(one, dict) else getattr(one, name, None)
