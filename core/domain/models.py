"""Language models: which ones a workspace may use, what is asked of them, and what it cost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from core.domain.moments import Moment
from core.domain.personas import Name, Plain

MILLION = 1_000_000
KeySource = Literal["environment", "saved", "none"]
Finish = Literal["stop", "length", "refusal"]
CallStatus = Literal["answered", "refused", "unavailable"]
ModelName = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f]+$")
]
_ADDRESS = r"https?://\S+"


def _reached(address: str) -> str:
    """An address that can be one, and holds no credentials: addresses are shown, keys are not."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if not re.fullmatch(_ADDRESS, address) or not parts.hostname:
        raise PydanticCustomError(
            "address",
            "an address begins with http:// or https://, then the server's name; no spaces",
        )
    if "@" in parts.netloc:
        raise PydanticCustomError(
            "address", "an address holds no name and no password: give a key beside it"
        )
    return address


def _without_credentials(address: object) -> object:
    """An address that was kept before credentials in it were refused, without them."""
    return re.sub(r"^(https?://)[^/?#]*@", r"\1", address) if isinstance(address, str) else address


Address = Annotated[
    Plain,
    StringConstraints(max_length=500),
    AfterValidator(_reached),
    Field(json_schema_extra={"pattern": r"^https?://[^\s@]+$"}),
]


class ModelDraft(BaseModel):
    """A language model as a person adds it to a workspace.

    Attributes:
        model: Its name as litellm spells it, provider first: ``anthropic/…``, ``openai/…``,
            ``ollama_chat/…``; an OpenAI-compatible server is ``openai/…`` with an ``address``.
        address: Where it is reached; None for the provider's own.
        temperature: None leaves it to the provider.
        max_tokens: The most that one answer may have.
        timeout_seconds: How long one attempt may take.
        requests_per_minute: The provider's allowance; None where it sets none.
        tokens_per_minute: The same in tokens, of prompts and answers together.
        in_flight: The most calls at once.
        input_price: USD for a million tokens of prompt; None takes litellm's price list.
        output_price: The same for tokens of answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: Name
    model: ModelName
    address: Address | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int = Field(default=400, ge=16, le=32_000)
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    tokens_per_minute: int | None = Field(default=None, ge=100, le=1_000_000_000)
    in_flight: int = Field(default=20, ge=1, le=500)
    input_price: float | None = Field(default=None, ge=0, le=10_000)
    output_price: float | None = Field(default=None, ge=0, le=10_000)


class Model(ModelDraft):
    """A language model of a workspace, in one of its versions; a run keeps a copy of it."""

    id: str
    version: int = 1
    address: Annotated[Address | None, BeforeValidator(_without_credentials)] = None


class ModelFacts(BaseModel):
    """What is known of a model before it is asked.

    Attributes:
        provider: As litellm names it.
        input_price: USD for a million tokens of prompt, None where nobody knows.
        output_price: The same for answers.
        structured: Whether the provider holds an answer to a JSON schema itself.
        context_tokens: The most that a prompt and its answer may have together.
    """

    provider: str
    input_price: float | None = None
    output_price: float | None = None
    structured: bool = False
    context_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a language model.

    Attributes:
        model: Which one, with its settings.
        messages: ``role`` (system, user, assistant) and ``content`` of each.
        prompt: The version of the prompt that made the messages: ``reaction-1``.
        draw: Which sample this is; equal questions with equal draws have one answer.
        schema: The JSON schema that the answer must keep, where it must.
        account: Whose budget pays: a run's id, or None for a call that no run makes.
        about: What it is for: contact, step and visit of a reaction.
    """

    model: Model
    messages: tuple[Mapping[str, str], ...]
    prompt: str
    draw: str = ""
    schema: Mapping[str, Any] | None = None
    account: str | None = None
    about: tuple[str, str, int] | None = None

    def key(self) -> str:
        """The address of its answer: the hash of all that the answer depends on (32 hex digits)."""
        model = self.model
        content = [
            model.model,
            model.address,
            model.temperature,
            model.max_tokens,
            self.prompt,
            self.draw,
            [[one["role"], one["content"]] for one in self.messages],
            self.schema,
        ]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back for a call.

    Attributes:
        text: The words; empty where the model refused.
        finish: ``length`` where the answer was cut, ``refusal`` where the model would not answer.
        prompt_tokens: As the provider counted them; so are ``completion_tokens``.
        cost_usd: What this answer cost now: 0 from the cache, None where no price is known.
        key: The address of the answer in the cache.
        cached: Whether it came from there.
        seconds: From the question to the answer, waiting and retries included.
        attempts: How often the provider was asked.
    """

    text: str
    finish: Finish = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    key: str = ""
    cached: bool = False
    seconds: float = 0.0
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One line of the ledger: a call that was answered, from wherever, or was not."""

    account: str | None
    contact_id: str | None
    step_id: str | None
    visit: int | None
    key: str
    model: str
    prompt: str
    status: CallStatus
    cached: bool
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    seconds: float
    attempts: int
    error: str | None = None
    occurred_at: Moment | None = field(default=None, compare=False)


class Spending(BaseModel):
    """What a run has asked and paid so far.

    ``cost_usd`` counts what has a price; ``unpriced`` is how many fresh calls had none.
    """

    fresh: int = 0
    cached: int = 0
    failed: int = 0
    unpriced: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0


class KeptAnswers(BaseModel):
    """How many answers a workspace keeps, and about how many bytes they take."""

    answers: int
    bytes: int


class Trial(BaseModel):
    """What came of trying a model: the answer, or what is wrong and what to do."""

    works: bool
    message: str
    fix: str | None = None
    answer: str | None = None
    seconds: float | None = None
    first_word_seconds: float | None = None
    cost_usd: float | None = None
    facts: ModelFacts | None = None
