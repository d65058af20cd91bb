"""One message, or thousands, checked: risk, tone, segments and findings."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.messages import MessageCheck, MessageDraft
from core.messages.rules import all_findings
from core.messages.segments import segmented
from core.messages.spam import SPAM, spam_risks
from core.messages.tone import tone_of


def check_message(message: MessageDraft) -> MessageCheck:
    """What was found in one message."""
    return check_messages([message])[0]


def check_messages(messages: Sequence[MessageDraft]) -> list[MessageCheck]:
    """What was found in each of them, in the same order."""
    risks = spam_risks(messages).tolist()
    return [_check(message, risk) for message, risk in zip(messages, risks, strict=True)]


def _check(message: MessageDraft, risk: float) -> MessageCheck:
    heard = tone_of(message.body, message.subject if message.channel == "email" else None)
    sent = segmented(message.body) if message.channel == "sms" else None
    return MessageCheck(
        spam_risk=risk,
        is_spam=risk > SPAM,
        tone=heard.tone,
        segments=sent.segments if sent else None,
        encoding=sent.encoding if sent else None,
        length=sent.length if sent else len(message.body),
        findings=all_findings(message, risk, heard, sent),
    )
