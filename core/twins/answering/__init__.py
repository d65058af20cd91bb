"""Answering in the creator's place: out of their sentences, or by a language model that cites."""

from core.twins.answering.asked import Wish, in_context, wish
from core.twins.answering.composing import compose
from core.twins.answering.defining import LEAST_CITED, Heading, definition, headings, under_heading
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
    "LEAST_CITED",
    "PROMPT",
    "PROMPTS",
    "REFUSED",
    "UNKNOWN",
    "Heading",
    "Spoken",
    "Wish",
    "compose",
    "definition",
    "headings",
    "heard",
    "in_context",
    "question_call",
    "tidy",
    "under_heading",
    "wish",
]
