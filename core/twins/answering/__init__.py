"""Answering in the creator's place: out of their sentences, or by a language model that cites."""

from core.twins.answering.asked import Wish, wish
from core.twins.answering.composing import compose
from core.twins.answering.speaking import (
    PROMPT,
    PROMPTS,
    REFUSED,
    UNKNOWN,
    Spoken,
    heard,
    question_call,
)
from core.twins.answering.tidying import tidy

__all__ = [
    "PROMPT",
    "PROMPTS",
    "REFUSED",
    "UNKNOWN",
    "Spoken",
    "Wish",
    "compose",
    "heard",
    "question_call",
    "tidy",
    "wish",
]
