"""Answering in the creator's place: out of their sentences, or by a language model that cites."""

from core.twins.answering.asked import Wish, in_context, wish
from core.twins.answering.composing import compose
from core.twins.answering.defining import definition
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
    "definition",
    "heard",
    "in_context",
    "question_call",
    "tidy",
    "wish",
]
