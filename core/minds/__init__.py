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
from core.minds.gateway import (
    PRESETS,
    AnswerCache,
    Gateway,
    Keys,
    Layer,
    Ledger,
    Models,
    ModelService,
    ModelTable,
    Preset,
    SecretTable,
    prompt_tokens,
)
from core.minds.grounded import GroundedMind, load_passages
from core.minds.language import (
    MAX_CALLS,
    REACTION,
    REPAIR,
    Asker,
    LanguageMind,
    prompt_texts,
    remember,
)
from core.minds.prompts import Prompt, load_prompt
from core.minds.protocol import Mind, TwinMind
from core.minds.scripted import ScriptedMind
from core.minds.scripted_replies import RepliesMind, reaction_of

__all__ = [
    "MAX_CALLS",
    "PRESETS",
    "REACTION",
    "REPAIR",
    "TRAITS",
    "AnswerCache",
    "Asker",
    "BehaviourMind",
    "BehaviourParameters",
    "Gateway",
    "GroundedMind",
    "Keys",
    "LanguageMind",
    "Layer",
    "Ledger",
    "Mind",
    "ModelService",
    "ModelTable",
    "Models",
    "Parameter",
    "PhraseBank",
    "Preset",
    "Prompt",
    "RepliesMind",
    "ScriptedMind",
    "SecretTable",
    "TwinMind",
    "load_parameters",
    "load_passages",
    "load_phrases",
    "load_prompt",
    "prompt_texts",
    "prompt_tokens",
    "reaction_of",
    "remember",
    "unknown_words",
]
