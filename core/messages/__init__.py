"""Messages: what a message risks, how it sounds, what it takes to send it."""

from core.messages.check import check_message, check_messages
from core.messages.reasons import Reasons, Span, what_raises_it
from core.messages.rules import (
    WAYS_OUT,
    Limits,
    bad_subject,
    has_way_out,
    missing_opt_out,
    sms_segments,
    spam_risk,
    tone_issue,
)
from core.messages.segments import Segmented, outsiders, segmented, simplified
from core.messages.spam import SPAM, spam_risks
from core.messages.tone import Heard, tone_of

__all__ = [
    "SPAM",
    "WAYS_OUT",
    "Heard",
    "Limits",
    "Reasons",
    "Segmented",
    "Span",
    "bad_subject",
    "check_message",
    "check_messages",
    "has_way_out",
    "missing_opt_out",
    "outsiders",
    "segmented",
    "simplified",
    "sms_segments",
    "spam_risk",
    "spam_risks",
    "tone_issue",
    "tone_of",
    "what_raises_it",
]
