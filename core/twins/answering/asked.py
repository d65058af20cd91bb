"""What somebody wants of a twin: an answer, a greeting back, or that it be something else."""

from __future__ import annotations

import re
from typing import Literal

from core.twins.screening import injections

Wish = Literal["question", "greeting", "thanks", "empty", "takeover"]
_GREETING = re.compile(
    r"(?:hi|hey|hello|hallo|good (?:morning|afternoon|evening)|yo|hiya)\b[\s\w,.!]{0,30}", re.I
)
_THANKS = re.compile(r"(?:many |so )?(?:thanks|thank you|thx|cheers|danke)\b[^?]{0,60}", re.I)
_ASKS = re.compile(
    r"\?|\b(?:how|what|why|when|where|who|which|can|should|could|would|do|is)\b", re.I
)
_TAKEOVER = re.compile(
    r"\b(?:pretend|act|behave|speak|talk|answer|write)\b[^.?!]{0,40}"
    r"\b(?:as if you|as though you|as another|as a different|like (?:a|an) "
    r"(?:pirate|robot|different|another|drunk)|no longer|anyone else|somebody else)\b"
    r"|\bstop being\b|\b(?:drop|forget|leave) (?:the|your) (?:act|role|persona|character|rules)\b"
    r"|\byour (?:hidden |secret |system )?(?:system prompt|prompt|instructions)\b"
    r"|\b(?:say|repeat|tell everyone|admit|confess) that (?:you|your (?:method|programme|program|work))"
    r"[^.?!]{0,60}\b(?:scam|fraud|fake|lie|useless|nonsense)\b",
    re.I,
)


def wish(text: str) -> Wish:
    """What a message wants; offline and quick, for it stands before every answer."""
    said = text.strip()
    if not re.search(r"\w", said):
        return "empty"
    if _TAKEOVER.search(said) or injections(said):
        return "takeover"
    if _THANKS.fullmatch(said):
        return "thanks"
    greeting = _GREETING.match(said)
    if greeting and not _ASKS.search(said[greeting.end() :]) and len(said.split()) <= 6:
        return "greeting"
    return "question"
