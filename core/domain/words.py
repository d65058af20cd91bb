"""The lists of words that flows, people and events share."""

from __future__ import annotations

from typing import Literal, get_args

Channel = Literal["web", "whatsapp", "sms", "email", "telegram", "mobile"]
Intent = Literal[
    "interested",
    "question",
    "price_question",
    "objection",
    "not_now",
    "not_interested",
    "opt_out",
    "thanks",
    "other",
]
Sentiment = Literal["positive", "neutral", "negative"]
ReactionStatus = Literal["answered", "ignored", "refused", "invalid", "unavailable", "skipped"]

CHANNELS: tuple[Channel, ...] = get_args(Channel)
INTENTS: tuple[Intent, ...] = get_args(Intent)
SENTIMENTS: tuple[Sentiment, ...] = get_args(Sentiment)
