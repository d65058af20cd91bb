"""Language models: which ones a workspace may use, what is asked of them, and what it cost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MILLION = 1_000_000
LARGEST_RECORDING = 25 * 1024 * 1024
SMALLEST_MINUTE = 60_000
"""Bytes: 8 kbit a second, as the smallest formats of speech have."""
KeySource = Literal["environment", "saved", "none"]
Purpose = Literal["chat", "embedding", "transcription"]
"""What a model is asked for: words, vectors of texts, or the words of a recording."""
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
        purpose: What it is asked for; only chat models answer as people and twins.
        address: Where it is reached; None for the provider's own.
        temperature: None leaves it to the provider.
        max_tokens: The most that one answer of a chat model may have.
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
    purpose: Purpose = "chat"
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
        minute_price: USD for a minute of a recording, None where it has no such price.
        dimensions: How many numbers its vectors have, where it is known to make some.
    """

    provider: str
    input_price: float | None = None
    output_price: float | None = None
    structured: bool = False
    context_tokens: int | None = None
    minute_price: float | None = None
    dimensions: int | None = None


class Size(NamedTuple):
    """How large a question is, and how large its answer may become.

    Attributes:
        characters: Of all its words.
        parts: How many texts they stand in, with what a model reads around them.
        answer_tokens: The most that the answer may have.
        minutes: How long a recording may be at most.
    """

    characters: int = 0
    parts: int = 0
    answer_tokens: int = 0
    minutes: float = 0.0


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
        return _address_of(content)

    def size(self) -> Size:
        """How large the prompt is, and the longest answer."""
        characters = sum(len(one["content"]) for one in self.messages)
        characters += len(json.dumps(self.schema)) if self.schema else 0
        return Size(characters, len(self.messages) + 1, self.model.max_tokens)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts whose vectors are asked for, as many as one request takes.

    Attributes:
        account: Whose budget pays, or None.
    """

    model: Model
    texts: tuple[str, ...]
    account: str | None = None
    prompt: str = "embedding"
    about: None = None

    def key(self) -> str:
        """The hash of all that the vectors depend on."""
        return _address_of([self.model.model, self.model.address, self.prompt, self.texts])

    def size(self) -> Size:
        """How large the texts are; vectors are no tokens."""
        return Size(sum(map(len, self.texts)), 1)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording whose words are asked for.

    Attributes:
        path: Where its file is; whoever asks the provider reads it there.
        digest: The hash of what it holds.
        bytes: How large it is.
        language: The two letters of the language that is spoken, where that is known.
        account: Whose budget pays, or None.
    """

    model: Model
    path: str
    digest: str
    bytes: int
    language: str | None = None
    account: str | None = None
    prompt: str = "transcription"
    about: None = None

    def key(self) -> str:
        """The hash of all that the transcript depends on."""
        model = self.model
        return _address_of([model.model, model.address, self.prompt, self.digest, self.language])

    def size(self) -> Size:
        """How long it may be at most: no kept recording of speech is smaller for its length."""
        return Size(minutes=self.bytes / SMALLEST_MINUTE)


def _address_of(content: list[Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known of every answer of a model, whatever it was asked for.

    Attributes:
        prompt_tokens: As the provider counted them; so are ``completion_tokens``.
        cost_usd: What this answer cost now: 0 from the cache, None where no price is known.
        key: The address of the answer in the cache.
        cached: Whether it came from there.
        seconds: From the question to the answer, waiting and retries included.
        attempts: How often the provider was asked.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    key: str = ""
    cached: bool = False
    seconds: float = 0.0
    attempts: int = 1

    @property
    def refused(self) -> bool:
        """Whether the model would not answer."""
        return False


@dataclass(frozen=True, slots=True)
class Completion(Answered):
    """What came back for a call.

    Attributes:
        text: The words; empty where the model refused.
        finish: ``length`` where the answer was cut, ``refusal`` where the model would not answer.
    """

    text: str
    finish: Finish = "stop"

    @property
    def refused(self) -> bool:
        """Whether the model would not answer."""
        return self.finish == "refusal"


@dataclass(frozen=True, slots=True, eq=False)
class Vectors(Answered):
    """What came back for texts.

    Attributes:
        rows: One vector for each text, in their order; every number is finite.
    """

    rows: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a recording, and what is said in it."""

    start_seconds: float
    end_seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript(Answered):
    """What came back for a recording.

    Attributes:
        text: All its words; empty where nobody speaks.
        segments: The same with times, in their order; empty where the model gives no times.
        language: What is spoken, as the model says it.
        duration_seconds: How long it is, where the model says so.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    language: str | None = None
    duration_seconds: float | None = None


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
    """What came of trying a model: the answer, or what is wrong and what to do.

    Attributes:
        dimensions: How many numbers the vectors of an embedding model have.
    """

    works: bool
    message: str
    fix: str | None = None
    answer: str | None = None
    seconds: float | None = None
    first_word_seconds: float | None = None
    cost_usd: float | None = None
    dimensions: int | None = None
    facts: ModelFacts | None = None
