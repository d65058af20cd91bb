"""Fits how a question is read: ``python -m benchmarks.fitting.retrieval_adapter VECTORS.npz``.

Needs torch, which the product does not: install it beside the product's packages in an environment
of its own. Reads the books (``GREENROOM_BENCH_DATA``) and our questions, writes
``data/models/retrieval/adapter.npz`` and, for ``benchmarks.fitting.retrieval``, the vector of each
question as read by an adapter that was fitted without the books of its fold.

Content is not read anew: the vectors of its sentences stay as the published model gives them, and
low-rank changes (Hu et al. 2021, LoRA) to the same model draw a question towards the sentences that
answer it, against all others of its book, and push the best cosine of what the book does not answer
below that of what it does.
"""

from __future__ import annotations

import io
import math
import os
import random
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.fitting.retrieval_data import FOLDS, Question, books, fold_of, questions
from core.twins.knowledge import Document, MiniLM, Prepared, prepare
from core.twins.knowledge.graph import HEADS, LAYERS, WIDTH, read_tensors
from core.twins.knowledge.minilm import archive, halfway
from core.twins.knowledge.scoring import field
from core.twins.knowledge.weights import DATA

RANK, RATE, DECAY, PASSES, BATCH, DROP = 8, 1e-3, 0.05, 4, 32, 0.1
SHARPNESS, BEST, WARM = 20.0, 3, 10
PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """What a question is held against: one mean vector of five scales a sentence."""

    spans: np.ndarray
    vectors: Tensor
    sizes: Tensor


