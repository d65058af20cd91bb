"""What every layer of the gateway is, and what its layers need from others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, TypeVar

from core.domain.models import (
    Answered,
    Call,
    CallRecord,
    Completion,
    KeptAnswers,
    Model,
    Size,
)


class Question(Protocol):
    """Whatever a model is asked: a call, texts, a recording."""

    @property
    def model(self) -> Model:
        """Which one is asked, with its settings."""
        ...

    @property
    def prompt(self) -> str:
        """What the ledger calls it."""
        ...

    @property
    def account(self) -> str | None:
        """Whose budget pays."""
        ...

    @property
    def about(self) -> tuple[str, str, int] | None:
        """What it is for: contact, step and visit of a reaction."""
        ...

    def key(self) -> str:
        """The hash of all that the answer depends on."""
        ...

    def size(self) -> Size:
        """How large it is, and how large its answer may become."""
        ...


Asked = TypeVar("Asked", bound=Question)
AskedOf = TypeVar("AskedOf", bound=Question, contravariant=True)
Found = TypeVar("Found", bound=Answered)
FoundBy = TypeVar("FoundBy", bound=Answered, covariant=True)


class LayerOf(Protocol[AskedOf, FoundBy]):
    """Answers questions to models; each layer wraps another of the same shape."""

    async def complete(self, call: AskedOf, /) -> FoundBy:
        """The model's answer.

        Raises:
            BudgetReached: If the call's account may not spend any more.
            CallFailed: If this call failed, for all its retries.
            MindUnavailable: If the model cannot answer anybody (no key, no such model).
        """
        ...


Layer: TypeAlias = LayerOf[Call, Completion]
"""Answers calls to chat models."""


class AnswerCache(Protocol):
    """Answers by the address of their question, kept in the workspace's store."""

    def known(self) -> set[str]:
        """Every address that has an answer."""
        ...

    def get(self, keys: Sequence[str]) -> dict[str, Completion]:
        """The answers of those that are known; each is marked as cached and costs nothing."""
        ...

    def put(self, answers: Sequence[Completion], model: str, prompt: str) -> None:
        """Keep fresh answers, and let go of the oldest where there are too many."""
        ...

    def kept(self) -> KeptAnswers:
        """How many answers there are, and how large they are."""
        ...

    def clear(self) -> None:
        """Let go of every answer."""
        ...


class Ledger(Protocol):
    """Every call that was made, with its price: the workspace's record of the money."""

    def append(self, records: Sequence[CallRecord]) -> None:
        """Write down calls, for good."""
        ...

    def spent(self, account: str) -> float:
        """What an account's calls have cost so far, in USD."""
        ...
