"""Fits how passages are ranked and when nothing is answered.

``python -m benchmarks.fitting.retrieval VECTORS.npz``, after
``benchmarks.fitting.retrieval_adapter`` has written the vectors.

Everything is fitted on three quarters of our questions; each book's figures come from weights that
were fitted without the books of its fold. Writes ``data/models/retrieval/weights.json`` and
``figures.json``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.fitting.retrieval_data import (
    FOLDS,
    RULES,
    SHOWN,
    Question,
    books,
    covered,
    fold_of,
    questions,
    rank,
)
from core.twins.knowledge import Document, Knowledge, MiniLM, Prepared, Weights, prepare
from core.twins.knowledge.knowledge import Looked
from core.twins.knowledge.scoring import COVER_SIGNS, SIGNS
from core.twins.knowledge.weights import DATA

Floats = NDArray[np.float64]
SHARPNESS, SMALL, ALIKE = 20.0, 1e-3, 0.02
WORDS = 0.2
"""Our questions share no word with their answers, so they cannot say what words count. Of 70 names
that a book says once, 51 % were among the first five without words and 73 % with this weight, for
0.4 points fewer of our questions."""
DECLINED = 0.1
"""The share of answerable questions that the threshold lets go."""
FLAT = Weights(rank=dict.fromkeys(SIGNS, 0.0), covered={}, start=0.0, threshold=0.5, alike=ALIKE)


class Read:
    """The embedder of a fold: its questions were read before.

    Args:
        model: Whose vectors of content are used.
        vectors: One for each question's words.
    """

    def __init__(self, model: MiniLM, vectors: dict[str, NDArray[np.float32]]) -> None:
        self._model, self._vectors = model, vectors
        self.name, self.dimensions = model.name, model.dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the model does."""
        return self._model.embed(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As it was read."""
        return self._vectors[text]


@dataclass(frozen=True)
class Row:
    """A question, what was seen of its book, and how much of the answer each window holds."""

    question: Question
    looked: Looked
    knowledge: Knowledge
    prepared: Prepared
    holds: Floats

    def places(self, weights: Floats) -> list[tuple[int, int]]:
        """What would be cited with these weights."""
        ranks = (self.looked.signs @ weights).astype(np.float32)
        hits = self.knowledge.hits(replace(self.looked, ranks=ranks), SHOWN)
        return [(hit.start, hit.end) for hit in hits]

    @property
    def cover(self) -> list[float]:
        """The signs that the book answers."""
        return [self.looked.cover[name] for name in COVER_SIGNS]


def rows(asked: Sequence[Question], read: Read) -> Iterator[Row]:
    """Every question with what was seen of its book."""
    for name, text in books().items():
        made = prepare(Document(name, text), read)
        knowledge = Knowledge([made], read, FLAT)
        for question in (one for one in asked if one.book == name):
            looked = knowledge.look(question.text)
            assert looked is not None
            spans = knowledge.windows(looked)
            holds = np.array([covered(question, start, end) for start, end in spans])
            yield Row(question, looked, knowledge, made, holds)


def rank_weights(known: Sequence[Row]) -> Floats:
    """Weights that put the windows which hold the answer first, none of them below zero.

    The likelihood of drawing what holds the answer, where windows are drawn by a softmax of their
    ranks (ListNet, Cao et al. 2007, with the share of the answer as the gain).
    """

    def lost(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(SIGNS))
        for row in known:
            scores = SHARPNESS * (row.looked.signs @ weights)
            drawn = np.exp(scores - scores.max())
            drawn /= drawn.sum()
            gain = float(drawn @ row.holds) + 1e-12
            total -= float(np.log(gain))
            slope -= SHARPNESS * ((drawn * row.holds / gain - drawn) @ row.looked.signs)
        count = len(known)
        return total / count + SMALL * float(weights @ weights), slope / count + 2 * SMALL * weights

    bounds = [(WORDS, WORDS) if name == "words" else (0.0, None) for name in SIGNS]
    start = np.array([low or 0.1 for low, _ in bounds])
    return np.asarray(minimize(lost, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def cover_weights(signs: Floats, answers: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Log-odds that a book answers: what each sign counts, and where they start."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000)
    model.fit((signs - mean) / spread, answers)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def crossed(known: Sequence[Row]) -> dict[str, tuple[list[tuple[int, int]], float]]:
    """For each question, what weights cite and what log-odds they give that never saw its fold."""
    found = {}
    for fold in range(FOLDS):
        seen = [one for one in known if fold_of(one.question) != fold and not one.question.held_out]
        weights = rank_weights([one for one in seen if one.question.answerable])
        signs = np.array([one.cover for one in seen])
        counts, start = cover_weights(signs, np.array([one.question.answerable for one in seen]))
        for one in known:
            if fold_of(one.question) == fold:
                odds = float(np.array(one.cover) @ counts + start)
                found[one.question.id] = (one.places(weights), odds)
    return found


def figures(
    known: Sequence[Row],
    found: dict[str, tuple[list[tuple[int, int]], float]],
    chosen: Callable[[Question], bool],
) -> dict[str, Any]:
    """Found among the first five and first, and how well what is not answered is told."""
    asked = [one.question for one in known if chosen(one.question)]
    told: dict[str, Any] = {"questions": sum(one.answerable for one in asked)}
    for rule in RULES:
        places = [rank(one, found[one.id][0], rule) for one in asked if one.answerable]
        told[rule] = float(np.mean([one is not None for one in places]))
        told[f"{rule}_first"] = float(np.mean([one == 1 for one in places]))
    answers = np.array([one.answerable for one in asked])
    odds = np.array([found[one.id][1] for one in asked])
    kinds = np.array([one.kind for one in asked])
    edge = np.quantile(odds[answers], 0.1)
    told["not_answered"] = int((~answers).sum())
    told["auc"] = float(roc_auc_score(answers, odds))
    told["auc_off"] = float(
        roc_auc_score(answers[kinds != "near_miss"], odds[kinds != "near_miss"])
    )
    told["declined_at_10"] = float((odds[~answers] < edge).mean())
    for kind in ("near_miss", "off"):
        told[f"declined_at_10_{kind}"] = float((odds[kinds == kind] < edge).mean())
    return told


def main(vectors: Path) -> None:
    """Fit, judge, keep."""
    cache = Path(os.environ.get("GREENROOM_HOME", Path.home() / ".greenroom")) / "cache"
    model, asked = MiniLM(cache), questions()
    with np.load(vectors) as held:
        by_id = dict(zip(held["ids"].tolist(), held["vectors"], strict=True))
    read = Read(model, {one.text: by_id[one.id] for one in asked})
    known = list(rows(asked, read))
    found = crossed(known)
    seen = [one for one in known if not one.question.held_out]
    odds = [found[one.question.id][1] for one in seen if one.question.answerable]
    ranked = rank_weights([one for one in seen if one.question.answerable])
    signs = np.array([one.cover for one in seen])
    counts, start = cover_weights(signs, np.array([one.question.answerable for one in seen]))
    usual = np.array(
        [one.pairs() for one in {row.question.book: row.knowledge for row in known}.values()]
    )
    weights = Weights(
        rank=_named(SIGNS, ranked),
        covered=_named(COVER_SIGNS, counts),
        start=round(start, 4),
        threshold=round(float(1 / (1 + np.exp(-np.quantile(odds, DECLINED)))), 4),
        alike=ALIKE,
        embedder="minilm-l6",
        mean=round(float(usual[:, 0].mean()), 4),
        spread=round(float(usual[:, 1].mean()), 4),
    )
    told = {
        "crossed": figures(known, found, lambda one: not one.held_out),
        "held_out": figures(known, found, lambda one: one.held_out),
    }
    (DATA / "weights.json").write_text(weights.model_dump_json(indent=2) + "\n", "utf-8")
    (DATA / "figures.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    print(json.dumps(told, indent=2), file=sys.stderr)


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {one: round(float(value), 4) for one, value in zip(names, values, strict=True)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
