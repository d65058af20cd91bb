"""What minds share about reading text: amounts of money, tags, words."""

from __future__ import annotations

import html
import re

WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")
PRICE = re.compile(
    r"(?:[$€£]|\b(?:USD|EUR|GBP|CHF))\s?\d{1,9}(?:[.,]\d{1,3})*"
    r"|\b\d{1,9}(?:[.,]\d{1,3})?\s?(?:[€$£]|(?:USD|EUR|GBP|CHF|euros?|dollars?|pounds?)\b)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")


def plain_text(text: str) -> str:
    """Text without tags and entities."""
    if "<" in text or "&" in text:
        return html.unescape(_TAG.sub(" ", text))
    return text
