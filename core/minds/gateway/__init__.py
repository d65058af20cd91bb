"""The one way through which every language-model call of the product goes."""

from core.minds.gateway.gateway import Gateway
from core.minds.gateway.keys import Keys, SecretTable
from core.minds.gateway.library import Models, ModelTable
from core.minds.gateway.limits import prompt_tokens
from core.minds.gateway.presets import PRESETS, Preset
from core.minds.gateway.protocol import AnswerCache, Layer, Ledger
from core.minds.gateway.service import ModelService

__all__ = [
    "PRESETS",
    "AnswerCache",
    "Gateway",
    "Keys",
    "Layer",
    "Ledger",
    "ModelService",
    "ModelTable",
    "Models",
    "Preset",
    "SecretTable",
    "prompt_tokens",
]
