"""Pieces of Typebot's blocks: labels, figures, and what becomes of what, for the guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from core.flows.foreign.typebot.document import Block

THINKERS = frozenset(
    "openai mistral anthropic groq together-ai open-router dify-ai perplexity deepseek "
    "chat-node zemantic-ai elevenlabs blink OpenAI".split()
)
TEXTS = (
    *("text input", "email input", "url input", "phone number input", "date input"),
    *("time input", "file input"),
)
PROMPTS = {
    "text input": "Type your answer...",
    "email input": "Type your email...",
    "url input": "Type a URL...",
    "phone number input": "Type your phone number...",
    "date input": "Pick a date",
    "time input": "Type the time...",
    "file input": "Upload a file",
}
OPERATORS = {
    **{"Equal to": "equal", "Not equal": "not equal", "Contains": "contains"},
    **{"Does not contain": "not contains", "Greater than": "greater", "Less than": "less"},
    **{"Greater or equal to": "greater or equal", "Less or equal to": "less or equal"},
    **{"Is set": "is full", "Is empty": "is empty", "Starts with": "starts with"},
    **{"Ends with": "ends with", "Matches regex": "matches"},
    **{"Does not match regex": "not matches"},
}
LOOSE = ("contains", "not contains", "starts with", "ends with")
TABLE: tuple[tuple[str, str], ...] = (
    ("Text, image, video, embed, audio bubbles", "send_web with the words, or the address"),
    (
        "Text, e-mail, phone, website, date, time, file inputs",
        "wait_for_reply, and set for its variable",
    ),
    (
        "Buttons, picture choice, cards, rating, number",
        "check_in with one question, set for its variable, and a condition with its ways",
    ),
    ("Payment", "check_in with one button, and a goal"),
    ("Condition", "condition"),
    ("Set variable", "set"),
    ("Redirect", "send_web with the address"),
    ("Wait", "delay"),
    ("Jump, Typebot link", "no step: the way leads there"),
    ("AB test", "split"),
    ("Email", "send_email"),
    ("HTTP request, Google Sheets, AI blocks and other integrations", "webhook with a sample"),
    ("Chatwoot", "handoff where nothing comes after it"),
    ("Script, Google Analytics, Pixel", "no step: the way goes on"),
)
"""For the guide."""


def plain_id(text: str) -> str:
    """A name for a variable, from a title."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40].lstrip("0123456789_") or "group"


def address_of(block: Block) -> str:
    """The address of what a bubble shows."""
    content = block.content
    if not isinstance(content, dict):
        return ""
    url = content.get("url") or content.get("id") or content.get("base64Url")
    link = content.get("clickLink")
    more = link.get("url") if isinstance(link, dict) else None
    lines = [one for one in (url, more) if isinstance(one, str) and one]
    return "\n".join(dict.fromkeys(lines))


def label_of(block: Block) -> str:
    """The words of a button."""
    return block.text("labels", "button") if block.type == "file input" else ""


def item_words(item: dict[str, Any]) -> str:
    """The words of one choice."""
    for key in ("content", "title", "value", "description", "pictureSrc"):
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""


def has_edge(raw: dict[str, Any]) -> bool:
    """Whether something leads elsewhere."""
    return isinstance(raw.get("outgoingEdgeId"), str)


def figure(text: str) -> float | None:
    """A number that is written down; None where it is not."""
    return float(text) if re.fullmatch(r"\s*-?\d{1,9}(\.\d{1,9})?\s*", text) else None


def prompts_of(block: Block) -> Iterator[str]:
    """What a model is told."""
    prompt = block.options.get("prompt")
    if isinstance(prompt, str) and prompt.strip():
        yield prompt
    messages = block.options.get("messages")
    for one in messages if isinstance(messages, list) else ():
        words = one.get("content") if isinstance(one, dict) else None
        if isinstance(words, str) and words.strip():
            yield f"{one.get('role', 'message')}: {words}"
