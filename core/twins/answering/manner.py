"""How the voice sliders choose among sentences, without a language model."""

from __future__ import annotations

import re

from core.domain.twins import Tuning

WEIGHT = 0.12
"""What a slider at its end adds to a sentence that shows the habit fully; scores go to 1."""
_MOST = 1.5
"""However many sliders agree, no sentence is moved by more than so many times that."""
_WARM = re.compile(
    r"\b(?:you|your|yours|we|us|our|together|dear|love|loved|kind|kindly|kindness|gently|gentle|"
    r"glad|welcome|friends?|heart|care|thank|thanks|hope|happy|proud|trust|safe)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|might|may|could|possibly|probably|somewhat|rather|seems?|sort of|kind of|"
    r"I think|I suppose|I guess|in a way|it depends|often|sometimes|usually)\b",
    re.I,
)
_CERTAIN = re.compile(
    r"\b(?:must|never|always|do not|don't|stop|start|only|simply|will|no)\b"
    r"|^[A-Z]?[a-z]+ (?:the|your|it)\b",
    re.I,
)
_FORMAL = re.compile(r"\b\w{9,}\b|\b(?:thus|therefore|hence|whom|upon|moreover|shall)\b", re.I)
_INFORMAL = re.compile(
    r"\w['’](?:s|re|ve|ll|d|t|m)\b|\b(?:okay|ok|yeah|stuff|kids?|guys?|lots?|bit|gonna|wanna)\b"
    r"|[–—]",
    re.I,
)
_PLAYFUL = re.compile(
    r"\b(?:joke|funny|laugh\w*|ridiculous|silly|absurd|nonsense|apparently|somehow|heroic\w*|"
    r"miracul\w*|like an? \w+|as if)\b|\(",
    re.I,
)


class Manner:
    """A tuning as a bonus for sentences."""

    def __init__(self, tuning: Tuning) -> None:
        self._wishes = {
            _warmth: tuning.warmth + 0.5 * tuning.agreeableness,
            _directness: tuning.directness + 0.5 * tuning.extraversion,
            _formality: tuning.formality + 0.3 * tuning.conscientiousness,
            _humour: tuning.humour + 0.3 * tuning.openness,
            _asking: tuning.questions,
        }

    def bonus(self, sentence: str) -> float:
        """What is added to a sentence's score; 0 where every slider is in the middle."""
        shown = sum(
            max(-1.0, min(1.0, wished)) * habit(sentence)
            for habit, wished in self._wishes.items()
            if wished
        )
        return WEIGHT * max(-_MOST, min(_MOST, shown))


def _rate(pattern: re.Pattern[str], sentence: str, full: float) -> float:
    """How often a pattern occurs for each word, as a share of ``full``, at most 1."""
    words = max(1, len(sentence.split()))
    return min(1.0, len(pattern.findall(sentence)) / words / full)


def _warmth(sentence: str) -> float:
    return _rate(_WARM, sentence, 0.15)


def _directness(sentence: str) -> float:
    short = max(0.0, 1 - len(sentence.split()) / 30)
    return 0.5 * _rate(_CERTAIN, sentence, 0.12) + 0.5 * short - _rate(_HEDGE, sentence, 0.1)


def _formality(sentence: str) -> float:
    return _rate(_FORMAL, sentence, 0.2) - _rate(_INFORMAL, sentence, 0.1)


def _humour(sentence: str) -> float:
    return _rate(_PLAYFUL, sentence, 0.08)


def _asking(sentence: str) -> float:
    return 1.0 if sentence.rstrip().endswith("?") else 0.0
