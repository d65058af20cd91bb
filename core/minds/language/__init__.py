"""The language model persona: any model that the gateway reaches, playing one person."""

from __future__ import annotations

from core.minds.language.asking import REACTION, REPAIR, Asker, remember
from core.minds.language.mind import MAX_CALLS, LanguageMind
from core.minds.language.reading import prompt_texts

__all__ = ["MAX_CALLS", "REACTION", "REPAIR", "Asker", "LanguageMind", "prompt_texts", "remember"]
