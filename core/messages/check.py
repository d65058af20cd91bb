"""One message, or thousands, checked: risk, tone, segments and findings."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from core.domain.messages import MessageCheck, MessageDraft
from core.messages.rules import all_findings
from core.messages.segments import segmented
from core.messages.spam import SPAM, spam_risks
from core.messages.tone import Heard, tone_of


def check_message(message: MessageDraft) -> MessageCheck:
    """What was found in one message."""
    return check_messages([message])[0]


def check_messages(messages: Sequence[MessageDraft]) -> list[MessageCheck]:
    """What was found in each of them, in the same order."""
    with ThreadPoolExecutor(1) as beside:  # numpy lets go of the interpreter while it counts
        risks = beside.submit(spam_risks, messages)
        heard = [_heard(message) for message in messages]
        return [
            _check(message, risk, tone)
            for message, risk, tone in zip(messages, risks.result().tolist(), heard, strict=True)
        ]


def _heard(message: MessageDraft) -> Heard:
    return tone_of(message.body, message.subject if message.channel == "email" else None)


def _check(message: MessageDraft, risk: float, heard: Heard) -> MessageCheck:
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
