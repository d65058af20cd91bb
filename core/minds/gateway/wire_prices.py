"""What litellm's price list says, in the wire's own process."""

from __future__ import annotations

from typing import Any

LOCAL = frozenset({"ollama", "ollama_chat"})
Message = dict[str, Any]


def entry_of(litellm: Any, model: str) -> tuple[Message, str, str]:
    """What the price list has on a model, its name without the provider, and the provider."""
    try:
        name, provider, *_ = litellm.get_llm_provider(model=model)
    except litellm.exceptions.BadRequestError:
        name, provider = model, model.partition("/")[0]
    listed = litellm.model_cost
    entry = listed.get(model) or listed.get(f"{provider}/{name}") or listed.get(name) or {}
    mine = entry.get("litellm_provider", provider) in (provider, f"{provider}_text")
    return (entry if mine else {}), name, provider


def chat_cost(litellm: Any, model: str, usage: Any) -> list[float] | None:
    """USD of the prompt and of the answer; None where there is no price."""
    entry, name, provider = entry_of(litellm, model)
    if provider in LOCAL:
        return [0.0, 0.0]
    if "input_cost_per_token" not in entry or "output_cost_per_token" not in entry:
        return None
    return list(
        litellm.cost_calculator.cost_per_token(
            model=name, custom_llm_provider=provider, usage_object=usage
        )
    )


def text_cost(litellm: Any, model: str, tokens: int) -> float | None:
    """USD of texts that were embedded; None where there is no price, or nobody counted."""
    entry, _, provider = entry_of(litellm, model)
    if provider in LOCAL:
        return 0.0
    price = entry.get("input_cost_per_token")
    return None if price is None or not tokens else price * tokens


def speech_cost(
    litellm: Any, model: str, seconds: float | None, tokens: tuple[int, int, int]
) -> float | None:
    """USD of a recording: by its tokens where they were counted, else by the second.

    Args:
        litellm: Who knows prices.
        model: Which one answered.
        seconds: How long the recording is, where that is known.
        tokens: Of its sound, of the text beside it, and of the answer.
    """
    entry = entry_of(litellm, model)[0]
    names = ("input_cost_per_audio_token", "input_cost_per_token", "output_cost_per_token")
    prices = [entry.get(name) for name in names]
    if any(tokens) and prices[0] is not None:
        return sum((price or 0.0) * count for price, count in zip(prices, tokens, strict=True))
    price = second_price(entry)
    return None if price is None or seconds is None else price * seconds


def second_price(entry: Message) -> float | None:
    """USD for a second of a recording; the list has it as one of two, or as both."""
    said: float | None = entry.get("output_cost_per_second")
    heard: float | None = entry.get("input_cost_per_second")
    return said or heard


def facts(litellm: Any, model: str) -> Message:
    """What is known of a model before it is asked, as ``ModelFacts`` has it."""
    entry, name, provider = entry_of(litellm, model)
    free = 0.0 if provider in LOCAL else None
    structured = provider in LOCAL or bool(
        litellm.supports_response_schema(model=name, custom_llm_provider=provider)
    )
    return {
        "provider": provider,
        "input_price": _times(entry.get("input_cost_per_token", free), 1_000_000),
        "output_price": _times(entry.get("output_cost_per_token", free), 1_000_000),
        "minute_price": _times(second_price(entry), 60),
        "structured": structured,
        "context_tokens": entry.get("max_input_tokens") or entry.get("max_tokens"),
        "dimensions": entry.get("output_vector_size"),
    }


def _times(price: float | None, amount: int) -> float | None:
    return None if price is None else round(price * amount, 6)
