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
from core.minds.hearing import Heard, heard
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
from core.minds.scripted import NOTHING, ScriptedMind
from core.minds.scripted_replies import RepliesMind, reaction_of
from core.minds.text import plain_text

__all__ = [
    "MAX_CALLS",
    "NOTHING",
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
    "Heard",
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
    "heard",
    "load_parameters",
    "load_passages",
    "load_phrases",
    "load_prompt",
    "plain_text",
    "prompt_texts",
    "prompt_tokens",
    "reaction_of",
    "remember",
    "unknown_words",
]
