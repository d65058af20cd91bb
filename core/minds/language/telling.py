"""Who the person is and what has happened to them, in words for a model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import HOUR, Message, Turn
from core.minds.language.showing import clean, one_line

DAY = 24 * HOUR
KEPT_TURNS = 8
"""What was said last is told word for word; what was before is counted."""
_TURN_WORDS = 260
_OLD_TURN_WORDS = 110
_MOST_TRAITS = 3
_CLEAR_TRAIT = 0.8
_MORE = 6
_PERSONA, _RECORDS = 1_800, 500
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_CHANNEL = {"sms": "SMS", "email": "e-mail", "whatsapp": "WhatsApp", "telegram": "Telegram",
            "mobile": "push", "web": "web chat"}  # fmt: skip
_TRAITS = {
    "attention": ("{}more attentive to messages", "{}less attentive to messages"),
    "responsiveness": ("answers {}more", "answers {}less"),
    "talkativeness": ("talks {}more", "talks {}less"),
    "curiosity": ("{}more curious", "{}less curious"),
    "price_sensitivity": ("minds prices {}more", "minds prices {}less"),
    "trust": ("{}more trusting", "{}less trusting"),
    "patience": ("{}more patient", "{}less patient"),
    "warmth": ("{}warmer", "{}cooler"),
    "chronotype": ("up {}later", "up {}earlier"),
}
"""What a copy has more of than others of its kind, and what less."""
_UNSEEN = {"none": "It did not reach them.", "ignore": "They did not open it."}
_SEEN = {
    "read": "They read it and did not answer.",
    "click": "They followed its link.",
    "reply": "They answered it.",
    "unsubscribe": "They used its link to leave.",
}
"""What the person knows of a message: the words of one that was never opened are not told."""
_NOT_TOLD = {
    "id", "name", "first_name", "last_name", "email", "phone", "persona", "age", "age_range",
    "timezone", "language", "visits", "purchases", "last_seen_days", "tags", "opted_out",
}  # fmt: skip


def persona_words(persona: Persona) -> str:
    """What a persona is, in at most a dozen lines."""
    ways = persona.personality.model_dump()
    lines = [f"- {one_line(persona.name, 80)}: {one_line(persona.description, 500) or 'no more'}"]
    lines.append(f"- Ways: {_pairs(ways, 12)}")
    if persona.demographics:
        lines.append(f"- Background: {_pairs(persona.demographics, 10)}")
    if persona.behavior_traits:
        traits = ", ".join(_spoken(trait) for trait in persona.behavior_traits[:16])
        lines.append(f"- Habits: {traits}")
    return clean("\n".join(lines), _PERSONA)


def person_words(person: Person) -> str:
    """Who this copy is: name, age, where, how it differs from others of its kind."""
    given = person.attributes
    age, language = given.get("age"), given.get("language")
    facts = [
        f"{one_line(str(age), 12)} years old" if age else "",
        f"time zone {one_line(str(given['timezone']), 40)}" if given.get("timezone") else "",
        f"writes {'English' if language == 'en' else one_line(str(language), 30)}"
        if language
        else "",
    ]
    lines = [", ".join(["The person: " + full_name(person), *filter(None, facts)]) + "."]
    differs = trait_words(person.traits)
    if differs:
        lines.append(f"Compared with others of this kind: {differs}.")
    known = _known(given)
    if known:
        lines.append(f"With this creator: {known}.")
    return "\n".join(lines)


def full_name(person: Person) -> str:
    """The name, or words for somebody without one."""
    name = person.attributes.get("name") or person.attributes.get("first_name")
    return one_line(str(name), 60) if name else "somebody"


def first_name(person: Person) -> str:
    """What the person is called."""
    name = person.attributes.get("first_name") or person.attributes.get("name")
    return one_line(str(name), 40) if name else "the person"


def trait_words(traits: Mapping[str, float]) -> str:
    """The traits in which a copy stands out, strongest first: this is what makes copies differ."""
    clear = [
        (abs(z), name, z)
        for name, z in traits.items()
        if name in _TRAITS and math.isfinite(z) and abs(z) >= _CLEAR_TRAIT
    ]
    words = []
    for size, name, z in sorted(clear, reverse=True)[:_MOST_TRAITS]:
        words.append(_TRAITS[name][0 if z > 0 else 1].format("much " if size >= 1.8 else ""))
    return ", ".join(words)


def memory_words(history: Sequence[Turn], deeds: Sequence[Sequence[Any]], now: float) -> str:
    """What happened before, oldest first: the last turns word for word, the others counted.

    Args:
        history: What was said.
        deeds: What the person did with each message of it: a word, and after how many seconds.
        now: When the present message came.
    """
    if not history:
        return "Nothing came from this sender before."
    did = _by_turn(history, deeds)
    lines = ["What happened before (again: what others wrote is between <<< and >>>):"]
    first = max(0, len(history) - KEPT_TURNS)
    if first:
        lines.append(f"- {_counted(history[:first], did)}")
    for index in range(first, len(history)):
        long = _TURN_WORDS if index >= len(history) - 3 else _OLD_TURN_WORDS
        lines.append(f"- {_turn(history[index], did.get(index), now, long)}")
    return "\n".join(lines)


def clock_words(message: Message) -> str:
    """The person's own weekday and time: ``Monday, 09:05``."""
    local = message.sent_at + message.utc_offset
    if not math.isfinite(local):
        return "some weekday, about noon"
    minutes = int(local // 60)
    weekday = _WEEKDAYS[(minutes // 1440 + 3) % 7]
    return f"{weekday}, {minutes // 60 % 24:02d}:{minutes % 60:02d}"


def ago(seconds: float) -> str:
    """``3 days ago``."""
    if not math.isfinite(seconds) or seconds < 90:
        return "just now"
    for size, name in ((DAY, "day"), (HOUR, "hour"), (60.0, "minute")):
        if seconds >= 1.5 * size or size == 60.0:
            return f"{seconds / size:.0f} {name}s ago"
    return "just now"


def _by_turn(history: Sequence[Turn], deeds: Sequence[Sequence[Any]]) -> dict[int, Sequence[Any]]:
    """Each message's deed, by its place in the history: every message got one reaction."""
    sent = [index for index, turn in enumerate(history) if turn.role != "contact"]
    return dict(zip(sent, deeds, strict=False))


def _turn(turn: Turn, deed: Sequence[Any] | None, now: float, long: int) -> str:
    """One turn on one line."""
    when = ago(now - turn.at)
    if turn.role == "contact":
        return f"{when}, they wrote back: <<<{one_line(turn.text, long)}>>>"
    who = "an answer" if turn.role == "twin" else "a message"
    line = f"{when}, {who} by {_CHANNEL[turn.channel]}"
    what, after = deed or ("none", 0.0)
    if what in _UNSEEN or turn.at + after > now:
        return f"{line}. {_UNSEEN.get(what, 'They have not opened it yet.')}"
    return f"{line}: <<<{one_line(turn.text, long)}>>> {_SEEN[what]}"


def _counted(history: Sequence[Turn], did: Mapping[int, Sequence[Any]]) -> str:
    """Old turns as numbers."""
    sent = sum(turn.role != "contact" for turn in history)
    counts = {"reply": 0, "click": 0, "read": 0, "ignore": 0}
    for index in range(len(history)):
        deed = did.get(index)
        if deed and deed[0] in counts:
            counts[deed[0]] += 1
    names = {"reply": "answered", "click": "followed the link of", "read": "only read",
             "ignore": "did not open"}  # fmt: skip
    parts = [f"{names[name]} {count}" for name, count in counts.items() if count]
    more = f"; they {', '.join(parts)}" if parts else ""
    return f"earlier, {sent} messages{more}"


def _known(given: Mapping[str, Any]) -> str:
    """What a creator's records say, short."""
    parts = []
    for name, words in (
        ("visits", "{} visits"),
        ("purchases", "{} purchases"),
        ("last_seen_days", "last there {} days ago"),
    ):
        if isinstance(given.get(name), int | float):
            parts.append(words.format(f"{given[name]:g}"))
    tags = given.get("tags")
    if isinstance(tags, list) and tags:
        parts.append("tagged " + ", ".join(one_line(str(tag), 30) for tag in tags[:5]))
    more = {
        name: value
        for name, value in given.items()
        if name not in _NOT_TOLD and isinstance(value, str | int | float) and value != ""
    }
    if more:
        parts.append(clean(_pairs(more, _MORE), _RECORDS))
    return ", ".join(parts)


def _pairs(words: Mapping[str, Any], most: int) -> str:
    """``tone hurried, response length short``."""
    kept = [
        f"{_spoken(name)} {_spoken(value)}" for name, value in words.items() if value is not None
    ]
    return ", ".join(kept[:most])


def _spoken(value: Any) -> str:
    """A word of ours as people say it: without underscores, short."""
    if isinstance(value, list):
        return " and ".join(_spoken(one) for one in value[:6])
    return clean(" ".join(str(value)[:320].replace("_", " ").split()), 80)
