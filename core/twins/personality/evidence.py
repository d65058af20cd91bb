"""Sentences that speak for or against a trait: by their words, and by an inventory's items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import TRAITS, Passage, Trait
from core.twins.personality.items import Inventory, shipped_inventory
from core.twins.personality.model import Floats, Model
from core.twins.profile import Writing

MOST = 3
MOST_EMBEDDED = 200
"""Sentences that are compared with the items, at most."""
_SHORTEST, _LONGEST = 5, 40
_NEGATED_WITHIN = 3
_RESEMBLES = 0.3
"""From this cosine on a sentence is about what an item is about."""
_ITEMS_WEIGH = 5.0
_RARE, _OWN = 1.5, 1.5
_NEGATED = 0.4
"""What likeness to an item counts in a sentence that negates: vectors hardly see a ``not``."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        ...


class Evidence(NamedTuple):
    """Sentences for and against one trait, strongest first."""

    speaks_for: tuple[Passage, ...]
    speaks_against: tuple[Passage, ...]


def find_evidence(
    writing: Writing, model: Model, embedder: Embedder | None = None
) -> dict[Trait, Evidence]:
    """For each trait the sentences that say most for and against it."""
    negated = _negations(writing, model)
    score = _words_say(writing, model)
    fit = (writing.lengths >= _SHORTEST) & (writing.lengths <= _LONGEST) & ~writing.heading
    score[:, ~fit] = 0
    if embedder is not None and fit.any():
        chosen = _candidates(writing, model, score, fit)
        score[:, chosen] += _items_say(writing, embedder, chosen, negated[chosen])
    return {trait: _chosen(writing, score[row]) for row, trait in enumerate(TRAITS)}


def _negations(writing: Writing, model: Model) -> NDArray[np.bool_]:
    """Whether each sentence negates something."""
    return writing.per_sentence(model.lexicon.find(writing)["negations"]) > 0


def _words_say(writing: Writing, model: Model) -> Floats:
    """For each trait and sentence what its telling words add, of about 1 for a strong sentence.

    Words shortly after a negation are left out: ``never afraid`` is no fear.
    """
    found = model.lexicon.find(writing)
    no = np.zeros(writing.words + _NEGATED_WITHIN + 1, bool)
    for step in range(1, _NEGATED_WITHIN + 1):
        no[found["negations"] + step] = True
    worth = _worth(model)
    score = np.zeros((len(TRAITS), writing.sentences))
    for number, name in enumerate(model.lists):
        if worth[:, number].any():
            said = writing.per_sentence(found[name][~no[found[name]]])
            score += np.outer(worth[:, number], said)
    score /= np.sqrt(np.maximum(writing.lengths, 8))
    own = 1 + (_OWN - 1) * (writing.per_sentence(found["i"]) > 0)
    return np.asarray(score * own / _strong(score), float)


def _strong(score: Floats) -> Floats:
    """For each trait what a strong sentence holds, of those that hold anything."""
    rows = [np.abs(row[row != 0]) for row in score]
    return np.array([[float(np.quantile(row, 0.95)) if len(row) else 1.0] for row in rows])


def _worth(model: Model) -> Floats:
    """For each trait what one word of each telling list adds; rare lists only a little more."""
    mean, deviation, _ = np.array(model.markers).T
    rarity = 1 / (deviation * np.maximum(mean, 0.1))
    usual = float(np.median(rarity[model.telling.any(axis=0)]))
    return np.asarray(model.weights * model.telling * np.minimum(rarity / usual, _RARE), float)


def _candidates(
    writing: Writing, model: Model, score: Floats, fit: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Sentences worth comparing: the strongest by words, and some that speak of oneself."""
    strongest = np.argsort(-np.abs(score).max(axis=0))[: MOST_EMBEDDED // 2]
    own = writing.per_sentence(model.lexicon.find(writing)["i"]) > 0
    others = np.flatnonzero(own & fit)
    spread = np.linspace(0, len(others) - 1, min(len(others), MOST_EMBEDDED // 2)).astype(np.int64)
    both = np.unique(np.concatenate([strongest, others[spread]]))
    return np.asarray(both[fit[both]], np.int64)


def _items_say(
    writing: Writing, embedder: Embedder, chosen: NDArray[np.int64], negated: NDArray[np.bool_]
) -> Floats:
    """What likeness to the items adds: to the nearest that raises, less that lowers the trait."""
    inventory: Inventory = shipped_inventory()
    if not len(chosen):
        return np.zeros((len(TRAITS), 0))
    items = embedder.embed([item.text for item in inventory.items])
    said = embedder.embed([" ".join(writing.said(int(one)).split()) for one in chosen])
    alike = np.asarray(said @ items.T, float)
    adds = []
    for trait in TRAITS:
        raising, lowering = (
            alike[:, [i.trait == trait and i.key == key for i in inventory.items]].max(axis=1)
            for key in (1, -1)
        )
        about = np.maximum(raising, lowering) >= _RESEMBLES
        adds.append(_ITEMS_WEIGH * (raising - lowering) * about)
    return np.stack(adds) * np.where(negated, _NEGATED, 1.0)


def _chosen(writing: Writing, score: Floats) -> Evidence:
    return Evidence(_best(writing, score), _best(writing, -score))


def _best(writing: Writing, score: Floats) -> tuple[Passage, ...]:
    """The strongest sentences, no sentence twice that is written twice."""
    found: dict[str, Passage] = {}
    for one in np.argsort(-score, kind="stable")[: 4 * MOST]:
        if score[one] <= 0 or len(found) == MOST:
            break
        passage = writing.sentence_passage(int(one), round(float(score[one]), 3))
        found.setdefault(" ".join(passage.text.split()).lower(), passage)
    return tuple(found.values())
