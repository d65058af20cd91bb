"""Why a person did it, in one or two plain sentences made from what weighed in."""

from __future__ import annotations

from core.minds.behaviour.profile import (
    ANSWER,
    INTEREST,
    KINDS,
    NOT_INTERESTED,
    OBJECTION,
    OPT_OUT,
    PRICE,
    QUESTION,
    READING,
    REPLYING,
    SPECIFICATION,
)
from core.minds.behaviour.scene import Scene

RAISES = {
    "reading.subject_question": "the subject asks something",
    "reading.subject_name": "the subject has their name",
    "reading.in_conversation": "it answers their own message",
    "replying.question": "it asks a question",
    "replying.questions": "it asks how things are going",
    "replying.wants_reply": "it asks for a reply",
    "replying.clicked": "the link was worth a look",
    "replying.answered": "their last question was answered",
    "replying.in_conversation": "a conversation is going on",
    "replying.urgency": "it presses for time",
}
"""What to say of a weight above zero."""
LOWERS = {
    "reading.no_subject": "the subject is empty",
    "reading.long_subject": "the subject is long",
    "reading.subject_shouts": "the subject shouts",
    "reading.night": "it came at night",
    "reading.weekend": "it came at the weekend",
    "reading.unanswered": "earlier messages were left unanswered too",
    "reading.recent": "several messages came within a day",
    "replying.length": "it is long for this channel",
    "replying.link": "it sends them to a link instead",
    "replying.unanswered_question": "it does not answer their last question",
    "replying.unanswered": "earlier messages were left unanswered too",
    "replying.recent": "several messages came within a day",
    "replying.urgency": "it presses for time",
    "replying.settled": "they have said yes already",
    "replying.channel": "few people reply on this channel",
    "reading.channel": "few people open what comes on this channel",
}
"""What to say of a weight below zero."""
_LEVER_OF = {kind: INTEREST + at for at, kind in enumerate(KINDS)}
_MATTERS = 0.12


def explain(scene: Scene, kind: str, what: str) -> str:
    """The reasoning of a reaction.

    Args:
        scene: What weighed in.
        kind: What the reply is about, if there is one.
        what: ``unread``, ``silent``, ``replied`` or ``link`` (the one to unsubscribe).
    """
    if what == "unread":
        return f"Never opened it{_because(scene, 'reading.', READING, LOWERS, -1.0)}."
    opened = f"Opened it {_time(scene.read)}"
    if what == "silent":
        cause = _because(scene, "replying.", REPLYING, LOWERS, -1.0)
        if scene.clicked is not None:
            return f"{opened} and clicked the link, but wrote nothing{cause}."
        return f"{opened} and left it{cause}."
    if kind == "opt_out" and what == "replied":
        return f"{opened} and asked for no more messages{_person(scene, OPT_OUT)}."
    if what == "link":
        return f"{opened} and used the unsubscribe link{_person(scene, OPT_OUT)}."
    cause = _because(scene, "replying.", REPLYING, RAISES, 1.0)
    clicked = " and clicked the link" if scene.clicked is not None else ""
    return f"{opened}{clicked}. Answered{cause}. {_about(scene, kind)}."


def _because(scene: Scene, start: str, lever: int, causes: dict[str, str], sign: float) -> str:
    """The strongest causes in this direction, the person's own manner among them."""
    found: list[tuple[float, str]] = []
    for name, weight in scene.why.items():
        strength = weight * sign * (0.1 if name.endswith(".channel") else 1.0)
        if strength > _MATTERS and name.startswith(start):
            if name in causes:
                found.append((strength, causes[name]))
            elif name.endswith(".persona"):
                found.append((strength, _manner(scene, lever)))
            elif name.endswith(".copy"):
                found.append((strength, _own(lever, sign)))
    if not found:
        return ""
    if len(found) > 1:
        found.sort(reverse=True)
        return f" because {found[0][1]} and {found[1][1]}"
    return f" because {found[0][1]}"


def _own(lever: int, sign: float) -> str:
    """How this copy differs from its persona."""
    doing = "opens" if lever == READING else "answers"
    return f"this one {doing} {'more' if sign > 0 else 'less'} than others like them"


def _manner(scene: Scene, lever: int) -> str:
    manner = scene.profile.because[lever]
    return f"this person {manner}" if manner else "that is their manner"


def _person(scene: Scene, lever: int) -> str:
    """How the person's manner explains what the reply is about, unless that was said already."""
    because = scene.profile.because
    manner = because[lever]
    if not manner or (manner == because[REPLYING] and lever != OPT_OUT):
        return ""
    return f": {manner}"


def _about(scene: Scene, kind: str) -> str:
    """One clause on what the reply is about."""
    memory, answered = scene.memory, scene.memory["answered"]
    manner = _person(scene, _LEVER_OF[kind])
    lever = _LEVER_OF[kind]
    if kind == "interest":
        if answered:
            times = "one answer" if answered == 1 else f"{answered} answers"
            return f"Wants to go ahead after {times}"
        return f"Wants to go ahead{manner}"
    if lever == PRICE:
        return f"Asks for the price, which was not named yet{manner}"
    if lever == SPECIFICATION:
        return f"Asks for specifications before deciding{manner}"
    if lever == OBJECTION:
        if memory["price"] and scene.profile.levers[PRICE] > 1.5:
            return f"Finds {memory['price']} a lot to pay{manner}"
        return f"Has a doubt that is not answered yet{manner}"
    if lever == QUESTION:
        return f"Wants to know more first{manner}"
    if lever == ANSWER:
        return f"Says what was asked for{manner}"
    if lever == NOT_INTERESTED:
        return f"Turns it down{manner}"
    return "Puts it off" if kind == "not_now" else "Says thanks"


def _time(seconds: float) -> str:
    """``at once``, ``after 12 min``, ``after 3 h`` or ``after 2 days``."""
    if seconds < 90:
        return "at once"
    if seconds < 5400:
        return f"after {round(seconds / 60)} min"
    if seconds < 129_600:
        return f"after {round(seconds / 3600)} h"
    return f"after {round(seconds / 86_400)} days"
