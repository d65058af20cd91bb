"""What a reply means and how it sounds, where nobody has said so: read from its words.

Rules, not a model: each finds a turn of phrase and speaks for an intent with a weight. What the
heaviest rules speak for is meant, ``other`` where nothing speaks for anything. The turns stand in
``data/models/behaviour/hearing.yaml``: those of the behaviour model's phrase bank, and those by
which people stop messages by law and habit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import yaml

from core.domain.words import INTENTS, Intent, Sentiment
from core.minds.behaviour.parameters import DATA

LONGEST = 2_000
"""So many characters of a reply are listened to."""
MORE, MOST_MORE = 0.5, 1.5
"""What each further rule adds to the heaviest one that speaks for the same, and all of them."""
REFUSALS: tuple[Intent, ...] = ("opt_out", "not_interested", "objection")
"""These never sound glad, and any cross word makes them so."""
_LOUD_STOP = re.compile(r"\bSTOP\b")


class Heard(NamedTuple):
    """What a reply means, and how it sounds."""

    intent: Intent
    sentiment: Sentiment


@dataclass(frozen=True)
class _Rule:
    """Turns of phrase that speak for an intent; with a weight below 0, against it."""

    means: Intent
    weight: float
    turns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _Ear:
    """Everything that is listened for."""

    rules: tuple[_Rule, ...]
    glad: re.Pattern[str]
    cross: re.Pattern[str]


@lru_cache(maxsize=4_096)
def heard(text: str) -> Heard:
    """What a reply means and how it sounds.

    Args:
        text: Its words.
    """
    ear, words = _ear(), text[:LONGEST].replace("’", "'")
    plain = " ".join(words.lower().split())
    if _LOUD_STOP.search(words):
        return Heard("opt_out", _sentiment(ear, plain, "opt_out"))
    found: defaultdict[Intent, list[float]] = defaultdict(list)
    for rule in ear.rules:
        found[rule.means] += [rule.weight for turn in rule.turns if turn.search(plain)]
    weights = {intent: _together(found[intent]) for intent in INTENTS}
    intent = max(INTENTS, key=weights.__getitem__)
    meant: Intent = intent if weights[intent] > 0 else "other"
    return Heard(meant, _sentiment(ear, plain, meant))


def _together(weights: list[float]) -> float:
    """What rules that speak for one thing weigh: the heaviest, and the others a little."""
    speaking = [weight for weight in weights if weight > 0]
    if not speaking:
        return 0.0
    against = sum(weight for weight in weights if weight < 0)
    return max(speaking) + min(MOST_MORE, MORE * (len(speaking) - 1)) + against


def _sentiment(ear: _Ear, plain: str, intent: Intent) -> Sentiment:
    glad, cross = len(ear.glad.findall(plain)), len(ear.cross.findall(plain))
    if cross > glad or (cross and intent in REFUSALS):
        return "negative"
    return "positive" if glad > cross and intent not in REFUSALS else "neutral"


@lru_cache(maxsize=1)
def _ear() -> _Ear:
    text = (DATA / "hearing.yaml").read_text("utf-8")
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    rules = tuple(
        _Rule(rule["means"], rule["weight"], tuple(map(re.compile, rule["turns"])))
        for rule in document["rules"]
    )
    return _Ear(rules, _any_of(document["glad"]), _any_of(document["cross"]))


def _any_of(turns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{turn})" for turn in turns))