class Reader(nn.Module):
    """The published model with low-rank changes, which begin at nothing."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self._held = tensors
        self.a, self.b = nn.ParameterDict(), nn.ParameterDict()
        self.cover = nn.Parameter(torch.tensor([8.0, -3.0]))
        for name in (f"encoder.layer.{at}.{part}" for at in range(LAYERS) for part in PARTS):
            rows, columns = tensors[f"{name}.weight"].shape
            self.a[name.replace(".", "/")] = nn.Parameter(
                torch.randn(RANK, columns) / math.sqrt(columns)
            )
            self.b[name.replace(".", "/")] = nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Vectors of length 1."""
        state = self._embedded(ids)
        for layer in range(LAYERS):
            state = self._layer(f"encoder.layer.{layer}.", state, mask)
        there = mask[..., None].float()
        return F.normalize((state.float() * there).sum(1), dim=-1)

    def _embedded(self, ids: Tensor) -> Tensor:
        held = self._held
        places = held["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kind = held["embeddings.token_type_embeddings.weight"][0]
        words = held["embeddings.word_embeddings.weight"][ids]
        return self._norm("embeddings.LayerNorm", words + places + kind)

    def _layer(self, base: str, state: Tensor, mask: Tensor) -> Tensor:
        shape = (*state.shape[:2], HEADS, WIDTH // HEADS)
        query, key, value = (
            self._dense(f"{base}attention.self.{one}", state).view(shape).transpose(1, 2)
            for one in ("query", "key", "value")
        )
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        seen = seen.transpose(1, 2).reshape(state.shape)
        output = self._dense(f"{base}attention.output.dense", seen)
        state = self._norm(f"{base}attention.output.LayerNorm", state + output)
        wide = F.gelu(self._dense(f"{base}intermediate.dense", state))
        return self._norm(
            f"{base}output.LayerNorm", state + self._dense(f"{base}output.dense", wide)
        )

    def _dense(self, name: str, state: Tensor) -> Tensor:
        key = name.replace(".", "/")
        plain = F.linear(state, self._held[f"{name}.weight"], self._held[f"{name}.bias"])
        narrow = F.linear(F.dropout(state, DROP, self.training), self.a[key])
        return plain + F.linear(narrow, self.b[key])

    def _norm(self, name: str, state: Tensor) -> Tensor:
        weight, bias = self._held[f"{name}.weight"], self._held[f"{name}.bias"]
        return F.layer_norm(state, (WIDTH,), weight, bias, 1e-12)

    def changes(self) -> bytes:
        """The changes as they are shipped."""
        rows = {}
        for key in self.a:
            name = key.replace("/", ".")
            rows[f"{name}.a"] = self.a[key].detach().numpy().astype(np.float16)
            rows[f"{name}.b"] = self.b[key].detach().numpy().astype(np.float16)
        held = io.BytesIO()
        np.savez_compressed(held, **rows)
        return held.getvalue()


def book_of(prepared: Prepared) -> Book:
    """A book's sentences, each as the mean of what stands around it at five scales."""
    laid = field([prepared], WIDTH)
    weighed = laid.vectors.astype(np.float32) * laid.words[:, None]
    sums = np.concatenate([np.zeros((1, WIDTH)), np.cumsum(weighed, axis=0, dtype=np.float64)])
    scales = [laid.vectors.astype(np.float32)]
    scales += [(sums[last] - sums[first]) / size[:, None] for first, last, size in laid.around]
    vectors = torch.from_numpy(np.mean(scales, axis=0, dtype=np.float64).astype(np.float32))
    return Book(prepared.spans, vectors, torch.from_numpy(np.log1p(laid.words)))


def loss_of(
    reader: Reader, vectors: Tensor, asked: Sequence[Question], held: dict[str, Book]
) -> Tensor:
    """How far the questions are from their answers, and from being told apart from the others."""
    loss = torch.zeros(())
    for name in {one.book for one in asked}:
        rows = [at for at, one in enumerate(asked) if one.book == name]
        cosines = vectors[rows] @ held[name].vectors.T
        best = cosines.topk(BEST, dim=1).values.mean(1)
        answers = torch.tensor([float(asked[at].answerable) for at in rows])
        odds = reader.cover[0] * best + reader.cover[1]
        loss = loss + F.binary_cross_entropy_with_logits(odds, answers, reduction="sum")
        scores = SHARPNESS * cosines + held[name].sizes
        for row, at in zip(scores, rows, strict=True):
            start, end = asked[at].start, asked[at].end
            if start is not None and end is not None:
                spans = held[name].spans
                inside = torch.from_numpy((spans[:, 0] < end - 2) & (spans[:, 1] > start + 2))
                loss = loss + torch.logsumexp(row, 0) - torch.logsumexp(row[inside], 0)
    return loss / len(asked)


def fit(
    tensors: dict[str, Tensor],
    asked: Sequence[Question],
    ids: dict[str, list[int]],
    held: dict[str, Book],
) -> Reader:
    """An adapter for these questions."""
    torch.manual_seed(0)
    shuffled, reader = list(asked), Reader(tensors)
    low = [*reader.a.parameters(), *reader.b.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": low, "lr": RATE, "weight_decay": DECAY},
        {"params": [reader.cover], "lr": 3 * RATE, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups)
    steps = PASSES * math.ceil(len(shuffled) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: min(1.0, (at + 1) / WARM) * (1 - at / steps)
    )
    reader.train()
    for turn in range(PASSES):
        random.Random(turn).shuffle(shuffled)
        for start in range(0, len(shuffled), BATCH):
            batch = shuffled[start : start + BATCH]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = reader(*padded([ids[one.id] for one in batch]))
            loss = loss_of(reader, vectors.float(), batch, held)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return reader.eval()


def padded(rows: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Token numbers with the two that frame them, and where there are any."""
    width = max(map(len, rows)) + 2
    ids, mask = torch.zeros(len(rows), width, dtype=torch.long), torch.zeros(len(rows), width)
    for at, row in enumerate(rows):
        ids[at, : len(row) + 2] = torch.tensor([101, *row, 102])
        mask[at, : len(row) + 2] = 1
    return ids, mask.bool()


def main(target: Path) -> None:
    """Fit one adapter a fold, and the one that is shipped."""
    cache = Path(os.environ.get("GREENROOM_HOME", Path.home() / ".greenroom")) / "cache"
    model, asked = MiniLM(cache), questions()
    held = {name: book_of(prepare(Document(name, text), model)) for name, text in books().items()}
    with zipfile.ZipFile(archive()) as packed:
        raw = read_tensors(packed.read("model.safetensors"))
    tensors = {name: torch.from_numpy(values.copy()) for name, values in raw.items()}
    ids = {one.id: model.tokens(one.text) for one in asked}
    chosen_on = [one for one in asked if not one.held_out]
    vectors: dict[str, np.ndarray] = {}
    for fold in range(FOLDS):
        reader = fit(tensors, [one for one in chosen_on if fold_of(one) != fold], ids, held)
        rest = [one for one in asked if fold_of(one) == fold]
        with torch.no_grad():
            read = reader(*padded([ids[one.id] for one in rest])).numpy()
        found = halfway(model.embed([one.text for one in rest]), read)
        vectors |= dict(zip((one.id for one in rest), found, strict=True))
        print(f"fold {fold}: {len(rest)} questions read", file=sys.stderr)
    np.savez(target, ids=np.array(list(vectors)), vectors=np.array(list(vectors.values())))
    (DATA / "adapter.npz").write_bytes(fit(tensors, chosen_on, ids, held).changes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
