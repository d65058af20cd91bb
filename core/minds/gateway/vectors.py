"""One attempt at the vectors of some texts."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import BadInput, CallFailed
from core.domain.models import MILLION, Model, Texts, Vectors
from core.minds.gateway.errors import WireError
from core.minds.gateway.wire import Wire

TEXTS_A_REQUEST = 64
CHARACTERS_A_REQUEST = 200_000
"""Together; providers bound the tokens of one request too."""
Floats = NDArray[np.float32]


class VectorWire:
    """Asks a provider once for the vectors of texts; what goes wrong is a ``WireError``."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def complete(self, call: Texts) -> Vectors:
        """One attempt."""
        answer = await self._wire.ask("embed", call.model, {"texts": list(call.texts)})
        return Vectors(
            rows=_rows(answer, len(call.texts)),
            prompt_tokens=answer["prompt_tokens"],
            cost_usd=_cost(call.model, answer),
            key=call.key(),
        )


def requests(model: Model, texts: Sequence[str], account: str | None) -> Iterator[Texts]:
    """Texts in their order, as many together as one request takes.

    Raises:
        BadInput: If one of them is empty: no provider has a vector for it.
    """
    batch: list[str] = []
    for number, text in enumerate(texts, 1):
        if not text.strip():
            raise BadInput(f"Text {number} is empty, so there is nothing to embed.", place="texts")
        full = sum(map(len, batch)) + len(text) > CHARACTERS_A_REQUEST
        if batch and (full or len(batch) == TEXTS_A_REQUEST):
            yield Texts(model, tuple(batch), account)
            batch = []
        batch.append(text)
    if batch:
        yield Texts(model, tuple(batch), account)


def together(model: Model, found: Sequence[Vectors]) -> Floats:
    """The rows of all batches as one array.

    Raises:
        CallFailed: If the batches have vectors of different lengths.
    """
    lengths = sorted({one.rows.shape[1] for one in found})
    if len(lengths) > 1:
        several = " and ".join(str(one) for one in lengths)
        raise CallFailed(
            f"{model.name} gave vectors of different lengths: {several} numbers.",
            place="model",
            fix="Check that the same model answers every time.",
        )
    return np.concatenate([one.rows for one in found]) if found else np.zeros((0, 0), np.float32)


def _rows(answer: dict[str, Any], texts: int) -> Floats:
    rows = np.frombuffer(base64.b64decode(answer["packed"]), np.float32).reshape(texts, -1)
    if not np.isfinite(rows).all():
        raise WireError("not_usable", "a vector with something in it that is no number")
    return rows


def _cost(model: Model, answer: dict[str, Any]) -> float | None:
    """An answer without figures of usage has no price, unless it is free."""
    if model.input_price is None:
        return answer["cost"]  # type: ignore[no-any-return]
    tokens = answer["prompt_tokens"]
    return model.input_price * tokens / MILLION if tokens or not model.input_price else None
