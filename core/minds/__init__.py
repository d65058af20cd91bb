"""Who answers: the protocols, and the minds that need no network."""

from core.minds.behaviour import (
    TRAITS,
    BehaviourMind,
    BehaviourParameters,
    Parameter,
    PhraseBank,
    load_parameters,
    load_phrases,
    unknown_words,
)
from core.minds.grounded import GroundedMind, load_passages
from core.minds.protocol import Mind, TwinMind
from core.minds.scripted import ScriptedMind

__all__ = [
    "TRAITS",
    "BehaviourMind",
    "BehaviourParameters",
    "GroundedMind",
    "Mind",
    "Parameter",
    "PhraseBank",
    "ScriptedMind",
    "TwinMind",
    "load_parameters",
    "load_passages",
    "load_phrases",
    "unknown_words",
]
