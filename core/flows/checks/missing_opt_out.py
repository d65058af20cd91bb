"""A message that does not say how to get no more of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from core.domain.findings import Finding
from core.domain.flows import MESSAGE_CHANNELS
from core.flows.checks.base import Check
from core.flows.checks.quiet_hours import Called
from core.flows.checks.texts import Written, messages, rewritten
from core.flows.checks.view import FlowView
from core.flows.timing import timeline
from core.messages import has_way_out, missing_opt_out

_LINES = {
    "en": ("Reply STOP to opt out.", "Unsubscribe: {{ links.unsubscribe }}"),
    "de": ("Antworte STOP zum Abmelden.", "Abmelden: {{ links.unsubscribe }}"),
    "fr": ("STOP pour se désinscrire.", "Se désinscrire : {{ links.unsubscribe }}"),
    "es": ("Responde STOP para darte de baja.", "Darse de baja: {{ links.unsubscribe }}"),
}
_COMMON = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and you your is are to of for with we this that have",
        "de": "der die das und du ihr sie ist ein eine mit für nicht wir dein deine ich auf",
        "fr": "le la les et vous votre est un une des pour avec nous dans pas que",
        "es": "el los las y tu su es un una para con por que no en de",
    }.items()
}
"""Small words by which a language is known."""
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class MissingOptOut(Check):
    """A message that does not say how to get no more of them."""

    id = "missing_opt_out"
    family = "messages"
    severity = "warning"
    title = "Who wants no more messages is told how to say so"
    explanation = (
        "A message that somebody did not ask for must say how to get no more: a word such as STOP "
        "by SMS, WhatsApp and Telegram, a link by e-mail. An answer given at once to a reply needs "
        "none, nor does a step of a program in which people take part."
    )
    fix = "Add a line that says how to opt out."
    mends = "Add a link to unsubscribe"
    example = """
name: No way out
steps:
  - id: hello
    type: send_sms
    config: {body: "Hi, your plan for this week is ready. Shall we look at it together?"}
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every message of the flow's own that says nothing, unless a reply called for it."""
        silent = [one for one in view.shared(messages) if _says_nothing(one)]
        if not silent:
            return
        called = view.shared(timeline).moments(Called())
        for step, draft in silent:
            replies = called.get(step.id, ())
            if replies and all(reply.now for reply in replies):
                continue
            for found in missing_opt_out(draft.channel, draft.body):
                yield self.finding(f"“{step.id}”: {found.message}", step.id, fix=found.fix)

    def mending(self, view: FlowView, finding: Finding) -> str:
        """Names the line."""
        for one in view.shared(messages):
            if one.step.id == finding.step_id and one.draft.channel != "email":
                return f"Add “{_line_of(one)}”"
        return self.mends

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """A line at the end, in the language of the message."""
        for one in view.shared(messages):
            if one.step.id == finding.step_id:
                space = "\n\n" if one.draft.channel == "email" else " "
                body = one.step.templates["body"].source.rstrip() + space + _line_of(one)
                return rewritten(view, one.step.id, body)
        return None


def _line_of(one: Written) -> str:
    """How to get no more messages, in the language of this one."""
    word, link = _LINES[_language_of(one.step.templates["body"].source)]
    return link if one.draft.channel == "email" else word


def _says_nothing(one: Written) -> bool:
    if one.step.type not in MESSAGE_CHANNELS:
        return False
    source = one.step.templates["body"].source
    return "links.unsubscribe" not in source and not has_way_out(one.draft.channel, one.draft.body)


def _language_of(source: str) -> str:
    """The language whose small words a text holds most of; English where that is not evident."""
    words = re.findall(r"[^\W\d_]+", _TAG.sub(" ", source).lower())
    counts = Counter(
        language for word in words for language, common in _COMMON.items() if word in common
    )
    best, most = max(counts.items(), key=lambda one: one[1], default=("en", 0))
    return best if most >= 2 and most > counts["en"] else "en"
