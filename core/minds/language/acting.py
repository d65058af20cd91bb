"""From a model's answer to a reaction: what is possible, in order, within bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from core.domain.flows import Question
from core.domain.reactions import HOUR, Message, Reaction, Reply
from core.domain.words import Intent
from core.minds.language.answer import Answer, FormAnswer, QuestionAnswer
from core.minds.language.showing import body_text, clean, links_of, one_line

MAX_HOURS = 30 * 24.0
MAX_REPLY = {"sms": 480, "mobile": 300}
MAX_WORDS = 2_000
_WRITING = 2.0
"""Seconds that a word takes to write: reading comes so long before the reply."""
_LEAVING = re.compile(
    r"""^\W*(?:
        (?:please\s+)?(?:stop|stopall|stop\s+all|unsubscribe|opt\W?out|remove\s+me|take\s+me\s+off)
            (?:\W+please|\W+me|\W+thanks?)?\W*$
        |(?:please\s+)?stop\s+(?:texting|emailing|e-mailing|messaging|contacting|writing)\b
        |(?:please\s+)?unsubscribe\s+me\b
        |(?:please\s+)?(?:take|remove)\s+(?:me|my\s+\w+)\s+(?:off|from)\b
        |(?:stop|unsubscribe)\s*[.!,:;\n]
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def act(answer: Answer, message: Message, source: Mapping[str, str]) -> Reaction:
    """The reaction that an answer means; what is not possible becomes the nearest that is."""
    why = one_line(answer.why, 300).strip() or "The model gave no reason."
    after = _seconds(answer.delay_hours)
    if answer.action == "ignore":
        return Reaction("ignored", why, source=source)
    if answer.action == "reply":
        return _reply(answer, message, after, why, source)
    link, leave = links_of(body_text(message))
    if answer.action == "click" and link:
        return Reaction(
            "answered", why, read_after=after, clicked_after=after, link=link, source=source
        )
    if answer.action == "unsubscribe" and leave:
        return Reaction("answered", why, read_after=after, unsubscribed_after=after, source=source)
    if answer.action in ("click", "unsubscribe"):
        why = f"{why} The message has no link for that."
    return Reaction("ignored", why, read_after=after, source=source)


def deed_of(reaction: Reaction) -> tuple[str, float]:
    """What was done, in one word, and when: for the memory."""
    if reaction.delivered_after is None or reaction.status not in ("answered", "ignored"):
        return "none", 0.0
    if reaction.reply:
        return "reply", reaction.reply.after
    if reaction.unsubscribed_after is not None:
        return "unsubscribe", reaction.unsubscribed_after
    if reaction.clicked_after is not None:
        return "click", reaction.clicked_after
    return ("ignore", 0.0) if reaction.read_after is None else ("read", reaction.read_after)


def _reply(
    answer: Answer, message: Message, after: float, why: str, source: Mapping[str, str]
) -> Reaction:
    text = clean(answer.text or "", MAX_REPLY.get(message.channel, MAX_WORDS)).strip()
    if not text:
        return Reaction("ignored", why, read_after=after, source=source)
    given = answer.answers if isinstance(answer, FormAnswer) else None
    reply = Reply(
        after,
        text,
        _intent(text, answer.intent or "other"),
        answer.sentiment or "neutral",
        answers_of(message.questions, given or []) if message.questions else None,
    )
    read = max(0.0, after - _WRITING * (text.count(" ") + 1))
    return Reaction("answered", why, read_after=read, reply=reply, source=source)


def _intent(text: str, said: Intent) -> Intent:
    """What the reply means. Words that ask to be left alone win over any other meaning.

    A carrier or a mail program acts on the word STOP, not on what a model thinks it meant; and of
    two readings of one reply the one that leaves somebody alone does less harm.
    """
    return "opt_out" if _LEAVING.match(text) else said


def _seconds(hours: float) -> float:
    return float(round(min(MAX_HOURS, max(0.0, hours)) * HOUR))


def answers_of(questions: tuple[Question, ...], given: list[QuestionAnswer]) -> dict[str, Any]:
    """An answer for each question in its own kind and bounds; None where there is none."""
    values = {one.id.strip(): one.value for one in given}
    return {one.id: _value(one, values.get(one.id)) for one in questions}


def _value(question: Question, given: str | float | None) -> Any:
    if given is None:
        return None
    if question.kind == "text":
        return clean(str(given), MAX_WORDS).strip() or None
    if question.kind == "choice":
        said = str(given).strip().casefold()
        return next((one for one in question.choices if one.strip().casefold() == said), None)
    return _number(question, given)


def _number(question: Question, given: str | float) -> float | int | None:
    """A number within the bounds, whole where both of them are."""
    low, high = sorted((question.min, question.max))
    try:
        number = float(given)
    except ValueError:
        return None
    if not math.isfinite(high - low) or not math.isfinite(number):
        return None
    within = min(high, max(low, number))
    if low == int(low) and high == int(high):
        return min(int(high), max(int(low), round(within)))
    return within
