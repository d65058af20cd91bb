"""The model of personality: what published tables say that word use goes with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from core.domain.twins import TRAITS, Trait
from core.twins.profile import Lexicon, Writing, formality

Floats = NDArray[np.float64]
DATA = Path(__file__).resolve().parents[3] / "data" / "models" / "personality"
AWAY_FROM_HOME = 0.75
"""What of a published accuracy is counted on in writing of another kind than it was found in.

Models of personality lose accuracy outside the texts that they were made on (Novikov, Mararitsa &
Nozdrachev 2021); by how much for creators' content nobody has measured, so this is a judgement.
"""
SIGN: dict[Trait, tuple[str, int]] = {
    "openness": ("o", 1),
    "conscientiousness": ("c", 1),
    "extraversion": ("e", 1),
    "agreeableness": ("a", 1),
    "emotional_stability": ("n", -1),
}
"""The tables' letter of each trait; emotional stability is neuroticism turned round."""
_FARTHEST = 3.0


class Accuracy(NamedTuple):
    """How well word use tells a trait.

    Attributes:
        published: The correlation with what people say of themselves.
        used: What is counted on here.
        source: Where it was published.
    """

    published: float
    used: float
    source: str


class Marker(NamedTuple):
    """One word list against the reference writers.

    Attributes:
        mean: Of the square root of its rate in 1,000 words, at usual formality.
        deviation: Between writers of one formality.
        slope: What a point of formality adds.
    """

    mean: float
    deviation: float
    slope: float


class Model(NamedTuple):
    """The whole model.

    Attributes:
        lists: Names of the word lists, in the order of ``weights``.
        telling: For each trait and list 1 where the list may be shown as evidence, else 0.
        lexicon: Their words.
        weights: For each trait the correlation of each list, shrunk.
        markers: Each list against the reference writers; empty before it is fitted.
        usual_formality: Of the reference writers.
        spread: For each trait how far the sum of markers varies between writers.
        half_words: With so many words half of what differs between writers is the writer.
    """

    lists: tuple[str, ...]
    telling: Floats
    lexicon: Lexicon
    weights: Floats
    markers: tuple[Marker, ...] = ()
    usual_formality: float = 0.0
    spread: Floats = np.ones(len(TRAITS))
    half_words: float = 0.0

    def rates(self, writing: Writing) -> Floats:
        """The square root of each list's rate in 1,000 words."""
        found = self.lexicon.find(writing)
        count = np.array([len(found[name]) for name in self.lists], float)
        return np.sqrt(count / max(writing.words, 1) * 1_000)

    def standing(self, writing: Writing) -> Floats:
        """For each list how far the writing stands from writers of like formality, in SDs."""
        more_formal = formality(writing) - self.usual_formality
        mean, deviation, slope = np.array(self.markers).T
        away = (self.rates(writing) - mean - slope * more_formal) / deviation
        return np.asarray(np.clip(away, -_FARTHEST, _FARTHEST), float)

    def composite(self, writing: Writing) -> Floats:
        """For each trait the sum of its markers, each by its correlation, in SDs of writers."""
        return np.asarray(self.weights @ self.standing(writing) / self.spread, float)


def unfitted_model() -> Model:
    """The words and correlations, before they are set against reference writers."""
    words, tables = _read("words.yaml"), _tables()
    entries: Mapping[str, Mapping[str, str]] = {**tables["categories"], **tables["words"]}
    lists = tuple(entries)
    published = np.array(
        [[sign * float(entries[one].get(letter, 0)) for one in lists] for letter, sign in _signs()]
    )
    lexicon = Lexicon({name: words[name] for name in lists})
    shrunk = published * shrinkage(published, float(tables["n"]))
    telling = np.array(
        [[float(one in tables["telling"][trait]) for one in lists] for trait in TRAITS]
    )
    return Model(lists, telling, lexicon, shrunk)


def shrinkage(published: Floats, people: float) -> float:
    """By what every published correlation is multiplied.

    Empirical Bayes: of the variance of the correlations that are not zero, the share that is not
    sampling error (1 / (n - 3)).
    """
    found = published[published != 0]
    error = 1 / (people - 3)
    return float(max(0.0, 1 - error / float(np.mean(found**2))))


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The model that Greenroom ships."""
    kept = json.loads((DATA / "reference.json").read_text("utf-8"))
    model = unfitted_model()
    return model._replace(
        markers=tuple(Marker(*kept["markers"][name]) for name in model.lists),
        usual_formality=kept["formality"],
        spread=np.array([kept["spread"][trait] for trait in TRAITS]),
        half_words=kept["half_words"],
    )


def _accuracies() -> dict[Trait, Accuracy]:
    kept = _tables()["accuracy"]
    published = {trait: float(kept["published"][trait]) for trait in TRAITS}
    return {
        trait: Accuracy(found, round(found * AWAY_FROM_HOME, 3), kept["source"])
        for trait, found in published.items()
    }


def _signs() -> list[tuple[str, int]]:
    return [SIGN[trait] for trait in TRAITS]


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return _read("correlations.yaml")


def _read(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = yaml.load(
        (DATA / name).read_text("utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    )
    return kept


ACCURACY: dict[Trait, Accuracy] = _accuracies()
"""For each trait what is published and what is counted on."""
