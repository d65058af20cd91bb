"""A step in words: its sign, its kind, one short line, and what it does in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from core.domain.errors import BadInput
from core.domain.findings import Severity
from core.domain.flows import MESSAGE_CHANNELS
from core.flows import CompiledStep, parse_duration, spoken


class Kind(NamedTuple):
    """How a step type is called and drawn; ``tone`` is a colour of the palette."""

    name: str
    sign: str
    tone: str


KINDS: dict[str, Kind] = {
    "send_sms": Kind("SMS", "▭", "ochre"),
    "send_whatsapp": Kind("WhatsApp", "✆", "green"),
    "send_telegram": Kind("Telegram", "➤", "slate"),
    "send_web": Kind("Web message", "▣", "slate"),
    "send_push": Kind("Push", "◉", "plum"),
    "send_email": Kind("Email", "✉", "green"),
    "wait_for_reply": Kind("Wait for reply", "◷", "slate"),
    "delay": Kind("Pause", "◴", "quiet"),
    "condition": Kind("Condition", "◇", "plum"),
    "split": Kind("Split", "⑂", "plum"),
    "twin_reply": Kind("Twin reply", "❝", "slate"),
    "lesson": Kind("Lesson", "▤", "green"),
    "check_in": Kind("Check-in", "☑", "slate"),
    "assessment": Kind("Assessment", "✎", "plum"),
    "set": Kind("Set", "=", "quiet"),
    "tag": Kind("Tag", "#", "quiet"),
    "goal": Kind("Goal", "★", "green"),
    "handoff": Kind("Handoff", "☎", "brick"),
    "webhook": Kind("Webhook", "↗", "quiet"),
    "end": Kind("End", "■", "quiet"),
}


class Look(NamedTuple):
    """How a severity is shown: a word, a sign and a colour."""

    word: str
    sign: str
    colour: str


LOOKS: dict[Severity, Look] = {
    "error": Look("Error", "✕", "red"),
    "warning": Look("Warning", "!", "orange"),
    "info": Look("Note", "i", "blue"),
}
"""Every severity, the worst first."""
UNKNOWN = Kind("Unknown step", "?", "brick")


def kind_of(type_: str) -> Kind:
    """A step type's name, sign and colour."""
    return KINDS.get(type_, UNKNOWN._replace(name=type_[:30] or UNKNOWN.name))


def line_of(step: CompiledStep) -> str:
    """The step's content in one short line."""
    config: dict[str, Any] = step.config.model_dump(by_alias=True)
    say = _LINES.get(step.type)
    try:
        words = say(config) if say else str(config.get("body") or "")
    except (KeyError, TypeError, ValueError, BadInput):
        words = ""
    return " ".join(words.split())


def _length(text: Any) -> str:
    return spoken(parse_duration(str(text)))


def _pause(config: dict[str, Any]) -> str:
    if config.get("duration"):
        return f"for {_length(config['duration'])}"
    until = config.get("until") or {}
    return f"until {(until.get('weekday') or 'the next').capitalize()} {until.get('time', '')}"


def _tags(config: dict[str, Any]) -> str:
    def words(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value)

    return " ".join(
        [f"+{tag}" for tag in words(config["add"])] + [f"−{tag}" for tag in words(config["remove"])]
    )


def _goal(config: dict[str, Any]) -> str:
    worth = config.get("value")
    return str(config["name"]) if worth is None else f"{config['name']} · ${worth:g}"


def _coaching(config: dict[str, Any]) -> str:
    questions = len(config.get("questions") or [])
    asks = f" · {questions} question{'s' if questions > 1 else ''}" if questions else ""
    return f"{config.get('title') or config.get('body') or ''}{asks}"


_LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "send_email": lambda config: str(config["subject"] or config["body"]),
    "wait_for_reply": lambda config: f"up to {_length(config['timeout'])}",
    "delay": _pause,
    "condition": lambda config: f"{len(config['branches']) + 1} ways",
    "split": lambda config: ", ".join(str(arm["name"]) for arm in config["arms"]),
    "twin_reply": lambda config: str(config["instructions"] or "from your own words"),
    "lesson": _coaching,
    "check_in": _coaching,
    "assessment": _coaching,
    "set": lambda config: ", ".join(config["values"]),
    "tag": _tags,
    "goal": _goal,
    "handoff": lambda config: f"to {config['to']}",
    "webhook": lambda config: str(config["url"]),
    "end": lambda config: "" if config["reason"] == "end" else str(config["reason"]),
}


def sentence_of(step: CompiledStep) -> str:
    """What the step does, in one sentence."""
    line = line_of(step)
    if step.type in MESSAGE_CHANNELS:
        return f"Sends {_a(kind_of(step.type).name)}."
    sentences = {
        "wait_for_reply": f"Waits for a reply, {line}.",
        "delay": f"Pauses {line}.",
        "condition": "Goes the first way that holds.",
        "split": "Goes one way by chance, the same one each time with the same seed.",
        "twin_reply": "The twin answers on the channel of the last reply.",
        "lesson": "Sends a lesson.",
        "check_in": "Asks how it goes, and waits for the answers.",
        "assessment": "Asks questions, and keeps the answers.",
        "set": "Works out values for later steps.",
        "tag": "Changes the contact's tags.",
        "goal": f"Counts as reached: {line}.",
        "handoff": f"A person takes over: {line}.",
        "webhook": "Would call another system; in a rehearsal its sample answers.",
        "end": "Ends the flow.",
    }
    return sentences.get(step.type, f"Greenroom has no step “{step.type}”.")


def _a(name: str) -> str:
    word = name if name in ("SMS", "WhatsApp", "Telegram") else name.lower()
    if name in ("WhatsApp", "Telegram", "Push"):
        word += " message"
    return f"{'an' if word[0] in 'eS' else 'a'} {word}"


def way_sentence(label: str, name: str, to: str | None) -> str:
    """A way out as a person says it: ``If reply.intent is interested, go to book``."""
    target = f"go to “{to}”" if to else "the flow ends for them"
    if name.startswith("branch:"):
        return f"If {label}, {target}."
    words = {
        "next": "Then",
        "else": "Else",
        "on_reply": "After a reply,",
        "on_timeout": f"With {label},",
    }
    if name.startswith("arm:"):
        return f"Arm “{label}”: {target}."
    return f"{words.get(name, label)} {target}."
