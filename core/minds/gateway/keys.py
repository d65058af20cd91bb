"""The keys of a workspace's models: from the environment, or saved encrypted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken

from core.domain.errors import BadInput, MindUnavailable
from core.domain.models import KeySource, Model
from core.minds.gateway.wire import provider_of

SECRET_NAME = "GREENROOM_SECRET_KEY"
SECRET_FILE = "secret.key"
LONGEST_KEY = 2_000
_NAMES = {
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "together_ai": ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY"),
    "fireworks_ai": ("FIREWORKS_AI_API_KEY", "FIREWORKS_API_KEY"),
    "huggingface": ("HF_TOKEN", "HUGGINGFACE_API_KEY"),
    "perplexity": ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    "ollama_chat": ("OLLAMA_API_KEY",),
}
"""Providers whose keys are named otherwise than after them."""


class SecretTable(Protocol):
    """Encrypted secrets by name, kept in the workspace's store."""

    def get(self, name: str) -> str | None:
        """One secret, None where there is none."""
        ...

    def put(self, name: str, token: str) -> None:
        """Keep a secret."""
        ...

    def delete(self, name: str) -> None:
        """Lose a secret."""
        ...


class Keys:
    """Finds a model's key. One that was saved for the model wins over the environment's.

    The environment's key goes to the provider's own address only: somebody who may type an address
    must not be able to have the operator's key sent there.

    Args:
        table: The workspace's encrypted secrets.
        home: The folder that holds the file with the secret that encrypts them.
        environment: Where to look for keys; None takes the process's own.
        secret: What saved keys are encrypted with, in place of the file's.
    """

    def __init__(
        self,
        table: SecretTable,
        home: Path,
        environment: Mapping[str, str] | None = None,
        secret: str | None = None,
    ) -> None:
        self._table = table
        self._home = home
        self._environment = os.environ if environment is None else environment
        self._secret = secret
        self._opened: dict[str, str | None] = {}
        self._lock: Fernet | None = None

    def __repr__(self) -> str:
        """Nothing of what it holds."""
        return "Keys(…)"

    def __reduce__(self) -> str:
        """Refuse to be written down or sent to another process.

        Raises:
            TypeError: Always.
        """
        raise TypeError("Keys stay where they are.")

    def of(self, model: Model) -> str | None:
        """A model's key, None where there is none.

        Raises:
            MindUnavailable: If the saved one cannot be read any more.
        """
        saved = self._saved(model)
        return saved if saved is not None else self._from_environment(model)

    def name(self, model: Model) -> str:
        """The name in the environment that a key of its provider has."""
        return key_names(model.model)[0]

    def source(self, model: Model) -> KeySource:
        """Where a model's key comes from."""
        if self._table.get(_secret(model)) is not None:
            return "saved"
        return "environment" if self._from_environment(model) else "none"

    def save(self, model: Model, key: str) -> None:
        """Keep a key for a model, encrypted.

        Raises:
            BadInput: If it cannot be a key.
        """
        key = key.strip()
        if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise BadInput("This cannot be a key.", place="key", fix="Copy it again, on one line.")
        self._table.put(_secret(model), self._fernet().encrypt(key.encode()).decode())
        self._opened.pop(model.id, None)

    def forget(self, model: Model) -> None:
        """Lose a model's saved key."""
        self._table.delete(_secret(model))
        self._opened.pop(model.id, None)

    def _saved(self, model: Model) -> str | None:
        if model.id not in self._opened:
            token = self._table.get(_secret(model))
            self._opened[model.id] = None if token is None else self._open(token, model)
        return self._opened[model.id]

    def _open(self, token: str, model: Model) -> str:
        try:
            return self._fernet().decrypt(token.encode()).decode()
        except InvalidToken:
            raise MindUnavailable(
                f"The saved key of {model.name} cannot be read: it was encrypted with another "
                "secret.",
                place="model",
                fix=f"Save the key again, or start Greenroom with the {SECRET_NAME} of before.",
            ) from None

    def _from_environment(self, model: Model) -> str | None:
        if model.address is not None:
            return None
        found = (self._environment.get(name) for name in key_names(model.model))
        return next((key.strip() for key in found if key and key.strip()), None)

    def _fernet(self) -> Fernet:
        if self._lock is None:
            self._lock = Fernet(self._secret_of_home())
        return self._lock

    def _secret_of_home(self) -> str:
        if self._secret:
            return _usable(self._secret)
        path = self._home / SECRET_FILE
        self._home.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _usable(path.read_text("ascii").strip())
        with os.fdopen(handle, "w") as file:
            secret = Fernet.generate_key().decode()
            file.write(secret)
        return secret


def key_names(model: str) -> tuple[str, ...]:
    """The names in the environment under which a model's provider keeps its key."""
    provider = provider_of(model)
    return _NAMES.get(provider, (f"{provider.upper().replace('-', '_')}_API_KEY",))


def _secret(model: Model) -> str:
    return f"model:{model.id}"


def _usable(secret: str) -> str:
    try:
        Fernet(secret)
    except ValueError:
        raise BadInput(
            "The secret that encrypts keys has the wrong form.",
            place=SECRET_NAME,
            fix="It is 32 bytes in URL-safe base64, 44 characters.",
        ) from None
    return secret
