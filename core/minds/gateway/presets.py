"""Where a person may begin who adds a model: one place for each kind of provider and purpose."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.models import ModelDraft


@dataclass(frozen=True, slots=True)
class Preset:
    """Where a person may begin who adds a model.

    Attributes:
        name: What it is, for a person.
        draft: A model as it would be added.
        needs: What one has to have, in words.
        key_name: The name in the environment of the key that it needs; None where it needs none.
        needs_address: Whether somebody has to say where it is.
    """

    name: str
    draft: ModelDraft
    needs: str
    key_name: str | None = None
    needs_address: bool = False


PRESETS: tuple[Preset, ...] = (
    Preset(
        "Anthropic",
        ModelDraft(name="Claude Haiku", model="anthropic/claude-haiku-5-5"),
        "A key from console.anthropic.com.",
        key_name="ANTHROPIC_API_KEY",
    ),
    Preset(
        "OpenAI",
        ModelDraft(name="GPT-4.1 mini", model="openai/gpt-4.1-mini"),
        "A key from platform.openai.com.",
        key_name="OPENAI_API_KEY",
    ),
    Preset(
        "Ollama",
        ModelDraft(
            name="Llama on this machine",
            model="ollama_chat/llama3.1",
            address="http://localhost:11434",
            in_flight=4,
            timeout_seconds=120,
        ),
        "Ollama running on this machine, and the model pulled: ollama pull llama3.1. No key.",
        needs_address=True,
    ),
    Preset(
        "OpenAI-compatible address",
        ModelDraft(name="My server", model="openai/my-model", address="http://localhost:8000/v1"),
        "The server's address, which mostly ends in /v1, the model's name there, and its key where "
        "it wants one.",
        needs_address=True,
    ),
    Preset(
        "OpenAI embeddings",
        ModelDraft(
            name="OpenAI embeddings",
            model="openai/text-embedding-3-small",
            purpose="embedding",
            in_flight=8,
        ),
        "A key from platform.openai.com. What your twins know is sent there to be embedded.",
        key_name="OPENAI_API_KEY",
    ),
    Preset(
        "Ollama embeddings",
        ModelDraft(
            name="Nomic on this machine",
            model="ollama/nomic-embed-text",
            purpose="embedding",
            address="http://localhost:11434",
            in_flight=2,
            timeout_seconds=120,
        ),
        "Ollama running on this machine, and the model pulled: ollama pull nomic-embed-text. No "
        "key.",
        needs_address=True,
    ),
    Preset(
        "Embedding server",
        ModelDraft(
            name="My embedding server",
            model="openai/my-model",
            purpose="embedding",
            address="http://localhost:8000/v1",
            in_flight=4,
        ),
        "The address of a server that speaks OpenAI's language, which mostly ends in /v1, and the "
        "model's name there.",
        needs_address=True,
    ),
    Preset(
        "OpenAI Whisper",
        ModelDraft(
            name="Whisper",
            model="openai/whisper-1",
            purpose="transcription",
            in_flight=4,
            timeout_seconds=300,
        ),
        "A key from platform.openai.com. It gives the times of what is said.",
        key_name="OPENAI_API_KEY",
    ),
    Preset(
        "OpenAI GPT-4o mini",
        ModelDraft(
            name="GPT-4o mini transcribe",
            model="openai/gpt-4o-mini-transcribe",
            purpose="transcription",
            in_flight=4,
            timeout_seconds=300,
        ),
        "A key from platform.openai.com. It costs half as much, and gives the words without times.",
        key_name="OPENAI_API_KEY",
    ),
    Preset(
        "Transcription server",
        ModelDraft(
            name="My transcription server",
            model="openai/whisper",
            purpose="transcription",
            address="http://localhost:8000/v1",
            in_flight=1,
            timeout_seconds=600,
        ),
        "The address of a server on your side that takes recordings as OpenAI does, which mostly "
        "ends in /v1, and the model's name there.",
        needs_address=True,
    ),
)
