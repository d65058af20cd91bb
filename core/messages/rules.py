"""What a message should keep to: one place for the check of a message and for that of a flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.domain.findings import Finding, Severity
from core.domain.messages import MessageDraft
from core.messages.segments import Segmented, outsiders, segmented, simplified
from core.messages.tone import VOLUME, Heard

SPAM_RISK, SEGMENTS, SUBJECT_LENGTH = 70.0, 1, 70
WAYS_OUT: dict[str, str] = {
    "sms": "word",
    "whatsapp": "word",
    "telegram": "word",
    "email": "link",
}
"""How a message of a channel must let people leave; the others need nothing in the message."""
_SIGNS = (
    "stop",
    "opt",
    "subscri",
    "abmeld",
    "abbestell",
    "abonn",
    "désinscri",
    "arr",
    "suscrip",
    "recevoir",
    "baja",
    "leave",
    "sair",
    "salir",
    "descadastr",
)
_MORE_SIGNS = ("list", "preferences", "settings", "hear from", "receiving", "longer", "recibir")
"""Without one of these no way out is named: looking for them is far quicker than the patterns."""
_ASKED = (
    r"\b(?:reply(?:ing)?|text|send|answer|respond|say|type|write|antworte\w*|schreib\w*|répond\w*"
    r"|envoye[rz]|respond[ae]|env[ií][ae]|escrib[ae])\b"
)
_BEHIND = (
    r"(?=\W*$|\s*[.,;:=)\]\"'”»\d/£$€|-]|\s+(?:to|for|and|or|if|any|an|at any|pour|par|au|para|por"
    r"|al|a|zum|zur|um|für|per|se|si|wenn|ends?|stops?|opt|here|via|now"
    r"|any ?time|when\w*|cancel|quit|exit|unsub\w*|receiving|me?ss?a?ge?s?|te?xts?)\b)"
)
"""What may follow the word that people are to send: not ``stop`` as in ``stop at nothing``."""
_OURS = (
    r"(?!\s+(?:from|of)\s+(?!(?:these|this|those|that|our|my|the|all|any|future|further|more|us|me|it"
    r"|such|receiving|getting|e-?mails?|mailings?|messages?|texts?|sms|lists?|updates?|news\w*|promo\w*"
    r"|marketing|communications?|reminders?|notifications?|alerts?|daily|weekly|monthly)\b)"
    r"(?-i:[a-z])(?![^\n]{0,80}(?:https?:|www\.|{{|\b(?:here|click|reply|text|link|below)\b)))"
)
"""Nobody leaves a list by ``unsubscribe from stress``, unless a link stands behind it."""
_WORD = re.compile(
    rf"\b(?:STOPP?|BAJA|ARR[EÊ]T)\b{_BEHIND}"
    rf"|(?i:\bopt(?:ing)?[ -]?out\b{_OURS}|\bunsub(?:scrib\w*)?\b{_OURS}|\babmeld|\babbestell"
    r"|\bdés(?:inscri|abonn)|\bne plus recevoir\b|\bdar[ts]e de baja\b|\bdescadastr"
    r"|\bcancelar (?:la |tu |su |a |sua )?(?:suscrip|inscri|assinatura)"
    rf"|{_ASKED}[^.!?\n]{{1,20}}\b(?:(?-i:STOPP?)\b|stopp?\b{_BEHIND}|(?:sair|salir)\b"
    r"|to leave(?=\W*$| (?:this|our|the|my) (?:\w+ )?(?:list|group)\b)))"
)
_LINK = re.compile(
    r"\b(?:manage|change|update)\b.{0,25}\b(?:preferences|subscription|settings)\b"
    r"|\be-?mail (?:preferences|settings)\b|\bdejar de recibir\b|\bno longer (?:want|wish)\b"
    r"|\b(?:leave|off) (?:this|our|the|my) (?:\w+ )?list\b|\brather not hear from\b"
    r"|\bstop (?:receiving|these|getting)\b",
    re.IGNORECASE,
)


class Limits(NamedTuple):
    """From where on a message is worth a word."""

    spam_risk: float = SPAM_RISK
    segments: int = SEGMENTS
    subject_length: int = SUBJECT_LENGTH


USUAL = Limits()
SEVERITY: Severity = "warning"
"""A message goes out as it is; each of these is worth a second look before it does."""


def has_way_out(channel: str, text: str) -> bool:
    """Whether a message says how to get no more of them, where its channel asks for that."""
    way = WAYS_OUT.get(channel)
    if way is None:
        return True
    small = text.lower()
    if any(sign in small for sign in _SIGNS) and _WORD.search(text):
        return True
    return (
        way == "link"
        and any(sign in small for sign in _MORE_SIGNS + _SIGNS[:1])
        and bool(_LINK.search(text))
    )


def spam_risk(
    risk: float, limits: Limits = USUAL, reasons: Sequence[str] = ()
) -> Iterator[Finding]:
    """A message that filters, and people, would take for spam."""
    if risk <= limits.spam_risk:
        return
    because = f": {', '.join(reasons)}" if reasons else ""
    yield _finding(
        "spam_risk",
        f"the spam risk is {risk:.0f} of 100{because}",
        "Say it as you would to a friend: no capitals, no pressure, no prizes.",
    )


def tone_issue(heard: Heard) -> Iterator[Finding]:
    """A message that attacks."""
    if heard.tone == "aggressive":
        said = list(dict.fromkeys(heard.words["aggressive"]))[:3]
        quoted = [word if word in VOLUME else f"“{word}”" for word in said]
        yield _finding(
            "tone_issue",
            f"the tone is aggressive: {', '.join(quoted)}",
            "Say what you need, and leave out blame, threats and shouting.",
        )


def sms_segments(found: Segmented, text: str, limits: Limits = USUAL) -> Iterator[Finding]:
    """An SMS that is sent, and paid, in several parts."""
    if found.segments <= limits.segments:
        return
    yield _finding(
        "sms_segments",
        f"this SMS takes {found.segments} segments{_why(found, text)}",
        _how(found, text),
    )


def _why(found: Segmented, text: str) -> str:
    size = f" ({found.length} characters, {found.room} in each)"
    if found.encoding == "gsm7":
        return size
    signs = " ".join(f"“{sign}”" for sign in outsiders(text)[:3])
    return f"{size}: with {signs} only 70 fit into one"


def _how(found: Segmented, text: str) -> str:
    if found.encoding == "ucs2":
        if segmented(simplified(text)).segments < found.segments:
            return "Use plain quotes and dashes."
        return "Leave out emoji and signs that are not in the SMS alphabet, or shorten it."
    return "Shorten it to 160 characters."


def missing_opt_out(channel: str, text: str) -> Iterator[Finding]:
    """A message that does not say how to get no more of them."""
    if has_way_out(channel, text):
        return
    if channel == "email":
        yield _finding(
            "missing_opt_out",
            "this e-mail has no way to unsubscribe",
            "Add a line such as: Unsubscribe: {{ links.unsubscribe }}",
        )
    else:
        yield _finding(
            "missing_opt_out",
            "this message does not say how to opt out",
            "Add: Reply STOP to opt out.",
        )


def bad_subject(
    subject: str, limits: Limits = USUAL, *, by_title: bool = False
) -> Iterator[Finding]:
    """A subject that is not there, or is cut off in the inbox.

    Args:
        subject: What stands in the inbox.
        limits: How long it may be.
        by_title: Whether its author wrote it as a step's title.
    """
    subject = subject.strip()
    called = "title, which is the e-mail's subject," if by_title else "subject"
    if not subject:
        yield _finding(
            "bad_subject",
            f"the {called} is empty",
            f"Write a {'title' if by_title else 'subject'} that says what is inside.",
        )
    elif len(subject) > limits.subject_length:
        yield _finding(
            "bad_subject",
            f"the {called} has {len(subject)} characters; inboxes show about "
            f"{limits.subject_length}",
            f"Shorten it to {limits.subject_length} characters.",
        )


def all_findings(
    message: MessageDraft, risk: float, heard: Heard, sent: Segmented | None
) -> list[Finding]:
    """Everything that is found in one message, the order of the catalogue."""
    found = [*spam_risk(risk), *tone_issue(heard)]
    if sent is not None:
        found += sms_segments(sent, message.body)
    found += missing_opt_out(message.channel, message.body)
    if message.channel == "email":
        found += bad_subject(message.subject or "")
    return found


def _finding(kind: str, message: str, fix: str) -> Finding:
    return Finding(type=kind, severity=SEVERITY, message=message, fix=fix)
