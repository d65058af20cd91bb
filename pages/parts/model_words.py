"""What pages say of language models: who plays, prices, calls, spending."""

from __future__ import annotations

from core.domain.models import KeySource, Model, ModelFacts, Purpose, Spending
from core.domain.money import money
from core.domain.runs import Run
from pages.parts.page import counted

BEHAVIOUR = "Behaviour model"
NO_PRICE = "no price known: a budget cannot be kept"
PROVIDERS = {
    "anthropic": "Anthropic",
    "openai": "OpenAI",
    "ollama": "Ollama",
    "ollama_chat": "Ollama",
    "azure": "Azure OpenAI",
    "gemini": "Google Gemini",
    "bedrock": "Amazon Bedrock",
    "mistral": "Mistral",
    "groq": "Groq",
    "openrouter": "OpenRouter",
}

PURPOSES: dict[Purpose, str] = {
    "chat": "Answering",
    "embedding": "Finding passages",
    "transcription": "Writing down recordings",
}


def player(engine: str, model_name: str | None, model: str | None = None) -> str:
    """Who plays the people: ``Behaviour model``, ``My model (openai/…)``."""
    if engine == "behaviour" or model_name is None:
        return BEHAVIOUR if engine == "behaviour" else engine
    return model_name if model in (None, model_name) else f"{model_name} ({model})"


def player_of(run: Run) -> str:
    """Who plays the people of a run, in short."""
    return player(run.engine, run.model.name if run.model else None)


def provider_of(model: Model) -> str:
    """``Anthropic``, ``OpenAI-compatible``, or as litellm says it."""
    first = model.model.split("/", 1)[0] if "/" in model.model else ""
    if first == "openai" and model.address:
        return "OpenAI-compatible"
    return PROVIDERS.get(first, first.replace("_", " ").capitalize() or "Chosen by litellm")


def key_words(source: KeySource, variable: str | None) -> str:
    """Where the key comes from, never the key; ``variable`` is None where none is needed."""
    if source == "saved":
        return "saved, encrypted"
    if source == "environment":
        return f"{variable} in the environment"
    return f"none yet: save one, or set {variable}" if variable else "none"


def price_words(model: Model, facts: ModelFacts | None) -> str:
    """What a million tokens cost, or a minute of a recording, and who says so."""
    if model.purpose == "transcription":
        return _minute_words(facts)
    if model.purpose == "embedding":
        return _text_words(model, facts)
    asked, said = model.input_price, model.output_price
    own = asked is not None and said is not None
    if not own and facts is not None:
        asked = facts.input_price if asked is None else asked
        said = facts.output_price if said is None else said
    if asked is None or said is None:
        return NO_PRICE
    if not asked and not said:
        return "free"
    source = "your own price" if own else "price list"
    return f"{money(asked)} in, {money(said)} out a million tokens ({source})"


def _text_words(model: Model, facts: ModelFacts | None) -> str:
    price = facts.input_price if model.input_price is None and facts else model.input_price
    if not price:
        return NO_PRICE if price is None else "free"
    source = "price list" if model.input_price is None else "your own price"
    return f"{money(price)} a million tokens ({source})"


def _minute_words(facts: ModelFacts | None) -> str:
    price = facts.minute_price if facts else None
    return NO_PRICE if price is None else f"{money(price)} a minute (price list)"


def limit_words(model: Model) -> str:
    """How much may be asked, and how fast."""
    words = [f"{model.in_flight:,} at once"]
    if model.requests_per_minute:
        words.append(f"{counted(model.requests_per_minute, 'request')} a minute")
    if model.tokens_per_minute:
        words.append(f"{counted(model.tokens_per_minute, 'token')} a minute")
    if model.purpose == "chat":
        words.append(f"answers up to {counted(model.max_tokens, 'token')}")
    words.append(f"{model.timeout_seconds:g} s patience")
    return ", ".join(words)


def spent_words(spending: Spending, budget_usd: float | None = None) -> list[str]:
    """``$0.21 of $0.50``, ``43 fresh calls``, ``12 from the cache``."""
    budget = f" of {money(budget_usd)}" if budget_usd is not None else ""
    words = [f"{money(spending.cost_usd)}{budget}", counted(spending.fresh, "fresh call")]
    if spending.cached:
        words.append(f"{spending.cached:,} from the cache")
    if spending.failed:
        words.append(f"{spending.failed:,} without an answer")
    if spending.unpriced:
        words.append(f"{spending.unpriced:,} without a known price")
    return words
