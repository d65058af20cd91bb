"""The behaviour model: the embedded engine that needs no key, no server and no download."""

from core.minds.behaviour.mind import BehaviourMind
from core.minds.behaviour.parameters import (
    TRAITS,
    BehaviourParameters,
    Parameter,
    load_parameters,
)
from core.minds.behaviour.phrases import PhraseBank, load_phrases
from core.minds.behaviour.profile import unknown_words

__all__ = [
    "TRAITS",
    "BehaviourMind",
    "BehaviourParameters",
    "Parameter",
    "PhraseBank",
    "load_parameters",
    "load_phrases",
    "unknown_words",
]
