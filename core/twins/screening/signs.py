"""What a sign is that a text speaks to a model, and the words that many of them share.

Patterns are for text in lower case. No sign below ``ENOUGH`` is enough alone, because people
write such things to people; two that stand together are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENOUGH = 1.0
GAP = r"(?>\w++(?:['’-]\w++)*+[^\w.!?]{1,4}+)"
SEP = r"[^\w.!?]{1,4}"
MODEL = (
    r"(?:an?\s+|the\s+|any\s+|all\s+|this\s+|every\s+)?(?:ais?\b|"
    r"llms?\b|(?:large )?language models?|"
    r"ai (?:assistants?|models?|twins?|agents?|systems?)|chat-?bots?|"
    r"bots?\b|chatgpt|gpt-?\d?\b|"
    r"claude\b|gemini\b|copilot\b|digital twins?|(?:creator )?twins?\b|"
    r"virtual assistants?|"
    r"assistants?\b(?!\W+(?:coach|manager|director|professor|teacher|"
    r"editor|who|at)))"
)
MACHINE = (
    r"(?:(?:automated|software|machine|artificial|virtual|robotic|non-?human|ai|automatic|"
    r"synthetic) (?:readers?|agents?|systems?|assistants?|models?|summari[sz]ers?|processors?|"
    r"tools?|crawlers?|intelligences?)|(?:web )?crawlers?|scrapers?|summari[sz]ers?|chat-?bots?|"
    r"llms?|(?:large )?language models?|chatgpt|gpt-?\d\w?)\b"
)
DROP = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|"
    r"ing)|bypass(?:ing)?|overrule|"
    r"dismiss|discard|neglect|cancel|erase|(?:do not|don['’]?t|stop)"
    r" (?:follow(?:ing)?|obey(?:ing)?)|"
    r"pay no attention to|set aside|skip|scrap|abandon|delete)"
)
BEFORE = (
    r"(?:previous(?:ly)?|prior|preceding|above|earlier|foregoing|"
    r"existing|original|initial|former|"
    r"past|last|system|safety|developer|your (?:current|own))"
)
ORDERS = r"(?:instructions?|directives?|prompts?|system messages?|programming|orders)"
_CHOICE = re.compile(r"(?:[^|()\[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\]|\((?:[^()\\]|\\.|\([^()]*\))*\))+")
_FIRST = re.compile(r"(?:\\b)?\w(?![?*+{])")


@dataclass(frozen=True)
class Sign:
    """One sign: ``worth`` counts once in a passage, however often it is there."""

    name: str
    worth: float
    pattern: re.Pattern[str]


def sign(name: str, worth: float, pattern: str) -> Sign:
    """A sign with its pattern compiled; ``^`` and ``$`` are the ends of lines."""
    return Sign(name, worth, re.compile(pattern, re.M))


def quick(pattern: str) -> re.Pattern[str]:
    """A choice of words, compiled so that few of them are tried at each place of a text."""
    choices: dict[str, list[str]] = {}
    for choice in _CHOICE.findall(pattern):
        first = _FIRST.match(choice)
        key = first[0] if first else ""
        choices.setdefault(key, []).append(choice[len(key) :])
    return re.compile("|".join(f"{key}(?:{'|'.join(rest)})" for key, rest in choices.items()))
