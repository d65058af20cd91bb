"""What litellm does around a call and we do not use, switched off in the child process.

Its wire formats stay as they are: a test compares them with those of an untouched litellm.
"""

from __future__ import annotations

import gc
import importlib
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from typing import Any

from pydantic import BaseModel

from core.minds.gateway.errors import TooLargeAnswer

LARGEST_ANSWER = 8_000_000
LARGEST_PACKED_ANSWER = 200_000
"""Of a body whose packing we cannot look into."""
LARGEST: ContextVar[int] = ContextVar("largest", default=LARGEST_ANSWER)
"""How many bytes the answer to the call that is going on may have; vectors need more."""
ENVIRONMENT: Mapping[str, str] = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOG": "CRITICAL",
    "DO_NOT_TRACK": "1",
}
"""Set before litellm is imported: no prices from the network, no .env of whoever started us."""


def make_lean(litellm: Any) -> None:
    """Switch off in a freshly imported litellm what costs and is not used."""
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.telemetry = False
    litellm.disable_streaming_logging = True
    litellm.drop_params = False
    litellm.DEFAULT_MAX_RETRIES = 0
    litellm.callbacks = []
    _without_logging(litellm)
    _with_capped_answers()
    _without_rewriting_of_plain_data()
    _with_plain_vectors()
    _with_streamed_refusals()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _nothing(*_: Any, **__: Any) -> None:
    return None


async def _nothing_async(*_: Any, **__: Any) -> None:
    return None


def _without_logging(litellm: Any) -> None:
    logging = importlib.import_module("litellm.litellm_core_utils.litellm_logging").Logging
    for name in ("success_handler", "failure_handler", "pre_call", "post_call"):
        setattr(logging, name, _nothing)
    for name in ("async_success_handler", "async_failure_handler"):
        setattr(logging, name, _nothing_async)
    litellm.utils._dispatch_success_logging = _nothing
    litellm.utils.update_response_metadata = _nothing


def _with_capped_answers() -> None:
    transport: Any = importlib.import_module("litellm.llms.custom_httpx.aiohttp_transport")
    whole: Any = transport.AiohttpResponseStream

    class CappedStream(whole):  # type: ignore[misc]
        """A response's body that ends with an error where it is larger than any honest one."""

        async def __aiter__(self) -> AsyncIterator[bytes]:
            packed = self._aiohttp_response.headers.get("Content-Encoding", "identity")
            largest = left = LARGEST.get()
            size = _unpacked(packed.lower())
            async for chunk in super().__aiter__():
                left -= size(chunk)
                if left < 0:
                    self._aiohttp_response.close()
                    raise TooLargeAnswer(f"More than {largest // 1_000_000} MB.")
                yield chunk

    transport.AiohttpResponseStream = CappedStream


def _unpacked(packing: str) -> Callable[[bytes], int]:
    """What tells how large each piece of a body is when it is unpacked."""
    if packing in ("", "identity"):
        return len
    if packing != "gzip":
        return lambda chunk: len(chunk) * (LARGEST_ANSWER // LARGEST_PACKED_ANSWER)
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def size(chunk: bytes) -> int:
        total, rest = 0, chunk
        while rest and not unpacking.eof:
            total += len(unpacking.decompress(rest, LARGEST_PACKED_ANSWER))
            rest = unpacking.unconsumed_tail
        return total

    return size


def _without_rewriting_of_plain_data() -> None:
    completions: Any = importlib.import_module("openai.resources.chat.completions.completions")

    async def as_it_is(data: Any, _: Any) -> Any:
        return {name: value for name, value in data.items() if not _is_not_given(value)}

    completions.async_maybe_transform = as_it_is


def _with_plain_vectors() -> None:
    """The client makes sure of every number of a vector by itself: that takes seconds."""
    provider: Any = importlib.import_module("litellm.llms.openai.openai")
    whole: Any = provider.CreateEmbeddingResponse
    plain: Any = vars(BaseModel)["model_construct"].__func__

    class PlainVectors(whole):  # type: ignore[misc]
        """What came, as it came."""

        @classmethod
        def construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Any:
            return plain(cls, _fields_set, **values)

        def model_dump(self, **_: Any) -> dict[str, Any]:
            return vars(self) | (self.model_extra or {})

    provider.CreateEmbeddingResponse = PlainVectors


def _with_streamed_refusals() -> None:
    """litellm takes a piece of a refusal for an empty piece, and drops it."""
    handler: Any = importlib.import_module("litellm.litellm_core_utils.streaming_handler")
    wrapper = handler.CustomStreamWrapper
    without = wrapper.is_chunk_non_empty

    def with_refusals(self: Any, said: Any, piece: Any, parsed: Mapping[str, Any]) -> bool:
        choices = getattr(parsed.get("original_chunk"), "choices", None) or ()
        refused = any(getattr(one.delta, "refusal", None) for one in choices)
        return refused or bool(without(self, said, piece, parsed))

    wrapper.is_chunk_non_empty = with_refusals


def _is_not_given(value: Any) -> bool:
    return type(value).__name__ in ("NotGiven", "Omit")
